"""The request log: requests and responses are recorded at once, and evaluated when the log is read."""

from collections import Counter, deque
from collections.abc import Iterator, Mapping
from threading import Lock
from urllib.parse import parse_qsl, urlencode

import msgspec

from safelight_mock.wire.credential_leak import CredentialLeak
from safelight_mock.wire.messages import Request
from safelight_mock.wire.redaction import MASK, is_secret, masked
from safelight_mock.wire.trace import LONGEST, IgnoredField, Trace, Verdict

TOGETHER = 512  # calls that are counted at once
ERRORS = 400

Noted = tuple[float, str, str, str, int, Trace, CredentialLeak | None]
"""When a call came, its method, path and query, its status, its trace, and what was wrong with it."""

CountedResponse = tuple[str, str, int]
"""A vendor, an operation and a status."""


class RequestLogEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A request and its response without secrets: `at` in real time, `now` by its sandbox's clock."""

    at: float
    now: float | None
    sandbox: str
    vendor: str
    operation: str
    method: str
    path: str
    query: str
    status: int
    verdict: Verdict
    reason: str
    job: str
    ignored_fields: tuple[IgnoredField, ...]
    made_up: tuple[str, ...] = ()
    rule: str = ""
    is_accepted: bool | None = None
    retry_after: float | None = None
    is_lost: bool = False


class RequestLog:
    """The last requests to vendors' operations and files, and the number of all by outcome.

    They are counted in batches, because a poll takes microseconds only. `since`: when counting began.
    `is_paced`: clients sleep by the clocks of their sandboxes, also by those that are stopped.
    """

    def __init__(self, most: int, since: float = 0.0) -> None:
        self.since = since
        self.is_paced: bool = False
        self._wrong = 0
        self._fresh: deque[Noted] = deque()
        self._kept: deque[Noted] = deque(maxlen=most)
        self._counts: Counter[CountedResponse] = Counter()
        self._lock = Lock()

    def note(self, call: Request, status: int, wrong: CredentialLeak | None) -> None:
        """Record a request and the status of its response."""
        path, query = call.path, call.query
        if len(path) > LONGEST or len(query) > LONGEST:
            path, query = path[:LONGEST], query[:LONGEST]
        self._fresh.append((call.at, call.method, path, query, status, call.trace, wrong))
        if len(self._fresh) >= TOGETHER:
            self._gather()

    def entries(self) -> Iterator[RequestLogEntry]:
        """Yield the recorded requests, the last one first."""
        self._gather()
        with self._lock:
            kept = [*self._kept]
        return map(_entry, reversed(kept))

    def counts(self) -> Mapping[CountedResponse, int]:
        """Return the number of requests by vendor, operation and status, since the server started."""
        self._gather()
        with self._lock:
            return dict(self._counts)

    @property
    def credential_leaks(self) -> int:
        """How many requests had a fault that their response did not show, since the server started."""
        self._gather()
        return self._wrong

    def empty(self, sandbox: str | None = None) -> None:
        """Remove all requests, or those of a sandbox; the counts remain."""
        self._gather()
        with self._lock:
            others = [noted for noted in self._kept if sandbox not in (None, _trace(noted).sandbox)]
            self._kept.clear()
            self._kept.extend(others)

    def _gather(self) -> None:
        """Count the new requests and store as many as fit."""
        with self._lock:
            fresh = [self._fresh.popleft() for _ in range(len(self._fresh))]
            self._counts.update(map(_outcome, fresh))
            self._wrong += sum(noted[6] is not None for noted in fresh)
            self._kept.extend(fresh)


def _trace(noted: Noted) -> Trace:
    return noted[5]


def _outcome(noted: Noted) -> CountedResponse:
    trace = noted[5]
    return trace.vendor, trace.operation, noted[4]


def _entry(noted: Noted) -> RequestLogEntry:
    at, method, path, query, status, trace, leak = noted
    wrong = leak.what if leak else ""
    return RequestLogEntry(
        at=at,
        now=trace.now,
        sandbox=trace.sandbox,
        vendor=trace.vendor,
        operation=trace.operation,
        method=method,
        path=masked(path),
        query=_masked_query(query),
        status=status,
        verdict=_verdict(trace, status, wrong),
        reason=masked(trace.reason or wrong),
        job=trace.job,
        ignored_fields=trace.ignored_fields,
        made_up=trace.made_up,
        rule=trace.rule,
        is_accepted=trace.is_accepted,
        retry_after=trace.retry_after,
        is_lost=trace.is_lost,
    )


def _verdict(trace: Trace, status: int, wrong: str) -> Verdict:
    if trace.verdict is Verdict.OK and wrong:
        return Verdict.CREDENTIAL_LEAK
    return Verdict.REJECTED if trace.verdict is Verdict.OK and status >= ERRORS else trace.verdict


def _masked_query(query: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True)
    shown = [(name, MASK if is_secret(name) else masked(value)) for name, value in pairs]
    return urlencode(shown, safe="*/:")
