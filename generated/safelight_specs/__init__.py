"""Every vendor's effective specification as data: what its service does or, strictly, what its document says."""

import json
from pathlib import Path
from typing import Any, Final

VENDORS: Final[tuple[str, ...]] = ("claid", "tengr", "topaz")


def spec_bytes(vendor: str, *, strict: bool = False) -> bytes:
    """Give a vendor's specification as UTF-8 JSON; LookupError for a vendor that has none."""
    return _data(vendor, "strict.json" if strict else "json")


def read_spec(vendor: str, *, strict: bool = False) -> dict[str, Any]:
    """Give a vendor's specification as a new dict on every call; LookupError for a vendor that has none."""
    document: dict[str, Any] = json.loads(spec_bytes(vendor, strict=strict))
    return document


def read_provenance(vendor: str) -> dict[str, Any]:
    """Say which parts of a specification are ours: JSON pointer to the overlay actions that made it."""
    provenance: dict[str, Any] = json.loads(_data(vendor, "provenance.json"))
    return provenance


def _data(vendor: str, suffix: str) -> bytes:
    if vendor not in VENDORS:
        raise LookupError(f"no specification for {vendor!r}; there are: {', '.join(VENDORS)}")
    # Not importlib.resources: its import costs a server 5 ms of its start.
    return Path(__file__).with_name(f"{vendor}.{suffix}").read_bytes()


__all__ = ["VENDORS", "read_provenance", "read_spec", "spec_bytes"]
