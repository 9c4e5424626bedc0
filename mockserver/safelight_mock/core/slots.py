"""When jobs that wait for others may begin, where only so many of a lifecycle run at a time."""

from collections.abc import Iterable, Iterator
from heapq import heapify, heappop, heappush
from math import inf

from msgspec.structs import replace

from safelight_mock.core.job import Job, walk_of
from safelight_mock.core.script import NEVER, Walk


def planned_again(jobs: Iterable[Job], running: int, now: float) -> Iterator[Job]:
    """Yield the jobs that begin at another time than planned, with that in their plan.

    `jobs` are those of one lifecycle, in the order of submission; jobs that are over do not count. A job
    takes a place from its first step to its end.
    """
    ends, waiting = _sorted_out(jobs, now)
    for job, walk in waiting:
        begins = now
        while len(ends) >= running:
            begins = max(now, heappop(ends))
        heappush(ends, walk.end_from(begins))
        held = NEVER if begins == inf else begins - job.submitted
        if held != job.plan.held:
            yield replace(job, plan=replace(job.plan, held=held))


def _sorted_out(jobs: Iterable[Job], now: float) -> tuple[list[float], list[tuple[Job, Walk]]]:
    """Return when the jobs that have a place end, as a heap, and the jobs that wait for one."""
    ends: list[float] = []
    waiting: list[tuple[Job, Walk]] = []
    for job in jobs:
        walk = walk_of(job)
        if walk is None:
            continue
        place = walk.position(now)
        if place.step == -1:
            waiting.append((job, walk))
        elif not place.state.is_over:
            ends.append(walk.end(place))
    heapify(ends)
    return ends, waiting
