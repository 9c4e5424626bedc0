"""How much of a coverage there is, and what is missing, by kinds of things."""

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from safelight_mock.coverage.report import ApiCoverage, Coverage

Parts = Mapping[str, Mapping[str, bool]]
"""Whether each thing is covered, by name within its group: an operation, a lifecycle, or nothing."""


class Share(msgspec.Struct, frozen=True):
    """How many of some things are covered."""

    covered: int
    total: int

    @classmethod
    def of(cls, flags: Iterable[bool]) -> "Share":
        """Return the share of what is covered."""
        listed = [*flags]
        return cls(sum(listed), len(listed))

    @property
    def percent(self) -> int:
        """The share in percent: 100 only if nothing is missing, and 0 only if nothing is covered."""
        if not self.total or self.covered == self.total:
            return 100
        return min(99, max(1, round(100 * self.covered / self.total))) if self.covered else 0

    def __str__(self) -> str:
        return f"{self.covered} of {self.total}"

    def __add__(self, other: "Share") -> "Share":
        return Share(self.covered + other.covered, self.total + other.total)


def parts_of(api: ApiCoverage) -> dict[str, Parts]:
    """Return everything that an API has, by kind, in the order of reports."""
    operations, lifecycles = api.operations.items(), api.lifecycles.items()
    webhooks = {name: _flags(one.webhooks) for name, one in lifecycles}
    return {
        "operations": {"": {name: is_called(api, name) for name in api.operations}},
        "responses": {name: _flags(one.responses) for name, one in operations},
        "job states": {name: _flags(one.states) for name, one in lifecycles},
        "webhooks": {
            **{f"{name} accepted": flags for name, flags in webhooks.items()},
            "outcomes": _flags(api.webhook_outcomes),
            "faults": api.webhook_faults,
        },
        "links": {name: _flags(times) for name, times in api.links.items()},
        "request fields": {name: one.request_fields for name, one in operations},
        "response fields": {
            f"{name} {key}": fields for name, one in operations for key, fields in one.response_fields.items()
        },
    }


def is_called(api: ApiCoverage, operation: str) -> bool:
    """Return whether an operation has had any response."""
    one = api.operations[operation]
    return any(one.responses.values()) or any(one.other_responses.values())


def scenarios_of(report: Coverage) -> Mapping[str, bool]:
    """Return whether any rule of each scenario has applied."""
    return {name: any(rules.values()) for name, rules in report.scenarios.items()}


def shares(api: ApiCoverage) -> dict[str, Share]:
    """Return the shares of an API by kind, without the kinds of which it has nothing."""
    each = {kind: _share(parts) for kind, parts in parts_of(api).items()}
    return {kind: share for kind, share in each.items() if share.total}


def totals(report: Coverage) -> dict[str, Share]:
    """Return the shares of all APIs together, and that of scenarios."""
    summed: dict[str, Share] = {}
    for api in report.apis.values():
        for kind, share in shares(api).items():
            summed[kind] = summed.get(kind, Share(0, 0)) + share
    return {**summed, "scenarios": Share.of(scenarios_of(report).values())}


def gaps(api: ApiCoverage) -> dict[str, list[tuple[str, list[str]]]]:
    """Return by kind the groups of which something is missing, with its names.

    What is missing with something else is left out: responses with their operation, and fields within others.
    """
    found: dict[str, list[tuple[str, list[str]]]] = {}
    for kind, parts in parts_of(api).items():
        for group, flags in parts.items():
            is_implied = kind == "responses" and not is_called(api, group)
            names = [] if is_implied else [name for name, count in outermost(flags).items() if count]
            if names:
                found.setdefault(kind, []).append((group, names))
    return found


def outermost(flags: Mapping[str, bool]) -> dict[str, int]:
    """Return what is covered, as 0, and the outermost missing fields, as 1 and the number of those within.

    Fields are in the order of `FieldNode.fields`: outer ones come before those within.
    """
    counts: dict[str, int] = {}
    for name, is_covered in flags.items():
        around = next((outer for outer in _around(name) if counts.get(outer)), "")
        if around:
            counts[around] += 1
        else:
            counts[name] = 0 if is_covered else 1
    return counts


def _around(pointer: str) -> Iterator[str]:
    """Yield the pointers of the places that a place is within; none for another name, with a slash or not."""
    tokens = pointer.split("/") if pointer.startswith("/") else ()
    return ("/".join(tokens[:end]) for end in range(2, len(tokens)))


def _share(parts: Parts) -> Share:
    return Share.of(flag for flags in parts.values() for flag in flags.values())


def _flags(times: Mapping[str, int]) -> Mapping[str, bool]:
    return {name: count > 0 for name, count in times.items()}
