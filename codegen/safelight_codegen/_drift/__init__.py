"""What a vendor changed since its documents were vendored, and what follows from it here.

- `report`: everything a comparison finds; `report_formats`: as text, JSON and Markdown.
- `new_document`: whether a download is a document at all, and the successor of which.
- `compare`: all changes between two documents, by `operation_matching`, `servers_and_security`, `messages`
  and `schemas`; `uncompared` finds what none of them compared.
- `changes` and `rules`: what a change is, and of which class it is in which direction.
- `schemas` uses `flattened_schemas`, `keywords` and `one_of_overlap`.
- `dry_run`: our overlays applied to the new documents; `overlay_consequences`: which actions that breaks.
- `impact`: functions, methods and handlers of an operation.
"""

from safelight_codegen._drift.changes import ABSENT, Absent, Change, Direction, Severity
from safelight_codegen._drift.compare import compare

__all__ = ["ABSENT", "Absent", "Change", "Direction", "Severity", "compare"]
