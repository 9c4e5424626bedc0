"""Media type and head of a request decide how its body is read, and whether at all."""

import json
from collections.abc import Mapping
from contextlib import closing

import pytest
from tests.mockserver.storage.forms import FORM
from tests.mockserver.storage.forms import store as store  # noqa: PLC0414 - a fixture

from safelight_mock.storage.blobs import BlobStore
from safelight_mock.storage.body_readers import (
    BODY,
    DOCUMENT,
    DiscardingReader,
    FileReader,
    FormReader,
    PlainReader,
    Reader,
    reader_for,
    upload_reader,
)
from safelight_mock.wire import Api, Form, Kind, Operation, Problem, Request
from safelight_mock.wire.framework import Framework


def taking(*media_types: str, required: bool = False, framework: Framework | None = None) -> Operation:
    """An operation whose body is of one of these media types."""
    body = {"required": required, "content": {name: {"schema": {}} for name in media_types}}
    described = {"operationId": "put", "responses": {}, **({"requestBody": body} if media_types else {})}
    document = json.dumps({"paths": {"/": {"put": described}}}).encode()
    return Api.from_json(document, framework=framework or Framework()).operations["put"]


def put(**headers: str) -> Request:
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    return Request(method="PUT", path="/", at=0, headers=fields)


def reader_of(call: Request, operation: Operation, store: BlobStore) -> Reader:
    return reader_for(call, operation.media_type(call), operation, store, 100)


@pytest.mark.parametrize(
    ("media_types", "headers", "reader"),
    [
        ((), {"content-type": "text/plain"}, DiscardingReader),
        (("application/json",), {"content-type": "application/json; charset=utf-8"}, PlainReader),
        (
            ("application/x-www-form-urlencoded",),
            {"content-type": "application/x-www-form-urlencoded"},
            PlainReader,
        ),
        (("image/png",), {"content-type": "image/png"}, FileReader),
        (("multipart/form-data",), {"content-type": "multipart/form-data; boundary=b"}, FormReader),
    ],
)
def test_a_body_is_read_by_its_media_type(
    store: BlobStore, media_types: tuple[str, ...], headers: Mapping[str, str], reader: type
) -> None:
    call = Request(method="PUT", path="/", at=0, headers=headers)

    assert type(reader_of(call, taking(*media_types), store)) is reader


@pytest.mark.parametrize(
    ("call", "kind"),
    [
        (put(content_type="text/plain"), Kind.UNSUPPORTED_TYPE),
        (put(content_type="application/json", content_length="101"), Kind.TOO_LARGE),
        (put(content_type="multipart/form-data"), Kind.BAD_BODY),
    ],
)
def test_a_request_is_rejected_by_its_head(store: BlobStore, call: Request, kind: Kind) -> None:
    with pytest.raises(Problem) as refused:
        reader_of(call, taking("application/json", "multipart/form-data"), store)

    assert refused.value.kind is kind
    assert str(refused.value) == (
        "multipart/form-data without a boundary" if kind is Kind.BAD_BODY else str(Problem(kind))
    )


@pytest.mark.parametrize(
    ("headers", "reader"),
    [
        ({}, DiscardingReader),
        ({"content-length": "0"}, DiscardingReader),
        ({"content-length": "5"}, PlainReader),
        ({"transfer-encoding": "chunked"}, PlainReader),
    ],
)
def test_an_optional_body_may_be_missing(store: BlobStore, headers: Mapping[str, str], reader: type) -> None:
    loose = Framework(describes_errors=False, untyped="application/json")
    call = Request(method="PUT", path="/", at=0, headers=headers)

    assert type(reader_of(call, taking("application/json", framework=loose), store)) is reader


def test_a_body_of_the_largest_size_is_read(store: BlobStore) -> None:
    call = put(content_type="application/json", content_length="100")

    assert type(reader_of(call, taking("application/json"), store)) is PlainReader


def test_a_body_that_is_one_file_is_stored_until_its_request_ends(store: BlobStore) -> None:
    reader = reader_of(put(content_type="image/png"), taking("image/png"), store)
    reader.feed(b"not much ")
    reader.feed(b"of a picture")

    form = reader.finish()
    assert isinstance(form, Form)
    file = form.files[BODY]
    stored = store.input(file.digest).read_bytes()
    reader.close()

    assert (stored, file.size, file.filename) == (b"not much of a picture", 21, "")
    assert not store.input(file.digest).exists()


def test_a_file_that_did_not_arrive_whole_is_forgotten(store: BlobStore) -> None:
    before = store.used
    reader = reader_of(put(content_type="image/png"), taking("image/png"), store)
    reader.feed(bytes(1_000_000))

    reader.close()

    assert store.used == before


def test_a_file_that_is_larger_than_the_storage_is_rejected_by_its_length() -> None:
    with closing(BlobStore(1_000, frozenset())) as small:
        assert type(upload_reader(put(content_length="1000"), small)) is FileReader
        for call in (put(content_length="1001"), put(content_length="1001", content_type="image/png")):
            with pytest.raises(Problem) as refused:
                upload_reader(call, small)

    assert refused.value.kind is Kind.TOO_LARGE
    assert str(refused.value) == "at most 1000 bytes are stored (--max-storage)"


@pytest.mark.parametrize(
    ("content_type", "reader"),
    [
        ("multipart/form-data; boundary=b", FormReader),
        ("multipart/form-data", FileReader),
        ("image/png; boundary=b", FileReader),
        ("", FileReader),
    ],
)
def test_a_file_is_sent_to_a_link_in_a_form_or_as_it_is(
    store: BlobStore, content_type: str, reader: type
) -> None:
    assert type(upload_reader(put(content_type=content_type), store)) is reader
    assert type(upload_reader(put(), store)) is FileReader


def test_a_form_that_is_sent_to_a_link_may_be_as_large_as_the_storage() -> None:
    with closing(BlobStore(len(FORM), frozenset())) as small:
        reader = upload_reader(put(content_type="multipart/form-data; boundary=b"), small)
        reader.feed(FORM)
        with pytest.raises(Problem) as refused:
            reader.feed(b"more")
        reader.close()

    assert refused.value.kind is Kind.TOO_LARGE


def test_a_body_that_no_operation_takes_is_discarded() -> None:
    reader = DiscardingReader()

    reader.feed(b"anything")

    assert reader.finish() == b""
    reader.close()


def test_a_document_is_decoded_at_its_end_and_bounded() -> None:
    reader = PlainReader(bytes.upper)
    reader.feed(b"ab")
    reader.feed(b"c")
    whole = reader.finish()
    reader.close()

    assert (whole, reader.finish()) == (b"ABC", b"")
    PlainReader().feed(bytes(DOCUMENT))
    with pytest.raises(Problem) as refused:
        PlainReader().feed(bytes(DOCUMENT + 1))
    assert refused.value.kind is Kind.TOO_LARGE
