"""A coverage as a value: what was covered, and what was not. It can be merged, stored and read again."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from safelight_mock.config.arguments import check_list, check_type

Times = Mapping[str, int]
"""How often each described thing occurred; 0: it is missing."""

Covered = Mapping[str, bool]
"""Whether each described thing occurred."""


class OperationCoverage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The responses of an operation by their key in the document: a status, a range such as `4XX`, `default`.

    `other_responses` have statuses that the document does not have. The fields of requests are parameters
    (`query limit`, `header if-match`) and, as JSON Pointers, members of the body; those of responses are by
    the key of the response. `*` in a pointer is any item of an array. Fields of responses that were not
    received, and of operations that were not called, are left out.
    """

    method: str
    path: str
    responses: Times
    other_responses: Times = msgspec.field(default_factory=dict)
    request_fields: Covered = msgspec.field(default_factory=dict)
    response_fields: Mapping[str, Covered] = msgspec.field(default_factory=dict)


class LifecycleCoverage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The words for states that responses and accepted webhooks showed, and of what webhooks notified.

    The state of a job that nothing has shown is not covered. `webhooks` counts by word the
    notifications that their receiver accepted.
    """

    states: Times
    webhooks: Times = msgspec.field(default_factory=dict)


class ApiCoverage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One API. Of webhooks: attempts by outcome, and the faults that were injected into deliveries.

    `links` are requests for files by link: a `download` or an `upload`, by the family of the status (`2xx`).
    """

    operations: Mapping[str, OperationCoverage]
    lifecycles: Mapping[str, LifecycleCoverage] = msgspec.field(default_factory=dict)
    webhook_outcomes: Times = msgspec.field(default_factory=dict)
    webhook_faults: Covered = msgspec.field(default_factory=dict)
    links: Mapping[str, Times] = msgspec.field(default_factory=dict)


class Coverage(msgspec.Struct, frozen=True, kw_only=True):
    """What a test suite covered of the APIs that it called, and the rules of scenarios that applied.

    Of a scenario of the library that never applied no rules are listed. `other_rules` are those of scenarios
    without such a name: given to one sandbox, or for the next request. `not_called` are the APIs that were
    served and got no request.
    """

    apis: Mapping[str, ApiCoverage] = msgspec.field(default_factory=dict)
    scenarios: Mapping[str, Times] = msgspec.field(default_factory=dict)
    other_rules: Times = msgspec.field(default_factory=dict)
    not_called: tuple[str, ...] = ()


class InvalidCoverageError(ValueError):
    """A text that is not a coverage as JSON."""


def merge_coverage(reports: Iterable[Coverage]) -> Coverage:
    """Return one coverage of several servers or processes: what any of them covered."""
    check_list("reports", reports, "Coverage")
    merged: dict[str, Any] = {}
    for report in reports:
        check_type("a report", report, Coverage, "a Coverage")
        merged = _merged(merged, msgspec.to_builtins(report))
    both = msgspec.convert(merged, Coverage)
    return msgspec.structs.replace(
        both, not_called=tuple(dict.fromkeys(api for api in both.not_called if api not in both.apis))
    )


def read_coverage(text: bytes | str) -> Coverage:
    """Return the coverage of a JSON file that `write_coverage` wrote; raises InvalidCoverageError."""
    check_type("text", text, (bytes, str), "the content of a coverage file")
    try:
        return msgspec.json.decode(text, type=Coverage)
    except msgspec.DecodeError as error:
        raise InvalidCoverageError(f"this is not a coverage as JSON: {error}") from error


def _merged(left: Any, right: Any) -> Any:  # noqa: ANN401 - JSON
    """Add numbers, unite objects and lists; a flag is set if either is, and other values are the same."""
    if isinstance(left, dict):
        both = {name: _merged(left[name], right[name]) for name in left if name in right}
        return {**left, **right, **both}
    if isinstance(left, bool):
        return left or right
    return left + right if isinstance(left, int | list | tuple) else right
