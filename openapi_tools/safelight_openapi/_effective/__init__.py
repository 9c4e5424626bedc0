"""From a vendor's documents and overlays to the effective documents that everything else reads.

- `source_file`: `openapi/<vendor>/source.toml`. `source_digests`: whether vendored files are unchanged.
- `extract`: documents extracted from the pages on which they were published.
- `layers`: a vendor's overlays by layer (`truth`, `strict`, `codegen`), applied strictly.
- `pipeline`: `build_effective`, all steps in order. `provenance`: which overlay action set which location.
"""
