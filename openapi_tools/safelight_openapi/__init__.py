"""OpenAPI documents: read, converted to one dialect, changed by overlays, joined and checked.

Nothing here generates code. Which room to open, each importing only those above it:

- `reading`: JSON and YAML files as plain values, with bounds; the type `JSON`.
- `structure`: where each kind of object is in a document; references and operations.
- `overlay`: OpenAPI overlays 1.1: load, apply, report per action, origin of each place.
- `convert`: any OpenAPI 3.0 or 3.1 document as 3.1.2; several documents as one.
- `checks`: what must hold of a document, its examples and its lifecycles.
- `effective`: a vendor's folder, from `source.toml` over the layers of overlays to the effective documents.

`errors` has the one exception about documents that cannot become effective ones.
"""
