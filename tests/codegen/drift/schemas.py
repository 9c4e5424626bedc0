"""Documents with one schema in a request and one in a response, compared."""

from typing import Any

from safelight_codegen._drift import ChangeSeverity, Direction, DocumentChange, compare_documents

Json = Any
B, L, H = ChangeSeverity.BREAKING, ChangeSeverity.REVIEW, ChangeSeverity.HARMLESS


def document(sent: Json, answered: Json, **components: Json) -> dict[str, Json]:
    """A document with one operation that has a request and a response body."""
    return {
        "openapi": "3.1.2",
        "info": {"title": "Darkroom", "version": "1"},
        "paths": {
            "/prints": {
                "post": {
                    "operationId": "print",
                    "requestBody": {"content": {"application/json": {"schema": sent}}},
                    "responses": {
                        "200": {"description": "", "content": {"application/json": {"schema": answered}}}
                    },
                }
            }
        },
        "components": {"schemas": components},
    }


def changes(old: Json, new: Json, direction: Direction) -> tuple[DocumentChange, ...]:
    before, after = (
        document(one, {}) if direction is Direction.REQUEST else document({}, one) for one in (old, new)
    )
    return compare_documents(before, after)


def worst(changed: tuple[DocumentChange, ...]) -> ChangeSeverity:
    return max((one.severity for one in changed), default=H)


TEXT, NUMBER = {"type": "string"}, {"type": "number"}
SHORT, LONG = {"type": "string", "maxLength": 5}, {"type": "string", "minLength": 6}
MATCHED, MATCHED_TOO = {"type": "string", "pattern": "^a+$"}, {"type": "string", "pattern": "^(ab?)+$"}


def kind(label: str) -> Json:
    return {"type": "object", "properties": {"kind": {"const": label}}, "required": ["kind"]}


def closed(name: str) -> Json:
    return {
        "type": "object",
        "properties": {name: {}},
        "required": [name],
        "additionalProperties": False,
    }


def of(a: Json, *required: str) -> Json:
    return {"type": "object", "properties": {"a": a}, "required": [*required]}


READ, WRITTEN = {"readOnly": True}, {"writeOnly": True}
NOTHING: Json = False
FORMS = {"oneOf": [{"type": "string"}, {"type": "integer"}]}
MANY = [{"const": number} for number in range(100)]
