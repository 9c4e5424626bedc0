"""What Claid says of broken rules: the sentences of its framework, by dotted paths."""

import pytest

from safelight_mock.vendors.claid.messages import details, message, summary
from safelight_mock.wire import JSON
from safelight_mock.wire.violations import Violation


@pytest.mark.fidelity("claid/422")
@pytest.mark.parametrize(
    ("rule", "result", "value", "text"),
    [
        ("required", "input", {}, "field required"),
        ("additionalProperties", None, 1, "extra fields not permitted"),
        ("type", "string", 1, "str type expected"),
        ("type", "integer", "a", "value is not a valid integer"),
        ("type", "number", "a", "value is not a valid float"),
        ("type", "boolean", "a", "value could not be parsed to a boolean"),
        ("type", "object", 1, "value is not a valid dict"),
        ("type", "array", 1, "value is not a valid list"),
        ("type", "string", None, "none is not an allowed value"),
        ("enum", ["a", "b"], "c", "value is not a valid enumeration member; permitted: 'a', 'b'"),
        ("enum", ["a"], None, "none is not an allowed value"),
        ("minimum", 1, 0, "ensure this value is greater than or equal to 1"),
        ("maximum", 1, 2, "ensure this value is less than or equal to 1"),
        ("minLength", 3, "a", "ensure this value has at least 3 characters"),
        ("maxLength", 3, "abcd", "ensure this value has at most 3 characters"),
        ("minItems", 1, [], "ensure this value has at least 1 items"),
        ("pattern", "^a{2}$", "b", 'string does not match regex "^a{2}$"'),
        ("format", "uri", "b", "invalid or missing URL scheme"),
        ("uniqueItems", True, [1, 1], "value is not valid"),
    ],
)
def test_a_violation_has_the_frameworks_message(rule: str, result: JSON, value: JSON, text: str) -> None:
    assert message(Violation(("place",), rule, result, value)) == text


def test_a_discriminator_is_one_literal_in_messages() -> None:
    assert message(Violation(("fit", "type"), "enum", ["crop"], "a")) == "unexpected value; permitted: 'crop'"


def test_error_details_are_listed_by_path_and_once() -> None:
    faults = [
        Violation(("a", 0, "b"), "type", "string", 1),
        Violation(("a", 0, "b"), "type", "string", 1),
        Violation(("a", 0, "b"), "required", "b", {}),
        Violation((), "type", "object", 1),
    ]

    actual = details(faults)

    assert actual == {"a.0.b": ["str type expected", "field required"], "body": ["value is not a valid dict"]}
    assert summary(actual) == "a.0.b: str type expected. field required. body: value is not a valid dict"
