"""Everything that is wrong with a document, its overlays and its lifecycles, in one pass.

- `check`: `check_document`, which puts the parts together. `report`: its result, as text and as JSON.
- `layers`: overlays, action by action. `documents`, `format`, `validators`: the document and its examples.
- `form`, `lifecycles`: `x-async-jobs`.
- `remedies`: candidates and actions for findings about lifecycles. `coverage`: jobs that are in no lifecycle.
- `locations`: JSON pointers as keys and indices.
"""
