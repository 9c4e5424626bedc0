"""An attempt at a delivery: to an inbox of the server, over HTTP, or none where its body may not be sent."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from msgspec.structs import replace

from safelight_mock.core import Delivery, Outcome, RetryPolicy, State
from safelight_mock.core.webhook import Attempt
from safelight_mock.webhooks.attempts import Due
from safelight_mock.webhooks.inbox import CapturedRequest, Inboxes, LocalAttempts

POLICY = RetryPolicy(timeout=30.0)
DELIVERY = Delivery(
    id="d",
    job="j",
    lifecycle="image",
    state=State.SUCCEEDED,
    vendor_state="Completed",
    at=100.0,
    target="http://localhost/hook",
    headers={"content-type": "application/json"},
    body="{}",
    first=100.0,
    method="PUT",
)
TO_INBOX = replace(DELIVERY, inbox="box")


@dataclass
class Receiver:
    """Takes as long as it may over each request, and keeps it."""

    requests: list[tuple[str, Mapping[str, str], bytes, str]] = field(default_factory=list)

    def post(
        self, target: str, headers: Mapping[str, str], body: bytes, method: str, *, within: float
    ) -> tuple[Outcome, int]:
        assert within > 0
        self.requests.append((target, headers, body, method))
        return Outcome.TIMEOUT, 0

    def close(self) -> None:
        pass


def test_a_delivery_is_sent_as_it_is_and_a_timeout_takes_the_time_of_its_policy() -> None:
    receiver = Receiver()

    attempt = Due(DELIVERY, 105.0, POLICY).post(receiver)

    assert receiver.requests == [
        ("http://localhost/hook", {"content-type": "application/json"}, b"{}", "PUT")
    ]
    assert attempt == Attempt(at=105.0, outcome=Outcome.TIMEOUT, status=0, duration=30.0)


def test_only_a_delivery_to_an_inbox_or_with_an_invalid_body_stays_in_the_process() -> None:
    local = LocalAttempts(Inboxes(), "topaz:k")
    invalid = replace(DELIVERY, error="'id' is a required property")

    attempts = [local.make(Due(one, 105.0, POLICY)) for one in (DELIVERY, TO_INBOX, invalid)]

    assert [attempt is None for attempt in attempts] == [True, False, False]


def test_an_inbox_has_a_message_once_it_is_shown() -> None:
    boxes = Inboxes()
    boxes.configure("box", ["hang"], default=200)
    local = LocalAttempts(boxes, "topaz:k")

    attempt = local.make(Due(TO_INBOX, 105.0, POLICY))
    before = [*boxes["box"].messages]
    local.publish()

    assert attempt == Attempt(at=105.0, outcome=Outcome.TIMEOUT, status=0, duration=30.0)
    assert before == []
    assert [*boxes["box"].messages] == [
        CapturedRequest(
            at=105.0,
            sandbox="topaz:k",
            headers={"content-type": "application/json"},
            body=b"{}",
            response="hang",
        )
    ]


def test_responses_of_attempts_that_were_not_stored_go_to_the_next_ones_in_their_order() -> None:
    boxes = Inboxes()
    boxes.configure("box", [503, 404], default=200)
    local = LocalAttempts(boxes, "topaz:k")
    for _ in range(3):
        local.make(Due(TO_INBOX, 105.0, POLICY))

    local.roll_back()

    assert [boxes.draw("box")[0] for _ in range(3)] == [503, 404, 200]


def test_a_body_that_may_not_be_sent_reaches_no_inbox() -> None:
    boxes = Inboxes()
    local = LocalAttempts(boxes, "topaz:k")

    attempt = local.make(Due(replace(TO_INBOX, error="invalid"), 105.0, POLICY))
    local.publish()

    assert attempt == Attempt(at=105.0, outcome=Outcome.INVALID_PAYLOAD, status=0, duration=0.0)
    assert [*boxes["box"].messages] == []
