"""Finds the functions, methods and handlers of an operation in this repository.

Client and server are parsed as text and never imported, because the generator must not depend on them.
"""

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from safelight_codegen._drift.operation_matching import ComparedOperation
from safelight_codegen._generate.file_tree import CLIENTS, read_tree
from safelight_codegen._generate.package_ast import modules_by_operation, without_parameter_names
from safelight_codegen._generate.single_server import relative_to_first_server
from safelight_openapi import DocumentOperation, Node, as_mapping, operations_by_id

_VENDOR_NAME = "x-vendor-operation-id"


@dataclass(frozen=True, slots=True, kw_only=True)
class AffectedOperation:
    """An operation that changed, with its names and where the code implements it."""

    vendor_name: str
    operation: str  # the operationId of the effective document
    functions: tuple[str, ...]  # of the generated client
    methods: tuple[str, ...]  # of the hand-written client
    handlers: tuple[str, ...]  # of the mock server


def affected_operations(
    names: Iterable[str], known: Sequence[ComparedOperation], truth: Node, *, vendor: str, root: Path
) -> list[AffectedOperation]:
    """Return the changed operations, and where they are implemented.

    - `names`: the vendor's names of the changed operations
    - `known`: all operations of the vendored document
    - `truth`: the effective document, which may name them otherwise
    - `root`: the checkout: handlers and methods are the definitions there that mention an operation
    """
    ours = operations_by_id(truth)
    package = read_tree(root / "generated" / CLIENTS / vendor)
    modules = modules_by_operation(relative_to_first_server(truth), package)
    client = [root / "client" / "safelight"]
    server = [root / "mockserver" / "safelight_mock" / "vendors" / vendor]
    affected = []
    for one in (one for one in known if one.name in set(names)):
        for name in _own_names(one, ours, truth):
            module = modules.get(name)
            affected.append(
                AffectedOperation(
                    vendor_name=one.name,
                    operation=name,
                    functions=(f"{CLIENTS}.{vendor}.{module}",) if module else (),
                    methods=tuple(_mentions(name, client, root)),
                    handlers=tuple(_mentions(name, server, root)),
                )
            )
    return affected


def _own_names(compared: ComparedOperation, ours: dict[str, DocumentOperation], truth: Node) -> list[str]:
    """Return the operationId in the effective document.

    It is found by the vendor's name that an overlay kept, by method and path, or by the end of the path: a
    server's path may have moved into the base URL.
    """
    vendor_names = [
        name
        for name, one in ours.items()
        if compared.operation_id and _vendor_name(one, truth) == compared.operation_id
    ]
    same = [
        name
        for name, one in ours.items()
        if (one.method, without_parameter_names(one.path)) == compared.route
    ]
    method, path = compared.route
    below = [
        name
        for name, one in ours.items()
        if one.method == method and path.endswith(without_parameter_names(one.path))
    ]
    longest = sorted(below, key=lambda name: -len(ours[name].path))
    return (vendor_names or same or longest)[:1]


def _vendor_name(operation: DocumentOperation, truth: Node) -> object:
    item = as_mapping(as_mapping(truth.get("paths")).get(operation.path))
    return as_mapping(item.get(operation.method)).get(_VENDOR_NAME)


def _mentions(name: str, folders: Iterable[Path], root: Path) -> Iterator[str]:
    for path in (path for folder in folders for path in sorted(folder.rglob("*.py"))):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for line, owner in _literals(tree, name, ()):
            yield f"{path.relative_to(root).as_posix()}:{line}" + (f" {owner}" if owner else "")


def _literals(node: ast.AST, name: str, owners: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    """Yield line and enclosing function or class of each occurrence of a string."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Constant) and child.value == name:
            yield child.lineno, ".".join(owners)
        match child:
            case ast.FunctionDef(name=own) | ast.AsyncFunctionDef(name=own) | ast.ClassDef(name=own):
                yield from _literals(child, name, (*owners, own))
            case _:
                yield from _literals(child, name, owners)
