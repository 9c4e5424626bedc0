"""What a response shows is found once for the same bytes, and counted each time."""

from typing import Any

import msgspec
import pytest
from tests.mockserver.lifecycles import lifecycle

from safelight_mock.coverage.fields import Described, FieldNode
from safelight_mock.coverage.recorder import LONG, REMEMBERED, ResponseKind
from safelight_mock.coverage.states import ShownStates
from safelight_mock.wire.messages import JSON, Response

Keys = dict[str, Any]

WORDS: Keys = {"states": {"waiting": "queued", "hot": "running", "cool": "succeeded"}}
IN_HEADER: Keys = {"read": {"operation": "read", "state": "$response.header.x-state"}, **WORDS}
IN_BODY_OR_HEADER: Keys = {
    "read": {"operation": "read", "state": ["$response.body#/state", "$response.header.x-state"]},
    **WORDS,
}
DOCUMENT: Keys = {"properties": {"state": {}, "note": {}}}


class CountingFields(FieldNode):
    """Counts how often it is looked into."""

    __slots__ = ("looks",)

    def __init__(self) -> None:
        super().__init__(Described(document={}, absent="writeOnly"), [DOCUMENT])
        self.looks = 0

    def mark(self, value: JSON) -> bool:
        self.looks += 1
        return super().mark(value)


def response(value: object, headers: dict[str, str] | None = None) -> Response:
    return Response(status=200, headers=headers or {}, content=msgspec.json.encode(value), value=value)


def kind(keys: Keys, fields: FieldNode | None = None) -> ResponseKind:
    return ResponseKind(fields, ShownStates.of("read", lifecycle(**keys), 200), "job")


def test_the_same_bytes_are_looked_into_once() -> None:
    fields = CountingFields()
    reads = kind(WORDS, fields)

    shown = [[*reads.find(response({"state": word}))] for word in ("hot", "hot", "cool", "hot")]

    assert (shown, fields.looks) == ([["hot"], ["hot"], ["cool"], ["hot"]], 2)


def test_nothing_is_looked_into_once_all_fields_are_covered() -> None:
    fields = CountingFields()
    reads = kind(WORDS, fields)

    for note in range(3):
        reads.find(response({"state": "hot", "note": note}))

    assert fields.looks == 1


def test_long_bodies_are_looked_into_each_time() -> None:
    fields = CountingFields()
    reads = kind(WORDS, fields)

    shown = [[*reads.find(response({"state": "hot", "other": "x" * LONG}))] for _ in range(2)]

    assert (shown, fields.looks) == ([["hot"], ["hot"]], 2)


def test_so_many_bodies_are_remembered() -> None:
    fields = CountingFields()
    reads = kind(WORDS, fields)

    for number in (*range(REMEMBERED + 1), 0):
        reads.find(response({"state": "hot", "number": number}))

    assert fields.looks == REMEMBERED + 2


@pytest.mark.parametrize("keys", [IN_HEADER, IN_BODY_OR_HEADER])
def test_words_in_headers_count_also_where_the_bytes_are_the_same(keys: Keys) -> None:
    reads = kind(keys)

    shown = [[*reads.find(response({}, {"x-state": word}))] for word in ("hot", "cool")]

    assert shown == [["hot"], ["cool"]]


@pytest.mark.parametrize("value", [{}, {"state": None}, {"state": ""}, {"state": 5}, {"state": "other"}, []])
def test_bodies_without_a_described_word_show_none(value: object) -> None:
    assert [*kind(WORDS).find(response(value))] == []
