"""Converts Swagger 2.0 to OpenAPI 3.0.3; no maintained Python library does so without a web service.

Operations keep their own `consumes` and `produces` as media types of their bodies; body and form parameters
become request bodies, also those under `parameters` of the document or of a path.
"""

from collections.abc import Iterator, Mapping, Sequence

from safelight_lifecycle import format_pointer, value_at
from safelight_openapi._reading.documents import JSONValue
from safelight_openapi._structure.grammar import METHODS

Node = dict[str, JSONValue]

JSON_MEDIA, FORM, MULTIPART = "application/json", "application/x-www-form-urlencoded", "multipart/form-data"
BINARY: Node = {"type": "string", "format": "binary"}
MOVED = {
    "#/definitions/": "#/components/schemas/",
    "#/parameters/": "#/components/parameters/",
    "#/responses/": "#/components/responses/",
}
OUTSIDE = ("name", "in", "required", "description", "allowEmptyValue")  # of a parameter, beside its schema
BODIES = ("body", "formData")
FLOWS = {
    "implicit": "implicit",
    "password": "password",
    "application": "clientCredentials",
    "accessCode": "authorizationCode",
}
STYLES: Mapping[str, Node] = {  # of arrays in query and forms, by collectionFormat
    "csv": {"style": "form", "explode": False},
    "multi": {"style": "form", "explode": True},
    "ssv": {"style": "spaceDelimited", "explode": False},
    "pipes": {"style": "pipeDelimited", "explode": False},
}
_IN_SCHEMA = ("items", "additionalProperties", "not")
_IN_SCHEMAS = ("allOf", "anyOf", "oneOf")
_KEPT = ("info", "tags", "externalDocs", "security")


def lower_swagger(document: Node) -> tuple[Node, list[str]]:
    """Return a Swagger 2.0 document as OpenAPI 3.0.3, and a sentence for each part that 3.0 cannot say."""
    converter = _Converter(document)
    return converter.document(), converter.notes


class _Converter:
    """Converts one document; `notes` fills meanwhile."""

    def __init__(self, source: Node) -> None:
        self._source = source
        self._consumes = _texts(source.get("consumes"))
        self._produces = _texts(source.get("produces"))
        self.notes: list[str] = []

    def document(self) -> Node:
        source = self._source
        shared = {name: self._followed(one) for name, one in _mapping(source.get("parameters")).items()}
        components = {
            "schemas": {name: _schema(one) for name, one in _mapping(source.get("definitions")).items()},
            "parameters": {
                name: self._parameter(one, f"/parameters/{name}")
                for name, one in shared.items()
                if one.get("in") not in BODIES
            },
            "responses": {
                name: self._response(one, self._produces)
                for name, one in _mapping(source.get("responses")).items()
            },
            "securitySchemes": {
                name: _security_scheme(_mapping(one))
                for name, one in _mapping(source.get("securityDefinitions")).items()
            },
        }
        paths = {**_mapping(source.get("paths")), **_mapping(source.get("x-ms-paths"))}
        kept = {
            key: value
            for key, value in source.items()
            if key in _KEPT or (key.startswith("x-") and key != "x-ms-paths")
        }
        return {
            "openapi": "3.0.3",
            **kept,
            "servers": self._servers(),
            "paths": {path: self._item(item, path) for path, item in paths.items()},
            "components": {name: part for name, part in components.items() if part},
        }

    def _servers(self) -> list[JSONValue]:
        base = str(self._source.get("basePath") or "").rstrip("/")
        host = self._source.get("host")
        if not isinstance(host, str) or not host or "{" in host:
            if "x-ms-parameterized-host" in self._source:
                self.notes.append("/x-ms-parameterized-host: the host is a parameter; the server has none")
            return [{"url": base or "/"}]
        schemes = [scheme for scheme in _texts(self._source.get("schemes")) if scheme in ("https", "http")]
        return [{"url": f"{scheme}://{host}{base}"} for scheme in sorted(schemes, reverse=True) or ["https"]]

    def _item(self, item: JSONValue, path: str) -> JSONValue:
        if not isinstance(item, dict) or path.startswith("x-"):
            return item
        shared = _list(item.get("parameters"))
        outside = [one for one in shared if self._followed(one).get("in") not in BODIES]
        bodies = [one for one in shared if self._followed(one).get("in") in BODIES]
        at = f"/paths{format_pointer((path,))}"
        converted = {
            key: self._operation(value, bodies, f"{at}/{key}") if key in METHODS else value
            for key, value in item.items()
            if key != "parameters"
        }
        parameters = {"parameters": [self._parameter(one, at) for one in outside]} if outside else {}
        return {**parameters, **converted}

    def _operation(self, node: JSONValue, shared: Sequence[JSONValue], at: str) -> JSONValue:
        if not isinstance(node, dict):
            return node
        own = _list(node.get("parameters"))
        followed = {self._key(one): self._followed(one) for one in (*shared, *own)}
        bodies = [one for one in followed.values() if one.get("in") in BODIES]
        outside = [one for one in own if self._followed(one).get("in") not in BODIES]
        consumes = _texts(node.get("consumes")) or self._consumes
        produces = _texts(node.get("produces")) or self._produces
        dropped = ("parameters", "consumes", "produces", "schemes", "responses")
        converted = {key: value for key, value in node.items() if key not in dropped}
        if outside:
            converted["parameters"] = [self._parameter(one, at) for one in outside]
        if bodies:
            converted["requestBody"] = self._request_body(bodies, consumes, at)
        if "responses" in node:
            converted["responses"] = {
                status: one if status.startswith("x-") else self._response(one, produces)
                for status, one in _mapping(node["responses"]).items()
            }
        return converted

    def _request_body(self, bodies: Sequence[Node], consumes: Sequence[str], at: str) -> JSONValue:
        whole = next((one for one in bodies if one["in"] == "body"), None)
        if whole is None:
            return self._form([one for one in bodies if one["in"] == "formData"], consumes, at)
        outside = ("description", "required")
        about = {key: value for key, value in whole.items() if key in outside or key.startswith("x-")}
        schema = _schema(whole.get("schema", {}))
        return {**about, "content": {name: {"schema": schema} for name in _media(schema, consumes)}}

    def _form(self, fields: Sequence[Node], consumes: Sequence[str], at: str) -> JSONValue:
        has_file = any(field.get("type") == "file" for field in fields)
        media = [name for name in consumes if name.partition(";")[0] in (FORM, MULTIPART)]
        if has_file or not media:
            media = [name for name in media if name != FORM] or [MULTIPART if has_file else FORM]
        required: list[JSONValue] = [str(field["name"]) for field in fields if field.get("required") is True]
        schema: Node = {
            "type": "object",
            "properties": {str(field.get("name")): self._field(field) for field in fields},
        }
        if required:
            schema["required"] = required
        styles = {str(field.get("name")): self._style(field, at) for field in fields}
        encoding: Node = {name: style for name, style in styles.items() if style}
        content: Node = {"schema": schema, **({"encoding": encoding} if encoding else {})}
        return {"content": dict.fromkeys(media, content), **({"required": True} if required else {})}

    def _field(self, field: Node) -> JSONValue:
        about = {key: value for key, value in field.items() if key == "description"}
        return {**about, **_inner(field)}

    def _parameter(self, node: JSONValue, at: str) -> JSONValue:
        if not isinstance(node, dict):
            return node
        if "$ref" in node:
            return {**node, "$ref": _moved(node["$ref"])}
        inner = _inner(node)
        around = {key: value for key, value in node.items() if key in OUTSIDE or key.startswith("x-")}
        return {**around, "schema": inner, **self._style(node, at)}

    def _style(self, node: Node, at: str) -> Node:
        """Return how an array is written; the default of OpenAPI in headers and paths is comma-separated."""
        if node.get("type") != "array" or node.get("in") not in ("query", "formData"):
            return {}
        chosen = str(node.get("collectionFormat", "csv"))
        if chosen not in STYLES:
            self.notes.append(
                f"{at}: the parameter {node.get('name')} has collectionFormat {chosen}; read as csv"
            )
        return STYLES.get(chosen, STYLES["csv"])

    def _response(self, node: JSONValue, produces: Sequence[str]) -> JSONValue:
        if not isinstance(node, dict):
            return node
        if "$ref" in node:
            return {**node, "$ref": _moved(node["$ref"])}
        kept = {key: value for key, value in node.items() if key not in ("schema", "examples", "headers")}
        converted: Node = {"description": "", **kept}
        headers = _mapping(node.get("headers"))
        if headers:
            converted["headers"] = {name: _header(_mapping(one)) for name, one in headers.items()}
        content = _content(node, produces)
        return {**converted, "content": content} if content else converted

    def _followed(self, node: JSONValue) -> Node:
        """Return a parameter; a reference to one that does not exist is returned as it is."""
        whole = _mapping(node)
        reference = whole.get("$ref")
        if not isinstance(reference, str) or not reference.startswith("#/"):
            return whole
        try:
            return _mapping(value_at(reference.removeprefix("#"), self._source)) or whole
        except ValueError:
            return whole

    def _key(self, node: JSONValue) -> tuple[str, str]:
        followed = self._followed(node)
        return str(followed.get("in")), str(followed.get("name"))


def _content(node: Node, produces: Sequence[str]) -> Node:
    examples = _mapping(node.get("examples"))
    if "schema" not in node:
        return {name: {"example": value} for name, value in examples.items()}
    schema = _schema(node["schema"])
    media = dict.fromkeys([*_media(schema, produces), *examples])
    return {
        name: {"schema": schema, **({"example": examples[name]} if name in examples else {})}
        for name in media
    }


def _media(schema: JSONValue, listed: Sequence[str]) -> Sequence[str]:
    return listed or (["application/octet-stream"] if schema == BINARY else [JSON_MEDIA])


def _header(node: Node) -> JSONValue:
    around = {key: node[key] for key in node if key == "description" or key.startswith("x-")}
    return {**around, "schema": _inner(node)}


def _inner(node: Node) -> Node:
    """Return the schema of a parameter, header or form field, whose keywords are beside its name."""
    keywords = {
        key: value
        for key, value in node.items()
        if key not in (*OUTSIDE, "collectionFormat") and not key.startswith("x-")
    }
    nullable = {"x-nullable": node["x-nullable"]} if "x-nullable" in node else {}
    return _mapping(_schema({**keywords, **nullable}))


def _schema(node: JSONValue) -> JSONValue:
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return {"$ref": _moved(node["$ref"])}
    if node.get("type") == "file":
        return {**{key: value for key, value in node.items() if key != "type"}, **BINARY}
    return dict(_keywords(node))


def _keywords(node: Node) -> Iterator[tuple[str, JSONValue]]:
    for key, value in node.items():
        if key in _IN_SCHEMA:
            yield key, _schema(value)
        elif key in _IN_SCHEMAS:
            yield key, [_schema(one) for one in _list(value)]
        elif key == "properties":
            yield key, {name: _schema(one) for name, one in _mapping(value).items()}
        elif key == "discriminator" and isinstance(value, str):
            yield key, {"propertyName": value}
        elif key == "x-nullable":
            yield "nullable", value is True
        elif key != "collectionFormat":
            yield key, value


def _security_scheme(node: Node) -> JSONValue:
    kept = {key: value for key, value in node.items() if key == "description" or key.startswith("x-")}
    if node.get("type") == "basic":
        return {**kept, "type": "http", "scheme": "basic"}
    if node.get("type") != "oauth2":
        return node
    urls = {key: value for key, value in node.items() if key in ("authorizationUrl", "tokenUrl")}
    flow: Node = {**urls, "scopes": node.get("scopes", {})}
    return {**kept, "type": "oauth2", "flows": {FLOWS.get(str(node.get("flow")), "implicit"): flow}}


def _moved(reference: JSONValue) -> JSONValue:
    if isinstance(reference, str):
        for old, new in MOVED.items():
            if reference.startswith(old):
                return new + reference.removeprefix(old)
    return reference


def _mapping(node: JSONValue) -> Node:
    return node if isinstance(node, dict) else {}


def _list(node: JSONValue) -> list[JSONValue]:
    return node if isinstance(node, list) else []


def _texts(node: JSONValue) -> list[str]:
    return [one for one in _list(node) if isinstance(one, str)]
