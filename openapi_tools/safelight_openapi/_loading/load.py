"""Reads a document and its overlays, converts, applies and checks them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from safelight_openapi._convert.normalise import convert, name_operations
from safelight_openapi._errors import SpecError
from safelight_openapi._loading.closed_branches import open_branches
from safelight_openapi._loading.forbidden_members import allow_values
from safelight_openapi._loading.references import decode_references, reference_problems
from safelight_openapi._loading.schemas import usable_schemas
from safelight_openapi._loading.shape import shape_problems
from safelight_openapi._overlay.engine import apply_overlays
from safelight_openapi._overlay.errors import OverlayError
from safelight_openapi._overlay.loading import load_overlay
from safelight_openapi._overlay.model import ActionReport
from safelight_openapi._reading.documents import DocumentError, JSONValue, read_document
from safelight_openapi._structure.grammar import METHODS
from safelight_openapi._structure.references import Node

MOST = 20  # problems that an error lists

Check = Callable[[Node], Iterable[str]]
Describe = Callable[[Node], dict[str, JSONValue]]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedDocument:
    """An effective document (OpenAPI 3.1.2), and a sentence for each thing that is not as written.

    `about` is what the caller describes of it.
    """

    document: dict[str, JSONValue]
    notes: tuple[str, ...] = ()
    about: dict[str, JSONValue] = field(default_factory=dict)


def load_document(
    path: Path,
    overlays: Sequence[Path] = (),
    *,
    checks: Sequence[Check] = (),
    describe: Describe = lambda _: {},
) -> LoadedDocument:
    """Read a document of any supported version, apply overlays to it in their order, and check it.

    `checks` are further ones; each yields a sentence for every problem and runs if those before it find none.
    `describe` returns what is to be known of the document without parsing it, when it is kept. A document is
    refused for what cannot be served: objects of a wrong type, references that cannot be followed. Raises
    SpecError with all problems of the first check that finds any.
    """
    subject = path.as_posix()
    try:
        converted = convert(read_document(path))
        applied = apply_overlays(converted.document, [load_overlay(overlay) for overlay in overlays])
    except (DocumentError, OverlayError) as error:
        raise SpecError(subject, [sentence_of(error, subject)]) from error
    except SpecError as error:
        raise SpecError(subject, error.problems) from error
    document, notes = prepared(subject, applied.document, checks)
    idle = map(_without_effect, _idle(applied.actions))
    return LoadedDocument(
        document=document, about=describe(document), notes=(*converted.notes, *idle, *notes)
    )


def prepared(subject: str, applied: JSONValue, checks: Sequence[Check]) -> tuple[Node, tuple[str, ...]]:
    """Return a document after its overlays as it is served, and what of it is not as written.

    Raises SpecError as `load_document` does.
    """
    document = applied if isinstance(applied, dict) else {}
    _reject(subject, shape_problems(document))
    named = name_operations(document)  # overlays may have added operations
    document, references = decode_references(named.document)
    _reject(subject, reference_problems(document, references))
    document, opened = open_branches(document)
    document, allowed = allow_values(document)
    document, ignored = usable_schemas(document, references.values())
    for check in (_operation_problems, *checks):
        _reject(subject, check(document))
    return document, (*named.notes, *opened, *allowed, *ignored)


def sentence_of(error: Exception, subject: str) -> str:
    """Return the message of an error without the file that it is about."""
    text = str(error).removeprefix(subject)
    return text.removeprefix(":").removeprefix(",").strip().removesuffix(".")


def _idle(actions: Iterable[ActionReport]) -> Iterator[ActionReport]:
    return (action for action in actions if not action.locations)


def _without_effect(action: ActionReport) -> str:
    return f"{action.overlay}, action {action.number}: its target {action.target} matches nothing"


def _operation_problems(document: Node) -> Iterator[str]:
    paths = document["paths"]
    items = paths.values() if isinstance(paths, dict) else ()
    if not any(method in item for item in items if isinstance(item, dict) for method in METHODS):
        yield "/paths: it has no operation; use a document that has at least one"


def _reject(subject: str, problems: Iterable[str]) -> None:
    listed = list(problems)
    if listed:
        more = [f"… and {len(listed) - MOST} more"] if len(listed) > MOST else []
        raise SpecError(subject, [*listed[:MOST], *more])
