"""Uploaded files are kept like jobs, and count as none."""

from math import inf

from msgspec.structs import replace
from tests.mockserver.core.engines import LIFECYCLE, engine, job, seen

from safelight_mock.core import WHOLE, Inspection, Job, Sandbox, State
from safelight_mock.core.changes import Changes
from safelight_mock.core.job_counts import FILES, IN_PROGRESS, STATES
from safelight_mock.core.sandbox import jobs_of

STEADY = Changes()


def whole(_: Job) -> Inspection:
    return WHOLE


def test_a_kept_file_is_of_the_lifecycle_that_it_came_through(sandbox: Sandbox) -> None:
    made = job(sandbox)

    kept = replace(engine(sandbox, 7), origin="http://here").keep_file(made)

    assert sandbox.jobs == {made.id: kept}
    assert (kept.lifecycle, kept.origin, kept.submitted, kept.is_file) == ("image", "http://here", 7, True)
    assert kept.number == sandbox.ids_drawn > 0
    assert not sandbox.job_due_at
    assert sandbox.submitted == 0


def test_to_keep_a_file_removes_jobs_past_their_retention(sandbox: Sandbox) -> None:
    old = engine(sandbox, 0).submit(job(sandbox, queued=0, running=1))

    engine(sandbox, 1 + LIFECYCLE.kept_for).keep_file(job(sandbox))

    assert old.id not in sandbox.jobs


def test_jobs_are_counted_by_state_and_files_apart(sandbox: Sandbox) -> None:
    for start in (0, 1, 4):
        engine(sandbox, start).submit(job(sandbox, queued=1, running=4))
    engine(sandbox, 4).keep_file(job(sandbox))
    engine(sandbox, 4).cancel(engine(sandbox, 4).submit(job(sandbox)).id)

    jobs = jobs_of(sandbox)
    counts = dict(zip(State, jobs.sum(STATES, 5.5, whole, STEADY), strict=True))

    assert counts == {
        State.QUEUED: 0,
        State.RUNNING: 2,
        State.SUCCEEDED: 1,
        State.FAILED: 0,
        State.CANCELLED: 1,
    }
    assert jobs.sum(FILES, 5.5, whole, STEADY) == (1,)
    assert sandbox.job_count(5.5) == 4
    assert len(sandbox.jobs) == 5


def test_jobs_in_progress_are_those_that_have_not_ended(sandbox: Sandbox) -> None:
    engine(sandbox, 0).submit(job(sandbox, queued=1, running=4))
    engine(sandbox, 0).submit(job(sandbox, queued=2, running=6))
    jobs = jobs_of(sandbox)

    assert [jobs.sum(IN_PROGRESS, now, seen, STEADY) for now in (0, 4.9, 5, 8)] == [(2,), (2,), (1,), (0,)]
    assert jobs.next_change(IN_PROGRESS) == inf


def test_a_sandbox_is_idle_from_the_end_of_its_jobs(sandbox: Sandbox) -> None:
    assert sandbox.idle_from(0) == -inf
    engine(sandbox, 0).submit(job(sandbox, queued=1, running=4))

    assert sandbox.idle_from(0) == 1  # a lower bound: the next change of the job that runs longest
    assert sandbox.idle_from(2) == 5
    assert sandbox.idle_from(5) == -inf
    sandbox.never_evicted = True
    assert sandbox.idle_from(5) == inf


def test_a_sandbox_whose_clock_is_stopped_is_not_idle_while_jobs_run(sandbox: Sandbox) -> None:
    engine(sandbox, 0).submit(job(sandbox, queued=1, running=4))
    sandbox.stop_clock(1)

    assert sandbox.idle_from(100) == inf
    sandbox.advance(4, 100)
    assert sandbox.idle_from(100) == -inf
