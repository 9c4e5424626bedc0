"""OpenAPI overlays, version 1.1 of the specification (1.0 documents are accepted): read, checked, applied.

The specification is at https://spec.openapis.org/overlay/v1.1.0.html (read 2026-11-21).
"""

from safelight_openapi.overlay.engine import apply_overlay, apply_overlays
from safelight_openapi.overlay.errors import OverlayError
from safelight_openapi.overlay.loading import load_overlay, parse_overlay
from safelight_openapi.overlay.model import Action, ActionReport, Applied, Kind, Origin, Overlay

__all__ = [
    "Action",
    "ActionReport",
    "Applied",
    "Kind",
    "Origin",
    "Overlay",
    "OverlayError",
    "apply_overlay",
    "apply_overlays",
    "load_overlay",
    "parse_overlay",
]
