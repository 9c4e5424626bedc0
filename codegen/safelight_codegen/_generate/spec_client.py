"""A client package under the user's own name, from any checked document."""

import ast
import keyword
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path

from safelight_codegen._generate.api_table import constant_of
from safelight_codegen._generate.client_package import generate_package
from safelight_codegen._generate.errors import GenerationError
from safelight_codegen._generate.file_tree import Tree, read_tree
from safelight_codegen._generate.format import format_package
from safelight_codegen._generate.lifecycle_table import client_table, table_source
from safelight_codegen._generate.package_ast import modules_by_operation
from safelight_codegen._generate.single_server import relative_to_first_server
from safelight_codegen._generate.typed_jobs import typed_jobs
from safelight_codegen._generate.verify import client_problems
from safelight_openapi import JSONValue, as_mapping, rewrite_objects

OWN = "safelight"  # no package of a user has a name that begins so
MARK = b"generated from its effective specification; never edited by hand"

Document = dict[str, JSONValue]

_JSON = "application/json"
_BYTES: Document = {"type": "string", "format": "binary"}


def spec_client(package: str, document: Document) -> tuple[dict[str, bytes], list[str]]:
    """Return a client package, and a sentence for each part of the document that it lacks.

    A lifecycle whose operations it lacks is left out as well. Raises GenerationError for a name that is not a
    package's, and for a document of which the generator makes no operation.
    """
    _check_name(package)
    notes: list[str] = []
    prepared = relative_to_first_server(for_generator(document), other_hosts=notes)
    made, messages = generate_package(package, prepared)
    tree = format_package(_parseable(made, notes))
    modules = modules_by_operation(relative_to_first_server(document, other_hosts=[]), tree)
    if not modules:
        raise GenerationError("; ".join(["openapi-python-client made no operation", *messages[:5]]))
    dotted = {operation: f"{package}.{module}" for operation, module in modules.items()}
    api = client_table(document, dotted, left_out=notes)
    own = {"async_jobs.py": table_source(api)}
    if api.lifecycles:
        own["jobs.py"] = typed_jobs(package, api, tree)
    files = tree | format_package(own) | {"py.typed": b""}
    return files, [*notes, *messages, *client_problems(prepared, tree)]


def _parseable(tree: Tree, notes: list[str]) -> Tree:
    """Return a package without the modules of operations that are not valid Python."""
    parseable = {}
    for name, content in tree.items():
        try:
            with warnings.catch_warnings(action="ignore", category=SyntaxWarning):
                ast.parse(content) if name.endswith(".py") else None
        except SyntaxError as error:
            if not name.startswith("api/"):
                raise GenerationError(
                    f"openapi-python-client wrote {name}, which is not valid: {error}"
                ) from error
            notes.append(f"{name}: left out, because the generator wrote invalid Python ({error.msg})")
        else:
            parseable[name] = content
    return parseable


def check_replaceable(folder: Path) -> None:
    """Raise GenerationError if a folder has something that was not generated."""
    current = read_tree(folder)
    if current and not _is_generated(current):
        raise GenerationError(f"{folder} was not generated; choose another --package or --out")


def for_generator(document: Document) -> Document:
    """Return a document with what openapi-python-client supports in place of what it does not.

    Defaults are left out, because a client would send them; bytes are `format: binary`; parameters in path
    and headers are not null, and those with one value have it as their default; of two media types of one
    schema JSON is sent; and operations without a name get one of the generator's.
    """
    rules = {
        "schema": _schema,
        "parameter": _parameter,
        "media type": _media_type,
        "request body": _request_body,
    }
    rewritten = as_mapping(rewrite_objects(document, rules))
    paths = {
        path: _unnamed(path, as_mapping(item)) for path, item in as_mapping(rewritten.get("paths")).items()
    }
    return {**rewritten, "paths": paths}


def _unnamed(path: str, item: Document) -> JSONValue:
    """Return a path item whose operations have no operationId that is only their method and path."""
    return {
        key: {name: part for name, part in value.items() if name != "operationId"}
        if isinstance(value, dict) and value.get("operationId") == f"{key.upper()} {path}"
        else value
        for key, value in item.items()
    }


def _schema(schema: Document) -> Document:
    schema = {key: value for key, value in schema.items() if key != "default"}
    if schema.get("type") == "array" and "prefixItems" not in schema:
        schema = {"items": {}, **schema}
    if "contentMediaType" not in schema or "contentEncoding" in schema:
        return schema
    return {key: value for key, value in schema.items() if key != "contentMediaType"} | {"format": "binary"}


def _parameter(parameter: Document) -> Document:
    schema = as_mapping(parameter.get("schema"))
    constant = constant_of(schema) if parameter.get("required") else None
    if constant is not None and parameter.get("in") != "path":
        only: Document = {
            "type": "string",
            "default": str(constant),
            "description": f"Always {constant}.",
        }
        return {**parameter, "schema": only}
    if parameter.get("in") == "query" or not schema:
        return parameter
    if "const" in schema:
        return {**parameter, "schema": {"type": "string", "description": f"Always {schema['const']}."}}
    kinds = schema.get("type")
    if not isinstance(kinds, list):
        return parameter
    types = [kind for kind in kinds if kind != "null"]
    return {**parameter, "schema": {**schema, "type": types[0] if len(types) == 1 else types}}


def _media_type(media_type: Document) -> Document:
    """Return a media type with a schema; without one, bytes are meant."""
    return media_type if "schema" in media_type else {**media_type, "schema": dict(_BYTES)}


def _request_body(body: Document) -> Document:
    """Return a request body without the media types that have the same schema as JSON."""
    content = as_mapping(body.get("content"))
    if _JSON not in content:
        return body
    schema = as_mapping(content[_JSON]).get("schema")
    kept = {
        name: one for name, one in content.items() if name == _JSON or as_mapping(one).get("schema") != schema
    }
    return {**body, "content": kept}


def _check_name(package: str) -> None:
    if not package.isidentifier() or keyword.iskeyword(package) or package.startswith(OWN):
        raise GenerationError(
            f"--package {package!r} cannot be the name of a package of yours; use one such as acme_client"
        )


def _is_generated(tree: Tree) -> bool:
    return MARK in tree.get("__init__.py", b"")


def differences(current: Tree, fresh: Tree) -> Iterator[str]:
    """Yield a line for each file that differs, is missing, or is not generated any more."""
    for name in sorted({*current, *fresh}):
        if current.get(name) != fresh.get(name):
            yield f"{_state(name, current, fresh)}: {name}"


def _state(name: str, current: Mapping[str, bytes], fresh: Mapping[str, bytes]) -> str:
    if name not in current:
        return "missing"
    return "differs" if name in fresh else "unexpected"
