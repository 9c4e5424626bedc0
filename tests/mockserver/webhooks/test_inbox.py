"""An inbox takes whatever comes, and a twin does not drown in it."""

import pytest

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
