"""Reading an overlay document and refusing it, in words, unless it is valid."""

import json
from functools import cache
from importlib.resources import files
from pathlib import Path

import jsonschema_rs

from safelight_codegen.documents import JSON, DocumentError, read_document, string_keyed
from safelight_codegen.overlay.errors import OverlayError, Refusal
from safelight_codegen.overlay.model import Action, Kind, Overlay
from safelight_codegen.overlay.places import pointer
from safelight_codegen.overlay.targets import parsed


def load_overlay(path: Path) -> Overlay:
    """Read and check an overlay; raises `OverlayError`, also for a file that cannot be read."""
    try:
        document = read_document(path)
    except DocumentError as error:
        raise OverlayError(error.problem, overlay=error.where) from error
    return parse_overlay(document, source=path.as_posix())


def parse_overlay(document: JSON, *, source: str) -> Overlay:
    """Check an overlay document already at hand; `source` names it in errors, reports and provenance."""
    document = string_keyed(document)
    for error in _schema().iter_errors(document):
        raise OverlayError(error.message, overlay=source, place=pointer(tuple(error.instance_path)))
    return _overlay(document, source)


@cache
def _schema() -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(
        json.loads((files(__package__) / "overlay.schema.json").read_text("utf-8"))
    )


def _overlay(document: dict, source: str) -> Overlay:
    return Overlay(
        source=source,
        version=document["overlay"].rpartition(".")[0],
        title=document["info"]["title"],
        extends=document.get("extends"),
        actions=tuple(
            _action(entry, number, source) for number, entry in enumerate(document["actions"], start=1)
        ),
    )


def _action(entry: dict, number: int, source: str) -> Action:
    action = Action(
        number=number,
        target=entry["target"],
        kind=_kind(entry),
        description=entry.get("description", ""),
        update=entry.get("update"),
        source=entry.get("copy", ""),
    )
    for query in filter(None, (action.target, action.source)):
        try:
            parsed(query)
        except Refusal as refusal:
            raise OverlayError(
                refusal.reason, overlay=source, action=number, target=action.target
            ) from refusal
    return action


def _kind(entry: dict) -> Kind:
    if entry.get("remove"):
        return Kind.REMOVE
    return Kind.UPDATE if "update" in entry else Kind.COPY if "copy" in entry else Kind.NOTHING
