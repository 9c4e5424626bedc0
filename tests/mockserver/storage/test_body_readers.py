"""A form is read as it arrives, however it is cut up, within bounds."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.mockserver.storage.forms import FORM
from tests.mockserver.storage.forms import store as store  # noqa: PLC0414 - a fixture

from safelight_mock.storage.blobs import BlobStore
from safelight_mock.storage.body_readers import (
    PARTS,
    TEXTS,
    FormReader,
)
from safelight_mock.storage.upload_spool import MAX_IN_MEMORY
from safelight_mock.wire import Form, Kind, Problem


def read(store: BlobStore, *chunks: bytes, limit: int = 10_000_000) -> Form:
    reader = FormReader("b", store, limit)
    try:
        for chunk in chunks:
            reader.feed(chunk)
        return reader.finish()
    finally:
        reader.close()


def part(name: str, content: bytes) -> bytes:
    return f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + content + b"\r\n"


@given(st.lists(st.integers(0, len(FORM)), max_size=8).map(sorted))
def test_a_form_is_parsed_the_same_in_chunks_of_any_size(store: BlobStore, cuts: list[int]) -> None:
    edges = [0, *cuts, len(FORM)]

    form = read(store, *(FORM[start:end] for start, end in pairwise(edges) if end > start))

    assert form.fields == {"model": "CGI"}
    assert form.files["image"].filename == "photo.jpg"
    assert form.files["image"].size == 24
    assert form.files["image"].picture is None


@pytest.mark.fidelity("topaz:sniffing")
def test_a_part_is_a_file_only_with_a_file_name(store: BlobStore) -> None:
    form = read(store, part("image", b"text") + b"--b--")

    assert form.fields == {"image": "text"}
    assert not form.files


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", Kind.BAD_BODY),
        (b"[object FormData]", Kind.BAD_BODY),
        (FORM[:-4], Kind.BAD_BODY),
        (part("model", b"\xff\xfe") + b"--b--", Kind.BAD_BODY),
        (b"--b\r\n\r\nno header\r\n--b--", Kind.BAD_BODY),
        (b"".join(part("a", b"") for _ in range(PARTS + 1)) + b"--b--", Kind.BAD_BODY),
        (
            b'--b\r\nContent-Disposition: form-data; name="' + b"a" * 1_000_000 + b'"\r\n\r\n\r\n--b--',
            Kind.BAD_BODY,
        ),
        (part("a", b"a" * (TEXTS // 2)) * 3 + b"--b--", Kind.TOO_LARGE),
        (part("a", b"a" * (TEXTS + 1)) + b"--b--", Kind.TOO_LARGE),
    ],
)
def test_a_malformed_form_is_rejected(store: BlobStore, body: bytes, kind: Kind) -> None:
    with pytest.raises(Problem) as refused:
        read(store, *filter(None, [body]))

    assert refused.value.kind is kind


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (
            part("a", b"\xff") + b"--b--",
            "the multipart body is malformed: "  # noqa: ISC004 - one text
            "'utf-8' codec can't decode byte 0xff in position 0: invalid start byte",
        ),
        (FORM[:-4], "the multipart body is cut short: Unexpected end of multipart stream (parser closed)"),
        (part("a", b"a" * (TEXTS + 1)) + b"--b--", f"the text fields are longer than {TEXTS} bytes"),
    ],
)
def test_an_error_says_what_is_wrong_with_a_form(store: BlobStore, body: bytes, why: str) -> None:
    with pytest.raises(Problem) as refused:
        read(store, body)

    assert str(refused.value) == why


def test_texts_may_be_as_long_as_the_bound(store: BlobStore) -> None:
    form = read(store, part("a", b"a" * (TEXTS - 1)) + part("b", b"b") + b"--b--")

    assert {name: len(text) for name, text in form.fields.items()} == {"a": TEXTS - 1, "b": 1}


def test_a_part_may_have_an_empty_name(store: BlobStore) -> None:
    form = read(store, part("", b"text"), disposed(b'name=""; filename="a.jpg"', b"bytes"), b"--b--")

    assert (form.fields, [*form.files]) == ({"": "text"}, [""])


@pytest.mark.parametrize(
    "pieces", [[1, 1, 1], [MAX_IN_MEMORY, 1], [5, MAX_IN_MEMORY, 7], [MAX_IN_MEMORY + 1]]
)
@pytest.mark.parametrize("filename", ["a.jpg", ""])
def test_a_file_is_stored_whole_in_pieces_of_any_size(
    store: BlobStore, pieces: list[int], filename: str
) -> None:
    content = [bytes([number + 1]) * size for number, size in enumerate(pieces)]
    reader = FormReader("b", store, 10_000_000)
    reader.feed(f'--b\r\nContent-Disposition: form-data; name="a"; filename="{filename}"\r\n\r\n'.encode())
    for piece in content:
        reader.feed(piece)
    reader.feed(b"\r\n--b--")

    upload = reader.finish().files["a"]
    stored = store.input(upload.digest).read_bytes()
    reader.close()

    assert (upload.filename, upload.size) == (filename, sum(pieces))
    assert stored == b"".join(content)


def test_the_files_of_a_closed_form_are_discarded(store: BlobStore) -> None:
    reader = FormReader("b", store, 10_000_000)
    reader.feed(FORM)
    file = store.input(reader.finish().files["image"].digest)
    was_there = file.exists()

    reader.close()

    assert (was_there, file.exists()) == (True, False)


@pytest.mark.fidelity("topaz/413", "topaz:500-mb")
def test_a_body_past_the_limit_is_refused_as_soon_as_it_is(store: BlobStore) -> None:
    reader = FormReader("b", store, 10)
    reader.feed(b"--b\r\n")

    with pytest.raises(Problem) as refused:
        reader.feed(b"123456")

    assert refused.value.kind is Kind.TOO_LARGE


def test_an_abandoned_upload_leaves_no_file(store: BlobStore) -> None:
    folder = store.input("x").parent
    before = set(folder.iterdir())
    reader = FormReader("b", store, 10_000_000)
    reader.feed(FORM[:-20] + b"a" * 1_000_000)

    reader.close()

    assert set(folder.iterdir()) == before


def disposed(disposition: bytes, content: bytes = b"") -> bytes:
    return b"--b\r\nContent-Disposition: form-data; " + disposition + b"\r\n\r\n" + content + b"\r\n"


@pytest.mark.fidelity("topaz:file-names")
@pytest.mark.parametrize(
    ("names", "filename"),
    [
        (b"filename*=UTF-8''%c3%bcber%20alles.jpg", "über alles.jpg"),
        (b"filename*=utf-8'de'%C3%BC.jpg", "ü.jpg"),
        (b"filename*=iso-8859-1''%fc.jpg", "ü.jpg"),
        (b"FileName*=UTF-8''a.jpg", "a.jpg"),
        (b"filename=\"u.jpg\"; filename*=UTF-8''%c3%bc.jpg", "ü.jpg"),
        (b"filename*=UTF-8''%c3%bc.jpg; filename=\"u.jpg\"", "ü.jpg"),
        (b"filename*0*=UTF-8''%c3; filename*1*=%bc.jpg", "ü.jpg"),
        (b"filename*=UTF-8''%ff.jpg", "\ufffd.jpg"),
        (b"filename*=undefined''a%fc.jpg", "aü.jpg"),
        (b"filename*=UTF-8''\xe6\x97\xa5.jpg", "?.jpg"),
        (b"filename*=a.jpg", "a.jpg"),
        (b"filename*=\"UTF-8''a.jpg\"", "a.jpg"),
        (b'filename="filename*=x.jpg"', "filename*=x.jpg"),
    ],
)
def test_an_extended_file_name_makes_a_file_and_is_decoded(
    store: BlobStore, names: bytes, filename: str
) -> None:
    """RFC 8187, and RFC 5987 before it, as some clients write names beyond ASCII."""
    form = read(store, disposed(b'name="image"; ' + names, b"bytes") + b"--b--")

    assert not form.fields
    assert form.files["image"].filename == filename


def test_a_file_name_both_whole_and_in_pieces_is_malformed(store: BlobStore) -> None:
    with pytest.raises(Problem) as refused:
        read(store, disposed(b'name="image"; filename*=a; filename*0*=b', b"bytes"))

    assert (refused.value.kind, str(refused.value)) == (
        Kind.BAD_BODY,
        "a file name is given whole and in pieces",
    )


@pytest.mark.fidelity("topaz:empty-fields", "topaz:duplicate-fields")
def test_a_part_without_file_name_and_content_is_ignored(store: BlobStore) -> None:
    form = read(
        store,
        disposed(b'name="width"'),
        disposed(b'name="image"; filename=""'),
        disposed(b"name=\"other\"; filename*=UTF-8''"),
        disposed(b'name="model"', b"CGI"),
        disposed(b'name="model"'),
        b"--b--",
    )

    assert form.fields == {"model": "CGI"}
    assert not form.files


@pytest.mark.fidelity("topaz:empty-fields")
def test_an_empty_file_with_a_name_is_a_file(store: BlobStore) -> None:
    form = read(store, disposed(b'name="image"; filename="a.jpg"'), b"--b--")

    assert form.files["image"].size == 0


@pytest.mark.fidelity("topaz:duplicate-fields")
def test_of_several_parts_of_one_name_the_last_counts(store: BlobStore) -> None:
    form = read(
        store,
        disposed(b'name="model"', b"CGI"),
        disposed(b'name="model"', b"Text Refine"),
        disposed(b'name="image"; filename="a.jpg"', b"first"),
        disposed(b'name="image"; filename="b.jpg"', b"second, longer"),
        b"--b--",
    )

    assert form.fields == {"model": "Text Refine"}
    assert (form.files["image"].filename, form.files["image"].size) == ("b.jpg", 14)
