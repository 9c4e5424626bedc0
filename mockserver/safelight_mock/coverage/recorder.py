"""Counts what clients send and receive, while it happens.

Its memory grows with documents and lifecycles, not with requests. Any thread may call it.
"""

from collections import Counter
from collections.abc import Mapping
from threading import Lock

from safelight_mock.config.services import Service
from safelight_mock.core.webhook import Delivery, Outcome, WebhookFault
from safelight_mock.coverage.fields import Described, FieldNode
from safelight_mock.coverage.recorded import REQUEST, Recorded
from safelight_mock.coverage.report import Coverage
from safelight_mock.coverage.states import ShownStates
from safelight_mock.scenarios.registry import ScenarioRegistry
from safelight_mock.wire.described_responses import response_key
from safelight_mock.wire.messages import JSON, Request, Response
from safelight_mock.wire.operation import MULTIPART, URLENCODED, Operation, may_be_json
from safelight_mock.wire.schema import Parameters, Query, resolve, schema_of
from safelight_mock.wire.trace import Trace

MOST_RULES = 1_000  # whose names are recorded; scenarios of sandboxes can have any number of them


class ResponseKind:
    """The responses of an operation with one status: how many there were, and what can be found in them."""

    __slots__ = ("fields", "lifecycle", "shown", "times")

    def __init__(self, fields: FieldNode | None, shown: ShownStates | None, lifecycle: str) -> None:
        self.fields = fields
        self.shown = shown
        self.lifecycle = lifecycle
        self.times: int = 0


class CoverageRecorder:
    """Records what clients of one server cover: a microsecond for a poll, four for a large nested body."""

    def __init__(self, served: Mapping[str, Service]) -> None:
        self._served = served
        self._lock = Lock()
        self._responses: dict[tuple[str, str, int], ResponseKind] = {}
        self._parameters: dict[tuple[str, str], set[str]] = {}
        self._bodies: dict[tuple[str, str, str], FieldNode] = {}
        self._states: Counter[tuple[str, str, str]] = Counter()
        self._webhooks: Counter[tuple[str, str, str]] = Counter()
        self._outcomes: Counter[tuple[str, Outcome]] = Counter()
        self._faults: set[tuple[str, WebhookFault]] = set()
        self._rules: Counter[str] = Counter()

    def responded(self, trace: Trace, response: Response, status: int) -> None:
        """Count a response, unless it is not to arrive whole, and the rule that decided what went wrong."""
        if trace.rule:
            self.applied(trace.rule)
        if not trace.operation or trace.is_lost:
            return
        key = trace.vendor, trace.operation, status
        kind = self._responses.get(key) or self._new_kind(key)
        words = () if kind.shown is None else kind.shown.words(response)
        with self._lock:
            kind.times += 1
            for word in words:
                self._states[trace.vendor, kind.lifecycle, word] += 1
        if kind.fields is not None and response.value is not None and not kind.fields.is_complete:
            kind.fields.mark(response.value)

    def continued(self, trace: Trace, response: Response) -> None:
        """Count the states that the next events of a stream show."""
        kind = self._responses.get((trace.vendor, trace.operation, response.status))
        if kind is not None and kind.shown is not None:
            words = kind.shown.words(response)
            with self._lock:
                self._states.update((trace.vendor, kind.lifecycle, word) for word in words)

    def requested(self, vendor: str, operation: Operation, request: Request, body: JSON) -> None:
        """Note the described fields of a request that was carried out; `body` is as it was sent, decoded."""
        parameters = request.parameters
        texts = parameters.texts.get("query", {}) if isinstance(parameters, Parameters) else {}
        sent = {*texts, *(name.partition("[")[0] for name in texts)}
        queried = {f"query {name}" for name in operation.query_parameters if name in sent}
        headers = {f"header {name}" for name in operation.header_parameters if name in request.headers}
        with self._lock:
            self._parameters.setdefault((vendor, operation.id), set()).update(queried, headers)
        if operation.media_types:
            if operation.media_type(request) == URLENCODED and isinstance(request.body, bytes):
                body = dict(Query(request.body.decode("utf-8", "replace")))
            self._body(vendor, operation, REQUEST).mark(body)

    def applied(self, rule: str) -> None:
        """Count that a rule of a scenario applied, by its name after its source."""
        with self._lock:
            if rule in self._rules or len(self._rules) < MOST_RULES:
                self._rules[rule] += 1

    def injected(self, vendor: str, fault: WebhookFault) -> None:
        """Note a fault of a delivery."""
        with self._lock:
            self._faults.add((vendor, fault))

    def attempted(self, vendor: str, delivery: Delivery, outcome: Outcome) -> None:
        """Count an attempt at a delivery; what was accepted was shown to the client."""
        key = vendor, delivery.lifecycle, delivery.vendor_state or str(delivery.state)
        with self._lock:
            self._outcomes[vendor, outcome] += 1
            if outcome is Outcome.DELIVERED:
                self._webhooks[key] += 1
                self._states[key] += 1

    def report(self, scenarios: ScenarioRegistry) -> Coverage:
        """Compare what was recorded with all that there is; reads the documents of APIs that were called."""
        from safelight_mock.coverage.collecting import collect  # noqa: PLC0415 - most servers never report

        return collect(self.recorded(), self._served, scenarios)

    def recorded(self) -> Recorded:
        """Return what was recorded so far."""
        with self._lock:
            return Recorded(
                responses={key: kind.times for key, kind in self._responses.items()},
                parameters={key: frozenset(names) for key, names in self._parameters.items()},
                bodies=dict(self._bodies),
                states=dict(self._states),
                webhooks=dict(self._webhooks),
                outcomes=dict(self._outcomes),
                faults=frozenset(self._faults),
                rules=dict(self._rules),
            )

    def _new_kind(self, key: tuple[str, str, int]) -> ResponseKind:
        vendor, name, status = key
        service = self._served[vendor]
        operation, lifecycle = service.api.operations[name], service.api.lifecycle_of[name]
        described = response_key(operation.described.get("responses", {}), status)
        fields = None if described is None else self._body(vendor, operation, described)
        shown = ShownStates.of(name, service.lifecycles[lifecycle], status)
        with self._lock:
            return self._responses.setdefault(key, ResponseKind(fields, shown, lifecycle))

    def _body(self, vendor: str, operation: Operation, response: str) -> FieldNode:
        """Return the fields of a body of an operation: of the request, or of the response with a key."""
        key = vendor, operation.id, response
        if key not in self._bodies:
            with self._lock:
                self._bodies.setdefault(key, self._new_body(operation, response))
        return self._bodies[key]

    def _new_body(self, operation: Operation, response: str) -> FieldNode:
        document = operation.document
        if response == REQUEST:
            media = operation.media_types.items()
            schemas = [schema.described for name, schema in media if _has_fields(name)]
            return FieldNode(Described(document=document, absent="readOnly"), schemas)
        described = resolve(document, operation.described["responses"][response])
        content = described.get("content", {}).items()
        schemas = [schema_of(media) for name, media in content if _has_fields(name)]
        return FieldNode(Described(document=document, absent="writeOnly"), schemas)


def _has_fields(media_type: str) -> bool:
    return media_type in (MULTIPART, URLENCODED) or may_be_json(media_type)
