"""What web frameworks take a body for, where the document does not say."""

import pytest

from safelight_mock.wire.framework import DOCUMENTED, Framework

TEXT = '{"a": "ü"}'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_json_in_any_encoding_of_unicode_is_returned_in_utf_8(encoding: str) -> None:
    assert Framework(detects_unicode=True).decoded(TEXT.encode(encoding)) == TEXT.encode()


@pytest.mark.parametrize("body", [b"", b"\xff", "\ufeff".encode(), "\ufeff".encode("utf-16-le")])
def test_a_body_without_text_is_returned_as_it_is(body: bytes) -> None:
    assert Framework(detects_unicode=True).decoded(body) == body


def test_a_framework_that_detects_nothing_leaves_bodies_alone() -> None:
    body = TEXT.encode("utf-16")

    assert DOCUMENTED.decoded(body) == body


@pytest.mark.parametrize(
    ("content_type", "media_type"),
    [
        ("application/json; charset=utf-8", "application/json"),
        ("Application/Problem+JSON", "application/json"),
        ("image/svg+json", "image/svg+json"),
        ("text/plain ; a=b", "text/plain"),
        ("", "application/json"),
        (" ; a=b", "application/json"),
    ],
)
def test_a_media_type_is_read_as_the_framework_reads_it(content_type: str, media_type: str) -> None:
    framework = Framework(untyped="application/json", has_json_suffix=True)

    assert framework.media_type(content_type) == media_type


def test_a_suffix_counts_only_where_the_framework_knows_it() -> None:
    assert DOCUMENTED.media_type("application/problem+json") == "application/problem+json"
    assert DOCUMENTED.media_type("") == ""
