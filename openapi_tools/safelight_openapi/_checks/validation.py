"""Judge values by the schemas of a document."""

from collections.abc import Callable
from typing import NoReturn

import jsonschema_rs

from safelight_openapi._reading.documents import JSON
from safelight_openapi._structure.operations import mapping
from safelight_openapi._structure.references import OUTWARD, Node


def faults(value: JSON, schema: JSON, document: Node) -> list[str]:
    """Say what keeps `value` from being an instance of `schema`, in draft 2020-12 with formats."""
    return judge(schema, document)(value)


def judge(schema: JSON, document: Node) -> Callable[[JSON], list[str]]:
    """Compile a schema into what `faults` asks, to be asked many times."""
    try:
        validator = _compiled(schema, document)
    except jsonschema_rs.ValidationError as error:
        unsound = [error.message]  # the schema itself is at fault, whatever the value
        return lambda _: unsound
    return lambda value: [error.message for error in validator.iter_errors(value)]


def acceptor(schema: JSON, document: Node) -> Callable[[JSON], bool]:
    """Compile a schema into whether a value has no faults, which is found far sooner than all of them."""
    try:
        return _compiled(schema, document).is_valid
    except jsonschema_rs.ValidationError:
        return lambda _: False


def _compiled(schema: JSON, document: Node) -> jsonschema_rs.Draft202012Validator:
    whole = {**mapping(schema), "components": document.get("components", {})}
    return jsonschema_rs.Draft202012Validator(whole, validate_formats=True, retriever=refused)


def refused(address: str) -> NoReturn:
    """Stand in for a validator's own retriever, which reads files and fetches addresses."""
    raise LookupError(f"{address} {OUTWARD}")
