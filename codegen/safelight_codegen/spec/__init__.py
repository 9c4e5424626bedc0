"""From a vendor's documents and overlays to the effective document that twin, client and tests read."""

from safelight_codegen.spec.errors import SpecError
from safelight_codegen.spec.pipeline import Effective, effective
from safelight_codegen.spec.source import vendors

__all__ = ["Effective", "SpecError", "effective", "vendors"]
