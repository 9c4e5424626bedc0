"""Validates values against the schemas of a document."""

from collections.abc import Callable
from typing import NoReturn

import jsonschema_rs

from safelight_openapi._reading.documents import JSONValue
from safelight_openapi._structure.operations import as_mapping
from safelight_openapi._structure.references import EXTERNAL, Node


def schema_violations(value: JSONValue, schema: JSONValue, document: Node) -> list[str]:
    """Return why `value` does not match `schema`, in the validator's words; an empty list if it does.

    The schema is JSON Schema 2020-12, with formats; references are resolved in `document`.
    """
    return compile_schema(schema, document)(value)


def compile_schema(schema: JSONValue, document: Node) -> Callable[[JSONValue], list[str]]:
    """Return a function from a value to its violations, for a schema that many values are checked against."""
    try:
        validator = _compiled(schema, document)
    except jsonschema_rs.ValidationError as error:
        invalid_schema = [error.message]  # the same for every value
        return lambda _: invalid_schema
    return lambda value: [error.message for error in validator.iter_errors(value)]


def compile_predicate(schema: JSONValue, document: Node) -> Callable[[JSONValue], bool]:
    """Return a function from a value to whether it matches; faster than listing all violations."""
    try:
        return _compiled(schema, document).is_valid
    except jsonschema_rs.ValidationError:
        return lambda _: False


def _compiled(schema: JSONValue, document: Node) -> jsonschema_rs.Draft202012Validator:
    whole = {**as_mapping(schema), "components": document.get("components", {})}
    return jsonschema_rs.Draft202012Validator(whole, validate_formats=True, retriever=refuse_retrieval)


def refuse_retrieval(url: str) -> NoReturn:
    """Replace a validator's own retriever, which reads files and fetches URLs; raises LookupError."""
    raise LookupError(f"{url} {EXTERNAL}")
