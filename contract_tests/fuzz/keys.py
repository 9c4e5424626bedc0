"""The keys that are shown: two that are taken, of people who must not meet, and those that are refused."""

from collections.abc import Mapping
from functools import cache
from typing import Final

import schemathesis

from contract_tests.fuzz.apis import EXAMPLES, async_jobs
from contract_tests.fuzz.document import API, Call, credential
from safelight_lifecycle import select_values

OWNER, STRANGER = "anna", "bert"

# Refused for what they begin with: so the refusals of an account are reached.
REFUSED: Final[Mapping[str, tuple[str, ...]]] = {
    "topaz": ("forbidden", "limited", "broken", "unsubscribed", "unfunded", "funding"),
    "tengr": ("forbidden", "limited", "broken"),
    "claid": ("forbidden", "limited", "broken", "unfunded"),
    **dict.fromkeys(EXAMPLES, ("forbidden", "limited", "unfunded")),
}


def taken(vendor: str) -> frozenset[str]:
    """Give all the keys a twin of a vendor has to know."""
    return frozenset((OWNER, STRANGER, *REFUSED.get(vendor, ())))


def is_shown(case: Call) -> bool:
    """Return whether a request has the owner's key, not another or none."""
    name, value = credential(case.operation.schema.raw_schema, OWNER)
    return bool(case.headers) and case.headers.get(name) == value


@cache
def register() -> None:
    """Register the check that keys are isolated, for this process."""
    schemathesis.check(separate_keys)


def separate_keys(
    _context: schemathesis.CheckContext, response: schemathesis.Response, case: Call
) -> bool | None:
    """Read what was read once more as the stranger, who must not find it, nor an entry of it in a list.

    Schemathesis has a check for this, which takes what a stranger finds in lists too for shared by design.
    """
    if case.method != "GET" or not case.path_parameters or not response.status_code < 400:
        return True
    result = case.call(headers=dict([credential(case.operation.schema.raw_schema, STRANGER)]))
    each = _entries(case)
    if each:
        theirs = [*select_values(each, result.json())]
        shared = [entry for entry in select_values(each, response.json()) if entry in theirs]
        assert not shared, f"{STRANGER} may read entries that are {OWNER}'s"
    else:
        assert result.status_code >= 400, f"{STRANGER} may read what is {OWNER}'s"
    return None


def _entries(case: Call) -> str:
    """Return the JSONPath of the entries, if an operation lists jobs."""
    operation = case.operation.definition.raw.get("operationId")
    lifecycles = async_jobs(case.operation.schema.raw_schema[API]).lifecycles.values()
    lists = (lifecycle.listing for lifecycle in lifecycles)
    return next((one.each for one in lists if one is not None and one.operation == operation), "")
