"""OpenAPI overlays, version 1.1 of the specification (1.0 documents are accepted): read, checked, applied.

The specification is at https://spec.openapis.org/overlay/v1.1.0.html (read 2026-11-21).

- `loading`: an overlay document into the values of `model`; `overlay.schema.json` is the official schema.
- `engine`: actions applied in order; `draft` is the document meanwhile, with the origin of each place.
- `merge`: the edits that merging a value comes to. `targets`: what an RFC 9535 query selects; `regexps`: its
  functions `match` and `search` in linear time. `places`: keys and indices from the root to a value.
"""

from safelight_openapi._overlay.engine import apply_overlay, apply_overlays
from safelight_openapi._overlay.errors import OverlayError
from safelight_openapi._overlay.loading import load_overlay, parse_overlay
from safelight_openapi._overlay.model import Action, ActionReport, Applied, Kind, Origin, Overlay

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
