"""Arazzo workflows from the lifecycles of a document. docs/arazzo.md says what they do, and what they cannot.

- `document`: the whole Arazzo document.
- `workflows`: the workflows of one lifecycle: submit and read, cancel, delete, list, an id that is unknown.
- `reading`: steps that poll a job until it has a state, and read its results.
- `starting`: the operations by which a client starts a waiting job.
- `steps`: one step: the operation, its parameters, body and criteria.
- `requests`: example parameters and bodies; `security`: the parameters that carry the key.
- `api`: operations of the document, and how a step refers to them; `sources`: where the document is.
- `criteria`: conditions on responses, and places as Arazzo writes them.
"""
