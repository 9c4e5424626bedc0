"""Answers that are not there yet: real time has to pass, or that of a sandbox."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from math import inf

from msgspec.structs import replace

from safelight_mock.core.engine import Engine, UnknownJobError
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.wire.messages import Call, Hold, Reply

SAFE = ("GET", "HEAD")
GLANCE = 0.25  # seconds after which a job that is waited for is looked at again
BLINK = 0.01  # seconds between two looks at whether somebody still lets time pass
BLINKS = 25  # after which it is read as it stands


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """No answer yet: after so many real seconds, ask again with this call."""

    seconds: float
    call: Call


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Deliveries are due: let a sandbox's time pass, up to then, and with them made ask again with this call.

    With a `reply` nothing is asked again: it may leave then. Should somebody else let time pass there, that
    is waited for, at most `patience` real seconds.
    """

    sandbox: str
    to: float
    call: Call
    reply: Reply | None = None
    patience: float = GLANCE

    @property
    def may_fail(self) -> bool:
        """Whether the call is answered even if time cannot be moved, for what moves cannot be kept.

        What is to be told of what was done already may leave, who reads is told how it stands, and who waits
        for a job that is taken in waits on.
        """
        return self.reply is not None or bool(self.call.holds) or self.call.method in SAFE


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """No answer yet: run this, which may block, and ask again with the call, for which time has passed then.

    `run` raises what the call is refused with. If it returns a reply, that is the answer.
    """

    run: Callable[[], object]
    call: Call
    reply: None = None


def look_later(engine: Engine, job_id: str, call: Call, *, is_moved: bool) -> Engine | Passage | Wait:
    """Set a clock that moves for whoever waits for a job.

    Whether something has to be judged first is found out before, or asking again would move it twice. While
    somebody else moves it that is waited for, though not long: he may be waiting for the answer to this call.
    """
    if call.passed is not None or call.waits > BLINKS:
        return engine
    if is_moved:
        return Wait(seconds=BLINK, call=replace(call, waits=call.waits + 1))
    later = engine.at(engine.awaited(job_id))
    with suppress(UnknownJobError):
        later.find(job_id)
    if engine.sandbox.next_due <= later.now:
        return Passage(sandbox=engine.sandbox.name, to=later.now, call=call)
    engine.sandbox.set_clock(call.at, to=later.now)
    return later


def wait_for_end(hold: Hold, sandbox: Sandbox, call: Call, *, is_moved: bool) -> Wait | Passage:
    """Wait for a job to end, with a glance at it now and then, for it may be moved.

    A clock that stands is set to that end, unless somebody else moves it, for nobody else would do it. Where
    that was just tried and did not help, there is a glance in between.
    """
    left = max(0.0, hold.until - sandbox.now(call.at))
    seconds, later = min(left / sandbox.clock.pace, GLANCE), replace(call, holds=hold.job, passed=None)
    if sandbox.clock.stands and left < inf and not is_moved and call.passed is None:
        if sandbox.next_due <= hold.until:
            return Passage(sandbox=sandbox.name, to=hold.until, call=later)
        sandbox.advance(left, call.at)
        seconds = 0.0
    return Wait(seconds=seconds, call=later)
