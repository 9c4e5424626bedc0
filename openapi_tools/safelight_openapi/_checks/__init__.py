"""What must hold of a document before it is served or generated from.

- `document`: `complaints` lists everything; references, format, links, bodies, examples, tags.
- `lifecycles`: `x-async-jobs` against its JSON Schema and against the document.
- `expressions`: the schemas of what a runtime expression names.
- `validation`: values against a schema of the document.
"""
