"""What this version does not serve is left out of what is loaded, and its inputs are kept."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from msgspec.structs import replace
from tests.mockserver.core.engines import job

from safelight_mock import Twin
from safelight_mock.core import Delivery, Job, Sandbox, State
from safelight_mock.storage.unserved import sort_out


@pytest.fixture(scope="module")
def twin() -> Iterator[Twin]:
    with closing(Twin()) as opened:
        yield opened


def known(sandbox: Sandbox, digest: str) -> Job:
    return replace(job(sandbox, digest=digest), operation="postEnhanceAsync", lifecycle="image")


def delivery(name: str, lifecycle: str) -> Delivery:
    return Delivery(
        id=name,
        job="j",
        lifecycle=lifecycle,
        state=State.SUCCEEDED,
        vendor_state="Completed",
        at=0.0,
        target="http://localhost/",
        headers={},
        body="{}",
        first=5.0,
    )


def filled(sandbox: Sandbox, *jobs: Job) -> Sandbox:
    for one in jobs:
        sandbox.jobs[one.id], sandbox.job_due_at[one.id] = one, 5.0
    return sandbox


def test_a_sandbox_that_is_served_is_loaded_as_it_is(twin: Twin, caplog: pytest.LogCaptureFixture) -> None:
    sandbox = Sandbox(name="box", seed="", vendor="topaz")
    filled(sandbox, known(sandbox, "digest"))

    sorted_ = sort_out([sandbox], twin.served)

    assert sorted_.sandboxes == (sandbox,)
    assert (sorted_.names, sorted_.inputs, caplog.messages) == (frozenset(), frozenset(), [])


def test_the_sandbox_of_an_unknown_vendor_keeps_its_name_and_inputs(twin: Twin) -> None:
    sandbox = Sandbox(name="box", seed="", vendor="acme")
    filled(sandbox, known(sandbox, "one"), known(sandbox, "other"))

    sorted_ = sort_out([sandbox], twin.served)

    assert sorted_.sandboxes == ()
    assert (sorted_.names, sorted_.inputs) == (frozenset({"box"}), frozenset({"one", "other"}))


def test_a_sandbox_is_loaded_without_what_is_not_served(twin: Twin, caplog: pytest.LogCaptureFixture) -> None:
    sandbox = Sandbox(name="box", seed="", vendor="topaz")
    served, unknown = known(sandbox, "served"), replace(known(sandbox, "unknown"), operation="postDream")
    filled(sandbox, served, unknown, replace(known(sandbox, "dream"), lifecycle="dream"))
    sandbox.add(delivery("kept", "image"))
    sandbox.add(delivery("gone", "dream"))

    sorted_ = sort_out([sandbox], twin.served)

    (loaded,) = sorted_.sandboxes
    assert dict(loaded.jobs) == {served.id: served}
    assert (dict(loaded.job_due_at), dict(loaded.next_attempt_at)) == ({served.id: 5.0}, {"kept": 5.0})
    assert [*loaded.deliveries] == ["kept"]
    assert loaded.never_evicted
    assert sorted_.inputs == {"served", "unknown", "dream"}
    assert caplog.messages == [
        (
            "this version does not serve, and keeps as they are: "
            "deliveries of lifecycle 'dream' of topaz (1), jobs of lifecycle 'dream' of topaz (1), "
            "jobs of operation 'postDream' of topaz (1)"
        )
    ]


def test_what_is_not_served_is_counted_over_all_sandboxes(
    twin: Twin, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = (Sandbox(name=name, seed=name, vendor="acme") for name in ("a", "b"))
    third, fourth = (Sandbox(name=name, seed=name, vendor="topaz") for name in ("c", "d"))
    for sandbox in (first, second):
        filled(sandbox, known(sandbox, f"input of {sandbox.name}"))
    for sandbox in (third, fourth):
        filled(sandbox, replace(known(sandbox, f"input of {sandbox.name}"), lifecycle="dream"))

    sorted_ = sort_out([first, second, third, fourth], twin.served)

    assert [sandbox.name for sandbox in sorted_.sandboxes] == ["c", "d"]
    assert sorted_.names == {"a", "b"}
    assert sorted_.inputs == {f"input of {name}" for name in "abcd"}
    assert caplog.messages == [
        (
            "this version does not serve, and keeps as they are: "
            "jobs of lifecycle 'dream' of topaz (2), sandboxes of vendor 'acme' (2)"
        )
    ]
