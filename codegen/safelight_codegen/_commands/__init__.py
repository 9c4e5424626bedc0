"""The subcommands of `safelight-codegen`, each imported when it is used.

- `generate`, `arazzo`, `drift`, `overlay`: those of these names.
- `sources`: `vendor` and `check-sources`.
- `options`: options that several have, and help in groups; `output`: results and errors.
"""
