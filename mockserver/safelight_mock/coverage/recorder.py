"""Counts what clients send and receive, while it happens.

Its memory grows with documents and lifecycles, not with requests. Any thread may call it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from threading import Lock

from safelight_mock.config.services import Service
from safelight_mock.core.scenario import Role
from safelight_mock.core.webhook import Attempt, Delivery, Outcome, WebhookFault
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

LONG = 4 * 1024  # bytes of a body that is hashed: a longer one is looked at each time
REMEMBERED = 256  # hashes of bodies, for each operation and status
MOST_RULES = 1_000  # whose names are recorded; scenarios of sandboxes can have any number of them


class ResponseKind:
    """The responses of an operation with one status: how many there were, and the states that they showed.

    What was found in a body is remembered by its hash: most polls bring the same bytes as one before.
    """

    __slots__ = ("_fields", "_found", "_shown", "lifecycle", "times", "words")

    def __init__(self, fields: FieldNode | None, shown: ShownStates | None, lifecycle: str) -> None:
        self._fields = fields  # None once all are covered
        self._shown = shown
        self._found: dict[int, Sequence[str]] = {}
        self.lifecycle = lifecycle
        self.times: int = 0
        self.words: Counter[str] = Counter()

    def find(self, response: Response) -> Sequence[str]:
        """Return the words for states in a response, and note its fields."""
        content = response.content
        if not isinstance(content, bytes) or len(content) > LONG:
            return self._look(response)
        bytes_seen = hash(content)
        words = self._found.get(bytes_seen)
        if words is None:
            words = self._look(response)
            if self._shown is None or not self._shown.depends_on_headers:
                self._found = self._found if len(self._found) < REMEMBERED else {}
                self._found[bytes_seen] = words
        return words

    def shows(self, response: Response) -> Sequence[str]:
        """Return the words for states in a response."""
        return () if self._shown is None else self._shown.words(response)

    def _look(self, response: Response) -> Sequence[str]:
        fields = self._fields
        if fields is not None and response.value is not None and fields.mark(response.value):
            self._fields = None
        if self._shown is None:
            return ()
        word = response.value
        for token in self._shown.pointer:  # finds most words in a third of the time
            word = word.get(token) if isinstance(word, dict) else None
        if self._shown.pointer and isinstance(response.content, bytes) and isinstance(word, str | None):
            return (word,) if word in self._shown.known else ()
        return self._shown.words(response)


class RequestKind:
    """The requests of an operation that were carried out: which parameters and fields they had."""

    __slots__ = ("_body", "_headers", "_operation", "_queried", "names")

    def __init__(self, operation: Operation, body: FieldNode) -> None:
        self._operation = operation
        self._headers = tuple(operation.header_parameters)
        self._queried = frozenset(operation.query_parameters)
        self._body = body if operation.media_types else None  # None once all fields are covered
        self.names: set[str] = set()  # of parameters

    def note(self, request: Request, body: JSON) -> None:
        """Note what a request had; `body` is as it was sent, decoded."""
        self.names.update(f"header {name}" for name in self._headers if name in request.headers)
        if request.query and isinstance(request.parameters, Parameters):
            texts = request.parameters.texts.get("query", {})
            sent = {*texts, *(name.partition("[")[0] for name in texts)}
            self.names.update(f"query {name}" for name in sent & self._queried)
        if self._body is not None and self._body.mark(self._decoded(request, body)):
            self._body = None

    def _decoded(self, request: Request, body: JSON) -> JSON:
        """Return the body; of a URL-encoded one the texts."""
        if not isinstance(request.body, bytes) or URLENCODED not in self._operation.media_types:
            return body
        if self._operation.media_type(request) != URLENCODED:
            return body
        return dict(Query(request.body.decode("utf-8", "replace")))


class CoverageRecorder:
    """Records what clients of one server cover: half a microsecond for a poll that brings nothing new."""

    def __init__(self, served: Mapping[str, Service]) -> None:
        self._served = served
        self._lock = Lock()
        self._responses: dict[tuple[str, str, int], ResponseKind] = {}
        self._requests: dict[tuple[str, str], RequestKind] = {}
        self._bodies: dict[tuple[str, str, str], FieldNode] = {}
        self._webhooks: Counter[tuple[str, str, str]] = Counter()
        self._outcomes: Counter[tuple[str, Outcome]] = Counter()
        self._faults: set[tuple[str, WebhookFault]] = set()
        self._links: Counter[tuple[str, Role, str]] = Counter()
        self._rules: Counter[str] = Counter()

    def responded(self, trace: Trace, response: Response, status: int) -> None:
        """Count a response, unless it is not to arrive whole, and the rule that decided what went wrong."""
        if trace.rule:
            self.applied(trace.rule)
        if not trace.operation or trace.is_lost:
            return
        key = trace.vendor, trace.operation, status
        kind = self._responses.get(key) or self._new_kind(key)
        words = kind.find(response)
        with self._lock:
            kind.times += 1
            for word in words:
                kind.words[word] += 1

    def linked(self, vendor: str, role: Role, status: int, trace: Trace) -> None:
        """Count a request for a file by link, to download or upload it, unless no response is to arrive."""
        if vendor in self._served and not trace.is_lost:
            with self._lock:
                self._links[vendor, role, f"{status // 100}xx"] += 1

    def continued(self, trace: Trace, response: Response) -> None:
        """Count the states that the next events of a stream show."""
        kind = self._responses.get((trace.vendor, trace.operation, response.status))
        if kind is not None:
            words = kind.shows(response)
            with self._lock:
                kind.words.update(words)

    def requested(self, vendor: str, operation: Operation, request: Request, body: JSON) -> None:
        """Note the described fields of a request that was carried out; `body` is as it was sent, decoded."""
        kind = self._requests.get((vendor, operation.id))
        if kind is None:
            kind = RequestKind(operation, self._body(vendor, operation, REQUEST))
            kind = self._requests.setdefault((vendor, operation.id), kind)
        kind.note(request, body)

    def applied(self, rule: str) -> None:
        """Count that a rule of a scenario applied, by its name after its source."""
        with self._lock:
            if rule in self._rules or len(self._rules) < MOST_RULES:
                self._rules[rule] += 1

    def injected(self, vendor: str, fault: WebhookFault) -> None:
        """Note a fault of a delivery."""
        with self._lock:
            self._faults.add((vendor, fault))

    def attempted(self, vendor: str, attempts: Iterable[tuple[Delivery, Attempt]]) -> None:
        """Count attempts at deliveries; what was accepted was shown to the client."""
        with self._lock:
            for delivery, attempt in attempts:
                self._outcomes[vendor, attempt.outcome] += 1
                if attempt.outcome is Outcome.DELIVERED:
                    word = delivery.vendor_state or str(delivery.state)
                    self._webhooks[vendor, delivery.lifecycle, word] += 1

    def report(self, scenarios: ScenarioRegistry) -> Coverage:
        """Compare what was recorded with all that there is; reads the documents of APIs that were called."""
        from safelight_mock.coverage.collecting import collect  # noqa: PLC0415 - most servers never report

        return collect(self.recorded(), self._served, scenarios)

    def recorded(self) -> Recorded:
        """Return what was recorded so far."""
        with self._lock:
            states = self._webhooks.copy()
            for (vendor, _, _), kind in self._responses.items():
                states.update({(vendor, kind.lifecycle, word): many for word, many in kind.words.items()})
            return Recorded(
                responses={key: kind.times for key, kind in self._responses.items()},
                parameters={key: frozenset(kind.names) for key, kind in self._requests.items()},
                bodies=dict(self._bodies),
                states=states,
                webhooks=dict(self._webhooks),
                outcomes=dict(self._outcomes),
                faults=frozenset(self._faults),
                links=dict(self._links),
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
