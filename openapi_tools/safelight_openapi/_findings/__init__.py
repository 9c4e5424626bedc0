"""What is wrong with a document, an overlay or a lifecycle, as values that people and programs can act on.

- `finding`: one finding, its code and its severity.
- `fixes`: overlay actions that correct a value.
- `candidates`: the names that a misspelled one may mean.
- `schema_errors`: errors of a JSON Schema as sentences.
"""
