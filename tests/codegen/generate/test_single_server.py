"""A client has one base URL, and reaches the vendor's other servers relative to it."""

import pytest

from safelight_codegen._generate.errors import GenerationError
from safelight_codegen._generate.single_server import relative_to_first_server
from safelight_openapi import JSONValue


def document(main: str, other: str) -> dict[str, JSONValue]:
    return {
        "servers": [{"url": main}],
        "paths": {"/jobs": {"get": {}}, "/balance": {"servers": [{"url": other}], "get": {}}},
    }


@pytest.mark.parametrize(
    ("main", "other", "path"),
    [
        ("https://a.test/image/v1", "https://a.test/account/v1", "/../../account/v1/balance"),
        ("https://a.test/v1", "https://a.test/v1/account/", "/account/balance"),
        ("https://a.test", "https://a.test/account", "/account/balance"),
        ("https://a.test/image", "https://a.test", "/../balance"),
        ("https://a.test/v1", "https://a.test/v1/", "/balance"),
    ],
)
def test_a_path_of_another_server_is_relative_to_the_first_one(main: str, other: str, path: str) -> None:
    converted = relative_to_first_server(document(main, other))

    assert converted["paths"] == {"/jobs": {"get": {}}, path: {"servers": [{"url": other}], "get": {}}}


def test_a_document_of_one_server_stays_as_it_is() -> None:
    plain: dict[str, JSONValue] = {"servers": [{"url": "https://a.test/v1"}], "paths": {"/jobs": {"get": {}}}}

    assert relative_to_first_server(plain) == plain


def test_a_path_on_another_host_is_rejected() -> None:
    with pytest.raises(GenerationError, match=r"/balance is on b\.test"):
        relative_to_first_server(document("https://a.test/v1", "https://b.test/v1"))
