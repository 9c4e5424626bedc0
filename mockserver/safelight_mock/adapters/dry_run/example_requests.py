"""A request to any operation, made from its description in the document alone."""

import json
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from random import Random
from typing import Any
from urllib.parse import quote

import httpx
import msgspec

from safelight_lifecycle import JSON, Expression, ExpressionSource, media_example, schema_example
from safelight_mock.vendors.generic.schemas.made_values import Maker
from safelight_mock.vendors.generic.schemas.plain_values import plain_values
from safelight_mock.vendors.generic.schemas.shapes import Shapes
from safelight_mock.vendors.generic.schemas.valid_parts import valid_parts
from safelight_mock.wire.api import Api
from safelight_mock.wire.operation import BODILESS, MULTIPART, Operation
from safelight_mock.wire.schema import Schema, resolve, schema_of, unambiguous

FORM = "application/x-www-form-urlencoded"
JSON_TYPE = "application/json"
NO_PARAMETERS = (
    "accept",
    "content-type",
    "authorization",
)  # headers that OpenAPI says to ignore (Parameter Object)
RANGES = ("*/*", "application/*")  # which JSON is in
SIDE = 64  # pixels of the picture that is sent in place of any file

ANY = object()
"""An edit that stands for any value that the schema allows."""

Node = Mapping[str, JSON]


class ExampleRequests(msgspec.Struct, frozen=True, kw_only=True):
    """Makes requests to the operations of one API with `key`, at the mock server's `origin`."""

    api: Api
    slug: str
    key: str
    origin: str

    def request(
        self,
        name: str,
        values: Mapping[str, str] | None = None,
        edits: Mapping[Expression, JSON] | None = None,
        *,
        has_key: bool = True,
    ) -> httpx.Request:
        """Return a request to the operation of that name, with what the document requires of one.

        `values` are parameters by name, in path or query; the others are examples. `edits` are written at
        their places in the request.
        """
        operation = self.api.operations[name]
        parameters = {one: "" if value is None else value for one, value in (values or {}).items()}
        path, query, headers = self._parameters(operation, parameters)
        body = self._body(operation) if operation.method not in BODILESS else {}
        if has_key:
            own = next(iter(self._requirements(operation)), {})
            self._add_key(own if self._is_usable(own) else self._usual_requirement(), query, headers)
        for place, value in (edits or {}).items():
            _write(place, self._fitting(operation, place, value), body, query, headers)
        if body.get("type") not in (None, JSON_TYPE, MULTIPART):
            headers["content-type"] = body["type"]
        url = httpx.URL(f"{self.origin}/{self.slug}{path}").copy_merge_params(query)
        return httpx.Request(operation.method, url, headers=headers, **_sent(body))

    def at(self, url: str, name: str = "") -> httpx.Request:
        """Return a request to a URL that a response had, with the key and the headers of its operation."""
        operation = self.api.operations.get(name)
        headers = {} if operation is None else self._parameters(operation, {})[2]
        method = "GET" if operation is None else operation.method
        query: dict[str, str] = {}
        self._add_key(self._usual_requirement(), query, headers)
        return httpx.Request(method, httpx.URL(url).copy_merge_params(query), headers=headers)

    def new_id(self, name: str, place: Expression, number: int, reader: str, parameter: str) -> JSON:
        """Return an id that a client may choose at a place of the request to an operation.

        It is also one that the `parameter` of the operation `reader` takes.
        """
        operation = self.api.operations[name]
        if place.part is ExpressionSource.BODY:
            shapes = Shapes(self.api.document)
            found = (shapes.at(dict(one.described), place.pointer) for one in operation.media_types.values())
            nodes: list[Node] = [{"schema": dict(shape.node)} for shape in found if shape is not None]
        else:
            nodes = [one for one in self._described(operation) if one["name"] == place.name]
        taking = self._described(self.api.operations[reader]) if reader else ()
        nodes += [one for one in taking if one["name"] == parameter]
        schemas = [Schema(self.api.document, schema_of(node)) for node in nodes]
        usual = self._example(nodes[0]) if nodes else "text"
        text = str(usual)
        maker = Maker(shapes=Shapes(self.api.document), chance=Random(number))  # noqa: S311 - an example
        made = (maker.make(schema_of(node)) for node in nodes)
        tried = (f"{text}{number}", f"{text[: -len(str(number))]}{number}", number, *made)
        return next((one for one in tried if not any(schema.errors(one) for schema in schemas)), usual)

    def path_of(self, name: str) -> str:
        """Return the path template of an operation, with that of its server."""
        return self.api.operations[name].paths[0].partition("?")[0]

    def needs_key(self, name: str) -> bool:
        """Whether an operation has a security requirement that a request without a key does not meet."""
        required = self._requirements(self.api.operations[name])
        return bool(required) and all(map(self._is_usable, required))

    def _parameters(
        self, operation: Operation, values: Mapping[str, str]
    ) -> tuple[str, dict[str, str], dict[str, str]]:
        """Return path, query and headers; optional parameters only if they have a value."""
        path, query, headers = operation.paths[0], {}, {}
        for node in self._described(operation):
            name, place = node["name"], node["in"]
            is_absent = name not in values and not node.get("required")
            if is_absent or (place == "header" and name.lower() in NO_PARAMETERS):
                continue
            text = values[name] if name in values else _text(self._example(node))
            if place == "path":
                path = path.replace(f"{{{name}}}", quote(text, safe=""))
            elif place == "query":
                query[name] = text
            elif place == "header":
                headers[name.lower()] = text
        return path, query, headers

    def _described(self, operation: Operation) -> Iterator[Node]:
        for node in operation.described.get("parameters", ()):
            yield resolve(self.api.document, node)

    def _example(self, node: Node) -> JSON:
        described = schema_of(node)
        schema = Schema(self.api.document, described)
        shown = [node["example"] for _ in range("example" in node)]
        usual = schema_example(described, self.api.document, required_only=True)
        made = Maker(shapes=Shapes(self.api.document), chance=Random(0)).make(described)  # noqa: S311 - an example
        return next((one for one in (*shown, usual, made) if not schema.errors(one)), usual)

    def _body(self, operation: Operation) -> dict[str, Any]:
        """Return the media type and the value of a body; nothing if the operation takes none."""
        content = resolve(self.api.document, operation.described.get("requestBody", {})).get("content", {})
        if not content:
            return {}
        media_type = next(
            (one for one in (JSON_TYPE, MULTIPART, FORM) if one in content), next(iter(content))
        )
        media = content[media_type]
        if media_type in RANGES:
            return {"type": JSON_TYPE, "value": self._example_body(operation, media_type, media)}
        if media_type not in (JSON_TYPE, MULTIPART, FORM):
            return {"type": media_type, "value": picture()}
        value = self._example_body(operation, media_type, media)
        return {
            "type": media_type,
            "value": _with_files(value, operation) if media_type == MULTIPART else value,
        }

    def _example_body(self, operation: Operation, media_type: str, media: Node) -> JSON:
        """Return the example of a body if its schema allows it, else a value made from that."""
        schema, described = operation.media_types[media_type], media.get("schema", {})
        required = schema_example(described, self.api.document, required_only=True)
        shown = (
            media_example(media, self.api.document) if media.keys() & {"example", "examples"} else required
        )
        both = {**required, **shown} if isinstance(required, dict) and isinstance(shown, dict) else required
        made = Maker(shapes=Shapes(self.api.document), chance=Random(0))  # noqa: S311 - an example
        for value in (shown, both, required, made.make(described)):
            if not unambiguous(schema.errors(value)):
                return value
        corrected = (valid_parts(value, schema) for value in (shown, both, made.make(described)))
        valid = (value for value in corrected if not unambiguous(schema.errors(value)))
        return next(valid, [*plain_values(self.api.document, described)][-1])

    def _add_key(self, requirement: Node, query: dict[str, str], headers: dict[str, str]) -> None:
        """Write the key where the schemes of a security requirement want it."""
        for name in requirement:
            scheme = resolve(self.api.document, self._schemes.get(name, {}))
            place, kind = scheme.get("in"), str(scheme.get("scheme", "")).lower()
            if place == "query":
                query[scheme["name"]] = self.key
            elif place == "cookie":
                headers["cookie"] = f"{scheme['name']}={self.key}"
            elif place == "header":
                headers[scheme["name"].lower()] = self.key
            elif kind == "basic":
                headers["authorization"] = f"Basic {b64encode(f'{self.key}:'.encode()).decode()}"
            else:
                headers["authorization"] = f"Bearer {self.key}"

    def _requirements(self, operation: Operation) -> Sequence[Node]:
        """Return the alternatives of an operation's security requirement."""
        required: Sequence[Node] = operation.described.get("security", self.api.document.get("security", ()))
        return required

    def _usual_requirement(self) -> Node:
        """Return the first requirement of any operation, or the first scheme that the document has.

        Clients send their key with every request, also where the document forgets to say that it is needed,
        or names a scheme that it does not have.
        """
        required = (
            one for operation in self.api.operations.values() for one in self._requirements(operation)
        )
        first: Node = {name: [] for name in [*self._schemes][:1]} or {"bearer": []}
        return next(filter(self._is_usable, required), first)

    def _is_usable(self, requirement: Node) -> bool:
        return bool(requirement) and requirement.keys() <= self._schemes.keys()

    @property
    def _schemes(self) -> Node:
        schemes: Node = self.api.document.get("components", {}).get("securitySchemes", {})
        return schemes

    def _fitting(self, operation: Operation, place: Expression, value: JSON) -> JSON:
        """Return a value to write; ANY becomes true if the schema allows that, else an example of it."""
        if value is not ANY:
            return value
        shapes = Shapes(self.api.document)
        bodies = [shapes.at(one.described, place.pointer) for one in operation.media_types.values()]
        node = next((shape.node for shape in bodies if shape is not None and place.pointer), {})
        schema = Schema(self.api.document, node)
        made = schema_example(dict(node), self.api.document)
        return next((one for one in (True, made) if one and not schema.errors(one)), "any") if node else "any"


def _with_files(value: JSON, operation: Operation) -> JSON:
    """Return the fields of a form with a picture for each file; the first file even if it is optional."""
    schema = operation.media_types[MULTIPART]
    names = [name for name in schema.properties if name in operation.file_fields]
    chosen = [name for name in names if name in value] or names[:1]
    return {**value, **{name: picture() for name in chosen}}


def picture() -> bytes:
    """Return a small PNG."""
    from PIL import Image  # noqa: PLC0415 - only where a request has a file

    file = BytesIO()
    Image.new("RGB", (SIDE, SIDE), "teal").save(file, "PNG")
    return file.getvalue()


def _text(value: JSON) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _sent(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of httpx for a body."""
    if not body:
        return {}
    value = body["value"]
    if body["type"] == JSON_TYPE:
        return {"json": value}
    if body["type"] == MULTIPART:
        files = {name: ("picture.png", one) for name, one in value.items() if isinstance(one, bytes)}
        texts = {name: (None, _text(one)) for name, one in value.items() if name not in files}
        return {"files": {**texts, **files}}
    if body["type"] == FORM:
        return {"data": {name: _text(one) for name, one in value.items()}}
    return {"content": value}


def _write(
    place: Expression,
    value: JSON,
    body: dict[str, Any],
    query: dict[str, str],
    headers: dict[str, str],
) -> None:
    """Write a value at a place of a request; objects on the way to it are made."""
    if place.part is ExpressionSource.QUERY:
        query[place.name] = _text(value)
    elif place.part is ExpressionSource.HEADER:
        headers[place.name] = _text(value)
    elif place.part is ExpressionSource.BODY and isinstance(body.get("value"), dict) and place.pointer:
        node = body["value"]
        for token in place.pointer[:-1]:
            inner = node.get(token)
            node[token] = {**inner} if isinstance(inner, dict) else {}
            node = node[token]
        node[place.pointer[-1]] = value
