"""Which overlay action set the value at a location of the effective document."""

from collections.abc import Iterable

from safelight_openapi._overlay.model import ActionOrigin, OverlayResult
from safelight_openapi._reading.documents import JSONValue
from safelight_openapi._structure.references import node_at


def merge_provenance(parts: Iterable[OverlayResult], whole: OverlayResult) -> dict[str, JSONValue]:
    """Return the origin (overlay, action, description) of what overlays set, by JSON pointer.

    `parts` are the documents before the join, `whole` is the joined one after its overlays. An origin applies
    to everything below its pointer that has no origin of its own.
    """
    before_join = {pointer: origin for part in parts for pointer, origin in part.provenance.items()}
    kept = {pointer: origin for pointer, origin in before_join.items() if _is_kept(pointer, whole)}
    merged = kept | dict(whole.provenance)
    return {pointer: _plain(merged[pointer]) for pointer in sorted(merged)}


def _is_kept(pointer: str, whole: OverlayResult) -> bool:
    """Whether an origin from before the join still applies: nothing removed or replaced the value.

    Tags are excluded, because the join changes their index.
    """
    return (
        not pointer.startswith("/tags")
        and whole.origin(pointer) is None
        and node_at(whole.document, pointer) is not None
    )


def _plain(origin: ActionOrigin) -> JSONValue:
    return {"overlay": origin.overlay, "action": origin.action, "description": origin.description}
