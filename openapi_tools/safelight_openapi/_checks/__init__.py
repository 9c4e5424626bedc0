"""What must hold for a document before it is served or code is generated from it.

- `document`: `find_violations` lists everything; references, format, links, bodies, examples, tags.
- `lifecycles`: `x-async-jobs` against its JSON Schema and the document. `lifecycle_places`: the places
  in it. `lifecycle_parts`: what is named where. `lifecycle_meaning`: keys that contradict one another.
- `expressions`: the schemas of the value that a runtime expression reads.
- `validation`: values against a schema of the document.
"""
