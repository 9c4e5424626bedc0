"""What a vendor changed since its documents were vendored, and what follows from it here."""

from safelight_codegen.drift.changes import ABSENT, Absent, Change, Direction, Severity
from safelight_codegen.drift.compare import compare

__all__ = ["ABSENT", "Absent", "Change", "Direction", "Severity", "compare"]
