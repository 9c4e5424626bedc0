"""Chooses what goes wrong with a request by the scenarios that apply, and makes the response it gets then.

Scenarios apply in this order: that of the request's header, that which its job was submitted with or which a
text in the submission names, the next faults of the sandbox, the sandbox's scenario, the server's default.
"""

import re
from collections.abc import Iterator, Mapping
from functools import partial

import msgspec
from msgspec.structs import replace

from safelight_lifecycle import Expression, ExpressionSource, RequestParts, follow_tokens
from safelight_mock.app.faulty_results import with_job_fault
from safelight_mock.app.fixed_responses import fixed_response
from safelight_mock.app.recorded_responses import with_recorded
from safelight_mock.app.response_finalizer import ResponseFinalizer
from safelight_mock.app.routes import Route
from safelight_mock.config.settings import Settings
from safelight_mock.core.clock import ClockMode
from safelight_mock.core.engine import Engine
from safelight_mock.core.job import Job, Status
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.core.scenario import MatchContext, Role, Rule, RuleSource, Scenario, choose
from safelight_mock.core.webhook import WebhookFault
from safelight_mock.coverage.recorder import CoverageRecorder
from safelight_mock.scenarios.registry import ScenarioRegistry
from safelight_mock.storage.blobs import BlobStore
from safelight_mock.wire.messages import JSON, Form, Request, Response
from safelight_mock.wire.presigned_links import FileName
from safelight_mock.wire.problem import VendorError
from safelight_mock.wire.schema import Parameters
from safelight_mock.wire.trace import Trace, Verdict

HEADER = "x-safelight-scenario"
WORD = "safelight"  # with which texts that name a scenario begin
MAGIC = re.compile(rf"{WORD}[:-]([a-z0-9](?:[a-z0-9-]{{0,62}}[a-z0-9])?)")
TEXTS = 1_000  # texts of a submission that are searched for the name of a scenario
LONGEST = 2_000  # characters of each
SAFE = ("GET", "HEAD")
EXACT = 6  # digits of a job's age in seconds: a difference of times since 1970 has no more
SOURCES = {
    "header": f"of the header {HEADER}",
    "job": "of the job",
    "text": "that the request names",
    "sandbox": "of the sandbox",
    "default": "of the server",
}
OF_SANDBOX = "sandbox "  # begins the names of rules of a sandbox's scenario, by which matches are counted


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What goes wrong with a request: a rule, if any, and its source.

    `scenario` is the name of the one that a submitted job remembers; `job` the id of the job that the request
    names. `matched` are the numbers to store.
    """

    rule: Rule | None = None
    source: str = ""
    scenario: str = ""
    job: str = ""
    matched: Mapping[str, int] = msgspec.field(default_factory=dict)

    @property
    def is_answered(self) -> bool:
        """Whether the request is answered without being carried out."""
        return self.rule is not None and not self.rule.is_accepted

    @property
    def name(self) -> str:
        """The name of the rule after its source, with the scenario if that has one; empty without a rule."""
        rule = self.rule
        return "" if rule is None else f"{f'{self.source} {rule.origin}'.rstrip()}: {rule.name}"

    def engine(self, engine: Engine) -> Engine:
        """Return an engine whose submissions get the fault and the scenario."""
        fault = None if self.rule is None else self.rule.job
        return replace(engine, fault=fault, scenario=self.scenario) if fault or self.scenario else engine


UNCHANGED = Decision()


class FaultInjection(msgspec.Struct, frozen=True, kw_only=True):
    """Applies scenarios to requests and deliveries.

    A request or delivery need not come here unless its sandbox `has_scenarios`, this `is_always_on`, it has
    the HEADER, or it is a submission with the WORD in a text.
    """

    registry: ScenarioRegistry
    finalizer: ResponseFinalizer
    coverage: CoverageRecorder
    is_always_on: bool = False

    @classmethod
    def of(
        cls, settings: Settings, blobs: BlobStore, finalizer: ResponseFinalizer, coverage: CoverageRecorder
    ) -> "FaultInjection":
        """Return that of some settings; raises InvalidScenarioError, a ValueError."""
        registry = ScenarioRegistry(lambda content, name: blobs.put(content, name).digest)
        load_scenarios(registry, settings)
        is_always_on = registry.default is not None
        return cls(registry=registry, finalizer=finalizer, coverage=coverage, is_always_on=is_always_on)

    def decide(self, route: Route, engine: Engine, request: Request) -> Decision:
        """Return what goes wrong with a request; changes nothing. May raise VendorError."""
        job, is_submit = _job(engine, request), route.role is Role.SUBMIT
        if request.is_continued:  # the fault was chosen when the response began
            return _unruled(engine.sandbox, job)
        by_header = self._by_header(request)
        by_text = self._by_text(request) if is_submit and by_header is None else None
        named = by_header or by_text
        context = _match_context(route, request, engine, job)
        decision = self._decision(
            [*self._sources(by_header, job, by_text, engine.sandbox)], context, engine.sandbox, job
        )
        if decision.rule is not None and decision.rule.job is not None:
            _check_words(decision.rule, decision.source, engine)
        return replace(decision, scenario=named.name) if named is not None and is_submit else decision

    def decide_file(self, sandbox: Sandbox, job: Job, file: FileName, request: Request) -> Decision:
        """Return what goes wrong with a request for a file of a job, or one that sends it; as `decide`."""
        role = Role.DOWNLOAD if request.method in SAFE else Role.UPLOAD
        age = round(sandbox.latest - job.submitted, EXACT)
        context = MatchContext(
            vendor=file.vendor, operation=file.purpose, role=role, job=job.ordinal, age=age
        )
        sources = self._sources(self._by_header(request), job, None, sandbox)
        return self._decision([*sources], context, sandbox, job)

    def webhook_fault(self, sandbox: Sandbox, found: Status) -> WebhookFault | None:
        """Return what goes wrong with the delivery of a change of a job, and count it."""
        sources = [*self._sources(None, found.job, None, sandbox)]
        if not sources:
            return None
        context = MatchContext(
            vendor=sandbox.vendor, job=found.job.ordinal, word=found.vendor_state, state=found.state
        )
        decision = self._decision(sources, context, sandbox, found.job)
        if decision.matched != sandbox.matched:
            self.note(decision, sandbox)
        if decision.rule is None:
            return None
        self.coverage.applied(decision.name)
        return decision.rule.webhook

    def _decision(
        self, sources: list[RuleSource], context: MatchContext, sandbox: Sandbox, job: Job | None
    ) -> Decision:
        """Return the decision of some sources."""
        if not sources:
            return _unruled(sandbox, job)
        job_id = "" if job is None else job.id
        applied = choose(sources, context, sandbox.matched, f"{sandbox.seed}/{sandbox.name}")
        return Decision(rule=applied.rule, source=applied.source, job=job_id, matched=applied.matched)

    def note(self, decision: Decision, sandbox: Sandbox) -> None:
        """Store that rules have matched, and use up the next fault that applied."""
        sandbox.matched = decision.matched
        rule = decision.rule
        if decision.source == "next" and rule is not None:
            sandbox.drop_next([rule])

    def respond(self, decision: Decision, route: Route, request: Request) -> Response:
        """Return the response of a rule in place of the vendor's own; 503 where none is to arrive."""
        errors, operation = route.service.vendor.errors, route.operation.id
        response = fixed_response(
            decision.rule, lambda error: errors.render(error, operation), request.trace.now or request.at
        )
        return self.finalizer.identified(route, response)

    def changed(
        self, decision: Decision, route: Route, engine: Engine, request: Request, response: Response
    ) -> Response:
        """Return the response to a request that was carried out, with what goes wrong with it."""
        job = engine.sandbox.jobs.get(request.pending_job or decision.job or request.trace.job)
        if job is not None and job.fault is not None:
            response = with_job_fault(job.fault, route, response)
            response = with_recorded(job, route, engine, request, response)
        if decision.rule is not None and decision.rule.response is not None:
            return self.respond(decision, route, request)
        return response

    def sent(self, decision: Decision, trace: Trace, response: Response) -> Response:
        """Return a response with what goes wrong while it is sent, and note the rule in the trace."""
        rule = decision.rule
        if rule is None:
            return response
        trace.rule = decision.name
        trace.is_accepted = rule.is_accepted and trace.verdict is Verdict.OK
        if rule.transfer is None:
            return response
        trace.is_lost = rule.transfer.is_lossy
        return replace(response, transfer=rule.transfer)

    def _sources(
        self, by_header: Scenario | None, job: Job | None, by_text: Scenario | None, sandbox: Sandbox
    ) -> Iterator[RuleSource]:
        """Yield the sources of rules, the one that comes first first."""
        if by_header is not None and (job is None or job.scenario != by_header.name):
            yield _source("header", by_header)
        submitted_with = self.registry.find(job.scenario) if job is not None and job.scenario else None
        if job is not None and submitted_with is not None:
            yield _source("job", submitted_with, f"job {job.id}/{submitted_with.name}")
        if by_text is not None:
            yield _source("text", by_text)
        if sandbox.next_rules:
            yield RuleSource(name="next", rules=sandbox.next_rules)
        if sandbox.scenario is not None:
            yield _source("sandbox", sandbox.scenario)
        if self.registry.default is not None:
            yield _source("default", self.registry.default)

    def _by_header(self, request: Request) -> Scenario | None:
        name = request.headers.get(HEADER)
        if not name:
            return None
        found = self.registry.find(name)
        if found is None:
            raise VendorError(400, f"{HEADER}: {self.registry.unknown(name)}")
        return found

    def _by_text(self, request: Request) -> Scenario | None:
        """Return the scenario that a text, a URL or the name of a file in a submission names."""
        names = (name for text in _texts(request) for name in MAGIC.findall(text[:LONGEST]))
        return next(filter(None, map(self.registry.find, names)), None)


def load_scenarios(registry: ScenarioRegistry, settings: Settings) -> None:
    """Add the scenarios of some settings; raises InvalidScenarioError."""
    registry.load(settings.scenario_files)
    if settings.scenario is not None:
        registry.default = registry.read(settings.scenario)


def _unruled(sandbox: Sandbox, job: Job | None) -> Decision:
    """Return the decision without a rule: UNCHANGED, unless the job has a fault."""
    return UNCHANGED if job is None or job.fault is None else Decision(job=job.id, matched=sandbox.matched)


def _source(name: str, scenario: Scenario, counted_as: str = "") -> RuleSource:
    return RuleSource(
        name=f"{name} {scenario.name}",
        rules=scenario.rules,
        counted_as=f"{counted_as or f'{name} {scenario.name}'}{scenario.seed}",
    )


def _job(engine: Engine, request: Request) -> Job | None:
    """Return the job that a request names or waits for."""
    job_id = request.pending_job or str(
        request.parameters.get(engine.lifecycle.described.ids.parameter) or ""
    )
    job: Job | None = engine.sandbox.jobs.get(job_id)
    return job


def _match_context(route: Route, request: Request, engine: Engine, job: Job | None) -> MatchContext:
    number = engine.sandbox.submitted + 1 if route.role is Role.SUBMIT else 0 if job is None else job.ordinal
    return MatchContext(
        vendor=route.service.vendor.slug,
        operation=route.operation.id,
        role=route.role,
        job=number,
        age=0.0 if job is None else round(_reached(route, engine, job) - job.submitted, EXACT),
        key=request.key,
        value=partial(_value, request),
    )


def _reached(route: Route, engine: Engine, job: Job) -> float:
    """Return when a request is carried out: one that reads a job advances an auto clock before."""
    is_moved = route.reads_job and engine.sandbox.clock.mode is ClockMode.AUTO
    return engine.advance_target(job.id) if is_moved else engine.now


def _value(request: Request, place: Expression) -> JSON:
    """Return what is at a place of a request; for a file its name."""
    described = request.parameters
    texts = described.texts if isinstance(described, Parameters) else {}
    if place.part is ExpressionSource.BODY and len(place.pointer) == 1 and place.pointer[0] in request.files:
        return request.files[place.pointer[0]].filename
    if place.part is ExpressionSource.BODY:
        return follow_tokens(place.pointer, request.values)
    parts = RequestParts(path=texts.get("path", {}), query=texts.get("query", {}), headers=request.headers)
    return parts.value(place)


def _texts(request: Request) -> Iterator[str]:
    """Yield the texts of a submission, of at most TEXTS values."""
    body = request.body
    yield from (upload.filename for upload in body.files.values()) if isinstance(body, Form) else ()
    waiting: list[JSON] = [request.values]
    for _ in range(TEXTS):
        if not waiting:
            return
        value = waiting.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, Mapping):
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value


def _described(source: str) -> str:
    """Return the source of a rule in words."""
    kind, _, name = source.partition(" ")
    return f"scenario {name!r} {SOURCES[kind]}" if name else "the next faults"


def _check_words(rule: Rule, source: str, engine: Engine) -> None:
    """Raise VendorError for a word that the lifecycle does not have."""
    for change in () if rule.job is None else rule.job.changes:
        try:
            engine.lifecycle.described.words.reference(change.to)
        except ValueError as error:
            raise VendorError(400, f"{_described(source)}, rule {rule.name!r}: {error}") from error
