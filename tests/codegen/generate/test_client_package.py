"""A document becomes a client package, or an error with the reason."""

import ast
from typing import Any

import pytest

from safelight_codegen._generate.client_package import client_package
from safelight_codegen._generate.errors import GenerationError
from safelight_codegen._generate.format import format_package

pytestmark = pytest.mark.slow


def test_a_mere_warning_of_the_generator_stops_generation(darkroom: dict[str, Any]) -> None:
    answers = darkroom["paths"]["/print"]["post"]["responses"]
    answers["200"]["content"] = {"video/mp4": {"schema": {"type": "string", "format": "binary"}}}

    with pytest.raises(GenerationError, match=r"darkroom: openapi-python-client: .*overlays/darkroom/"):
        client_package("darkroom", darkroom)


def test_a_document_that_is_not_openapi_stops_generation() -> None:
    with pytest.raises(GenerationError, match="darkroom: openapi-python-client: "):
        client_package("darkroom", {"openapi": "3.1.2"})


def test_a_request_that_may_be_form_or_json_has_the_json_header_only_for_json(
    darkroom: dict[str, Any],
) -> None:
    content = darkroom["paths"]["/print"]["post"]["requestBody"]["content"]
    content["application/json"] = {"schema": {"$ref": "#/components/schemas/Accepted"}}

    module = format_package(client_package("darkroom", darkroom))["api/develop/post_print.py"].decode()

    assert ast.parse(module)
    assert module.count('headers["Content-Type"]') == 1
    assert module.index("isinstance(body, Accepted)") < module.index(
        'headers["Content-Type"] = "application/json"'
    )


def test_code_ruff_cannot_read_stops_generation() -> None:
    with pytest.raises(GenerationError, match="ruff format: "):
        format_package({"broken.py": b"def ("})
