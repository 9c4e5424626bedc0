"""Which overlay action put there what stands at a place of the effective document."""

from collections.abc import Iterable

from safelight_openapi._overlay import Applied, Origin
from safelight_openapi._reading.documents import JSON
from safelight_openapi._structure.references import node_at


def provenance(parts: Iterable[Applied], whole: Applied) -> dict[str, JSON]:
    """JSON pointer -> overlay, action and description, for what overlays set before the join and after it.

    What an entry says holds for everything below its pointer that has no entry of its own.
    """
    early = {place: origin for part in parts for place, origin in part.provenance.items()}
    kept = {place: origin for place, origin in early.items() if _stands(place, whole)}
    merged = kept | dict(whole.provenance)
    return {place: _plain(merged[place]) for place in sorted(merged)}


def _stands(place: str, whole: Applied) -> bool:
    """Tags change their index in the join, and what a later overlay set is no longer the earlier one's."""
    return (
        not place.startswith("/tags")
        and whole.origin(place) is None
        and node_at(whole.document, place) is not None
    )


def _plain(origin: Origin) -> JSON:
    return {"overlay": origin.overlay, "action": origin.action, "description": origin.description}
