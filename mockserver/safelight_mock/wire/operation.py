"""One operation of an effective spec: what it takes, and what it may answer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import parse_qs

import msgspec

from safelight_mock.wire.call import JSON, Call, Form, Reply
from safelight_mock.wire.problem import Kind, Problem
from safelight_mock.wire.schema import Schema, is_file, resolve

MULTIPART = "multipart/form-data"


class UndocumentedReplyError(Exception):
    """A reply of ours that the spec does not describe."""


@dataclass(frozen=True)
class Parameter:
    """A path or query parameter."""

    name: str
    place: str
    required: bool
    schema: Schema


@dataclass(frozen=True, kw_only=True)
class Operation:
    """An operation; `document` is the whole spec, against which references resolve."""

    id: str
    method: str
    path: str
    described: Mapping[str, JSON] = field(repr=False)
    document: Mapping[str, JSON] = field(repr=False)
    strict: bool

    def read_parameters(self, in_path: Mapping[str, str], query: str) -> dict[str, JSON]:
        """Read path and query parameters in their types; raises Problem naming the first wrong one."""
        told = (
            {name: texts[0] for name, texts in parse_qs(query, keep_blank_values=True).items()}
            if query
            else {}
        )
        return dict(self._read_parameters({"path": in_path, "query": told}))

    def read_body(self, call: Call) -> dict[str, JSON]:
        """Read body fields in their types; raises Problem naming the first wrong one."""
        if self.media_types and self.media_type(call) not in self.media_types:
            raise Problem(Kind.UNSUPPORTED_TYPE, why=f"takes {' or '.join(self.media_types)}")
        if not self.media_types:
            return {}
        schema = self.media_types[self.media_type(call)]
        values = (
            self._form_values(schema, call.body) if isinstance(call.body, Form) else _json_values(call.body)
        )
        fault = schema.first_fault(values)
        if fault is not None:
            place = str(fault.instance_path[0]) if fault.instance_path else ""
            raise Problem(Kind.BAD_FIELD, place=place, why=fault.message)
        return {**schema.defaults, **values}

    def check(self, reply: Reply) -> None:
        """Raise UndocumentedReplyError unless the spec describes this reply."""
        schemas = self._replies.get(str(reply.status))
        if schemas is None:
            raise UndocumentedReplyError(f"{self.id} does not answer {reply.status}")
        media_type = reply.headers.get("content-type", "").partition(";")[0]
        if bool(schemas) != bool(reply.content) or (schemas and media_type not in schemas):
            raise UndocumentedReplyError(
                f"{self.id} {reply.status} does not answer {media_type or 'nothing'}"
            )
        schema = schemas.get(media_type)
        if media_type == "application/json" and schema is not None and not schema.accepts(reply.value):
            fault = schema.first_fault(reply.value)
            raise UndocumentedReplyError(f"{self.id} {reply.status}: {fault and fault.message}")

    @staticmethod
    def media_type(call: Call) -> str:
        """Return the media type a call's body claims to be of."""
        return call.headers.get("content-type", "").partition(";")[0].strip().lower()

    @cached_property
    def media_types(self) -> Mapping[str, Schema]:
        """The schema of each media type the body may have; none if the operation takes no body."""
        content = resolve(self.document, self.described.get("requestBody", {})).get("content", {})
        return {name: Schema(self.document, media["schema"]) for name, media in content.items()}

    @cached_property
    def file_fields(self) -> frozenset[str]:
        """The names of the form fields that are files."""
        forms = [schema for name, schema in self.media_types.items() if name == MULTIPART]
        return frozenset(
            name for form in forms for name, schema in form.properties.items() if is_file(schema)
        )

    def _read_parameters(self, told: Mapping[str, Mapping[str, str]]) -> Iterator[tuple[str, JSON]]:
        for parameter in self._parameters:
            text = told[parameter.place].get(parameter.name)
            value = None if text is None else parameter.schema.read(text, strict=self.strict)
            if parameter.required if value is None else not parameter.schema.accepts(value):
                raise Problem(Kind.BAD_PARAMETER, place=parameter.name)
            yield parameter.name, parameter.schema.default if value is None else value

    def _form_values(self, schema: Schema, form: Form) -> dict[str, JSON]:
        misplaced = (self.file_fields & set(form.fields)) or (set(form.files) - self.file_fields)
        if misplaced:
            raise Problem(
                Kind.BAD_FIELD, place=min(misplaced), why="a file needs a file name, a text must have none"
            )
        return schema.read_fields(form.fields, strict=self.strict)

    @cached_property
    def _parameters(self) -> tuple[Parameter, ...]:
        described = [resolve(self.document, node) for node in self.described.get("parameters", ())]
        return tuple(
            Parameter(
                node["name"], node["in"], node.get("required", False), Schema(self.document, node["schema"])
            )
            for node in described
            if node["in"] in ("path", "query")
        )

    @cached_property
    def _replies(self) -> Mapping[str, Mapping[str, Schema]]:
        described = {code: resolve(self.document, node) for code, node in self.described["responses"].items()}
        return {
            code: {
                name: Schema(self.document, media["schema"])
                for name, media in node.get("content", {}).items()
            }
            for code, node in described.items()
        }


def _json_values(body: bytes | Form) -> dict[str, JSON]:
    try:
        return msgspec.json.decode(body if isinstance(body, bytes) else b"", type=dict[str, JSON])
    except (msgspec.DecodeError, msgspec.ValidationError, RecursionError) as error:
        raise Problem(Kind.BAD_BODY, why=str(error)) from error
