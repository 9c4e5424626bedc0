"""The oldest ended job, and the least recently used idle sandbox, make room for others."""

from math import inf

from safelight_mock.core import Clock, ClockMode
from safelight_mock.storage.eviction import MAX_STALE, IdleSandboxes, OldestJobs, QueuedJob

STOPPED = Clock(mode=ClockMode.MANUAL)
RUNNING = Clock()


def ended(*_: str) -> float:
    return -inf


def queued(name: str, submitted: float = 0.0, due: float = -inf) -> QueuedJob:
    return QueuedJob(name, submitted, due)


def test_jobs_go_in_the_order_of_their_submission_over_all_sandboxes() -> None:
    jobs = OldestJobs()
    jobs.change("one", STOPPED, 0, put=[queued("a", 1.0), queued("c", 3.0)])
    jobs.change("other", STOPPED, 0, put=[queued("b", 2.0), queued("d", 3.0)])

    victims = jobs.pick(3, 0, ended)

    assert [(victim.sandbox, victim.entry.job) for victim in victims] == [
        ("one", "a"),
        ("other", "b"),
        ("one", "c"),
    ]


def test_a_job_that_did_not_go_after_all_is_picked_again() -> None:
    jobs = OldestJobs()
    jobs.change("one", STOPPED, 0, put=[queued("a"), queued("b")])

    jobs.put_back(jobs.pick(1, 0, ended))

    assert [victim.entry.job for victim in jobs.pick(9, 0, ended)] == ["a", "b"]


def test_a_job_that_was_dropped_meanwhile_is_not_put_back() -> None:
    jobs = OldestJobs()
    jobs.change("one", STOPPED, 0, put=[queued("a")])
    victims = jobs.pick(1, 0, ended)

    jobs.change("one", STOPPED, 0, dropped=["a"])
    jobs.put_back(victims)

    assert jobs.pick(9, 0, ended) == []


def test_a_job_by_a_running_clock_waits_for_its_end() -> None:
    jobs = OldestJobs()
    jobs.change("one", RUNNING, 0, put=[queued("a", due=10.0)])

    assert jobs.pick(1, 9.9, ended) == []
    assert [victim.entry.job for victim in jobs.pick(1, 10.0, ended)] == ["a"]


def test_a_job_by_a_stopped_clock_waits_until_that_is_set() -> None:
    jobs = OldestJobs()
    jobs.change("one", STOPPED, 0, put=[queued("a", due=10.0)])

    before = jobs.pick(1, 1e9, ended)
    jobs.change("one", Clock(mode=ClockMode.MANUAL, reading=10.0), 10.0)

    assert (before, [victim.entry.job for victim in jobs.pick(1, 0, ended)]) == ([], ["a"])


def test_a_job_that_is_kept_back_is_checked_again_only_after_a_change() -> None:
    jobs, checked = OldestJobs(), list[str]()

    def check(_: str, job: str) -> float:
        checked.append(job)
        return inf

    jobs.change("one", STOPPED, 0, put=[queued("a")])
    for _ in range(2):
        assert jobs.pick(1, 0, check) == []
    jobs.recheck("one", ["a", "unknown"])
    jobs.recheck("unknown", ["a"])

    assert checked == ["a"]
    assert [victim.entry.job for victim in jobs.pick(1, 0, ended)] == ["a"]


def test_the_jobs_of_a_sandbox_in_use_are_skipped_and_checked_the_next_time() -> None:
    jobs = OldestJobs()
    jobs.change("busy", STOPPED, 0, put=[queued("a", 1.0)])
    jobs.change("free", STOPPED, 0, put=[queued("b", 2.0)])

    victims = jobs.pick(1, 0, lambda sandbox, _: None if sandbox == "busy" else -inf)

    assert [victim.entry.job for victim in victims] == ["b"]
    assert [victim.entry.job for victim in jobs.pick(1, 0, ended)] == ["a"]


def test_the_jobs_of_a_sandbox_that_is_gone_are_gone() -> None:
    jobs = OldestJobs()
    jobs.change("one", RUNNING, 0, put=[queued("a"), queued("b", due=5.0)])

    jobs.drop_all("one")
    jobs.change("one", RUNNING, 0)  # of a sandbox without jobs nothing is kept

    assert jobs.pick(9, 100, ended) == []


def test_a_job_that_changes_often_does_not_make_its_heap_grow() -> None:
    jobs = OldestJobs()
    jobs.change("one", RUNNING, 0, put=[queued("first", 1.0), queued("waiting", 3.0, 500.0)])
    for number in range(MAX_STALE + 10):
        due = -inf if number % 2 else 1_000.0
        jobs.change("one", RUNNING, 0, put=[queued("often", 2.0, due)])

    queue = jobs._queues["one"]  # noqa: SLF001 - what it costs shows nowhere else
    assert len(queue.ready) + len(queue.waiting) < MAX_STALE
    assert [victim.entry.job for victim in jobs.pick(9, 0, ended)] == ["first", "often"]


def test_a_waiting_job_is_kept_when_its_heap_is_made_anew() -> None:
    jobs = OldestJobs()
    waiting = [queued("late", 1.0, 20.0), queued("early", 2.0, 10.0)]
    jobs.change("one", RUNNING, 0, put=[queued("oldest", 0.0), *waiting])
    for _ in range(MAX_STALE + 10):
        jobs.change("one", RUNNING, 0, put=[queued("often", 3.0)])

    assert [victim.entry.job for victim in jobs.pick(9, 10.0, ended)] == ["oldest", "early", "often"]
    assert [victim.entry.job for victim in jobs.pick(9, 20.0, ended)] == ["late"]


def test_older_and_older_jobs_do_not_make_the_heap_of_all_sandboxes_grow() -> None:
    jobs = OldestJobs()
    jobs.change("other", RUNNING, 0, put=[queued("last", 1.0)])
    for number in range(MAX_STALE + 10):
        jobs.change("one", RUNNING, 0, put=[queued(f"{number}", -number)])

    assert len(jobs._heads) < MAX_STALE  # noqa: SLF001 - what it costs shows nowhere else
    assert [victim.entry.job for victim in jobs.pick(2, 0, ended)] == ["1009", "1008"]
    assert jobs.pick(MAX_STALE + 10, 0, ended)[-1].entry.job == "last"


def test_jobs_of_one_moment_go_in_the_order_in_which_they_came() -> None:
    jobs = OldestJobs()
    for name in ("z", "a", "m"):
        jobs.change("one", STOPPED, 0, put=[queued(name)])

    jobs.change("one", STOPPED, 0, put=[queued("z")])  # as it keeps its place when it is changed

    assert [victim.entry.job for victim in jobs.pick(9, 0, ended)] == ["z", "a", "m"]


def test_a_job_that_may_have_ended_is_forgotten_with_its_sandbox() -> None:
    jobs = OldestJobs()
    jobs.change("one", RUNNING, 5, put=[queued("a"), queued("b", due=5.0)])
    victims = jobs.pick(1, 5, ended)
    jobs.change("one", RUNNING, 6, put=[queued("c", due=6.0)])

    jobs.drop_all("one")
    jobs.put_back(victims)

    assert jobs.pick(9, 100, ended) == []


# Sandboxes


def test_the_least_recently_used_sandbox_that_is_idle_goes() -> None:
    used = {"old": 1, "busy": 2, "new": 3}
    idle = IdleSandboxes(used.get)
    for name in used:
        idle.recheck(name)

    def check(name: str) -> float | None:
        return {"old": inf, "busy": None}.get(name, -inf)

    first = idle.pick(0, check)
    del used["new"]
    second = idle.pick(0, check)
    third = idle.pick(0, lambda _: -inf)

    assert (first, second, third) == ("new", None, "busy")


def test_a_sandbox_that_was_used_since_goes_after_the_others() -> None:
    used = {"one": 1, "other": 2}
    idle = IdleSandboxes(used.get)
    for name in used:
        idle.recheck(name)

    used["one"] = 3

    assert [idle.pick(0, lambda _: -inf) for _ in range(3)] == ["other", "one", None]


def test_a_sandbox_that_will_be_idle_is_checked_then() -> None:
    idle, checked = IdleSandboxes({"one": 1}.get), list[str]()
    idle.recheck("one")

    def check(name: str) -> float:
        checked.append(name)
        return 10.0 if len(checked) == 1 else -inf

    assert [idle.pick(real, check) for real in (0, 9.9, 10.0)] == [None, None, "one"]
    assert checked == ["one", "one"]


def test_a_sandbox_that_changes_often_is_listed_once() -> None:
    idle = IdleSandboxes({"one": 1}.get)
    for _ in range(2):
        idle.recheck("one")

    assert [idle.pick(0, lambda _: -inf) for _ in range(2)] == ["one", None]


def test_a_sandbox_that_is_gone_is_not_listed() -> None:
    idle = IdleSandboxes(lambda _: None)

    idle.recheck("gone")

    assert idle.pick(0, lambda _: -inf) is None
