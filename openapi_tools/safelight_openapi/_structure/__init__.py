"""The structure of OpenAPI documents.

- `grammar`: the kind of object at each location; walk or rewrite all objects of a kind.
- `references`: resolve `$ref`; the schemas of a location in an instance.
- `operations`: operations by operationId, with parameters, body and responses.
"""
