"""What client, mock server and generator all need to read an API's lifecycles; standard library only.

Which module to open:

- `vocabulary`: the types that describe a lifecycle: states, operations, places of values in responses.
- `states`: the states alone.
- `async-jobs.schema.json`: the JSON Schema of `x-async-jobs`; `reader` reads it as those types.
- `durations`: ISO 8601 durations in it.
- `expressions`: OpenAPI runtime expressions such as `$response.body#/data/id`, parsed and evaluated.
- `pointers`: JSON Pointers (RFC 6901).
- `paths`: the JSONPaths of lists: names and `[*]`.
- `examples`: values that fit a schema, for example responses, minimal requests and satisfiability checks.
- `bounds`: the numbers among them.

None of it imports another package of this project.
"""
