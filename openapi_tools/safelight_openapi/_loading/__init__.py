"""From files to a checked effective document, for any API.

- `load`: `load_document` reads a document and its overlays, converts and checks them.
- `shape`: whether every object that is served has the type that OpenAPI gives it.
- `references`: references that lead nowhere, out of the document, or back to themselves.
- `closed_branches`: parts of an `allOf` that exclude one another are read as one object.
- `forbidden_members`: members that a schema both requires and forbids are not required.
- `schemas`: keywords of schemas that no validator accepts are ignored, with a note.
- `cache`: results of checks, in the user's cache directory.
"""
