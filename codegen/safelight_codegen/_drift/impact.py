"""What in this repository stands for an operation of a vendor: functions, methods and handlers, by name.

Client and twin are read as text and never imported: the generator knows neither.
"""

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from safelight_codegen._drift.operation_matching import Call
from safelight_codegen._generate.file_tree import CLIENTS, read_tree
from safelight_codegen._generate.package_ast import nameless, operation_modules
from safelight_codegen._generate.single_server import seen_from_one_server
from safelight_openapi import DocumentOperation, Node, as_mapping, operations_by_id

_VENDOR_NAME = "x-vendor-operation-id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """One operation that changed: whose words it has there and here, and where our code has it."""

    vendor_name: str
    operation: str  # the operationId of the effective document
    functions: tuple[str, ...]  # of the generated client
    methods: tuple[str, ...]  # of the hand-written client
    handlers: tuple[str, ...]  # of the twin


def touched(
    names: Iterable[str], known: Sequence[Call], truth: Node, *, vendor: str, root: Path
) -> list[Touched]:
    """Find what stands for the operations of a vendored document that are named so."""
    ours = operations_by_id(truth)
    package = read_tree(root / "generated" / CLIENTS / vendor)
    modules = operation_modules(seen_from_one_server(truth), package)
    client = [root / "client" / "safelight"]
    twin = [root / "mockserver" / "safelight_mock" / "vendors" / vendor]
    found = []
    for call in (call for call in known if call.name in set(names)):
        for name in _ours(call, ours, truth):
            module = modules.get(name)
            found.append(
                Touched(
                    vendor_name=call.name,
                    operation=name,
                    functions=(f"{CLIENTS}.{vendor}.{module}",) if module else (),
                    methods=tuple(_mentions(name, client, root)),
                    handlers=tuple(_mentions(name, twin, root)),
                )
            )
    return found


def _ours(call: Call, ours: dict[str, DocumentOperation], truth: Node) -> list[str]:
    """Find our name for a vendor's operation: by the name kept beside it, by its address, or its end."""
    kept = [
        name for name, one in ours.items() if call.operation_id and _kept(one, truth) == call.operation_id
    ]
    same = [name for name, one in ours.items() if (one.method, nameless(one.path)) == call.address]
    method, path = call.address
    below = [name for name, one in ours.items() if one.method == method and path.endswith(nameless(one.path))]
    longest = sorted(below, key=lambda name: -len(ours[name].path))
    return (kept or same or longest)[:1]


def _kept(operation: DocumentOperation, truth: Node) -> object:
    item = as_mapping(as_mapping(truth.get("paths")).get(operation.path))
    return as_mapping(item.get(operation.method)).get(_VENDOR_NAME)


def _mentions(name: str, folders: Iterable[Path], root: Path) -> Iterator[str]:
    for path in (path for folder in folders for path in sorted(folder.rglob("*.py"))):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for line, owner in _literals(tree, name, ()):
            yield f"{path.relative_to(root).as_posix()}:{line}" + (f" {owner}" if owner else "")


def _literals(node: ast.AST, name: str, owners: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    """Find where a string stands in the code, and in which function or class."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Constant) and child.value == name:
            yield child.lineno, ".".join(owners)
        match child:
            case ast.FunctionDef(name=own) | ast.AsyncFunctionDef(name=own) | ast.ClassDef(name=own):
                yield from _literals(child, name, (*owners, own))
            case _:
                yield from _literals(child, name, owners)
