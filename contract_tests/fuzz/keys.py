"""The keys that are shown: two that are taken, of people who must not meet, and those that are refused."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

import schemathesis
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from contract_tests.fuzz.document import Call, credential

OWNER, STRANGER = "anna", "bert"

# Refused for what they begin with: so the refusals of an account are reached.
REFUSED: Final[Mapping[str, tuple[str, ...]]] = {
    "topaz": ("forbidden", "limited", "broken", "unsubscribed", "unfunded", "funding"),
    "tengr": ("forbidden", "limited", "broken"),
    "claid": ("forbidden", "limited", "broken", "unfunded"),
}
CHECKS: Final = [status_code_conformance, content_type_conformance, response_schema_conformance]


def taken(vendor: str) -> frozenset[str]:
    """Give all the keys a twin of a vendor has to know."""
    return frozenset((OWNER, STRANGER, *REFUSED.get(vendor, ())))


def is_shown(case: Call) -> bool:
    """Return whether a request has the owner's key, not another or none."""
    name, value = credential(case.operation.schema.raw_schema, OWNER)
    return bool(case.headers) and case.headers.get(name) == value


def refusals(vendor: str, case: Call) -> Iterator[tuple[int, str]]:
    """Repeat a call that went well with each refused key; give statuses, and what is wrong with one."""
    for key in REFUSED.get(vendor, ()):
        response = case.call(headers=dict([credential(case.operation.schema.raw_schema, key)]))
        try:
            case.validate_response(response, checks=CHECKS)
        except FailureGroup as failures:
            yield response.status_code, "\n".join(map(str, failures.exceptions))
        else:
            yield response.status_code, ""


@cache
def register() -> None:
    """Register the check that keys are isolated, for this process."""
    schemathesis.check(separate_keys)


def separate_keys(
    _context: schemathesis.CheckContext, response: schemathesis.Response, case: Call
) -> bool | None:
    """Read what was read once more as the stranger, who must not find it.

    Schemathesis has a check for this, which takes what a stranger finds in lists too for shared by design.
    """
    if case.method != "GET" or not case.path_parameters or not response.status_code < 400:
        return True
    result = case.call(headers=dict([credential(case.operation.schema.raw_schema, STRANGER)]))
    assert result.status_code >= 400, f"{STRANGER} may read what is {OWNER}'s"
    return None
