"""What was recorded of an API, compared with all that its document has."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from safelight_mock.wire.described_responses import response_key
from safelight_testing.coverage.keywords import Keywords
from safelight_testing.coverage.recorder import SUCCESS, Recorder


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """`responses` counts requests by operationId and documented status: a code, a range (`4XX`) or `default`.

    `untouched` keywords were neither satisfied nor violated; `unviolated` ones were only satisfied.
    """

    vendor: str
    responses: Mapping[str, Mapping[str, int]]
    succeeded: int  # operations with a 2xx response
    keywords: int
    untouched: Mapping[str, Collection[str]]
    unviolated: Mapping[str, Collection[str]]

    @property
    def missing(self) -> list[str]:
        """Documented responses that no request received, as `operation/status`."""
        return [
            f"{name}/{key}" for name, counts in self.responses.items() for key in counts if not counts[key]
        ]

    def __str__(self) -> str:
        documented = sum(map(len, self.responses.values()))
        untouched, unviolated = (sum(map(len, some.values())) for some in (self.untouched, self.unviolated))
        return (
            f"{self.vendor}: {self.succeeded} of {len(self.responses)} operations succeeded, "
            f"{documented - len(self.missing)} of {documented} documented responses received; "
            f"{self.keywords - untouched} of {self.keywords} schema keywords exercised, "
            f"{self.keywords - untouched - unviolated} violated"
        )

    def json(self) -> Mapping[str, Any]:
        """Return all of it as JSON, the keywords by operationId and JSON pointer."""
        return {
            "responses": self.responses,
            "missing": self.missing,
            "untouched": {name: sorted(keywords) for name, keywords in self.untouched.items()},
            "unviolated": {name: sorted(keywords) for name, keywords in self.unviolated.items()},
        }


def summarise(vendor: str, spec: Mapping[str, Any], recorder: Recorder) -> Summary:
    """Compare what was recorded of a vendor with its document."""
    keywords = Keywords(spec)
    violated = _by_operation(vendor, recorder.violated)
    satisfied = _by_operation(vendor, recorder.satisfied)
    untouched = {name: every - satisfied[name] - violated[name] for name, every in keywords.of.items()}
    unviolated = {name: every & satisfied[name] - violated[name] for name, every in keywords.of.items()}
    recorded = {
        name: status for owner, name, status in recorder.responses if owner == vendor and status in SUCCESS
    }
    return Summary(
        vendor=vendor,
        responses=_responses(vendor, keywords, recorder),
        succeeded=len(recorded.keys() & keywords.operations.keys()),
        keywords=sum(map(len, keywords.of.values())),
        untouched={name: some for name, some in untouched.items() if some},
        unviolated={name: some for name, some in unviolated.items() if some},
    )


def _responses(vendor: str, keywords: Keywords, recorder: Recorder) -> dict[str, dict[str, int]]:
    responses = {
        name: dict.fromkeys(sorted(keywords.at(pointer)["responses"]), 0)
        for name, pointer in keywords.operations.items()
    }
    for (owner, name, status), times in recorder.responses.items():
        key = response_key(responses[name], status) if owner == vendor and name in responses else None
        if key is not None:
            responses[name][key] += times
    return responses


def _by_operation(vendor: str, recorded: Collection[tuple[str, str, str]]) -> Mapping[str, set[str]]:
    keywords: dict[str, set[str]] = defaultdict(set)
    for owner, operation, pointer in recorded:
        if owner == vendor:
            keywords[operation].add(pointer)
    return keywords
