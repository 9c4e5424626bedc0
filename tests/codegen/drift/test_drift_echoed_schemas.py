"""Changes of schemas that are sent and come back, or hold themselves."""

from copy import deepcopy

import pytest
from tests.codegen.drift.schemas import (
    NUMBER,
    READ,
    SHORT,
    TEXT,
    B,
    H,
    Json,
    L,
    changes,
    document,
    of,
    worst,
)

from safelight_codegen._drift import ABSENT, ChangeSeverity, Direction, DocumentChange, compare_documents

TREE = {
    "type": "object",
    "properties": {"below": {"$ref": "#/components/schemas/Tree"}, "age": {"type": "integer"}},
}


def test_a_schema_that_holds_itself_is_compared_once() -> None:
    sent = {"$ref": "#/components/schemas/Tree"}
    old = document(sent, {}, Tree=TREE)
    new = deepcopy(old)
    new["components"]["schemas"]["Tree"]["properties"]["age"]["maximum"] = 9

    (change,) = compare_documents(old, new)

    assert change.pointer == "/components/schemas/Tree/properties/age/maximum"
    assert (change.rule, change.severity) == ("maximum narrowed", B)


def test_references_in_a_circle_end() -> None:
    circle = {"A": {"$ref": "#/components/schemas/B"}, "B": {"allOf": [{"$ref": "#/components/schemas/A"}]}}
    choice = {
        "C": {"anyOf": [{"$ref": "#/components/schemas/C"}, {"items": {"$ref": "#/components/schemas/C"}}]}
    }
    one = document({"$ref": "#/components/schemas/A"}, {"$ref": "#/components/schemas/C"}, **circle, **choice)

    assert compare_documents(one, deepcopy(one)) == ()


def test_a_change_has_old_and_new_value_and_a_reason() -> None:
    (change,) = changes(
        {"type": "string", "maxLength": 9}, {"type": "string", "maxLength": 8}, Direction.REQUEST
    )

    assert change == DocumentChange(
        rule="maxLength narrowed",
        severity=B,
        reason="values that were accepted may be rejected",
        direction=Direction.REQUEST,
        pointer="/paths/~1prints/post/requestBody/content/application~1json/schema/maxLength",
        was=9,
        now=8,
        operations=("print",),
    )


def test_one_schema_that_two_operations_use_is_one_change_of_both() -> None:
    shared = {"type": "object", "properties": {"id": {"type": "integer"}}}
    old = document({}, {"$ref": "#/components/schemas/Shared"}, Shared=shared)
    old["paths"]["/prints/{id}"] = {"get": {**old["paths"]["/prints"]["post"], "operationId": "read"}}
    new = deepcopy(old)
    del new["components"]["schemas"]["Shared"]["properties"]["id"]

    (change,) = compare_documents(old, new)

    assert change.operations == ("print", "read")


def test_what_is_sent_and_comes_back_is_judged_as_it_was_sent() -> None:
    order = {"type": "object", "properties": {"paper": {"enum": ["matt"]}}}
    answer = {"type": "object", "properties": {"order": {"$ref": "#/components/schemas/Order"}}}
    old = document({"$ref": "#/components/schemas/Order"}, answer, Order=order)
    new = deepcopy(old)
    new["components"]["schemas"]["Order"]["properties"]["paper"]["enum"].append("glossy")

    (change,) = compare_documents(old, new)

    assert (change.rule, change.direction, change.severity) == ("enum widened", Direction.REQUEST, H)


def test_what_the_service_sets_in_an_echoed_schema_is_classified_as_a_response() -> None:
    order = of({**READ, "enum": ["wet"]})
    answer = {"type": "object", "properties": {"order": {"$ref": "#/components/schemas/Order"}}}
    old = document({"$ref": "#/components/schemas/Order"}, answer, Order=order)
    new = deepcopy(old)
    new["components"]["schemas"]["Order"]["properties"]["a"]["enum"].append("dry")

    (change,) = compare_documents(old, new)

    assert (change.rule, change.direction, change.severity) == ("enum widened", Direction.RESPONSE, B)


DRYING = of({**READ, "enum": ["wet"]})
DRIED = of({**READ, "enum": ["wet", "dry"]})


@pytest.mark.parametrize(
    ("was", "now"),
    [
        (of(DRYING), of(DRIED)),
        (of({"type": "array", "items": DRYING}), of({"type": "array", "items": DRIED})),
        (of({"oneOf": [DRYING, NUMBER]}), of({"oneOf": [DRIED, NUMBER]})),
        (of({**READ, "items": of({"enum": [1]})}), of({**READ, "items": of({"enum": [1, 2]})})),
        (of({**READ, "enum": ["wet"]}), of({"enum": ["wet", "dry"]})),
    ],
)
def test_however_deep_the_service_sets_it_in_a_schema_that_comes_back(was: Json, now: Json) -> None:
    answer = {"type": "object", "properties": {"order": {"$ref": "#/components/schemas/Order"}}}
    old, new = (document({"$ref": "#/components/schemas/Order"}, answer, Order=one) for one in (was, now))

    broken = [one for one in compare_documents(old, new) if one.severity is B]

    assert [(one.rule, one.direction) for one in broken] == [("enum widened", Direction.RESPONSE)]


def test_what_becomes_for_reading_only_in_a_schema_that_comes_back_is_one_change() -> None:
    answer = {"type": "object", "properties": {"order": {"$ref": "#/components/schemas/Order"}}}
    old = document({"$ref": "#/components/schemas/Order"}, answer, Order=of(TEXT))
    new = document({"$ref": "#/components/schemas/Order"}, answer, Order=of({**READ, **TEXT}))

    assert [(one.rule, one.direction) for one in compare_documents(old, new)] == [
        ("property became readOnly", Direction.REQUEST)
    ]


def test_a_value_that_fits_two_forms_is_shown() -> None:
    reported = changes({"oneOf": [TEXT]}, {"oneOf": [TEXT, SHORT]}, Direction.REQUEST)

    assert [(one.rule, one.severity, one.was) for one in reported] == [
        ("choices overlap", B, "x"),
        ("choice widened", H, ABSENT),
    ]
    assert reported[0].pointer.endswith("/schema/oneOf/1")


def test_a_schema_of_responses_only_is_not_an_echo() -> None:
    state = {"enum": ["wet"]}
    old = document({}, {"$ref": "#/components/schemas/State"}, State=state)
    new = deepcopy(old)
    new["components"]["schemas"]["State"]["enum"].append("dry")

    assert worst(compare_documents(old, new)) is B


def test_what_no_operation_uses_breaks_nothing() -> None:
    old = document({}, {}, Unused={"type": "string"})
    new = document({}, {}, Unused={"type": "integer"})

    assert [(one.rule, one.severity) for one in compare_documents(old, new)] == [("notation changed", H)]


def ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def doubling_schemas(key: str, levels: int, last: Json) -> dict[str, Json]:
    """Schemas that refer to the next one twice, so that 2**levels paths lead from the first to the last."""
    schemas: dict[str, Json] = {f"A{n}": {key: [ref(f"A{n + 1}")] * 2} for n in range(levels)}
    return {**schemas, f"A{levels}": last}


@pytest.mark.parametrize(("key", "severity"), [("allOf", B), ("anyOf", L), ("oneOf", L)])
def test_a_schema_with_many_paths_is_compared_or_reported(key: str, severity: ChangeSeverity) -> None:
    old, new = (document(ref("A0"), {}, **doubling_schemas(key, 40, last)) for last in (TEXT, NUMBER))

    assert worst(compare_documents(old, new)) is severity
    assert compare_documents(old, old) == ()


@pytest.mark.parametrize("first", [ref("A"), {"allOf": [ref("A")]}, {"anyOf": [ref("A"), TEXT]}])
def test_a_schema_whose_first_form_is_itself_is_compared(first: Json) -> None:
    old = document(ref("A"), {}, A={"oneOf": [TEXT]})
    new = document(ref("A"), {}, A={"oneOf": [first, TEXT, SHORT]})

    assert worst(compare_documents(old, new)) is B


@pytest.mark.slow
def test_members_that_hold_their_own_choice_are_compared() -> None:
    def forms(count: int, **more: Json) -> Json:
        return {"oneOf": [{"type": "object", "properties": {"a": ref("A"), **more}}] * count}

    old, new = (document(ref("A"), {}, A=one) for one in (forms(20), forms(20, b=TEXT)))

    assert worst(compare_documents(old, new)) is H
