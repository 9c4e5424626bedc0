"""What a generated client package consists of, read from its source without importing it."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from safelight_codegen._generate.file_tree import Tree
from safelight_openapi import JSON, operations_by_id

_PLACEHOLDER = re.compile(r"\{[^}]*\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One operation's module, and the request it makes; placeholders in the path have no names."""

    module: str
    method: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One class: its attributes with annotation and default as written, the wire names it reads, its form."""

    name: str
    annotations: dict[str, str]
    defaults: dict[str, str]
    wire_names: frozenset[str]
    stringified: frozenset[str]


def nameless(path: str) -> str:
    """Strip the names from a path's placeholders, so that two spellings of one path are equal."""
    return _PLACEHOLDER.sub("{}", path)


def endpoints(package: Tree) -> list[Endpoint]:
    """Find every operation module."""
    return [
        Endpoint(module=name.removesuffix(".py").replace("/", "."), method=method, path=nameless(path))
        for name, tree in _modules(package, "api/")
        for method, path in _requests(tree)
    ]


def operation_modules(document: dict[str, JSON], package: Tree) -> dict[str, str]:
    """Find the module of every operation by what it sends: operationId to dotted name."""
    made = {(one.method, one.path): one.module for one in endpoints(package)}
    wanted = {name: (one.method, nameless(one.path)) for name, one in operations_by_id(document).items()}
    return {name: made[request] for name, request in wanted.items() if request in made}


def models(package: Tree) -> dict[str, Model]:
    """Find every class among the models, enums too, by its name."""
    classes = (node for _, tree in _modules(package, "models/") for node in tree.body)
    return {node.name: _model(node) for node in classes if isinstance(node, ast.ClassDef)}


def argument_defaults(package: Tree) -> Iterator[tuple[str, str]]:
    """Give (module, default as written) for every default of an operation's function."""
    for name, tree in _modules(package, "api/"):
        functions = (node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
        for function in functions:
            given = (*function.args.defaults, *function.args.kw_defaults)
            yield from ((name, ast.unparse(default)) for default in given if default is not None)


def _modules(package: Tree, prefix: str) -> Iterator[tuple[str, ast.Module]]:
    for name, content in package.items():
        if name.startswith(prefix) and name.endswith(".py"):
            yield name, ast.parse(content)


def _requests(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "_kwargs":
            parts = _literal_strings(node.value)
            yield parts["method"], parts["url"]


def _literal_strings(node: ast.expr | None) -> dict[str, str]:
    """Read a dict display; `"…".format(…)` counts as the string before the dot."""
    found = {}
    for key, value in zip(node.keys, node.values, strict=True) if isinstance(node, ast.Dict) else ():
        written = (
            value.func.value
            if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute)
            else value
        )
        if isinstance(key, ast.Constant) and isinstance(written, ast.Constant):
            found[str(key.value)] = str(written.value)
    return found


def _model(node: ast.ClassDef) -> Model:
    fields = [one for one in node.body if isinstance(one, ast.AnnAssign)]
    return Model(
        name=node.name,
        annotations={ast.unparse(one.target): ast.unparse(one.annotation) for one in fields},
        defaults={ast.unparse(one.target): ast.unparse(one.value) for one in fields if one.value},
        wire_names=frozenset(_first_arguments(node, "d.pop")),
        stringified=frozenset(_first_arguments(node, "str")),
    )


def _first_arguments(node: ast.ClassDef, function: str) -> Iterator[str]:
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and call.args and ast.unparse(call.func) == function:
            first = call.args[0]
            yield str(first.value) if isinstance(first, ast.Constant) else ast.unparse(first)
