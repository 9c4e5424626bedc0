"""The outbox makes the deliveries of a sandbox's jobs, and says which one is attempted next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pytest
from msgspec.structs import replace
from tests.mockserver.core.engines import LIFECYCLE, job
from tests.mockserver.lifecycles import webhook
from tests.mockserver.storage.stores import delivery

from safelight_mock.core import WHOLE, Engine, Inspection, InspectionKey, Job, NotInspectedError, Sandbox
from safelight_mock.core.clock import Clock, ClockMode
from safelight_mock.core.job import Inspect, Status
from safelight_mock.core.lifecycle import ServedLifecycle
from safelight_mock.core.webhook import Delivery, RetryPolicy, Webhook
from safelight_mock.webhooks.outbox import Outbox

POLICY = RetryPolicy(waits=(7.0,), attempts=2)
OF_ACCOUNT = replace(webhook(on=["queued", "running", "succeeded"]), retry_policy=POLICY)
OF_JOB = webhook(target={"field": "hook"}, on=["running"])
LIFECYCLES = {
    "account": replace(LIFECYCLE, deliveries=(OF_ACCOUNT,)),
    "job": replace(LIFECYCLE, deliveries=(OF_JOB,)),
    "silent": LIFECYCLE,
}
OLD, NEW = Webhook(url="http://old"), Webhook(url="http://new")


@dataclass(frozen=True)
class Served:
    """A vendor with lifecycles of all kinds."""

    lifecycles: Mapping[str, ServedLifecycle] = field(default_factory=lambda: LIFECYCLES)


@dataclass(frozen=True)
class Engines:
    """Opens sandboxes; inputs were inspected, but for those called `new`."""

    def inspect_for(self, vendor: str) -> Inspect:
        assert vendor == "topaz"
        return inspected

    def open(self, sandbox: Sandbox, lifecycle: str, now: float) -> Engine:
        return Engine(
            sandbox=sandbox,
            name=lifecycle,
            lifecycle=LIFECYCLES[lifecycle],
            now=now,
            inspect=inspected,
            job_speedup=1.0,
        )


def inspected(one: Job) -> Inspection:
    if one.source.digest.startswith("new"):
        raise NotInspectedError(frozenset([InspectionKey(one.source.digest)]))
    return WHOLE


@dataclass(frozen=True)
class Messages:
    """A delivery of each change, to the webhook of the account."""

    written: list[tuple[str, str, str]] = field(default_factory=list)

    def deliveries(self, engine: Engine, one: Job, changes: Sequence[Status]) -> list[Delivery]:
        url = engine.sandbox.webhook.url
        self.written.extend((url, one.id, change.vendor_state) for change in changes)
        names = [f"{one.id}/{change.vendor_state}" for change in changes]
        return [replace(delivery(name), lifecycle=engine.name, first=engine.now) for name in names]


@pytest.fixture
def messages() -> Messages:
    return Messages()


@pytest.fixture
def outbox(messages: Messages) -> Outbox:
    return Outbox(served={"topaz": Served()}, engines=Engines(), messages=messages)  # type: ignore[dict-item, arg-type] # stand-ins


@pytest.fixture
def sandbox() -> Sandbox:
    """A sandbox with a stopped clock, and a job that waits one second and runs for four."""
    made = Sandbox(name="box", seed="s", vendor="topaz", clock=Clock(mode=ClockMode.MANUAL), webhook=OLD)
    submit(made, "a", "account")
    return made


def submit(sandbox: Sandbox, name: str, lifecycle: str, digest: str = "whole", at: float = 0.0) -> None:
    sandbox.jobs[name] = replace(job(sandbox, digest=digest), id=name, lifecycle=lifecycle, submitted=at)
    sandbox.job_due_at[name] = at


def test_each_transition_has_its_delivery_once(outbox: Outbox, sandbox: Sandbox, messages: Messages) -> None:
    outbox.create_deliveries(sandbox, 2.0)
    outbox.create_deliveries(sandbox, 2.5)
    assert (sandbox.jobs["a"].reported, {**sandbox.job_due_at}) == (2, {"a": 5.0})

    outbox.create_deliveries(sandbox, 9.0)

    assert [word for _, _, word in messages.written] == ["Waiting", "Working", "Done"]
    assert [*sandbox.deliveries] == ["a/Waiting", "a/Working", "a/Done"]
    assert {**sandbox.job_due_at} == {}


def test_a_job_that_was_removed_owes_nothing_and_hides_no_other(outbox: Outbox, sandbox: Sandbox) -> None:
    submit(sandbox, "b", "account")
    del sandbox.jobs["a"]

    outbox.create_deliveries(sandbox, 0.5)

    assert [*sandbox.deliveries] == ["b/Waiting"]
    assert [*sandbox.job_due_at] == ["b"]


def test_faults_are_used_up_by_deliveries(outbox: Outbox, sandbox: Sandbox) -> None:
    sandbox.faults = ("never", "duplicate", "never")  # type: ignore[assignment] # in whatever form

    outbox.create_deliveries(sandbox, 2.0)

    assert sandbox.faults == ("never",)


def test_the_inspections_of_the_first_due_jobs_are_named_together(outbox: Outbox, sandbox: Sandbox) -> None:
    for number in range(3):
        submit(sandbox, f"job {number}", "account", digest=f"new {number}")
    del sandbox.jobs["a"]

    assert outbox.inspections(sandbox, 0.5, 3) == frozenset()  # none is needed for a job that waits
    assert {key.digest for key in outbox.inspections(sandbox, 9.0, 3)} == {"new 0", "new 1"}
    assert {key.digest for key in outbox.inspections(sandbox, 9.0, 9)} == {"new 0", "new 1", "new 2"}


def test_the_next_delivery_is_found_and_a_stopped_clock_set_to_it(outbox: Outbox, sandbox: Sandbox) -> None:
    first = outbox.next_attempt(sandbox, 5.0, real=100.0)
    assert first is not None
    assert (first.delivery.id, first.at, first.policy) == ("a/Waiting", 0.0, POLICY)
    sandbox.keep(first.delivery, None)

    second = outbox.next_attempt(sandbox, 5.0, real=100.0)

    assert second is not None
    assert (second.delivery.id, second.at) == ("a/Working", 1.0)
    assert (sandbox.latest, sandbox.clock.real, sandbox.clock.reading) == (1.0, 100.0, 1.0)


def test_without_a_delivery_a_stopped_clock_is_set_to_the_end(outbox: Outbox, sandbox: Sandbox) -> None:
    sandbox.job_due_at.clear()

    assert outbox.next_attempt(sandbox, 5.0, real=100.0) is None

    assert (sandbox.latest, sandbox.clock.real) == (5.0, 100.0)


@pytest.mark.parametrize(("lifecycle", "policy"), [("account", POLICY), ("silent", RetryPolicy())])
def test_a_delivery_is_retried_as_its_lifecycle_says(
    outbox: Outbox, sandbox: Sandbox, lifecycle: str, policy: RetryPolicy
) -> None:
    sandbox.job_due_at.clear()
    sandbox.add(replace(delivery("x"), lifecycle=lifecycle, first=3.0))

    due = outbox.next_attempt(sandbox, 5.0, real=100.0)

    assert due is not None
    assert (due.at, due.policy) == (3.0, policy)


def test_a_delivery_is_sent_again_now(outbox: Outbox, sandbox: Sandbox) -> None:
    sandbox.add(replace(delivery("x"), lifecycle="silent", first=None))

    again = outbox.resend(sandbox, "x", 4.0)

    assert again is sandbox.deliveries["x"]
    assert (again.resends, {**sandbox.next_attempt_at}) == ((4.0,), {"x": 4.0})
    with pytest.raises(KeyError):
        outbox.resend(sandbox, "unknown", 4.0)


def test_the_old_webhook_of_an_account_gets_what_happened_until_it_was_replaced(
    outbox: Outbox, sandbox: Sandbox, messages: Messages
) -> None:
    outbox.subscribe(sandbox, NEW, 2.0)
    outbox.create_deliveries(sandbox, 9.0)

    assert sandbox.webhook == NEW
    assert messages.written == [
        ("http://old", "a", "Waiting"),
        ("http://old", "a", "Working"),
        ("http://new", "a", "Done"),
    ]


def test_a_new_webhook_of_an_account_gets_what_happens_from_then_on(
    outbox: Outbox, sandbox: Sandbox, messages: Messages
) -> None:
    sandbox.job_due_at.clear()  # without a webhook nothing was owed

    outbox.subscribe(sandbox, NEW, 2.0)

    assert (sandbox.jobs["a"].reported, {**sandbox.job_due_at}) == (2, {"a": 5.0})
    outbox.create_deliveries(sandbox, 9.0)
    assert messages.written == [("http://new", "a", "Done")]


def test_other_jobs_owe_the_webhook_of_an_account_nothing(outbox: Outbox, sandbox: Sandbox) -> None:
    for name, at in (("job", 0.0), ("silent", 0.0), ("over", -9.0)):
        submit(sandbox, name, "account" if name == "over" else name, at=at)
    sandbox.job_due_at.clear()

    outbox.subscribe(sandbox, NEW, 2.0)

    assert {**sandbox.job_due_at} == {"a": 5.0}
    assert [sandbox.jobs[name].reported for name in ("job", "silent", "over")] == [0, 0, 0]
