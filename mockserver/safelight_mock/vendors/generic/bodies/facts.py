"""What is known of a job when a response about it is made, and the values that a lifecycle names."""

from collections.abc import Callable, Mapping
from functools import cached_property
from urllib.parse import quote, urlencode, urlsplit

import msgspec

from safelight_lifecycle import (
    ByWord,
    Constant,
    Expression,
    JobValue,
    Lifecycle,
    NamedResult,
    OperationUrl,
    RequestParts,
    Since,
    Value,
    WordState,
    by_word,
)
from safelight_mock.core.engine import Engine
from safelight_mock.core.job import Job, State, Status, history
from safelight_mock.vendors.generic.bodies.remembered_request import submission_of
from safelight_mock.wire.api import Api
from safelight_mock.wire.messages import JSON, Request
from safelight_mock.wire.object_store import RecipeOf

NOTHING = object()
"""In place of a value that a job does not have yet, or never has."""

KEPT = object()
"""In place of a value that is the one which the document has, or that its schema describes."""

FOREVER = 10 * 365 * 86_400  # seconds for which a link works of which nothing is said
PARENT = "parent"  # the detail of a job that has the id of the one that it was made from
FIFTHS = tuple(f"{share}%" for share in range(0, 101, 20))
DEADLINE = "deadline"  # that with the seconds in which it has to be over


class Past(msgspec.Struct, frozen=True):
    """When a job first had each word and each state, and the words of its lifecycle that it had."""

    times: Mapping[str, float]
    words: tuple[str, ...]


class JobFacts(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """One job at one moment, for the client that made a request.

    `results` returns a result by its name, the empty one for that of `result`; NOTHING if it is not there.
    `recipe` is how an image is made of its input.
    """

    slug: str
    api: Api
    lifecycle: Lifecycle
    engine: Engine
    request: Request
    status: Status
    results: Callable[["JobFacts", str], JSON]
    recipe: RecipeOf
    delivery: str = ""

    @property
    def job(self) -> Job:
        """The job."""
        return self.status.job

    @property
    def word(self) -> str:
        """The word for its state."""
        return self.status.vendor_state or self.status.state

    @property
    def lacks_result(self) -> bool:
        """Whether a scenario has the job succeed without a result."""
        return self.job.fault is not None and self.job.fault.without_result

    @property
    def reached(self) -> WordState:
        """Its word and state."""
        return self.status.word_state

    @cached_property
    def submission(self) -> RequestParts:
        """What is remembered of the request that submitted it."""
        return submission_of(self.job)

    @cached_property
    def past(self) -> Past:
        """The words and states that it has had."""
        engine = self.engine
        times: dict[str, float] = {}
        for one in history(self.job, engine.now, engine.inspect, engine.lifecycle.words):
            times.setdefault(one.state, one.since)
            times.setdefault(one.vendor_state, one.since)
        words = self.lifecycle.words.by_name or dict.fromkeys(State)
        return Past(times, tuple(str(name) for name in times if name in words))

    def remember_past(self, past: Past) -> None:
        """Take over what was found out of the past of a job with the same word."""
        self.__dict__["past"] = past

    def value(self, value: Value) -> JSON:
        """Return a value that a lifecycle names, times in seconds since 1970; NOTHING without one."""
        match value:
            case JobValue():
                fact = NAMED[value](self)
            case Expression():
                fact = self.submission.value(value)
            case Since(states):
                times = (self.past.times.get(name) for name in (*states.words, *states.states))
                fact = next((at for at in times if at is not None), None)
            case ByWord(values):
                fact = by_word(values, self.reached)
            case OperationUrl(operation):
                fact = self.url_of(operation)
            case NamedResult(name):
                fact = self.results(self, name)
            case Constant(constant):
                return constant
        return NOTHING if fact is None else fact

    def url_of(self, operation: str, parameters: Mapping[str, JSON] | None = None) -> str:
        """Return the URL of an operation for this job, as the client reaches the server."""
        described = self.api.operations[operation]
        known = {**self.submission.path, **self._others, **(parameters or {})}
        if self.lifecycle.ids.parameter:
            known[self.lifecycle.ids.parameter] = self.job.id
        path = described.paths[0]
        for name in _names(path):
            path = path.replace(f"{{{name}}}", quote(str(known.get(name, "1")), safe=""))
        query = {name: known[name] for name in described.query_parameters if name in known}
        return f"{self._base(described.server)}{path}{f'?{urlencode(query)}' if query else ''}"

    @cached_property
    def _others(self) -> Mapping[str, JSON]:
        values = {name: self.submission.value(place) for name, place in self.lifecycle.ids.others.items()}
        return {name: value for name, value in values.items() if value is not None}

    def _base(self, server: str) -> str:
        """Return what comes before the path: of the vendor's own host nothing but that, else the slug too."""
        origin, path = self.request.origin, self.request.path
        below = f"{origin}/{self.slug}"
        if path:
            return below if path.startswith(f"/{self.slug}/") else _of_host(origin, server)
        hosts = {*self.api.hosts, self.request.options.get("host")}
        return _of_host(origin, server) if urlsplit(origin).hostname in hosts else below


def _of_host(origin: str, server: str) -> str:
    """Return the base URL of an operation whose server is another one than that of the request."""
    parts = urlsplit(server)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc and urlsplit(origin).port is None else origin


def _names(path: str) -> list[str]:
    return [piece.partition("}")[0] for piece in path.split("{")[1:]]


def _started(facts: JobFacts) -> JSON:
    return facts.past.times.get(State.RUNNING, NOTHING)


def _ended(facts: JobFacts) -> JSON:
    return facts.status.since if facts.status.state.is_over else NOTHING


def _expires(facts: JobFacts) -> JSON:
    result = facts.lifecycle.result_of(facts.job.operation)
    if not facts.status.state.is_over or result is None or result.expires is None:
        return NOTHING
    return facts.status.since + result.expires


def _deadline(facts: JobFacts) -> JSON:
    seconds = facts.job.details.get(DEADLINE)
    return facts.job.submitted + float(seconds) if isinstance(seconds, int | float) else NOTHING


def _seconds(facts: JobFacts) -> JSON:
    started = facts.past.times.get(State.RUNNING)
    if started is None:
        return NOTHING
    until = facts.status.since if facts.status.state.is_over else facts.engine.now
    return round(max(0.0, until - started), 3)


def _took(facts: JobFacts) -> JSON:
    """Return how long it ran, at least 0.0; 0 until it is over."""
    if not facts.status.state.is_over:
        return 0
    started = facts.past.times.get(State.RUNNING)
    return 0.0 if started is None else round(max(0.0, facts.status.since - started), 3)


def _progress(facts: JobFacts) -> JSON:
    most = facts.lifecycle.read.progress_max if facts.lifecycle.read else 100.0
    share = facts.status.progress / 100 * most
    return round(share, 4)


def _position(facts: JobFacts) -> JSON:
    """Count the jobs before it in the queue."""
    if facts.status.state is not State.QUEUED:
        return NOTHING
    earlier = (one for one in facts.engine.all() if one.job.number < facts.job.number)
    return sum(1 for one in earlier if one.state is State.QUEUED)


def _logs(facts: JobFacts) -> JSON:
    """Return a line for each state that it has had, and one for each fifth of its work."""
    if facts.status.state is State.QUEUED:
        return [*facts.past.words]
    return [*facts.past.words, *FIFTHS[: facts.status.progress // 20 + 1]]


def _error(facts: JobFacts) -> JSON:
    if facts.status.state is not State.FAILED:
        return NOTHING
    cause = next((one.cause for one in facts.lifecycle.words.listed if one.name == facts.word), "")
    reasons = {
        "deadline": "The deadline has passed.",
        "moderation": "The result was moderated.",
        "input": "The request was moderated.",
    }
    return facts.job.source.error or facts.status.inspection.error or reasons.get(cause, "The job failed.")


def _url(facts: JobFacts) -> JSON:
    return facts.url_of(facts.lifecycle.read.operation) if facts.lifecycle.read else NOTHING


NAMED: Mapping[JobValue, Callable[[JobFacts], JSON]] = {
    JobValue.ID: lambda facts: facts.job.id,
    JobValue.PARENT: lambda facts: facts.job.details.get(PARENT, NOTHING),
    JobValue.STATE: lambda facts: facts.word,
    JobValue.PROGRESS: _progress,
    JobValue.SUBMITTED: lambda facts: facts.job.submitted,
    JobValue.STARTED: _started,
    JobValue.ENDED: _ended,
    JobValue.UPDATED: lambda facts: facts.status.since,
    JobValue.EXPIRES: _expires,
    JobValue.DEADLINE: _deadline,
    JobValue.SECONDS: _seconds,
    JobValue.TOOK: _took,
    JobValue.PRICE: lambda facts: facts.job.price,
    JobValue.POSITION: _position,
    JobValue.LOGS: _logs,
    JobValue.ERROR: _error,
    JobValue.RESULT: lambda facts: facts.results(facts, ""),
    JobValue.URL: _url,
    JobValue.DELIVERY: lambda facts: facts.delivery or NOTHING,
}
