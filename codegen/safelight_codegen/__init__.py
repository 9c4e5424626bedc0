"""Generation of clients and specifications, and comparison with what a vendor publishes next.

- `cli`: the command `safelight-codegen`. `commands`: its subcommands.
- `generate`: from effective documents (`safelight_openapi._effective`) to everything under `generated/`.
- `drift`: what changed between two documents, and what follows from it here.
"""
