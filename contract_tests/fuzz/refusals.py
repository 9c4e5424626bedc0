"""Requests that went well, repeated with keys and bodies that have to be refused."""

from collections.abc import Iterator, Mapping
from typing import Final

from schemathesis import Response
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from contract_tests.fuzz.document import Call, Json, credential
from contract_tests.fuzz.keys import REFUSED

CHECKS: Final = [status_code_conformance, content_type_conformance, response_schema_conformance]
CUT: Final[Mapping[str, tuple[str, bytes]]] = {
    "application/json": ("application/json", b'{"cut'),
    "multipart/form-data": ("multipart/form-data; boundary=cut", b"--cut"),
}
UNDESCRIBED: Final = ("application/x-unheard-of", b"cut")


def refusals(api: str, case: Call) -> Iterator[tuple[int, str]]:
    """Repeat a request with each refused key and body; return statuses, and what is wrong with a response."""
    for key in REFUSED.get(api, ()):
        response = case.call(headers=dict([credential(case.operation.schema.raw_schema, key)]))
        yield response.status_code, _complaint(case, response)
    for media_type, body in _unfit_bodies(case):
        response = case.call(headers={"content-type": media_type}, data=body)
        accepted = "" if response.status_code >= 400 else f"{media_type} {body!r} is accepted"
        yield response.status_code, accepted or _complaint(case, response)


def _unfit_bodies(case: Call) -> Iterator[tuple[str, bytes]]:
    described: Json = case.operation.definition.raw.get("requestBody", {}).get("content", {})
    yield from (sent for media_type, sent in CUT.items() if media_type in described)
    if described:
        yield UNDESCRIBED


def _complaint(case: Call, response: Response) -> str:
    try:
        case.validate_response(response, checks=CHECKS)
    except FailureGroup as failures:
        return "\n".join(map(str, failures.exceptions))
    return ""
