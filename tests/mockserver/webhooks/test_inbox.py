"""An inbox takes whatever comes, and a twin does not drown in it."""

import pytest

from safelight_mock.core import Outcome
from safelight_mock.webhooks.inbox import MOST, ROOM, CapturedRequest, Inboxes


def captured(body: bytes = b"{}") -> CapturedRequest:
    return CapturedRequest(at=0, sandbox="", headers={}, body=body)


def test_the_oldest_requests_of_a_full_inbox_are_dropped() -> None:
    boxes = Inboxes()

    for number in range(MOST + 2):
        boxes.take("mine", captured(b"%d" % number))

    assert [len(boxes["mine"].messages), boxes["mine"].messages[0].body] == [MOST, b"2"]


def test_the_fullest_inbox_makes_room_for_others() -> None:
    boxes = Inboxes()
    boxes.take("small", captured())

    for _ in range(9):
        boxes.take("large", captured(bytes(ROOM // 8)))

    assert [len(boxes["small"].messages), len(boxes["large"].messages)] == [1, 7]
    assert boxes["small"].size + boxes["large"].size <= ROOM


def test_inboxes_may_be_full_to_the_last_byte() -> None:
    boxes = Inboxes()

    for _ in range(8):
        boxes.take("mine", captured(bytes(ROOM // 8)))

    assert (len(boxes["mine"].messages), boxes["mine"].size) == (8, ROOM)


def test_reading_an_inbox_does_not_create_it() -> None:
    boxes = Inboxes()
    boxes.take("first", captured())

    for number in range(MOST + 1):
        assert not boxes[f"never-{number}"].messages

    assert boxes["first"].messages


@pytest.mark.parametrize("name", ["a", "b"])
def test_an_emptied_inbox_is_as_new(name: str) -> None:
    boxes = Inboxes()
    boxes.configure("a", [503], default=200)
    boxes.take("a", captured())

    boxes.empty("a")

    assert boxes.take(name, captured())[1] == 200
    assert len(boxes[name].messages) == 1


def test_the_next_messages_get_one_of_the_responses_each_and_later_ones_the_default() -> None:
    boxes = Inboxes()
    boxes.configure("mine", [503, "hang"], default="refuse")

    drawn = [boxes.draw("mine") for _ in range(3)]

    assert drawn == [(503, True), ("hang", True), ("refuse", False)]


def test_a_response_that_was_given_back_goes_to_the_next_message() -> None:
    boxes = Inboxes()
    boxes.configure("mine", [503, 404], default=200)
    response, _ = boxes.draw("mine")

    boxes.give_back("mine", response)

    assert [boxes.draw("mine")[0] for _ in range(3)] == [503, 404, 200]


def test_a_copy_of_an_inbox_does_not_change_with_it() -> None:
    boxes = Inboxes()
    boxes.configure("mine", [503, 404], default=200)

    before = boxes["mine"]
    boxes.take("mine", captured())

    assert ([*before.responses], [*before.messages]) == ([503, 404], [])
    assert ([*boxes["mine"].responses], len(boxes["mine"].messages)) == ([404], 1)


def test_a_message_is_kept_with_its_response() -> None:
    boxes = Inboxes()
    boxes.configure("mine", [503], default=200)

    outcomes = [boxes.take("mine", captured()) for _ in range(2)]

    assert outcomes == [(Outcome.FAILED, 503), (Outcome.DELIVERED, 200)]
    assert [message.response for message in boxes["mine"].messages] == [503, 200]


@pytest.mark.parametrize(("response", "outcome"), [("hang", Outcome.TIMEOUT), ("refuse", Outcome.NETWORK)])
def test_a_receiver_may_not_respond_or_not_be_connected_to(response: str, outcome: Outcome) -> None:
    boxes = Inboxes()
    boxes.configure("mine", [], default=response)

    assert boxes.take("mine", captured()) == (outcome, 0)


def test_the_oldest_of_too_many_inboxes_is_dropped() -> None:
    boxes = Inboxes()

    for number in range(MOST + 1):
        boxes.take(f"box-{number}", captured())

    assert [len(boxes[f"box-{number}"].messages) for number in (0, 1, MOST)] == [0, 1, 1]


def test_an_inbox_that_was_never_used_can_be_emptied() -> None:
    boxes = Inboxes()

    boxes.empty("never")

    assert not boxes["never"].messages
