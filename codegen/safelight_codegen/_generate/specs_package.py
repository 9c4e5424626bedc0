"""The package `safelight_specs`: effective documents as JSON that a person can compare line by line."""

from collections.abc import Sequence

from safelight_codegen._generate.format import tidy
from safelight_codegen._generate.templates import house_template
from safelight_openapi import JSON, dump_json


def specs_package(vendors: Sequence[str]) -> dict[str, bytes]:
    """Make the package's own modules."""
    listed = tuple(sorted(vendors))
    module = tidy({"__init__.py": house_template("specs_init").replace("{vendors}", repr(listed)).encode()})
    return module | {"py.typed": b""}


def spec_data(vendor: str, *, truth: JSON, strict: JSON, provenance: JSON) -> dict[str, bytes]:
    """Make a vendor's three files: what its service does, what its document says, which parts are ours."""
    return {
        f"{vendor}.json": _bytes(truth),
        f"{vendor}.strict.json": _bytes(strict),
        f"{vendor}.provenance.json": _bytes(provenance),
    }


def _bytes(document: JSON) -> bytes:
    return dump_json(document).encode()
