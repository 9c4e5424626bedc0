"""What must hold for a document before it is served or code is generated from it.

- `document`: `find_violations` lists everything; references, format, links, bodies, examples, tags.
- `lifecycles`: `x-async-jobs` against its JSON Schema and against the document.
- `expressions`: the schemas of the value that a runtime expression reads.
- `validation`: values against a schema of the document.
"""
