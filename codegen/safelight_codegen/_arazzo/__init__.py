"""Arazzo workflows from the lifecycles of a document. docs/arazzo.md says what they do, and what they cannot.

- `document`: the whole Arazzo document.
- `stories`: the workflows of one lifecycle: submit and read, cancel, delete, list, an id that is unknown.
- `reading`: steps that read a job until it has a word, and its results.
- `ways`: the operations by which a client gets a waiting job to run.
- `steps`: one step: the operation, its parameters, body and criteria.
- `requests`: example parameters and bodies; `security`: the parameters that carry the key.
- `api`: operations of the document, and how a step refers to them; `sources`: where the document is.
- `criteria`: conditions on responses, and places as Arazzo writes them.
"""
