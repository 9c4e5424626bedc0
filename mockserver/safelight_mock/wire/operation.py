"""One operation of an effective spec: its parameters, body, ignored fields and responses."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import chain, islice

import msgspec
from jsonschema_rs import ValidationError, ValidationErrorKind

from safelight_mock.wire.described_responses import DescribedResponses, UndocumentedResponseError
from safelight_mock.wire.framework import DOCUMENTED, Framework
from safelight_mock.wire.messages import JSON, Form, Request, Response
from safelight_mock.wire.problem import Kind, Problem
from safelight_mock.wire.schema import (
    Parameter,
    Parameters,
    Query,
    Schema,
    is_file,
    may_be_file,
    resolve,
    schema_of,
    unambiguous,
)
from safelight_mock.wire.suggestions import nearest_name
from safelight_mock.wire.violations import Violation, violations

CHOICES = ("allOf", "anyOf", "oneOf")
ANNOTATIONS = frozenset({"title", "description", "default", "example", "examples", "deprecated"})
MULTIPART = "multipart/form-data"
URLENCODED = "application/x-www-form-urlencoded"
NO_PARAMETERS = frozenset({"accept", "authorization", "content-type"})  # headers
BODILESS = frozenset({"GET", "HEAD"})  # methods whose content means nothing
BODY = "body"  # what frameworks call the whole of it
MISREAD = "a file needs a file name, a text must have none"
CONTENT_TYPES = 64  # remembered for each operation
HEADER_TEXTS = 64  # likewise
LONGEST = 100  # characters of a media type in an error
MAX_VIOLATIONS = 100  # reported for one body


class Operation(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """An operation, by all its whole paths; `document` is the spec, against which references resolve.

    `server` is the URL of its first server.
    """

    id: str
    method: str
    paths: tuple[str, ...]
    described: Mapping[str, JSON]
    document: Mapping[str, JSON]
    strict: bool
    framework: Framework = DOCUMENTED
    server: str = ""

    def __repr__(self) -> str:
        return f"Operation({self.id!r})"

    def parameters(self, in_path: Mapping[str, str], query: str) -> Parameters:
        """Return the parameters of a request; each is converted and checked when it is read."""
        texts = {"path": in_path, "query": Query(query) if query else {}}
        return Parameters(self._parameters, texts, strict=self.strict)

    def check_parameters(self, call: Request, parameters: Parameters) -> None:
        """Raise Problem for a parameter that is wrong or missing, if the framework checks all of them."""
        if not self.framework.checks_parameters:
            return
        parameters.check()
        if self._header_parameters:
            self._check_headers(tuple(call.headers.get(name) for name in self._header_parameters))

    def read_body(self, call: Request) -> JSON:
        """Read a body in its types, defaults filled in; raises Problem naming the first wrong field."""
        if not self.media_types or (not call.body and self.may_be_empty):
            return {}
        media_type = self.media_type(call)
        schema = self.media_types.get(media_type)
        if schema is None:
            raise self.unsupported(call, detail=f"takes {' or '.join(self.media_types)}")
        body = call.body
        stand_ins = self._stand_ins(schema, body) if isinstance(body, Form) else {}
        if media_type not in (MULTIPART, URLENCODED) and not may_be_json(media_type):
            if not self.may_be_empty and _is_of_no_bytes(body):
                raise Problem(Kind.BAD_BODY, detail="the body is missing")
            return {}  # of bytes a schema says nothing
        values, misread = self._values(schema, body, media_type)
        if values is None and self.framework.requires_body:
            missing = Violation((BODY,), "required", BODY, None)
            raise Problem(Kind.BAD_FIELD, field=BODY, detail="the body is missing", violations=(missing,))
        errors = unambiguous(schema.errors({**values, **stand_ins} if stand_ins else values))
        if misread or errors:
            errors = [error for error in errors if _field_of(error) not in misread]
            broken = tuple(islice(chain(misread.values(), violations(errors)), MAX_VIOLATIONS))
            if misread:
                field, detail, reason = next(iter(misread)), MISREAD, f"{next(iter(misread))}: {MISREAD}"
            else:
                field, detail, reason = _field_of(errors[0]), errors[0].message, _reason(schema, errors)
            raise Problem(Kind.BAD_FIELD, field=field, detail=detail, reason=reason, violations=broken)
        if self.strict and isinstance(values, Mapping):
            self._check_fields(schema, values)
        return {**schema.defaults, **values} if isinstance(values, dict) else values

    def _check_fields(self, schema: Schema, values: Mapping[str, JSON]) -> None:
        """Raise Problem for a field that no schema describes, as strict servers do."""
        unknown = tuple(islice(unknown_fields(schema, values), MAX_VIOLATIONS))
        if not unknown:
            return
        near = nearest_name(unknown[0], schema.properties)
        reason = f"unknown field {unknown[0][:LONGEST]!r}{f'; did you mean {near!r}?' if near else ''}"
        broken = [Violation((*name.split("."),), "additionalProperties", None, None) for name in unknown]
        raise Problem(Kind.BAD_FIELD, field=unknown[0], detail=reason, violations=broken)

    def unsupported(self, call: Request, detail: str = "") -> Problem:
        """Return the rejection of a request by its media type."""
        sent = call.headers.get("content-type", "").partition(";")[0]
        given = f"the Content-Type is {sent[:LONGEST]}" if sent else "there is no Content-Type"
        reason = f"{given}; send {' or '.join(self.media_types)}"
        return Problem(Kind.UNSUPPORTED_TYPE, detail=detail, reason=reason)

    def unknown_fields(self, call: Request, values: Mapping[str, JSON]) -> Iterator[str]:
        """Yield the paths of the fields of a body, `values`, that no schema describes."""
        schema = self.media_types.get(self.media_type(call))
        if schema is not None:
            yield from unknown_fields(schema, values)

    def describes(self, response: Response) -> bool:
        """Return whether the status of a response is described, by itself, by a range or by `default`."""
        return self.responses.describes(response.status)

    def check(self, response: Response) -> None:
        """Raise UndocumentedResponseError unless the spec describes this response."""
        violation = self.responses.violation(response)
        if violation:
            raise UndocumentedResponseError(f"{self.id}: {violation}")

    def media_type(self, call: Request) -> str:
        """Return the media type by which a body is parsed; in strict mode the one of its header."""
        return self._media_type_of(call.headers.get("content-type", "").partition(";")[0])

    @cached_property
    def _media_type_of(self) -> Callable[[str], str]:
        """A cached function that returns a Content-Type without its parameters."""
        reads = DOCUMENTED if self.strict else self.framework
        return lru_cache(CONTENT_TYPES)(
            lambda content_type: self._described_type(reads.media_type(content_type))
        )

    def _described_type(self, name: str) -> str:
        """Return the documented media type, or range, that matches the one of a request."""
        ranges = (name, f"{name.partition('/')[0]}/*", "*/*")
        return next((one for one in ranges if one in self.media_types), name)

    @cached_property
    def may_be_empty(self) -> bool:
        """Whether the document allows a request without a body; the known frameworks require one anyway.

        Content in a GET has no meaning (RFC 9110, section 9.3.1), and clients leave it out.
        """
        described = resolve(self.document, self.described.get("requestBody", {}))
        is_required = described.get("required", False) and self.method not in BODILESS
        return not is_required and not self.framework.describes_errors

    @cached_property
    def media_types(self) -> Mapping[str, Schema]:
        """The schema of each media type the body may have; none if the operation takes no body."""
        content = resolve(self.document, self.described.get("requestBody", {})).get("content", {})
        formats = self.framework.formats
        return {name: Schema(self.document, schema_of(media), formats) for name, media in content.items()}

    @cached_property
    def responses(self) -> DescribedResponses:
        """The documented responses."""
        described, errors = self.described.get("responses", {}), self.framework.describes_errors
        return DescribedResponses(self.document, described, describes_errors=errors)

    @cached_property
    def file_fields(self) -> frozenset[str]:
        """The names of the form fields that are files."""
        forms = [schema for name, schema in self.media_types.items() if name == MULTIPART]
        return frozenset(
            name
            for form in forms
            for name, schema in form.properties.items()
            if may_be_file(self.document, schema)
        )

    def _values(
        self, schema: Schema, body: Form | bytes, media_type: str
    ) -> tuple[JSON, Mapping[str, Violation]]:
        """Return a body in its types, None if it is missing, and violations by parts of the wrong kind."""
        if isinstance(body, bytes) and media_type == URLENCODED:
            sent = Query(body.decode("utf-8", "replace"))
            return schema.read_fields(dict(sent), strict=self.strict), {}
        if not isinstance(body, Form):
            return (None if self.framework.requires_body and not body else _json_value(body)), {}
        misread = self._misread(schema, body)
        texts = {name: text for name, text in body.fields.items() if name not in misread}
        return schema.read_fields(texts, strict=self.strict), misread

    def _misread(self, schema: Schema, form: Form) -> Mapping[str, Violation]:
        """Return a violation for each text sent for a file, and each file sent for a text."""
        if self.file_fields.isdisjoint(form.fields) and self.file_fields.issuperset(form.files):
            return {}
        texts = {name for name in form.fields if is_file(schema.properties.get(name, {}))}
        unknown_fields = set(form.files) - self.file_fields
        files = unknown_fields if self.strict else unknown_fields & set(schema.properties)
        wanted = {**dict.fromkeys(sorted(texts), "file"), **dict.fromkeys(sorted(files), "string")}
        return {name: Violation((name,), "type", kind, "") for name, kind in wanted.items()}

    def _stand_ins(self, schema: Schema, form: Form) -> dict[str, JSON]:
        """Return a placeholder for each file that a schema may require: bytes of files are not validated."""
        names = self.file_fields & set(form.files)
        return {name: [""] if "items" in schema.properties.get(name, {}) else "" for name in names}

    @cached_property
    def query_parameters(self) -> tuple[str, ...]:
        """The names of the parameters in the query."""
        return tuple(name for name, one in self._parameters.items() if one.location == "query")

    @property
    def header_parameters(self) -> Collection[str]:
        """The names of the parameters in headers, in lower case."""
        return self._header_parameters.keys()

    def parameter(self, name: str) -> Schema | None:
        """Return the schema of a parameter in path or query; None for an unknown name."""
        parameter = self._parameters.get(name)
        return None if parameter is None else parameter.schema

    @cached_property
    def _parameters(self) -> Mapping[str, Parameter]:
        """The parameters in path and query by name."""
        return {
            node["name"]: Parameter.of(self.document, node)
            for node in self._described_parameters
            if node["in"] in ("path", "query")
        }

    @cached_property
    def _header_parameters(self) -> Mapping[str, Parameter]:
        """The parameters in headers by name, without those that OpenAPI says to ignore (Parameter Object)."""
        headers = [node for node in self._described_parameters if node["in"] == "header"]
        named = {node["name"].lower(): node for node in headers}
        return {
            name: Parameter.of(self.document, node)
            for name, node in named.items()
            if name not in NO_PARAMETERS
        }

    @cached_property
    def _check_headers(self) -> Callable[[tuple[str | None, ...]], None]:
        """A cached function that checks the texts of header parameters, None for a missing one."""

        def check(texts: tuple[str | None, ...]) -> None:
            named = zip(self._header_parameters, texts, strict=True)
            sent = {name: text for name, text in named if text is not None}
            Parameters(self._header_parameters, {"header": sent}, strict=self.strict).check()

        return lru_cache(HEADER_TEXTS)(check)

    @cached_property
    def _described_parameters(self) -> Sequence[Mapping[str, JSON]]:
        return [resolve(self.document, node) for node in self.described.get("parameters", ())]


def may_be_json(media_type: str) -> bool:
    """Whether a body of a media type, or of one in a range, is read as JSON."""
    return media_type.endswith(("/json", "+json")) or media_type in ("*/*", "application/*")


def _is_of_no_bytes(body: Form | bytes) -> bool:
    return not body if isinstance(body, bytes) else not any(one.size for one in body.files.values())


def _field_of(error: ValidationError) -> str:
    """Return the name of the field that is wrong or missing."""
    if isinstance(error.kind, ValidationErrorKind.Required):
        return str(error.kind.property)
    return next((part for part in error.instance_path if isinstance(part, str)), "")


def _reason(schema: Schema, errors: Sequence[ValidationError]) -> str:
    """Return what is wrong with a body, naming the field."""
    return next((problem.text for problem in schema.problems(errors[:1])), errors[0].message)


def _json_value(body: bytes) -> JSON:
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        reason = f"the body is not valid JSON: {error}" if body.strip() else "the body is empty; send JSON"
        raise Problem(Kind.BAD_BODY, detail=str(error), reason=reason) from error


def unknown_fields(schema: Schema, value: JSON) -> Iterator[str]:
    """Yield the path of each name that is not described; none where any name is allowed."""
    if not _is_flat(schema, value):
        yield from _unknown_fields(schema.document, [schema.described], value, "")


def _is_flat(schema: Schema, value: JSON) -> bool:
    """Return whether a value has described names only and no nested values, as most forms have."""
    if not isinstance(value, Mapping) or not value.keys() <= schema.properties.keys():
        return False
    return not any(isinstance(inner, (dict, list)) for inner in value.values())


def _unknown_fields(
    document: Mapping[str, JSON], described: Sequence[Mapping[str, JSON]], value: JSON, path: str
) -> Iterator[str]:
    """Compare a value with all schemas that describe it; of a choice, with every branch."""
    nodes = [branch for node in described for branch in _branches(document, node)]
    if isinstance(value, Mapping):
        for name, inner in value.items():
            known = [node["properties"][name] for node in nodes if name in node.get("properties", ())]
            if known:
                yield from _unknown_fields(document, known, inner, f"{path}{name}.")
            elif not any(map(_is_open, nodes)):
                yield f"{path}{name}"
    elif isinstance(value, list):
        items = [node["items"] for node in nodes if "items" in node]
        for number, inner in enumerate(value):
            yield from _unknown_fields(document, items, inner, f"{path}{number}.")


def _branches(document: Mapping[str, JSON], node: Mapping[str, JSON]) -> Iterator[Mapping[str, JSON]]:
    schema = resolve(document, node)
    yield schema
    for choice in CHOICES:
        for branch in schema.get(choice, ()):
            yield from _branches(document, branch)


def _is_open(node: Mapping[str, JSON]) -> bool:
    """Return whether a schema allows any name: explicitly, as any value, or as a bare object."""
    if "additionalProperties" in node:
        return node["additionalProperties"] is not False
    return node.keys() <= ANNOTATIONS or (node.get("type") == "object" and "properties" not in node)
