"""Loads and validates overlay documents."""

import json
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema_rs

from safelight_lifecycle import format_pointer, parse_pointer
from safelight_openapi._findings.schema_errors import Wording, schema_problems
from safelight_openapi._overlay.errors import OverlayError, RejectedActionError
from safelight_openapi._overlay.model import ActionKind, Overlay, OverlayAction
from safelight_openapi._overlay.targets import compile_query
from safelight_openapi._reading.documents import DocumentError, JSONValue, read_document, string_keyed


def load_overlay(path: Path) -> Overlay:
    """Load and validate an overlay file; raises OverlayError if it cannot be read or is invalid."""
    try:
        document = read_document(path)
    except DocumentError as error:
        raise OverlayError(error.problem, overlay=error.where) from error
    return parse_overlay(document, source=path.as_posix())


def parse_overlay(document: JSONValue, *, source: str) -> Overlay:
    """Validate an overlay document; raises OverlayError.

    `source` is its name in errors, reports and provenance.
    """
    schema = json.loads(files(__package__).joinpath("overlay.schema.json").read_text("utf-8"))
    entries: Any = string_keyed(document)
    if entries is None:
        raise OverlayError("it is empty; an overlay begins with `overlay: 1.1.0`", overlay=source)
    if isinstance(entries, dict) and "overlay" not in entries and entries.keys() & {"openapi", "swagger"}:
        raise OverlayError("it is an OpenAPI document, not an overlay", overlay=source)
    errors = jsonschema_rs.validator_for(schema).iter_errors(entries)
    for problem in schema_problems(errors, schema, Wording(noun="key")):
        raise OverlayError(problem.advice, overlay=source, location=format_pointer(problem.path))
    reusable = entries.get("components", {}).get("actions", {})
    return Overlay(
        source=source,
        version=entries["overlay"].rpartition(".")[0],
        title=entries["info"]["title"],
        extends=entries.get("extends"),
        actions=tuple(
            _action(_whole(entry, reusable, number, source), number, source)
            for number, entry in enumerate(entries["actions"], start=1)
        ),
    )


def _whole(
    entry: dict[str, Any], reusable: dict[str, dict[str, Any]], number: int, source: str
) -> dict[str, Any]:
    """Return an action; of a reference, the reusable action with the target and description beside it."""
    if "$ref" not in entry:
        return entry
    (name,) = parse_pointer(unquote(entry["$ref"].removeprefix("#/components/actions")))
    if name not in reusable:
        known = ", ".join(reusable) or "none"
        reason = f"there is no reusable action {name}; `components` has {known}"
        raise OverlayError(reason, overlay=source, action=number, target=entry["target"])
    return {**reusable[name].get("fields", {}), **{key: entry[key] for key in entry if key != "$ref"}}


def _action(entry: dict[str, Any], number: int, source: str) -> OverlayAction:
    action = OverlayAction(
        number=number,
        target=entry["target"],
        kind=_kind(entry),
        description=entry.get("description", ""),
        update=entry.get("update"),
        source=entry.get("copy", ""),
    )
    try:
        for query in filter(None, (action.target, action.source)):
            compile_query(query)
    except RejectedActionError as refusal:
        raise OverlayError(refusal.reason, overlay=source, action=number, target=action.target) from refusal
    return action


def _kind(entry: dict[str, Any]) -> ActionKind:
    if entry.get("remove"):
        return ActionKind.REMOVE  # takes precedence over an update or a copy in the same action
    return (
        ActionKind.UPDATE if "update" in entry else ActionKind.COPY if "copy" in entry else ActionKind.NOTHING
    )
