"""Checks a generated client against its document: the generator omits parts without a message.

Links and request bodies are checked when the document is built.
"""

from collections.abc import Iterator, Mapping

from openapi_python_client.strings import ClassName, PythonIdentifier

from safelight_codegen._generate import package_ast
from safelight_codegen._generate.errors import GenerationError
from safelight_codegen._generate.file_tree import Tree
from safelight_openapi import JSONValue, as_mapping, operations_by_id

_PREFIX = "field_"  # of names that Python does not allow
_NOTHING = "UNSET"


def verify_client(vendor: str, document: dict[str, JSONValue], package: Tree) -> None:
    """Raise GenerationError, with every problem, if a client lacks part of its document or sends more."""
    if problems := "; ".join(client_problems(document, package)):
        raise GenerationError(f"{vendor}: {problems} (correct this by an overlay in overlays/{vendor}/)")


def client_problems(document: dict[str, JSONValue], package: Tree) -> Iterator[str]:
    """Yield what a client lacks of its document, and what it sends unasked."""
    modules, models = (
        package_ast.modules_by_operation(document, package),
        package_ast.generated_classes(package),
    )
    for name, operation in operations_by_id(document).items():
        if name not in modules:
            yield f"{operation.label}: no module was generated"
    for name, schema in as_mapping(as_mapping(document.get("components")).get("schemas")).items():
        yield from _schema_problems(name, as_mapping(schema), models)
    for model in models.values():
        yield from _class_problems(model)
    for module, default in package_ast.argument_defaults(package):
        if default != _NOTHING:
            yield f"{module}: sends {default} if the caller passes nothing"


def _schema_problems(
    name: str, schema: dict[str, JSONValue], models: Mapping[str, package_ast.GeneratedClass]
) -> Iterator[str]:
    if not ({"enum", "properties", "allOf"} & schema.keys() or schema.get("type") == "object"):
        return
    model = models.get(ClassName(name, _PREFIX))
    if model is None:
        yield f"schema {name}: no class was generated"
        return
    for wire_name, one in as_mapping(schema.get("properties")).items():
        if wire_name not in model.wire_names:
            yield f"schema {name}: its class has no {wire_name}"
        elif _is_bytes(as_mapping(one)) and not _is_file(model, wire_name):
            yield f"schema {name}: {wire_name} is not a File in its class"


def _is_bytes(schema: dict[str, JSONValue]) -> bool:
    """Whether a property is a file, in OpenAPI 3.0 or in JSON Schema."""
    return schema.get("format") == "binary" or (
        "contentMediaType" in schema and "contentEncoding" not in schema
    )


def _is_file(model: package_ast.GeneratedClass, wire_name: str) -> bool:
    return "File" in model.annotations.get(PythonIdentifier(wire_name, _PREFIX), "").split(" | ")


def _class_problems(model: package_ast.GeneratedClass) -> Iterator[str]:
    for name, default in model.defaults.items():
        if default != _NOTHING and not default.startswith("_attrs_field("):
            yield f"class {model.name}: sends {name}={default} if the caller passes nothing"
    for name, annotation in model.annotations.items():
        if "bool" in annotation.split(" | ") and f"self.{name}" in model.stringified:
            yield f"class {model.name}: {name} goes out as Python's True"
