"""From a vendor's documents and overlays to the effective documents that all else reads.

- `source_file`: `openapi/<vendor>/source.toml`. `source_digests`: whether files are as they were vendored.
- `extract`: documents cut out of the pages on which they were published.
- `layers`: a vendor's overlays by layer (`truth`, `strict`, `codegen`), applied strictly.
- `pipeline`: `effective`, all steps in order. `provenance`: which overlay action set which place.
"""

from safelight_openapi._effective.pipeline import Effective, effective
from safelight_openapi._effective.source_file import vendors
from safelight_openapi._errors import SpecError

__all__ = ["Effective", "SpecError", "effective", "vendors"]
