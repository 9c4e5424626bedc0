"""Whether a sandbox may go, which of its jobs may, and what it is known by."""

from math import inf

import pytest
from tests.mockserver.core.engines import engine, job

from safelight_mock import ClockMode
from safelight_mock.core import Sandbox, Webhook


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox(name="box", seed="seed")


def test_a_sandbox_is_idle_once_its_jobs_are_over(sandbox: Sandbox) -> None:
    assert sandbox.idle_from(10) == -inf

    engine(sandbox, 10).submit(job(sandbox))

    assert sandbox.idle_from(10) == 11  # its work begins: nothing can be otherwise before
    assert sandbox.idle_from(11) == 15
    assert sandbox.idle_from(14.9) == 15
    assert sandbox.idle_from(15) == -inf


def test_with_a_stopped_clock_only_a_change_makes_a_sandbox_idle(sandbox: Sandbox) -> None:
    sandbox.set_clock(10, mode=ClockMode.MANUAL)
    submitted = engine(sandbox, 10).submit(job(sandbox))

    assert sandbox.idle_from(10_000) == inf
    engine(sandbox, 10_000).cancel(submitted.id)
    assert sandbox.idle_from(10_000) == -inf


def test_a_configured_sandbox_or_one_with_pending_deliveries_is_not_idle(sandbox: Sandbox) -> None:
    sandbox.never_evicted = True
    assert sandbox.idle_from(10) == inf

    sandbox.never_evicted, sandbox.job_due_at = False, {"delivery": 12.0}
    assert sandbox.idle_from(10) == inf


def test_a_clock_can_be_set_to_its_current_time(sandbox: Sandbox) -> None:
    sandbox.now(10)

    assert sandbox.set_clock(10, to=10) == 10


def test_advancing_stops_a_real_clock_but_not_an_auto_clock(sandbox: Sandbox) -> None:
    sandbox.set_clock(10, mode=ClockMode.AUTO)
    assert (sandbox.advance(5, 10), sandbox.clock.mode) == (15, ClockMode.AUTO)

    sandbox.set_clock(10, mode=ClockMode.REAL)
    assert (sandbox.advance(5, 10), sandbox.clock.mode) == (20, ClockMode.MANUAL)


def test_ids_are_those_of_the_seed_and_of_version_4(sandbox: Sandbox) -> None:
    assert str(sandbox.draw()) == "35fe5a62-d788-4c55-b967-d61e73b2caca"
    assert str(sandbox.draw()) == "23834ccc-4eab-4c92-b057-fc3ee4f38a73"
    assert sandbox.ids_drawn == 2
    assert sandbox.id_of("1").version == 4
    assert sandbox.ids_drawn == 2


def test_a_seed_may_be_long() -> None:
    long = [Sandbox(name="box", seed="s" * length).draw() for length in (64, 65, 1000)]

    assert len(set(long)) == 1


def test_a_new_secret_is_signed_with_and_the_old_one_remembered() -> None:
    signed = Webhook(url="http://hook").signed("first").signed("second")

    assert (signed.url, signed.secret, signed.old_secret) == ("http://hook", "second", "first")
