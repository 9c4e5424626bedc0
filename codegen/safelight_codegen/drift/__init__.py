"""What a vendor changed since its documents were vendored, and what follows from it here."""

from safelight_codegen.drift.compare import compare
from safelight_codegen.drift.model import ABSENT, Absent, Change, Direction, Severity

__all__ = ["ABSENT", "Absent", "Change", "Direction", "Severity", "compare"]
