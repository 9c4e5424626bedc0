"""All violations of a body are reported, by rule and path."""

import pytest

from safelight_mock.wire import JSON, Schema
from safelight_mock.wire.violations import Violation, violations

SIDE = {"anyOf": [{"type": "integer"}, {"type": "string", "enum": ["auto"]}, {"type": "null"}]}
SCHEMA = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"type": ["string", "null"], "maxLength": 3},
        "side": SIDE,
        "either": {"oneOf": [{"type": "integer"}, {"type": "boolean"}]},
        "nothing": {"type": "null"},
        "kind": {"type": "string", "enum": ["round", "flat"]},
        "sides": {"type": "array", "items": {"type": "integer", "minimum": 1}},
    },
    "additionalProperties": False,
}


def reported(value: JSON) -> list[tuple[str, str, JSON]]:
    actual: list[Violation] = [*violations(Schema({}, SCHEMA).errors(value))]
    return [(".".join(map(str, fault.path)), fault.rule, fault.expected) for fault in actual]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({}, [("name", "required", "name")]),
        ({"name": "rose"}, [("name", "maxLength", 3)]),
        ({"name": 5}, [("name", "type", "string")]),
        (
            {"name": "a", "b": 1, "c": 2},
            [("b", "additionalProperties", None), ("c", "additionalProperties", None)],
        ),
        ({"name": "a", "kind": 5}, [("kind", "enum", ["round", "flat"])]),
        ({"name": "a", "side": "all"}, [("side", "type", "integer"), ("side", "enum", ["auto"])]),
        ({"name": "a", "sides": [1, 0]}, [("sides.1", "minimum", 1)]),
        ({"name": "a", "either": "x"}, [("either", "type", "integer"), ("either", "type", "boolean")]),
        ({"name": "a", "nothing": 1}, [("nothing", "type", "null")]),
        ([], [("", "type", "object")]),
    ],
)
def test_a_violation_has_location_and_rule(value: JSON, expected: list[tuple[str, str, JSON]]) -> None:
    assert sorted(reported(value)) == sorted(expected)


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ({"name": "rose"}, "rose"),
        ({"name": 5}, 5),
        ({"name": "a", "b": 1}, 1),
        ({"side": 3}, {"side": 3}),
    ],
)
def test_a_violation_has_the_invalid_value(value: JSON, kept: JSON) -> None:
    (fault,) = violations(Schema({}, SCHEMA).errors(value))

    assert fault.value == kept
