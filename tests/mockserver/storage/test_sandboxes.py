"""What is known of all sandboxes of a store, and how one is changed, read and evicted by its name."""

import pytest
from msgspec.structs import replace
from tests.mockserver.storage.stores import ONE, OTHER, Open, changing, job, submit

from safelight_mock.core.job import Event, Move, State
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.storage.port import BusyError, SandboxStore
from safelight_mock.storage.sandboxes import name_of
from safelight_mock.storage.transaction import Sandboxes, SandboxEvictedError
from safelight_mock.wire.problem import Kind


def test_jobs_are_counted_by_vendor_and_state(store: SandboxStore) -> None:
    submit(store, "one", "a")
    submit(store, "one", "b", at=1.5)
    submit(store, "other", "c", at=1.5)
    with changing(store, "third", at=1.5) as sandbox:
        sandbox.vendor = "claid"
        sandbox.jobs["d"] = replace(job("d", 1.5), events=(Event(move=Move.CANCEL, at=1.5),))

    counts = {key: count for key, count in store.count_jobs(1.5).items() if count}
    later = {key: count for key, count in store.count_jobs(100).items() if count}

    assert counts == {
        ("topaz", State.QUEUED): 2,
        ("topaz", State.RUNNING): 1,
        ("claid", State.CANCELLED): 1,
    }
    assert later == {("topaz", State.SUCCEEDED): 3, ("claid", State.CANCELLED): 1}


def test_a_sandbox_is_changed_by_its_name(store: SandboxStore) -> None:
    submit(store, "one", "a")

    def rename(sandbox: Sandbox) -> int:
        sandbox.label = "mine"
        return len(sandbox.jobs)

    assert Sandboxes(store, lambda: 5.0).change(ONE, rename) == 1
    assert store.labelled("mine") == ONE
    with pytest.raises(SandboxEvictedError):
        Sandboxes(store, lambda: 5.0).change(OTHER, rename)


def test_the_time_of_a_sandbox_is_known_unless_it_is_in_use(store: SandboxStore) -> None:
    submit(store, "one", "a")
    sandboxes = Sandboxes(store, lambda: 0.0)

    free, unknown = sandboxes.time_of(ONE, 7.0), sandboxes.time_of(OTHER, 7.0)
    with changing(store):
        in_use = sandboxes.time_of(ONE, 8.0)

    assert (free, unknown, in_use) == (7.0, None, None)


def test_a_sandbox_in_use_is_an_error_that_says_when_to_try_again() -> None:
    error = BusyError("name")

    assert error.kind is Kind.NO_ROOM
    assert str(error) == "sandbox name is in use by other calls: try again"
    assert error.headers == {"retry-after": "1"}


def test_the_jobs_of_an_evicted_sandbox_make_room(make: Open) -> None:
    store = make(max_sandboxes=2, max_jobs=3)
    submit(store, "one", "a")
    submit(store, "one", "b")
    submit(store, "other", "c", at=50)

    for number, key in enumerate(["third", "fourth", "fifth"]):
        submit(store, key, f"job-{number}", at=100 + 50 * number)
    with changing(store, "fifth", at=200) as sandbox:
        sandbox.jobs.update(x=job("x", 200), y=job("y", 200))

    assert {**store.count_sandboxes()} == {"topaz": 2}
    assert [[*store.with_job(name)] for name in ("a", "c", "x", "y")] == [
        [],
        [],
        [name_of("topaz", "fifth")],
        [name_of("topaz", "fifth")],
    ]


def test_an_evicted_sandbox_is_not_needed_for_the_sandboxes_after_it(make: Open) -> None:
    store = make(max_sandboxes=2)
    for number in range(5):
        submit(store, f"key-{number}", f"job-{number}", at=100 * number)
        store.view(name_of("topaz", f"key-{number}"), is_use=True).release()  # type: ignore[union-attr] # it is there

    assert [*store.names()] == [name_of("topaz", f"key-{number}") for number in (3, 4)]
