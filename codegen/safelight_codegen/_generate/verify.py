"""What must hold of a generated client: the generator's silence proves nothing.

That links lead somewhere and that every body can be sent is asked where the document is made.
"""

from collections.abc import Iterator, Mapping

from openapi_python_client.strings import ClassName, PythonIdentifier

from safelight_codegen._generate import package_ast as anatomy
from safelight_codegen._generate.errors import GenerationError
from safelight_codegen._generate.file_tree import Tree
from safelight_openapi import JSON, as_mapping, operations_by_id

_PREFIX = "field_"  # what the generator puts before a name Python does not allow
_NOTHING = "UNSET"


def examine(vendor: str, document: dict[str, JSON], package: Tree) -> None:
    """Refuse a client that says less, or more, than its document; GenerationError names every fault."""
    if found := "; ".join(_faults(document, package)):
        raise GenerationError(f"{vendor}: {found} (mend it by an overlay in overlays/{vendor}/)")


def _faults(document: dict[str, JSON], package: Tree) -> Iterator[str]:
    modules, models = anatomy.operation_modules(document, package), anatomy.models(package)
    for name, operation in operations_by_id(document).items():
        if name not in modules:
            yield f"{operation.label}: no module was generated"
    for name, schema in as_mapping(as_mapping(document.get("components")).get("schemas")).items():
        yield from _of_a_schema(name, as_mapping(schema), models)
    for model in models.values():
        yield from _of_a_model(model)
    for module, default in anatomy.argument_defaults(package):
        if default != _NOTHING:
            yield f"{module}: sends {default} when the caller gives nothing"


def _of_a_schema(name: str, schema: dict[str, JSON], models: Mapping[str, anatomy.Model]) -> Iterator[str]:
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
            yield f"schema {name}: {wire_name} is no File in its class"


def _is_bytes(schema: dict[str, JSON]) -> bool:
    """Tell whether a property is a file, in the words of OpenAPI 3.0 or of JSON Schema."""
    return schema.get("format") == "binary" or (
        "contentMediaType" in schema and "contentEncoding" not in schema
    )


def _is_file(model: anatomy.Model, wire_name: str) -> bool:
    return "File" in model.annotations.get(PythonIdentifier(wire_name, _PREFIX), "").split(" | ")


def _of_a_model(model: anatomy.Model) -> Iterator[str]:
    for name, default in model.defaults.items():
        if default != _NOTHING and not default.startswith("_attrs_field("):
            yield f"class {model.name}: sends {name}={default} when the caller gives nothing"
    for name, annotation in model.annotations.items():
        if "bool" in annotation.split(" | ") and f"self.{name}" in model.stringified:
            yield f"class {model.name}: {name} goes out as Python's True"
