"""What a vendor changed since its documents were vendored, and what has to be updated here.

- `report`: the complete result of a comparison; `report_formats`: as text, JSON and Markdown.
- `new_document`: reads a downloaded document, and finds the vendored one that it replaces.
- `compare`: all changes between two documents, by `operation_matching`, `servers_and_security`,
  `messages` and `schemas`; `uncompared` finds the remaining differences.
- `changes` and `rules`: changes, and the class of each in each direction.
- `schemas` uses `flattened_schemas`, `keywords` and `one_of_overlap`.
- `dry_run`: overlays applied to the new documents; `overlay_consequences`: which actions have to change.
- `impact`: functions, methods and handlers of an operation.
- `errors`: documents that cannot be compared.
"""

from safelight_codegen._drift.changes import ABSENT, Absent, ChangeSeverity, Direction, DocumentChange
from safelight_codegen._drift.compare import compare_documents

__all__ = ["ABSENT", "Absent", "ChangeSeverity", "Direction", "DocumentChange", "compare_documents"]
