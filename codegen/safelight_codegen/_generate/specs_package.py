"""The package `safelight_specs`: effective documents as JSON, with one member per line."""

from collections.abc import Sequence

from safelight_codegen._generate.format import format_package
from safelight_codegen._generate.templates import module_template
from safelight_openapi import JSONValue, dump_json


def specs_package(vendors: Sequence[str]) -> dict[str, bytes]:
    """Return the modules of the package."""
    listed = tuple(sorted(vendors))
    module = format_package(
        {"__init__.py": module_template("specs_init").replace("{vendors}", repr(listed)).encode()}
    )
    return module | {"py.typed": b""}


def spec_data(vendor: str, *, truth: JSONValue, strict: JSONValue, provenance: JSONValue) -> dict[str, bytes]:
    """Return a vendor's three files: the truth and strict documents, and the origin of added parts."""
    return {
        f"{vendor}.json": _bytes(truth),
        f"{vendor}.strict.json": _bytes(strict),
        f"{vendor}.provenance.json": _bytes(provenance),
    }


def _bytes(document: JSONValue) -> bytes:
    return dump_json(document).encode()
