"""A schema that requires what it forbids is read as one that does not require it."""

from safelight_openapi._loading.forbidden_members import allow_values


def document(schema: object) -> dict[str, object]:
    return {"openapi": "3.1.2", "components": {"schemas": {"Run": schema}}}


def test_a_member_that_is_required_and_forbidden_is_not_required() -> None:
    run = {
        "type": "object",
        "required": ["thread", "agent"],
        "properties": {"agent": {"type": "string"}},
        "additionalProperties": False,
    }

    allowed, notes = allow_values(document(run))  # type: ignore[arg-type] # a literal

    assert allowed == document({**run, "required": ["agent"]})
    assert notes == ["thread is required and forbidden by one schema; it is not required (1 times)"]


def test_what_another_part_of_a_schema_may_describe_stays_required() -> None:
    run = {"required": ["thread"], "additionalProperties": False, "allOf": [{"type": "object"}]}

    allowed, notes = allow_values(document(run))  # type: ignore[arg-type] # a literal

    assert (allowed, notes) == (document(run), [])
