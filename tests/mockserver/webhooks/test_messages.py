"""The message of each change: its body, its signature, and what goes wrong with it on purpose."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace
from tests.mockserver.core.engines import LIFECYCLE, engine, job
from tests.mockserver.lifecycles import webhook

from safelight_mock.config.base_urls import BaseUrls
from safelight_mock.core import Deliver, Engine, Job, NotInspectedError, Sandbox, State
from safelight_mock.core.job import Status, history
from safelight_mock.core.job_faults import JobFault
from safelight_mock.core.recorded import Recorded, RecordedFile
from safelight_mock.core.webhook import Delivery, Webhook, WebhookFault
from safelight_mock.webhooks.messages import WebhookMessages
from safelight_mock.webhooks.signing import Signed, signature_headers
from safelight_mock.wire.listener import Listener, ServerAddress
from safelight_mock.wire.messages import Request
from safelight_mock.wire.vendor import Notification, Notify

HERE = "http://localhost:8080"
STATES = ["queued", "running", "succeeded"]
SIGNED = webhook(on=STATES, sign={"scheme": "standard-webhooks", "secret": {"account": True}})
ACCOUNT = Webhook(
    url="http://localhost/hook",
    on=tuple(State),
    secret="new secret",  # noqa: S106 - of a test
    old_secret="old secret",  # noqa: S106 - of a test
)


def notify(engine: Engine, request: Request, status: Status, _: Deliver, id_: UUID) -> Notification:
    """Send the time, the state, and a link."""
    value = {
        "at": request.at,
        "state": status.vendor_state,
        "link": request.presign(status.job.id, "output/", 9),
    }
    return Notification(value=value, headers={"x-now": str(engine.now), "x-id": str(id_)})


@dataclass
class Vendor:
    """Writes bodies by one of two functions."""

    notify: Notify | None = notify
    webhook_payload: object = None


@dataclass
class Schema:
    """Takes bodies with a state."""

    def first_problem(self, value: Mapping[str, object]) -> str:
        return "" if value.get("state") else "'state' is missing"


@dataclass
class Document:
    webhooks: Mapping[str, Schema] = field(default_factory=lambda: {"told": Schema()})


@dataclass
class Facts:
    base: str = "/v2"


@dataclass
class Service:
    """A service with a vendor."""

    vendor: Vendor = field(default_factory=Vendor)
    api: Document = field(default_factory=Document)
    facts: Facts = field(default_factory=Facts)
    options: Mapping[str, str] = field(default_factory=lambda: {"plan": "free"})


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox(name="box", seed="seed", vendor="any", webhook=ACCOUNT)


def links(request: Request, sandbox: Sandbox) -> Any:  # noqa: ANN401 - of the request and the sandbox
    return lambda job_id, purpose, expires: (
        f"{request.origin}/{sandbox.vendor}/files/{job_id}/{purpose}?{expires}"
    )


def messages(vendor: Vendor | None = None, **changes: Any) -> WebhookMessages:  # noqa: ANN401 - any fields
    made = WebhookMessages(
        served={"any": Service(vendor or Vendor())},  # type: ignore[dict-item] # a stand-in
        base_urls=BaseUrls(),
        address=ServerAddress(listener=Listener(own=HERE)),
        presign=links,
        fault_of=lambda *_: None,
        is_always_faulty=False,
        on_fault=lambda *_: None,
    )
    return replace(made, **changes)


def submitted(sandbox: Sandbox, *rules: Deliver, **changes: Any) -> tuple[Engine, Job]:  # noqa: ANN401 - any fields
    """Return a job that was submitted at 100, to wait for one second and to run for four."""
    lifecycle, origin = replace(LIFECYCLE, deliveries=rules or (SIGNED,)), changes.pop("origin", "")
    now = replace(engine(sandbox, 100), lifecycle=lifecycle, origin=origin)
    return now, now.submit(replace(job(sandbox), **changes))


def deliveries(sandbox: Sandbox, made: WebhookMessages, *rules: Deliver, **changes: Any) -> list[Delivery]:  # noqa: ANN401 - any fields
    """Return the deliveries of a job that has succeeded."""
    now, taken = submitted(sandbox, *rules, **changes)
    past = [*history(taken, 200, now.inspect, now.lifecycle.words)]
    return made.deliveries(now, taken, past)


def test_each_change_has_a_message_with_its_time_state_and_links(sandbox: Sandbox) -> None:
    first, second, third = deliveries(sandbox, messages())
    (taken,) = sandbox.jobs

    assert [(one.at, one.first, one.state, one.vendor_state) for one in (first, second, third)] == [
        (100, 100, State.QUEUED, "Waiting"),
        (101, 101, State.RUNNING, "Working"),
        (105, 105, State.SUCCEEDED, "Done"),
    ]
    assert (first.job, first.lifecycle, first.target) == (taken, "image", "http://localhost/hook")
    assert (first.method, first.copies, first.trails, first.inbox) == ("POST", 1, False, "")
    assert (first.fault, first.error) == ("", "")
    assert json.loads(second.body) == {
        "at": 101.0,
        "state": "Working",
        "link": f"{HERE}/any/files/{taken}/output/?9",
    }
    assert second.headers["content-type"] == "application/json"
    assert second.headers["x-now"] == "101.0"


def test_each_message_has_an_id_of_its_own_that_is_always_the_same(sandbox: Sandbox) -> None:
    sent = deliveries(sandbox, messages(), SIGNED, SIGNED)
    (taken,) = sandbox.jobs

    names = [f"{taken}/{state}{number}" for number in ("", "1") for state in STATES]
    assert [one.id for one in sent] == [str(sandbox.id_of(name)) for name in names]
    assert [one.headers["x-id"] for one in sent] == [one.id for one in sent]


def test_the_id_of_a_second_word_is_another_one_than_that_of_its_state(sandbox: Sandbox) -> None:
    now, taken = submitted(sandbox)
    now.force_state(taken.id, "Working")
    found = now.force_state(taken.id, "Halted")

    (sent,) = messages().deliveries(now, taken, [found])

    assert sent.id == str(sandbox.id_of(f"{taken.id}/running/Halted"))


def test_what_the_vendors_function_needs_of_a_request_is_there(sandbox: Sandbox) -> None:
    requests: list[Request] = []

    def keep(_: Engine, request: Request, *__: object) -> None:
        requests.append(request)

    assert deliveries(sandbox, messages(Vendor(keep)), origin="http://elsewhere:9") == []
    assert deliveries(sandbox, messages(Vendor(keep), base_urls=BaseUrls(public_url="https://public"))) == []

    assert [request.at for request in requests] == [100, 101, 105] * 2
    assert {request.origin for request in requests} == {"http://elsewhere:9", "https://public"}
    (first, *_) = requests
    assert (first.method, first.path, first.options) == ("GET", "", {"plan": "free"})
    assert first.listener == Listener(own=HERE)


@pytest.mark.parametrize(
    ("url", "inbox"),
    [
        (f"{HERE}/_safelight/inbox/box", "box"),
        ("http://127.0.0.1:8080/_safelight/inbox/box", "box"),
        (f"{HERE}/_safelight/other/box", ""),
        ("http://elsewhere/_safelight/inbox/box", ""),
    ],
)
def test_a_message_to_the_servers_own_inbox_names_it(sandbox: Sandbox, url: str, inbox: str) -> None:
    sandbox.webhook = replace(ACCOUNT, url=url)

    assert {(one.target, one.inbox) for one in deliveries(sandbox, messages())} == {(url, inbox)}


def test_without_a_url_or_a_change_to_notify_of_nothing_is_sent(sandbox: Sandbox) -> None:
    assert deliveries(sandbox, messages(), webhook(on=["failed"])) == []
    sandbox.webhook = replace(ACCOUNT, url="")
    assert deliveries(sandbox, messages(), SIGNED) == []


def test_the_account_chooses_among_the_states_of_its_own_webhook_alone(sandbox: Sandbox) -> None:
    sandbox.webhook = replace(ACCOUNT, on=(State.RUNNING,))
    of_job = webhook(on=STATES, target={"field": "hook"})

    sent = deliveries(sandbox, messages(), SIGNED, of_job, details={"hook": "http://localhost/job"})

    assert [(one.target.rpartition("/")[2], one.vendor_state) for one in sent] == [
        ("hook", "Working"),
        ("job", "Waiting"),
        ("job", "Working"),
        ("job", "Done"),
    ]


def test_the_word_in_the_body_is_the_state_of_its_message(sandbox: Sandbox) -> None:
    def write(*_: object) -> Notification:
        return Notification(value={"state": "Gone"}, method="PUT")

    sent = deliveries(sandbox, messages(Vendor(write)))

    assert {(one.state, one.vendor_state, one.method) for one in sent} == {(State.CANCELLED, "Gone", "PUT")}


@pytest.mark.internal_error
def test_a_broken_function_is_logged_and_keeps_no_other_message_back(
    sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    def break_once(
        engine: Engine, request: Request, status: Status, rule: Deliver, id_: UUID
    ) -> Notification:
        if status.state is State.RUNNING:
            raise ZeroDivisionError
        return notify(engine, request, status, rule, id_)

    sent = deliveries(sandbox, messages(Vendor(break_once)))

    assert [one.vendor_state for one in sent] == ["Waiting", "Done"]
    assert [one.getMessage() for one in caplog.records] == [
        f"no webhook can be sent for job {next(iter(sandbox.jobs))}"
    ]


def test_a_missing_inspection_is_made_before_any_message(sandbox: Sandbox) -> None:
    def look(*_: object) -> Notification:
        raise NotInspectedError(frozenset())

    with pytest.raises(NotInspectedError):
        deliveries(sandbox, messages(Vendor(look)))


def write_payload(engine: Engine, request: Request, status: Status, id_: UUID) -> Any:  # noqa: ANN401 - JSON
    """Return no body for a job in the queue, and one that is invalid for one that runs."""
    assert (request.at, engine.now) == (status.since, status.since)
    link = f"{request.origin}/files/any/box/{status.job.id}/output/photo.png"
    state = status.vendor_state if status.state is State.SUCCEEDED else ""
    return {"state": state, "link": link, "id": str(id_)} if status.state is not State.QUEUED else None


@pytest.mark.internal_error
def test_a_payload_is_validated_and_there_may_be_none(
    sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    invalid, valid = deliveries(sandbox, messages(Vendor(None, write_payload)))

    assert (invalid.vendor_state, invalid.error) == ("Working", "'state' is missing")
    assert (valid.vendor_state, valid.error) == ("Done", "")
    assert json.loads(valid.body)["id"] == valid.id
    assert [one.getMessage() for one in caplog.records] == [
        f"a webhook of job {valid.job} may not leave: 'state' is missing"
    ]
    caplog.clear()
    assert deliveries(sandbox, messages(Vendor(None, None))) == []
    assert caplog.records == []


def test_a_job_without_a_result_sends_null_in_place_of_its_links(sandbox: Sandbox) -> None:
    now, taken = submitted(sandbox)
    done = [*history(taken, 200, now.inspect, now.lifecycle.words)][-1:]
    lost = [replace(done[0], job=replace(taken, fault=JobFault(without_result=True)))]
    slow = [replace(done[0], job=replace(taken, fault=JobFault(slow=2)))]

    sent = [
        messages(Vendor(None, write_payload)).deliveries(now, taken, one)[0] for one in (lost, slow, done)
    ]

    link = f"{HERE}/files/any/box/{taken.id}/output/photo.png"
    assert [json.loads(one.body)["link"] for one in sent] == [None, link, link]


RECORDED = Recorded(
    deliveries={
        "Done": {"state": "Done", "job": "${job}", "api": "${api}", "mine": "${own}", "file": "${file a}"}
    },
    files={"a": RecordedFile(digest="d", filename="a.png")},
)


@pytest.mark.internal_error
def test_a_body_that_was_recorded_is_sent_in_place_of_the_vendors(sandbox: Sandbox) -> None:
    def write(_: Engine, __: Request, status: Status, *___: object) -> Notification:
        return Notification(value={"mine": status.vendor_state}, violation="it is not the recorded one")

    fault = JobFault(recorded=RECORDED)
    sent = deliveries(sandbox, messages(Vendor(write)), fault=fault)
    (taken,) = sandbox.jobs

    assert [(json.loads(one.body)["mine"], one.error) for one in sent] == [
        ("Waiting", "it is not the recorded one"),
        ("Working", "it is not the recorded one"),
        ("Done", ""),
    ]
    assert json.loads(sent[-1].body) == {
        "state": "Done",
        "job": taken,
        "api": f"{HERE}/any/v2",
        "mine": "Done",
        "file": f"{HERE}/any/files/{taken}/recorded/a/a.png?86500",
    }


def test_a_webhook_is_sent_at_its_recorded_time_or_never(sandbox: Sandbox) -> None:
    recorded = Recorded(delivered={"queued": None, "succeeded": 7.5})
    early = Recorded(delivered={"succeeded": 0.5})

    sent = deliveries(sandbox, messages(), fault=JobFault(recorded=recorded))
    not_before_its_change = deliveries(sandbox, messages(), fault=JobFault(recorded=early))

    assert [one.first for one in sent] == [None, 101.0, 107.5]
    assert [one.first for one in not_before_its_change] == [100.0, 101.0, 105.0]


def headers(delivery: Delivery, secret: str) -> Mapping[str, str]:
    """Return the headers that a delivery has if it is signed with a secret."""
    own = {name: delivery.headers[name] for name in ("content-type", "x-now", "x-id")}
    signed = Signed(delivery.id, int(delivery.at), own, delivery.body.encode())
    assert SIGNED.sign is not None
    return {**own, **signature_headers(SIGNED.sign, secret, signed)}


@pytest.mark.parametrize(
    ("fault", "secret", "expected"),
    [
        (None, "new secret", (100, 1, False)),
        (WebhookFault.DUPLICATE, "new secret", (100, 2, False)),
        (WebhookFault.LATE, "new secret", (160, 1, False)),
        (WebhookFault.OUT_OF_ORDER, "new secret", (160, 1, True)),
        (WebhookFault.NEVER, "new secret", (None, 1, False)),
        (WebhookFault.WRONG_SIGNATURE, "not new secret", (100, 1, False)),
        (WebhookFault.OLD_SECRET, "old secret", (100, 1, False)),
    ],
)
def test_the_faults_of_the_sandbox_are_those_of_the_next_deliveries(
    sandbox: Sandbox, fault: WebhookFault | None, secret: str, expected: tuple[float | None, int, bool]
) -> None:
    sandbox.faults = () if fault is None else (fault,)

    faulty, *others = deliveries(sandbox, messages())

    assert (faulty.first, faulty.copies, faulty.trails) == expected
    assert faulty.headers == headers(faulty, secret)
    assert [one.fault for one in (faulty, *others)] == [fault or "", "", ""]
    assert [one.headers for one in others] == [headers(one, "new secret") for one in others]


def test_messages_are_signed_with_their_own_secret_or_that_of_the_account_or_not(sandbox: Sandbox) -> None:
    def write(secret: str | None) -> Vendor:
        def with_secret(*arguments: Any) -> Notification:  # noqa: ANN401 - those of `notify`
            return replace(notify(*arguments), secret=secret)

        return Vendor(with_secret)

    def sent(vendor: Vendor, rule: Deliver = SIGNED) -> Delivery:
        return deliveries(sandbox, messages(vendor), rule)[0]

    own, account = sent(write("own secret")), sent(write(None))
    unsigned = [sent(write("")), sent(Vendor(), webhook(on=STATES))]

    assert own.headers == headers(own, "own secret")
    assert account.headers == headers(account, "new secret")
    assert [{*one.headers} for one in unsigned] == [{"content-type", "x-now", "x-id"}] * 2


@pytest.mark.parametrize(
    ("has_scenarios", "is_always_faulty", "expected"),
    [(False, False, ["never"]), (True, False, ["never", "late"]), (False, True, ["never", "late"])],
)
def test_a_scenario_chooses_the_fault_of_a_delivery_for_which_the_sandbox_has_none(
    sandbox: Sandbox, *, has_scenarios: bool, is_always_faulty: bool, expected: list[str]
) -> None:
    sandbox.faults, sandbox.has_scenarios = (WebhookFault.NEVER,), has_scenarios
    reported: list[tuple[str, WebhookFault]] = []

    def fault_of(sandbox: Sandbox, change: Status) -> WebhookFault | None:
        return WebhookFault.LATE if (sandbox.name, change.state) == ("box", State.RUNNING) else None

    made = messages(
        fault_of=fault_of,
        is_always_faulty=is_always_faulty,
        on_fault=lambda vendor, fault: reported.append((vendor, fault)),
    )
    sent = deliveries(sandbox, made)

    assert [one.fault for one in sent if one.fault] == expected
    assert reported == [("any", fault) for fault in expected]
