"""Builds everything under `generated/` as one value from documents, overlays and pinned tools."""

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from safelight_codegen._generate.client_package import client_package
from safelight_codegen._generate.errors import GenerationError
from safelight_codegen._generate.file_tree import CLIENTS, SPECS, Tree, prefixed
from safelight_codegen._generate.format import format_package
from safelight_codegen._generate.lifecycle_table import lifecycle_table
from safelight_codegen._generate.manifest import MANIFEST_NAME, build_manifest, read_manifest, sha256_digests
from safelight_codegen._generate.package_ast import modules_by_operation
from safelight_codegen._generate.single_server import relative_to_first_server
from safelight_codegen._generate.specs_package import spec_data, specs_package
from safelight_codegen._generate.templates import module_template, template_inputs
from safelight_codegen._generate.tool_versions import tool_versions
from safelight_codegen._generate.verify import verify_client
from safelight_openapi import EffectiveDocuments, build_effective, list_vendors


def build(root: Path, only: Sequence[str], *, current: Tree) -> dict[str, bytes]:
    """Return the files of all vendors, or of the vendors `only` and those that `current` has of the others.

    Nothing is written; about 10 s for three vendors. Raises GenerationError, SpecError, OverlayError or
    DocumentError.
    """
    tools, known = tool_versions(root), tuple(list_vendors(root))
    if not known:
        raise GenerationError(
            f"no openapi/*/source.toml below {root.resolve()};"
            " change to the folder that has openapi/, or use --root"
        )
    if unknown := sorted({*only} - {*known}):
        raise GenerationError(f"unknown vendor {unknown[0]!r}; it must be one of {', '.join(known)}")
    chosen = tuple(only or known)
    unchanged = tuple(
        vendor for vendor in known if vendor not in chosen and f"{SPECS}/{vendor}.json" in current
    )
    made = {vendor: build_effective(vendor, root) for vendor in chosen}
    tree = _packages((*chosen, *unchanged)) | _unchanged_files(current, unchanged)
    for vendor, specification in made.items():
        tree |= vendor_files(vendor, specification)
    inputs = (
        sha256_digests(template_inputs())
        | _unchanged_inputs(current, unchanged)
        | _inputs(root, made.values())
    )
    return tree | {MANIFEST_NAME: build_manifest(tree, inputs=inputs, tools=tools)}


def vendor_files(vendor: str, made: EffectiveDocuments) -> dict[str, bytes]:
    """Return one vendor's client and spec data; the client is verified against the spec."""
    truth = relative_to_first_server(made.truth)
    package = client_package(vendor, relative_to_first_server(made.codegen))
    modules = modules_by_operation(truth, package)
    dotted = {operation: f"{CLIENTS}.{vendor}.{module}" for operation, module in modules.items()}
    package = format_package(package | {"async_jobs.py": lifecycle_table(made.truth, dotted)})
    verify_client(vendor, truth, package)
    data = spec_data(vendor, truth=made.truth, strict=made.strict, provenance=dict(made.provenance))
    return prefixed(f"{CLIENTS}/{vendor}", package) | prefixed(SPECS, data)


def _packages(present: Sequence[str]) -> dict[str, bytes]:
    modules = {
        "__init__.py": module_template("clients_init"),
        "py.typed": "",
    }
    clients = {name: text.encode() for name, text in modules.items()}
    return prefixed(CLIENTS, clients) | prefixed(SPECS, specs_package(present))


def _unchanged_files(current: Tree, unchanged: Sequence[str]) -> dict[str, bytes]:
    owned = tuple(prefix for vendor in unchanged for prefix in (f"{CLIENTS}/{vendor}/", f"{SPECS}/{vendor}."))
    return {name: content for name, content in current.items() if name.startswith(owned)}


def _unchanged_inputs(current: Tree, unchanged: Sequence[str]) -> dict[str, str]:
    owned = tuple(f"{folder}/{vendor}/" for vendor in unchanged for folder in ("openapi", "overlays"))
    return {name: digest for name, digest in read_manifest(current).inputs.items() if name.startswith(owned)}


def _inputs(root: Path, made: Iterable[EffectiveDocuments]) -> dict[str, str]:
    paths = sorted({path for one in made for path in one.inputs})
    return {_name(path, root): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def _name(path: Path, root: Path) -> str:
    return path.resolve().relative_to(root.resolve()).as_posix()
