"""A lifecycle of many words, of a video, and how tests submit jobs of it and see which words they pass."""

from typing import Any

from tests.mockserver.core.engines import job

from safelight_mock.core import WHOLE, Engine, Inspection, Job, Sandbox, ServedLifecycle
from safelight_mock.core.job import history

Json = dict[str, Any]
VIDEO: Json = {  # of 2 seconds in the queue and 10 of work
    "requested": {"means": "queued", "waits": True},
    "accepted": {"means": "queued", "waits": True, "only": True},
    "starting": "queued",
    "preparing": {"means": "running", "share": 0.1},
    "working": {"means": "running", "share": 0.8},
    "saving": {"means": "running", "share": 0.1},
    "cancelling": {"means": "running", "only": True, "then": "cancelled", "after": "PT5S"},
    "done": "succeeded",
    "failed": "failed",
    "rejected": {"means": "failed", "cause": "input"},
    "moderated": {"means": "failed", "cause": "moderation"},
    "cancelled": "cancelled",
}
STEPS: Json = {word: node for word, node in VIDEO.items() if word not in ("requested", "accepted")}
MOVES: list[Json] = [
    {"operation": "accept", "while": ["requested"], "to": "accepted"},
    {"operation": "complete", "while": ["accepted"], "to": "starting"},
    {"operation": "cancel", "while": ["queued"], "to": "cancelled"},
    {"operation": "cancel", "while": ["running"], "to": "cancelling", "otherwise": "ignore"},
    {"operation": "delete", "while": ["succeeded", "failed", "cancelled"], "to": "deleted"},
    {"operation": "clear", "to": "purged"},
    {"operation": "sweep", "while": ["succeeded"], "to": "deleted", "every": True},
]
CHANGES = MOVES[2:]


def at(
    sandbox: Sandbox, now: float, cycle: ServedLifecycle, seen: Inspection = WHOLE, speedup: float = 1
) -> Engine:
    return Engine(
        sandbox=sandbox, name="image", lifecycle=cycle, now=now, inspect=lambda _: seen, job_speedup=speedup
    )


def video(sandbox: Sandbox) -> Job:
    return job(sandbox, queued=2, running=10)


def words(sandbox: Sandbox, taken: Job, cycle: ServedLifecycle, now: float = 1000) -> list[tuple[float, str]]:
    """Return when a job got which word."""
    past = history(sandbox.jobs[taken.id], now, at(sandbox, now, cycle).inspect, cycle.words)
    return [(one.since, one.vendor_state) for one in past]
