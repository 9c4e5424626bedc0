"""Keys that are refused for what they begin with: how the refusals of an account are reached."""

from collections.abc import Iterator, Mapping
from typing import Final

from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from contract_tests.fuzz.document import Call, Json, credential

TRIALS: Final[Mapping[str, tuple[str, ...]]] = {
    "topaz": ("forbidden", "limited", "broken", "unsubscribed", "unfunded", "funding"),
    "tengr": ("forbidden", "limited", "broken"),
    "claid": ("forbidden", "limited", "broken", "unfunded"),
}
CHECKS: Final = [status_code_conformance, content_type_conformance, response_schema_conformance]


def keys(vendor: str) -> tuple[str, ...]:
    """Give the keys a vendor refuses."""
    return TRIALS.get(vendor, ())


def answers(vendor: str, case: Call, spec: Json) -> Iterator[int]:
    """Make a call that went well once more with each of them; raises what is wrong with an answer."""
    for key in keys(vendor):
        response = case.call(headers=dict([credential(spec, key)]))
        case.validate_response(response, checks=CHECKS)
        yield response.status_code
