"""Reading an overlay document, and refusing it in words unless it is valid."""

import json
from importlib.resources import files
from pathlib import Path
from textwrap import shorten
from typing import Any

import jsonschema_rs

from safelight_lifecycle import format_pointer
from safelight_openapi._overlay.errors import OverlayError, RefusalError
from safelight_openapi._overlay.model import Action, Kind, Overlay
from safelight_openapi._overlay.places import value_at
from safelight_openapi._overlay.targets import parsed
from safelight_openapi._reading.documents import JSON, DocumentError, read_document, string_keyed


def load_overlay(path: Path) -> Overlay:
    """Read and check an overlay; raises `OverlayError`, also for a file that cannot be read."""
    try:
        document = read_document(path)
    except DocumentError as error:
        raise OverlayError(error.problem, overlay=error.where) from error
    return parse_overlay(document, source=path.as_posix())


def parse_overlay(document: JSON, *, source: str) -> Overlay:
    """Check an overlay document already at hand; `source` names it in errors, reports and provenance."""
    schema = json.loads(files(__package__).joinpath("overlay.schema.json").read_text("utf-8"))
    entries: Any = string_keyed(document)
    for error in jsonschema_rs.validator_for(schema).iter_errors(entries):
        raise OverlayError(
            _sentence(error, schema), overlay=source, place=format_pointer(tuple(error.instance_path))
        )
    return Overlay(
        source=source,
        version=entries["overlay"].rpartition(".")[0],
        title=entries["info"]["title"],
        extends=entries.get("extends"),
        actions=tuple(
            _action(entry, number, source) for number, entry in enumerate(entries["actions"], start=1)
        ),
    )


def _sentence(error: jsonschema_rs.ValidationError, schema: dict[str, Any]) -> str:
    """Say what the schema itself has to say where it was broken, or else what the validator says."""
    *path, keyword = error.schema_path
    said = value_at(schema, (*path,)).get("x-otherwise", {}).get(keyword)
    return str(said or shorten(error.message, 200))


def _action(entry: dict[str, Any], number: int, source: str) -> Action:
    action = Action(
        number=number,
        target=entry["target"],
        kind=_kind(entry),
        description=entry.get("description", ""),
        update=entry.get("update"),
        source=entry.get("copy", ""),
    )
    try:
        for query in filter(None, (action.target, action.source)):
            parsed(query)
    except RefusalError as refusal:
        raise OverlayError(refusal.reason, overlay=source, action=number, target=action.target) from refusal
    return action


def _kind(entry: dict[str, Any]) -> Kind:
    if entry.get("remove"):
        return Kind.REMOVE  # it wins over an update or a copy beside it
    return Kind.UPDATE if "update" in entry else Kind.COPY if "copy" in entry else Kind.NOTHING
