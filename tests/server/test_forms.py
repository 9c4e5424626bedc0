"""A form is read as it arrives, however it is cut up, within bounds."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safelight_mock.server.forms import PARTS, TEXTS, FormReader
from safelight_mock.server.store import Store
from safelight_mock.wire.call import Form
from safelight_mock.wire.problem import Kind, Problem

FORM = (
    b'--b\r\nContent-Disposition: form-data; name="model"\r\n'
    b"Content-Type: text/plain; charset=utf-8\r\n\r\nCGI\r\n"
    b'--b\r\nContent-Disposition: form-data; name="image"; filename="photo.jpg"\r\n'
    b"Content-Type: image/jpeg\r\n\r\n\xff\xd8 not much of a picture\r\n"
    b"--b--\r\n"
)


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    opened = Store(10_000_000, set)
    yield opened
    opened.close()


def read(store: Store, *chunks: bytes, limit: int = 10_000_000) -> Form:
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
def test_a_form_is_the_same_however_it_is_cut(store: Store, cuts: list[int]) -> None:
    edges = [0, *cuts, len(FORM)]

    form = read(store, *(FORM[start:end] for start, end in pairwise(edges) if end > start))

    assert form.fields == {"model": "CGI"}
    assert form.files["image"].filename == "photo.jpg"
    assert form.files["image"].size == 24
    assert form.files["image"].picture is None


def test_only_a_file_name_makes_a_part_a_file(store: Store) -> None:
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
def test_what_is_no_form_is_refused(store: Store, body: bytes, kind: Kind) -> None:
    with pytest.raises(Problem) as refused:
        read(store, *filter(None, [body]))

    assert refused.value.kind is kind


def test_a_body_past_the_limit_is_refused_as_soon_as_it_is(store: Store) -> None:
    reader = FormReader("b", store, 10)
    reader.feed(b"--b\r\n")

    with pytest.raises(Problem) as refused:
        reader.feed(b"123456")

    assert refused.value.kind is Kind.TOO_LARGE


def test_an_abandoned_upload_leaves_no_file(store: Store) -> None:
    folder = store.input("x").parent
    before = set(folder.iterdir())
    reader = FormReader("b", store, 10_000_000)
    reader.feed(FORM[:-20] + b"a" * 1_000_000)

    reader.close()

    assert set(folder.iterdir()) == before
