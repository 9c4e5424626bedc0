"""The whole of `generated/` as a value, made from specifications, overlays and pinned tools."""

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from safelight_codegen._generate.client_package import client_package
from safelight_codegen._generate.errors import GenerationError
from safelight_codegen._generate.file_tree import CLIENTS, SPECS, Tree, below
from safelight_codegen._generate.format import tidy
from safelight_codegen._generate.lifecycle_table import lifecycle_table
from safelight_codegen._generate.manifest import NAME, digests, manifest_of, read_manifest
from safelight_codegen._generate.package_ast import operation_modules
from safelight_codegen._generate.single_server import seen_from_one_server
from safelight_codegen._generate.specs_package import spec_data, specs_package
from safelight_codegen._generate.templates import house_template, template_inputs
from safelight_codegen._generate.tool_versions import tool_versions
from safelight_codegen._generate.verify import examine
from safelight_openapi import EffectiveDocuments, build_effective, list_vendors


def build(root: Path, only: Sequence[str], *, current: Tree) -> dict[str, bytes]:
    """Generate everything; or only some vendors anew, keeping the others from the current tree.

    Raises GenerationError, SpecError, OverlayError or DocumentError; nothing is written.
    """
    tools, known = tool_versions(root), tuple(list_vendors(root))
    if not known:
        raise GenerationError(
            f"no openapi/*/source.toml below {root.resolve()}: run it where openapi/ is, or give --root"
        )
    if strangers := sorted({*only} - {*known}):
        raise GenerationError(f"no folder openapi/{strangers[0]}; there are: {', '.join(known)}")
    chosen = tuple(only or known)
    kept = tuple(vendor for vendor in known if vendor not in chosen and f"{SPECS}/{vendor}.json" in current)
    made = {vendor: build_effective(vendor, root) for vendor in chosen}
    tree = _packages((*chosen, *kept)) | _kept_files(current, kept)
    for vendor, specification in made.items():
        tree |= vendor_files(vendor, specification)
    inputs = digests(template_inputs()) | _kept_inputs(current, kept) | _inputs(root, made.values())
    return tree | {NAME: manifest_of(tree, inputs=inputs, tools=tools)}


def vendor_files(vendor: str, made: EffectiveDocuments) -> dict[str, bytes]:
    """Generate one vendor's client and data; the client goes through the gate."""
    truth = seen_from_one_server(made.truth)
    package = client_package(vendor, seen_from_one_server(made.codegen))
    modules = operation_modules(truth, package)
    dotted = {operation: f"{CLIENTS}.{vendor}.{module}" for operation, module in modules.items()}
    package = tidy(package | {"async_jobs.py": lifecycle_table(made.truth, dotted)})
    examine(vendor, truth, package)
    data = spec_data(vendor, truth=made.truth, strict=made.strict, provenance=dict(made.provenance))
    return below(f"{CLIENTS}/{vendor}", package) | below(SPECS, data)


def _packages(present: Sequence[str]) -> dict[str, bytes]:
    modules = {
        "__init__.py": house_template("clients_init"),
        "py.typed": "",
    }
    clients = {name: text.encode() for name, text in modules.items()}
    return below(CLIENTS, clients) | below(SPECS, specs_package(present))


def _kept_files(current: Tree, kept: Sequence[str]) -> dict[str, bytes]:
    owned = tuple(prefix for vendor in kept for prefix in (f"{CLIENTS}/{vendor}/", f"{SPECS}/{vendor}."))
    return {name: content for name, content in current.items() if name.startswith(owned)}


def _kept_inputs(current: Tree, kept: Sequence[str]) -> dict[str, str]:
    owned = tuple(f"{folder}/{vendor}/" for vendor in kept for folder in ("openapi", "overlays"))
    return {name: digest for name, digest in read_manifest(current).inputs.items() if name.startswith(owned)}


def _inputs(root: Path, made: Iterable[EffectiveDocuments]) -> dict[str, str]:
    paths = sorted({path for one in made for path in one.inputs})
    return {_name(path, root): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def _name(path: Path, root: Path) -> str:
    return path.resolve().relative_to(root.resolve()).as_posix()
