"""From a vendor's documents and overlays to the effective document that twin, client and tests read."""

from safelight_openapi.effective.pipeline import Effective, effective
from safelight_openapi.effective.source_file import vendors
from safelight_openapi.errors import SpecError

__all__ = ["Effective", "SpecError", "effective", "vendors"]
