"""The words that responses show are found where the lifecycle says."""

from typing import Any

import pytest
from tests.mockserver.lifecycles import lifecycle

from safelight_mock.core.clock import Clock
from safelight_mock.coverage.states import ShownStates, described_states, notified_states
from safelight_mock.wire.messages import EventStream, Response

Keys = dict[str, Any]

WORDS: Keys = {"states": {"waiting": "queued", "hot": "running", "cool": "succeeded"}}
LIST: Keys = {"list": {"operation": "list", "each": "$.data[*]"}}
PART: Keys = {"read": {"operation": "read", "state": "$response.body#/job/state"}}
LIKE: Keys = {"list": {"operation": "list", "each": "$[*]", "like": "$response.body#/job"}}
CODES = {"202": ["running"], "200": ["succeeded"], "410": ["failed"]}
BY_STATUS: Keys = {"read": {"operation": "read", "by_status": CODES}}
ENDED: Keys = {
    "read": {"operation": "read", "state": "$response.body#/done"},
    "states": {"false": "running", "true": "succeeded"},
}
HOT, COOL = {"state": "hot"}, {"state": "cool"}


def shown(operation: str, value: object, keys: Keys, status: int = 200) -> list[str] | None:
    states = ShownStates.of(operation, lifecycle(**keys), status)
    return None if states is None else states.words(Response(status=status, value=value))


@pytest.mark.parametrize(
    ("operation", "value", "keys", "words"),
    [
        pytest.param("read", HOT, WORDS, ["hot"], id="a read"),
        pytest.param("submit", {"id": "a", **HOT}, WORDS, ["hot"], id="a submission like it"),
        pytest.param("submit", {"id": "a"}, WORDS, [], id="a submission without one"),
        pytest.param("read", {"job": HOT}, WORDS | PART, ["hot"], id="deeper in the body"),
        pytest.param("read", ["hot"], WORDS, [], id="another body"),
        pytest.param("read", {"state": "lukewarm"}, WORDS, [], id="an unknown word"),
        pytest.param("list", {"data": [HOT, COOL]}, WORDS | LIST, ["hot", "cool"], id="a list"),
        pytest.param("list", [HOT], WORDS | PART | LIKE, ["hot"], id="a list of parts"),
        pytest.param("read", {"done": True}, ENDED, ["true"], id="a boolean"),
        pytest.param("read", {"state": "running"}, {}, ["running"], id="a state, without words"),
    ],
)
def test_a_response_shows_words(operation: str, value: object, keys: Keys, words: list[str]) -> None:
    assert shown(operation, value, keys) == words


@pytest.mark.parametrize(("status", "words"), [(202, ["running"]), (200, ["succeeded"]), (410, ["failed"])])
def test_a_status_shows_a_state(status: int, words: list[str]) -> None:
    assert shown("read", None, BY_STATUS, status) == words


@pytest.mark.parametrize(("operation", "status"), [("read", 404), ("submit", 500), ("other", 200)])
def test_errors_and_other_operations_show_no_state(operation: str, status: int) -> None:
    assert shown(operation, HOT, WORDS, status) is None


def test_only_the_first_hundred_entries_of_a_list_are_looked_at() -> None:
    words = shown("list", {"data": [HOT] * 150}, WORDS | LIST)

    assert words == ["hot"] * 100


def test_events_show_the_known_words_in_their_data() -> None:
    text = b'event: status\nid: 1\ndata: {"state":"waiting"}\n\ndata: hot\n\ndata: {}\n\ndata: 47 %\n\n: \n\n'
    events = EventStream(text=text, sent=3, due=None, sandbox="", clock=Clock())
    states = ShownStates.of("read", lifecycle(**WORDS), 200)

    assert states is not None
    assert states.words(Response(status=200, content=events)) == ["waiting", "hot"]


def test_the_states_of_a_lifecycle_without_words_are_those_that_it_shows() -> None:
    assert [*described_states(lifecycle().described)] == [
        "queued",
        "running",
        "succeeded",
        "failed",
        "cancelled",
    ]
    assert [*described_states(lifecycle(**BY_STATUS).described)] == ["running", "succeeded", "failed"]
    assert [*described_states(lifecycle(**WORDS).described)] == ["waiting", "hot", "cool"]


def test_webhooks_notify_of_words() -> None:
    deliver = {"webhook": "told", "target": {"account": True}, "on": ["running", "succeeded"], "sign": "none"}

    assert notified_states(lifecycle(deliver=deliver, **WORDS)) == ["hot", "cool"]
    assert notified_states(lifecycle(**WORDS)) == []
