"""Whether every object that is served has the type that OpenAPI gives it."""

import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from textwrap import shorten
from typing import Any

import jsonschema_rs

from safelight_lifecycle import format_pointer, value_at
from safelight_openapi._structure.references import Node

LONGEST = 200  # characters of a message: it may repeat a value


def shape_problems(document: Node) -> Iterator[str]:
    """Yield a sentence, with its JSON pointer, for each object of a wrong type."""
    validator, schema = _shape()
    for error in validator.iter_errors(document):
        yield f"{format_pointer(tuple(error.instance_path)) or 'the document'}: {_sentence(error, schema)}"


def _sentence(error: jsonschema_rs.ValidationError, schema: dict[str, Any]) -> str:
    """Return the schema's own explanation of the violated keyword, or else the validator's message."""
    *path, keyword = error.schema_path
    within = path.index("propertyNames") + 1 if "propertyNames" in path else len(path)
    node: Any = value_at(format_pointer(tuple(path[:within])), schema)
    return str(node.get("x-otherwise", {}).get(keyword) or shorten(error.message, LONGEST))


@cache
def _shape() -> tuple[jsonschema_rs.Validator, dict[str, Any]]:
    text = files(__package__).joinpath("document-shape.schema.json").read_text("utf-8")
    schema: dict[str, Any] = json.loads(text)
    return jsonschema_rs.validator_for(schema), schema
