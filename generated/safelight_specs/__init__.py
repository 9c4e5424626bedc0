"""The effective spec of every vendor as data: what the service does or, strict, what its document says."""

import json
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    __version__: str

VENDORS: Final[tuple[str, ...]] = ("claid", "tengr", "topaz")


def spec_bytes(vendor: str, *, strict: bool = False) -> bytes:
    """Return the spec of a vendor as UTF-8 JSON; raises LookupError for an unknown vendor."""
    return _data(vendor, "strict.json" if strict else "json")


def read_spec(vendor: str, *, strict: bool = False) -> dict[str, Any]:
    """Return the spec of a vendor, a new dict for every call; raises LookupError for an unknown vendor."""
    document: dict[str, Any] = json.loads(spec_bytes(vendor, strict=strict))
    return document


def read_provenance(vendor: str) -> dict[str, Any]:
    """Return the overlay actions that set parts of the spec, by JSON pointer; raises LookupError for an unknown vendor."""
    provenance: dict[str, Any] = json.loads(_data(vendor, "provenance.json"))
    return provenance


def _data(vendor: str, suffix: str) -> bytes:
    if vendor not in VENDORS:
        raise LookupError(f"unknown vendor {vendor!r}; must be one of {', '.join(VENDORS)}")
    # Not importlib.resources: its import adds 5 ms to the start of the server.
    return Path(__file__).with_name(f"{vendor}.{suffix}").read_bytes()


if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name == "__version__":
            return import_module("importlib.metadata").version("safelight")
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = ["VENDORS", "read_provenance", "read_spec", "spec_bytes"]
