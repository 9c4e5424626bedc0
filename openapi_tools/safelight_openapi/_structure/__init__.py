"""What is where in an OpenAPI document.

- `grammar`: the kind of object at each place; walk or rewrite all objects of a kind.
- `references`: follow `$ref`; find the schemas of a place in an instance.
- `operations`: operations by operationId, with parameters, body and responses.
"""
