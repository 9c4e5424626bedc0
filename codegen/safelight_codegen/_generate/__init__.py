"""From effective documents to everything under `generated/`.

- `build`: all of it as one value. `file_tree`: folders as values. `manifest`: hashes of the inputs.
- `client_package`: what openapi-python-client makes of a document, by our `templates`; `format` runs ruff.
- `lifecycle_table`: `x-async-jobs` as a Python table. `single_server`: paths for clients of one base URL.
- `verify`: what must hold of a generated client; `package_ast` reads its source.
- `specs_package`: `safelight_specs`. `staleness`: why a tree is stale. `tool_versions`: those of the lock.
"""
