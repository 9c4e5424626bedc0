"""The control plane's own document is sound, and speaks of everything there is."""

from collections.abc import Iterator
from importlib.resources import files

import msgspec
import pytest

from safelight_mock.admin.auth import HEALTH
from safelight_mock.admin.router import HANDLERS
from safelight_mock.wire import JSON, Api, Schema

TEXT = (files("safelight_mock.admin") / "openapi.json").read_bytes()
API = Api.from_json(TEXT, strict=True)


def examples() -> Iterator[tuple[str, Schema, JSON]]:
    """Every example of a body, by the operation it belongs to."""
    for operation in API.operations.values():
        described = operation.described
        bodies = [described.get("requestBody", {}), *described["responses"].values()]
        for media in (media for body in bodies for media in body.get("content", {}).values()):
            result = [media["example"]] if "example" in media else []
            for value in [*result, *(one["value"] for one in media.get("examples", {}).values())]:
                yield operation.id, Schema(API.document, media["schema"]), value


@pytest.mark.slow
def test_the_control_planes_document_is_valid() -> None:
    from openapi_spec_validator import OpenAPIV31SpecValidator  # noqa: PLC0415 - a fast run does without it

    OpenAPIV31SpecValidator(msgspec.json.decode(TEXT)).validate()


def test_the_document_has_exactly_the_operations_that_are_served() -> None:
    assert {*API.operations} == {*HANDLERS}


def test_every_operation_documents_401_and_403() -> None:
    refused = {name: {*operation.described["responses"]} for name, operation in API.operations.items()}

    assert [name for name, codes in refused.items() if "403" not in codes] == []
    assert [name for name, codes in refused.items() if "401" not in codes] == ["getHealth"]
    assert API.operations["getHealth"].paths == (HEALTH,)


def test_every_operation_with_a_body_documents_its_validation_errors() -> None:
    lacking = {}
    for name, operation in API.operations.items():
        codes = {"408", "413", "415"} if operation.media_types else set()
        codes |= {"400"} if "application/json" in operation.media_types else set()
        lacking[name] = codes - {*operation.described["responses"]}

    assert {name for name, codes in lacking.items() if codes} == set()


def test_every_operation_that_writes_documents_507() -> None:
    unkept = {"setInboxResponses", "deleteInbox", "receiveMessage", "clearRequests"}
    writing = {name for name, operation in API.operations.items() if operation.method != "GET"} - unkept

    assert {name for name in writing if "503" not in API.operations[name].described["responses"]} == set()


@pytest.mark.parametrize(
    ("operation", "schema", "value"), [*examples()], ids=lambda it: it if isinstance(it, str) else ""
)
def test_the_examples_match_their_schemas(operation: str, schema: Schema, value: JSON) -> None:
    assert operation
    assert not schema.first_problem(value)
