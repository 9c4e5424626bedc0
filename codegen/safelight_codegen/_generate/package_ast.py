"""Reads the source of a generated client package without importing it."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from safelight_codegen._generate.file_tree import Tree
from safelight_openapi import JSONValue, operations_by_id

_PLACEHOLDER = re.compile(r"\{[^}]*\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """The module of an operation, and the request it makes; path parameters have no names."""

    module: str
    method: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratedClass:
    """A class: annotations and defaults of its attributes as source, and the names of fields it parses.

    `stringified` are attributes that it converts with `str` to send them as form fields.
    """

    name: str
    annotations: dict[str, str]
    defaults: dict[str, str]
    wire_names: frozenset[str]
    stringified: frozenset[str]


def without_parameter_names(path: str) -> str:
    """Return a path without the names of its parameters, so that different names do not matter."""
    return _PLACEHOLDER.sub("{}", path)


def list_endpoints(package: Tree) -> list[Endpoint]:
    """Return every operation module."""
    return [
        Endpoint(
            module=name.removesuffix(".py").replace("/", "."),
            method=method,
            path=without_parameter_names(path),
        )
        for name, tree in _modules(package, "api/")
        for method, path in _requests(tree)
    ]


def modules_by_operation(document: dict[str, JSONValue], package: Tree) -> dict[str, str]:
    """Return the module of each operationId; they are matched by method and path."""
    made = {(one.method, one.path): one.module for one in list_endpoints(package)}
    requests = {
        name: (one.method, without_parameter_names(one.path))
        for name, one in operations_by_id(document).items()
    }
    return {name: made[request] for name, request in requests.items() if request in made}


def generated_classes(package: Tree) -> dict[str, GeneratedClass]:
    """Return every class of the models, including enums, by its name."""
    classes = (node for _, tree in _modules(package, "models/") for node in tree.body)
    return {node.name: _model(node) for node in classes if isinstance(node, ast.ClassDef)}


def argument_defaults(package: Tree) -> Iterator[tuple[str, str]]:
    """Yield the module and the source of every default of an operation's functions."""
    for name, tree in _modules(package, "api/"):
        functions = (node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
        for function in functions:
            defaults = (*function.args.defaults, *function.args.kw_defaults)
            yield from ((name, ast.unparse(default)) for default in defaults if default is not None)


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
    """Return the strings of a dict display; `"…".format(…)` counts as the string before the dot."""
    strings = {}
    for key, value in zip(node.keys, node.values, strict=True) if isinstance(node, ast.Dict) else ():
        written = (
            value.func.value
            if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute)
            else value
        )
        if isinstance(key, ast.Constant) and isinstance(written, ast.Constant):
            strings[str(key.value)] = str(written.value)
    return strings


def _model(node: ast.ClassDef) -> GeneratedClass:
    fields = [one for one in node.body if isinstance(one, ast.AnnAssign)]
    return GeneratedClass(
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
