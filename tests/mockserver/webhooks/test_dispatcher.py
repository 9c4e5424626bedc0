"""The dispatcher delivers what is due in a sandbox that it alone has leased."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Event, Thread

import pytest
from tests.mockserver.conftest import TwinClient, picture
from tests.mockserver.disks import full
from tests.mockserver.hooks import (
    CONTROL,
    HOUR,
    START,
    advance,
    clock,
    deliveries,
    inbox,
    inbox_messages,
    receiver,
    sandbox_of,
    serve,
    until,
)
from tests.mockserver.stored import changing, stored

from safelight_mock import ClockMode
from safelight_mock.core.webhook import Outcome
from safelight_mock.storage.port import Lease, NotStoredError
from safelight_mock.storage.sandboxes import name_of
from safelight_mock.webhooks.delivery_run import RecordedAttempt
from safelight_mock.wire import Problem

pytestmark = pytest.mark.slow


@pytest.fixture
def manual() -> Iterator[TwinClient]:
    with serve() as client:
        yield client


def leased(client: TwinClient) -> Lease:
    lease = client.twin.sandboxes.store.lease(sandbox_of(client), 0)
    assert lease is not None
    return lease


def fail_job(client: TwinClient) -> None:
    """Make a webhook due at once."""
    job = client.submit(picture(8, 8), webhook_url=inbox(client))
    client.request("POST", f"{CONTROL}/jobs/{job}/move", json={"to": "Failed"})


def words(client: TwinClient) -> list[str]:
    return [json.loads(message["body"])["status"] for message in inbox_messages(client)]


def test_what_became_due_while_a_sandbox_was_leased_is_delivered_afterwards(manual: TwinClient) -> None:
    lease, name = leased(manual), sandbox_of(manual)
    fail_job(manual)
    manual.twin.dispatcher.catch_up(name)  # the lease is not waited for
    during = words(manual)
    lease.release()

    manual.twin.dispatcher.catch_up(name)

    assert (during, words(manual)) == ([], ["Failed"])


def test_there_is_nothing_to_catch_up_with_in_a_sandbox_that_is_not_there_or_has_nothing_due(
    manual: TwinClient,
) -> None:
    manual.submit(picture(8, 8), webhook_url=inbox(manual))

    manual.twin.dispatcher.catch_up(sandbox_of(manual))
    manual.twin.dispatcher.catch_up("topaz:unknown")

    assert words(manual) == []
    assert stored(manual.twin).latest == START


def test_what_cannot_be_stored_stays_due(tmp_path: Path) -> None:
    with serve(data_dir=tmp_path) as client:
        lease, name = leased(client), sandbox_of(client)
        fail_job(client)
        lease.release()
        with full():
            client.twin.dispatcher.catch_up(name)
            during = words(client)

        client.twin.dispatcher.catch_up(name)

        assert (during, words(client)) == ([], ["Failed"])


def test_a_sandbox_that_is_leased_or_not_there_is_not_run(manual: TwinClient) -> None:
    manual.submit(picture(8, 8), webhook_url=inbox(manual))
    lease, run = leased(manual), manual.twin.dispatcher.advance_until

    assert run(sandbox_of(manual), START + HOUR, timeout=0) == ()
    assert run("topaz:unknown", START + HOUR, timeout=0) == ()
    lease.release()
    assert len(run(sandbox_of(manual), START + HOUR, timeout=0)) == 4


def test_a_lease_ends_with_its_run(manual: TwinClient) -> None:
    name = sandbox_of(manual)
    manual.submit(picture(8, 8), webhook_url=inbox(manual))

    advance(manual, HOUR)

    assert not manual.twin.sandboxes.store.is_leased(name)


def test_a_running_clock_is_held_only_while_it_is_advanced(photo: bytes) -> None:
    with serve(ClockMode.SCALED, clock_rate=2.0) as client:
        client.submit(photo, webhook_url=inbox(client))

        clock(client, to=START + HOUR)

        held = stored(client.twin).clock
        assert (held.held, held.mode, held.rate) == (False, ClockMode.SCALED, 2.0)


def test_a_running_clock_goes_on_after_a_run_that_failed(photo: bytes) -> None:
    with serve(ClockMode.SCALED, clock_rate=2.0) as client:
        client.submit(photo, webhook_url=inbox(client))
        client.twin.dispatcher.stop()

        with pytest.raises(Problem, match="being stopped"):
            client.twin.dispatcher.advance_until(sandbox_of(client), START + HOUR)

        after = stored(client.twin).clock
        assert (after.held, after.mode) == (False, ClockMode.SCALED)


def test_after_a_stop_no_attempt_begins_and_what_is_due_stays_so(manual: TwinClient) -> None:
    manual.submit(picture(8, 8), webhook_url=inbox(manual))
    manual.twin.dispatcher.stop()

    with pytest.raises(Problem, match="being stopped"):
        manual.twin.dispatcher.advance_until(sandbox_of(manual), START + HOUR)

    assert words(manual) == []
    assert stored(manual.twin).has_pending_deliveries


def test_an_advance_past_nothing_that_is_due_succeeds_after_a_stop(manual: TwinClient) -> None:
    name = sandbox_of(manual)
    manual.twin.dispatcher.stop()

    assert manual.twin.dispatcher.advance_until(name, START + HOUR) == ()
    assert stored(manual.twin).latest == START + HOUR


def test_an_attempt_in_flight_is_recorded_within_the_grace() -> None:
    began, may_respond = Event(), Event()

    def respond(_: bytes) -> int:
        began.set()
        may_respond.wait(60)
        return 200

    with serve(shutdown_timeout=60) as client, receiver(respond) as (address, _):
        client.submit(picture(8, 8), webhook_url=address)
        running = Thread(target=lambda: advance(client, 0.6))
        running.start()
        assert began.wait(60)
        is_busy = client.twin.dispatcher.is_busy
        closing = Thread(target=client.twin.dispatcher.close)
        closing.start()
        until(lambda: client.twin.dispatcher._is_stopped)  # noqa: SLF001 - no client sees it
        may_respond.set()
        running.join(60)
        closing.join(60)

        assert (is_busy, client.twin.dispatcher.is_busy) == (True, False)
        assert [one["outcome"] for one in deliveries(client)[0]["attempts"]] == ["2xx"]


def test_an_attempt_that_outlasts_the_grace_is_not_recorded() -> None:
    began, may_respond = Event(), Event()

    def respond(_: bytes) -> int:
        began.set()
        may_respond.wait(60)
        return 200

    with serve(shutdown_timeout=60) as client, receiver(respond) as (address, _):
        client.submit(picture(8, 8), webhook_url=address)
        path = f"{CONTROL}/sandboxes/{sandbox_of(client)}/clock/advance"
        running = Thread(target=lambda: client.request("POST", path, json={"seconds": HOUR}))
        running.start()
        assert began.wait(60)
        client.twin.dispatcher.stop()
        client.twin.dispatcher.end_grace()
        client.twin.dispatcher.close()
        may_respond.set()
        running.join(60)

        assert deliveries(client)[0]["attempts"] == []


def test_no_receiver_is_called_while_an_attempt_could_not_be_recorded(tmp_path: Path) -> None:
    with serve(data_dir=tmp_path) as client, receiver(lambda _: 200) as (address, got):
        client.submit(picture(8, 8), webhook_url=address)
        with full():
            refused = client.request(
                "POST", f"{CONTROL}/sandboxes/{sandbox_of(client)}/clock/advance", json={"seconds": HOUR}
            )
            during = [*got]
        advance(client, HOUR)

    assert (refused.status_code, during) == (503, [])
    assert "cannot be kept" in refused.text
    assert [json.loads(body)["status"] for body in got] == ["Processing", "Completed"]


def test_more_attempts_than_are_stored_together_are_made_in_order(manual: TwinClient) -> None:
    for _ in range(20):
        manual.submit(picture(8, 8), webhook_url=inbox(manual))

    happened = advance(manual, HOUR)

    assert words(manual) == ["Processing"] * 20 + ["Completed"] * 20
    assert [one["outcome"] for one in happened if one["delivery"]] == ["2xx"] * 40
    assert stored(manual.twin).latest == START + HOUR


def test_a_sandbox_is_advanced_by_one_thread_at_a_time(manual: TwinClient) -> None:
    manual.submit(picture(8, 8), webhook_url=inbox(manual))
    lease, name, ended = leased(manual), sandbox_of(manual), Event()

    def run() -> None:
        manual.twin.dispatcher.advance_until(name, START + HOUR, timeout=60)
        ended.set()

    waiting = Thread(target=run)
    waiting.start()
    before = (manual.twin.dispatcher.is_advancing(stored(manual.twin)), ended.is_set())
    lease.release()
    waiting.join(60)

    assert before == (True, False)
    assert (manual.twin.dispatcher.is_advancing(stored(manual.twin)), ended.is_set()) == (False, True)
    assert words(manual) == ["Processing", "Completed"]


class Receiver:
    """Answers each attempt with a status, or breaks."""

    def __init__(self, *, breaks: bool = False) -> None:
        self.breaks = breaks
        self.is_closed = False

    def post(self, *_: object, **__: object) -> tuple[Outcome, int]:
        if self.breaks:
            raise ZeroDivisionError
        return Outcome.DELIVERED, 204

    def close(self) -> None:
        self.is_closed = True


def test_the_timeline_has_all_that_happened_in_a_sandbox(manual: TwinClient) -> None:
    name, dispatcher = sandbox_of(manual), manual.twin.dispatcher
    manual.submit(picture(8, 8), webhook_url=inbox(manual))
    happened = dispatcher.advance_until(name, START + HOUR)

    submitted, *later = dispatcher.timeline(name)

    assert (submitted.at, submitted.vendor_state) == (START, "Pending")
    assert later == [*happened]
    assert [bool(event.delivery) for event in later] == [False, True, False, True]
    assert dispatcher.timeline("unknown") == ()


def test_a_run_of_several_requests_returns_everything_that_happened_in_it(manual: TwinClient) -> None:
    name, dispatcher = sandbox_of(manual), manual.twin.dispatcher
    dispatcher.make_sender = Receiver
    manual.submit(picture(8, 8), webhook_url="http://localhost/hook")
    submitted, *_ = dispatcher.timeline(name)

    happened = dispatcher.advance_until(name, START + HOUR)

    assert [(one.vendor_state, bool(one.delivery)) for one in happened] == [
        ("Processing", False),
        ("Processing", True),
        ("Completed", False),
        ("Completed", True),
    ]
    assert dispatcher.timeline(name) == (submitted, *happened)
    assert dispatcher.advance_until(name, None) == ()


def test_no_receiver_is_called_for_a_due_delivery_after_a_failed_write(tmp_path: Path) -> None:
    with serve(data_dir=tmp_path) as client, receiver(lambda _: 200) as (address, got):
        name, lease = sandbox_of(client), leased(client)
        job = client.submit(picture(8, 8), webhook_url=address)
        client.request("POST", f"{CONTROL}/jobs/{job}/move", json={"to": "Failed"})
        lease.release()
        with changing(client.twin) as sandbox:
            client.twin.dispatcher.create_deliveries(sandbox, sandbox.latest)
        with full():
            assert client.request("PUT", f"{CONTROL}/sandboxes/{name}/faults", json={"next": []}).is_error
            with pytest.raises(NotStoredError, match=r"cannot be kept: .*disk"):
                client.twin.dispatcher.advance_until(name, None)
            during = [*got]

        client.twin.dispatcher.advance_until(name, None)

    assert (during, [json.loads(body)["status"] for body in got]) == ([], ["Failed"])


def test_a_server_is_busy_until_every_attempt_in_flight_is_recorded() -> None:
    began, may_respond = {name: Event() for name in "ab"}, {name: Event() for name in "ab"}

    class Slow(Receiver):
        def post(self, *arguments: object, **_: object) -> tuple[Outcome, int]:
            key = str(arguments[0])[-1]
            began[key].set()
            may_respond[key].wait(60)
            return Outcome.DELIVERED, 204

    with serve(shutdown_timeout=60) as client:
        dispatcher, runs = client.twin.dispatcher, dict[str, Thread]()
        dispatcher.make_sender = Slow
        for key in "ab":
            account = replace(client, key={"X-API-Key": key})
            account.submit(picture(8, 8), webhook_url=f"http://localhost/{key}")
            advance_until = partial(dispatcher.advance_until, name_of("topaz", key), START + 0.6)
            runs[key] = Thread(target=advance_until)
            runs[key].start()
            assert began[key].wait(60)

        busy = [dispatcher.is_busy]
        for key, run in runs.items():
            may_respond[key].set()
            run.join(60)
            busy.append(dispatcher.is_busy)

    assert busy == [True, True, False]


@pytest.mark.parametrize("mode", [ClockMode.MANUAL, ClockMode.REAL])
def test_the_timeline_ends_with_the_time_of_the_sandbox(mode: ClockMode) -> None:
    with serve(mode) as client:
        client.submit(picture(8, 8))

        assert [one.vendor_state for one in client.twin.dispatcher.timeline(sandbox_of(client))] == [
            "Pending"
        ]


def test_what_is_due_by_a_stopped_clock_is_due_now_unless_a_run_delivers_it(manual: TwinClient) -> None:
    def due_now() -> float | None:
        return manual.twin.dispatcher.due_now(stored(manual.twin), START)

    lease = leased(manual)
    job = manual.submit(picture(8, 8), webhook_url=inbox(manual))
    nothing_due = due_now()
    manual.request("POST", f"{CONTROL}/jobs/{job}/move", json={"to": "Failed"})
    while_leased = due_now()
    lease.release()

    assert (nothing_due, while_leased, due_now()) == (None, None, START)
    manual.twin.dispatcher.catch_up(sandbox_of(manual))
    assert due_now() is None


def test_by_a_running_clock_nothing_is_due_now() -> None:
    with serve(ClockMode.SCALED, clock_rate=2.0) as client:
        lease = leased(client)
        fail_job(client)
        sandbox = stored(client.twin)

        assert (sandbox.next_due, client.twin.dispatcher.due_now(sandbox, START)) == (START, None)
        lease.release()


def test_clocks_that_an_earlier_process_held_are_released_at_the_start() -> None:
    with serve(ClockMode.SCALED, clock_rate=2.0) as client:
        with changing(client.twin) as sandbox:
            sandbox.hold_clock(START)
        before = stored(client.twin).clock.held

        client.twin.dispatcher.start()

        assert (before, stored(client.twin).clock.held) == (True, False)


def test_a_clock_that_cannot_be_released_does_not_keep_the_server_from_starting(tmp_path: Path) -> None:
    with serve(ClockMode.SCALED, clock_rate=2.0, data_dir=tmp_path) as client:
        with changing(client.twin) as sandbox:
            sandbox.hold_clock(START)

        with full():
            client.twin.dispatcher.start()

        assert stored(client.twin).clock.held


def test_a_sandbox_that_is_advanced_is_not_evicted(manual: TwinClient) -> None:
    manual.twin.dispatcher.advance(sandbox_of(manual), "topaz", 1.0)

    assert (stored(manual.twin).never_evicted, stored(manual.twin).latest) == (True, START + 1)


def test_each_attempt_is_reported_with_its_vendor_and_outcome(manual: TwinClient) -> None:
    reported: list[tuple[str, str, Outcome]] = []

    def report(vendor: str, attempts: Sequence[RecordedAttempt]) -> None:
        reported.extend((vendor, delivery.vendor_state, attempt.outcome) for delivery, attempt in attempts)

    manual.twin.dispatcher.on_attempts = report
    manual.submit(picture(8, 8), webhook_url=inbox(manual))

    advance(manual, HOUR)

    assert reported == [
        ("topaz", "Processing", Outcome.DELIVERED),
        ("topaz", "Completed", Outcome.DELIVERED),
    ]


@pytest.mark.parametrize("is_used", [True, False])
def test_the_sender_is_made_for_the_first_attempt_and_closed_at_the_end(*, is_used: bool) -> None:
    made: list[Receiver] = []

    def make() -> Receiver:
        made.append(Receiver())
        return made[-1]

    with serve() as client:
        client.twin.dispatcher.make_sender = make
        if is_used:
            client.submit(picture(8, 8), webhook_url="http://localhost/hook")
            advance(client, HOUR)
        client.twin.dispatcher.close()

    assert [one.is_closed for one in made] == [True] * is_used


def test_a_running_clock_goes_on_after_an_attempt_that_broke() -> None:
    with serve(ClockMode.SCALED, clock_rate=2.0) as client:
        client.twin.dispatcher.make_sender = lambda: Receiver(breaks=True)
        client.submit(picture(8, 8), webhook_url="http://localhost/hook")

        with pytest.raises(ZeroDivisionError):
            client.twin.dispatcher.advance_until(sandbox_of(client), START + HOUR)

        assert not stored(client.twin).clock.held
