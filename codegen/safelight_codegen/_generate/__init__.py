"""From effective documents to everything under `generated/`.

- `build`: everything as one value. `file_tree`: folders as values. `manifest`: digests of the inputs.
- `client_package`: the output of openapi-python-client with our `templates`; `format` runs ruff.
- `lifecycle_table`: `x-async-jobs` as a Python table; `api_table`: requests and server; `security`: the key.
- `single_server`: paths for clients of one base URL.
- `spec_client`: a client of any document, under a name of the user's; `typed_jobs`: its functions that start
  jobs.
- `verify`: what must hold for a generated client; `package_ast` reads its source.
- `specs_package`: `safelight_specs`. `staleness`: why a tree is outdated. `tool_versions`: those of the lock.
- `errors`: the error of this folder.
"""
