"""OpenAPI overlays, version 1.1 of the specification (1.0 documents are accepted): loaded, checked, applied.

The specification is at https://spec.openapis.org/overlay/v1.1.0.html (read 2026-11-21).

- `loading`: an overlay document as values of `model`; `overlay.schema.json` is the official schema.
- `engine`: actions applied in order; `draft` is the document meanwhile, with the origin of each location.
- `merge`: the edits that merging a value requires. `targets`: what an RFC 9535 query selects; `regexps`: its
  functions `match` and `search` in linear time. `locations`: keys and indices from the root to a value.
- `errors`: what is wrong with an overlay or an action.
"""
