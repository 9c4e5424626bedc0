"""The outcome of a run: requests by their response status, findings, and explained complaints."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from schemathesis.engine import events
from schemathesis.engine.recorder import ScenarioRecorder
from schemathesis.engine.run import PhaseName

from contract_tests.fuzz.document import Call, Json, operations
from contract_tests.fuzz.explained import ELSEWHERE, NOWHERE, Explained
from safelight_mock.wire.described_responses import response_key

EXCUSED = {*ELSEWHERE, *NOWHERE}
Codes = dict[str, Counter[int]]


@dataclass(frozen=True, slots=True)
class Finding:
    """A complaint without an explanation."""

    operation: str
    check: str
    about: str


@dataclass(slots=True)
class FuzzOutcome:
    """Grows during a run.

    `codes` counts response statuses by operation, `good` has a successful request of each operation,
    `link_sequences` counts sequences of linked requests.
    """

    codes: Codes = field(default_factory=lambda: defaultdict(Counter))
    findings: list[Finding] = field(default_factory=list)
    explained: Counter[Explained] = field(default_factory=Counter)
    good: dict[str, Call] = field(default_factory=dict)
    link_sequences: int = 0

    def record(self, event: events.EngineEvent) -> None:
        """Record an event of schemathesis."""
        match event:
            case events.ScenarioFinished():
                self.link_sequences += event.phase is PhaseName.STATEFUL_TESTING
                self._count(event.recorder)
                self.findings.extend(_findings(event.recorder))
            case events.NonFatalError():
                self.findings.append(Finding(event.label, "error", event.info.message))
            case events.FatalError():
                raise event.exception

    def record_rejection(self, label: str, status: int, complaint: str) -> None:
        """Record the response to a rejected key or body, and its defect if there is one."""
        self.codes[label][status] += 1
        if complaint:
            self.findings.append(Finding(label, "refusal", complaint))

    def add(self, other: "FuzzOutcome") -> None:
        """Add the outcome of another run of the same vendor and document."""
        for label, counts in other.codes.items():
            self.codes[label].update(counts)
        self.findings.extend(other.findings)
        self.explained.update(other.explained)
        self.good.update(other.good)
        self.link_sequences += other.link_sequences

    def unreached(self, vendor: str, spec: Json) -> list[str]:
        """Return operations without a successful request, and documented responses that did not occur."""
        return [
            f"{operation['operationId']} {code}"
            for label, operation in operations(spec).items()
            for code in _missing(operation, self.codes.get(label, {}))
            if not {f"{vendor}/{code}", f"{vendor}/{operation['operationId']}/{code}"} & EXCUSED
        ]

    def _count(self, recorder: ScenarioRecorder) -> None:
        for case_id, interaction in recorder.interactions.items():
            case, status = recorder.cases[case_id].value, 0
            if interaction.response is not None:
                status = interaction.response.status_code
            label = case.operation.label
            self.codes[label][status] += 1
            if 200 <= status < 300:
                self.good.setdefault(label, case)


def _missing(operation: Json, reached: Mapping[int, int]) -> list[str]:
    responses = operation["responses"]
    return sorted({*responses} - {response_key(responses, status) for status in reached})


def _findings(recorder: ScenarioRecorder) -> Iterator[Finding]:
    for case_id, checks in recorder.checks.items():
        case, result = recorder.cases[case_id].value, recorder.interactions[case_id].response
        call = f"{case.method} {case.formatted_path} {case.query} {case.body!r:.600}"
        http_response = f"{result.status_code} {result.content[:300]!r}" if result else "no response"
        for check in checks:
            if check.failure_info:
                about = f"{check.failure_info.failure}\n{call}\n{http_response}"
                yield Finding(case.operation.label, check.name, about)
