"""What must hold of a generated client: the generator's silence proves nothing."""

from collections.abc import Iterator, Mapping
from typing import Any

from openapi_python_client.strings import ClassName, PythonIdentifier

from safelight_codegen.generate import anatomy
from safelight_codegen.generate.errors import GenerationError
from safelight_codegen.generate.tree import Tree
from safelight_codegen.generate.witness import is_satisfiable, resolve

Document = Mapping[str, Any]

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_NOTHING_SENT = "UNSET"


def examine_document(vendor: str, document: Document) -> None:
    """Refuse a document with dangling links or bodies nobody can send; GenerationError names every fault."""
    _refuse(vendor, _of_the_document(document))


def examine_package(vendor: str, document: Document, package: Tree) -> None:
    """Refuse a client that says less, or more, than its document; GenerationError names every fault."""
    _refuse(vendor, _of_the_package(document, package))


def _refuse(vendor: str, faults: Iterator[str]) -> None:
    if found := "; ".join(faults):
        raise GenerationError(f"{vendor}: {found} (mend it by an overlay in overlays/{vendor}/)")


def operations(document: Document) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Give (method, path, operation) for every operation."""
    for path, item in document.get("paths", {}).items():
        yield from ((method, path, item[method]) for method in METHODS if method in item)


def operation_modules(document: Document, package: Tree) -> dict[str, str]:
    """Find the module of every operation by what it sends: operationId to dotted name."""
    made = {(one.method, one.path): one.module for one in anatomy.endpoints(package)}
    wanted = (
        (operation["operationId"], (method, anatomy.nameless(path)))
        for method, path, operation in operations(document)
    )
    return {name: made[request] for name, request in wanted if request in made}


def _of_the_document(document: Document) -> Iterator[str]:
    known = {operation["operationId"] for _, _, operation in operations(document)}
    for method, path, operation in operations(document):
        place = f"{method.upper()} {path}"
        yield from (
            f"{place}: a link leads to {to}, which does not exist"
            for to in _linked(operation, document) - known
        )
        for media, content in (
            _resolved(operation.get("requestBody", {}), document).get("content", {}).items()
        ):
            if not is_satisfiable(content.get("schema", {}), document):
                yield f"{place}: no instance was found for its {media} body"


def _linked(operation: Document, document: Document) -> set[str]:
    responses = (_resolved(response, document) for response in operation.get("responses", {}).values())
    links = (
        _resolved(link, document) for response in responses for link in response.get("links", {}).values()
    )
    return {link["operationId"] for link in links if "operationId" in link}


def _resolved(node: Document, document: Document) -> Document:
    return resolve(node["$ref"], document) if "$ref" in node else node


def _of_the_package(document: Document, package: Tree) -> Iterator[str]:
    modules, models = operation_modules(document, package), anatomy.models(package)
    for method, path, operation in operations(document):
        if operation["operationId"] not in modules:
            yield f"{method.upper()} {path}: no module was generated"
    for name, schema in document.get("components", {}).get("schemas", {}).items():
        yield from _of_a_schema(name, schema, models)
    for model in models.values():
        yield from _of_a_model(model)
    for module, default in anatomy.argument_defaults(package):
        if default != _NOTHING_SENT:
            yield f"{module}: sends {default} when the caller gives nothing"


def _of_a_schema(name: str, schema: Document, models: Mapping[str, anatomy.Model]) -> Iterator[str]:
    if not ({"enum", "properties", "allOf"} & schema.keys() or schema.get("type") == "object"):
        return
    model = models.get(ClassName(name, "field_"))
    if model is None:
        yield f"schema {name}: no class was generated"
        return
    for wire_name, one in schema.get("properties", {}).items():
        if wire_name not in model.wire_names:
            yield f"schema {name}: its class has no {wire_name}"
        elif one.get("format") == "binary" and not _is_file(model, wire_name):
            yield f"schema {name}: {wire_name} is no File in its class"


def _is_file(model: anatomy.Model, wire_name: str) -> bool:
    return "File" in model.annotations.get(PythonIdentifier(wire_name, "field_"), "").split(" | ")


def _of_a_model(model: anatomy.Model) -> Iterator[str]:
    for name, default in model.defaults.items():
        if default != _NOTHING_SENT and not default.startswith("_attrs_field("):
            yield f"class {model.name}: sends {name}={default} when the caller gives nothing"
    for name, annotation in model.annotations.items():
        if "bool" in annotation.split(" | ") and f"self.{name}" in model.stringified:
            yield f"class {model.name}: {name} goes out as Python's True"
