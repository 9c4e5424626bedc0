"""The body of a stream of server-sent events: waits until a job's clock reaches the next ones."""

from collections.abc import Callable
from math import inf

from msgspec.structs import replace

from safelight_mock.app.steps import POLL_INTERVAL, AdvanceClock, Exchange, Sleep
from safelight_mock.core.clock import ClockMode
from safelight_mock.storage.port import NotStoredError
from safelight_mock.wire.messages import EventStream, Request, Response
from safelight_mock.wire.problem import Problem

HEARTBEAT = 15.0  # real seconds without an event after which a comment is sent, as HTML recommends
LONGEST_SILENCE = 600.0  # real seconds without an event after which a stream ends
COMMENT = b": \n\n"


class EventFeed:
    """The events of one response, a part at a time. The request is answered again for each part.

    On a clock that does not run, the job is looked at now and then, as it is for held requests; an auto clock
    is advanced to the job's next change.
    """

    def __init__(
        self,
        request: Request,
        first: EventStream,
        answer: Callable[[Request], Exchange[Response]],
        now: Callable[[], float],
    ) -> None:
        self._request = request
        self._latest = first
        self._unsent = first.text
        self._answer = answer
        self._now = now
        self._silence = 0.0

    def next_part(self, patience: float = inf) -> Exchange[bytes]:
        """Return what is sent next, nothing at the end; raises TimeoutError after so many real seconds."""
        waited = 0.0
        while not self._unsent:
            if self._latest.due is None or self._silence >= LONGEST_SILENCE:
                return b""
            if waited >= patience:
                raise TimeoutError
            if waited >= HEARTBEAT:
                return COMMENT
            step = self._wait()
            seconds = step.seconds if isinstance(step, Sleep) else 0.0
            waited, self._silence = waited + seconds, self._silence + seconds
            try:
                yield step
            except (Problem, NotStoredError):  # the server is being stopped, or its clock cannot be stored
                return b""
            request, sent = self._request, self._latest.sent
            response = yield from self._answer(
                replace(request, events_sent=sent, is_continued=True, at=self._now())
            )
            if not isinstance(response.content, EventStream):  # the job is gone
                return b""
            self._latest, self._unsent = response.content, response.content.text
        part, self._unsent, self._silence = self._unsent, b"", 0.0
        return part

    def _wait(self) -> Sleep | AdvanceClock:
        """Return the step after which there may be more."""
        latest, due = self._latest, self._latest.due
        if due is None or due == inf:
            return Sleep(POLL_INTERVAL)
        if latest.clock.mode is ClockMode.AUTO:
            return AdvanceClock(latest.sandbox, due)
        left = POLL_INTERVAL if latest.clock.is_stopped else latest.clock.moment_of(due) - self._now()
        return Sleep(max(0.0, min(left, POLL_INTERVAL)))
