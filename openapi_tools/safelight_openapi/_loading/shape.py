"""Whether every object that is served has the type that OpenAPI gives it."""

import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

import jsonschema_rs

from safelight_lifecycle import format_pointer
from safelight_openapi._findings.schema_errors import schema_problems
from safelight_openapi._structure.references import Node


def shape_problems(document: Node) -> Iterator[str]:
    """Yield a sentence, with its JSON pointer, for each object of a wrong type."""
    validator, schema = _shape()
    for problem in schema_problems(validator.iter_errors(document), schema):
        yield f"{format_pointer(problem.path) or 'the document'}: {problem.advice}"


@cache
def _shape() -> tuple[jsonschema_rs.Validator, dict[str, Any]]:
    text = files(__package__).joinpath("document-shape.schema.json").read_text("utf-8")
    schema: dict[str, Any] = json.loads(text)
    return jsonschema_rs.validator_for(schema), schema
