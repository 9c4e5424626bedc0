"""Schemas of an effective spec, compiled on first use, and the parameters that they describe."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import parse_qs

import msgspec
from jsonschema_rs import Draft202012Validator, ValidationError, ValidationErrorKind

from safelight_mock.wire.framework import Formats
from safelight_mock.wire.messages import JSON
from safelight_mock.wire.problem import Kind, Problem
from safelight_mock.wire.reachable import with_referenced
from safelight_mock.wire.redaction import is_secret

if TYPE_CHECKING:
    from safelight_openapi import SchemaProblem


def resolve(document: Mapping[str, JSON], node: Mapping[str, JSON]) -> Mapping[str, JSON]:
    """Follow a local reference, if the node is one; a boolean schema becomes an object."""
    target: JSON = node
    while isinstance(target, dict) and "$ref" in target:
        reference, target = target["$ref"], document
        for part in reference.removeprefix("#/").split("/"):
            name = part.replace("~1", "/").replace("~0", "~")
            target = target[int(name)] if isinstance(target, list) else target[name]
    if isinstance(target, bool):
        return {} if target else {"not": {}}
    resolved: Mapping[str, JSON] = target
    return resolved


def schema_of(node: Mapping[str, JSON]) -> Mapping[str, JSON]:
    """Return the schema of a parameter, header or media type; without a schema any value is valid."""
    media: Mapping[str, JSON] = next(iter(node.get("content", {}).values()), {})
    schema: JSON = node.get("schema", media.get("schema", {}))
    if isinstance(schema, bool):
        return {} if schema else {"not": {}}
    described: Mapping[str, JSON] = schema
    return described


def kinds(schema: Mapping[str, JSON]) -> frozenset[str]:
    """Return the JSON types a schema allows at its top, through `anyOf` and `oneOf`."""
    own = schema.get("type", ())
    branches = [*schema.get("anyOf", ()), *schema.get("oneOf", ())]
    return frozenset([own] if isinstance(own, str) else own).union(*map(kinds, branches))


def typed(text: str, schema: Mapping[str, JSON], *, strict: bool) -> JSON:
    """Read text as a type the schema allows; other text stays as it is, for the schema to reject.

    Unless strict, a boolean may be written in any case: some generated clients write `True`.
    """
    return _typed(text, kinds(schema), strict=strict)


def _typed(text: str, wanted: frozenset[str], *, strict: bool) -> JSON:
    if "boolean" in wanted and (text if strict else text.lower()) in ("true", "false"):
        return text.lower() == "true"
    number = _number(text) if wanted & {"integer", "number"} else None
    if number is not None and ("number" in wanted or isinstance(number, int)):
        return number
    return _document(text) if "object" in wanted else text


def _document(text: str) -> JSON:
    """Read a form field that is an object: JSON, unless the document declares otherwise (OpenAPI 3.1)."""
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return text


def _refuse(address: str) -> NoReturn:
    """Replace the validator's own retriever, which reads files and fetches URLs."""
    raise LookupError(f"{address} leads out of the document")


class Schema(msgspec.Struct, frozen=True, dict=True):
    """One schema of a document."""

    document: Mapping[str, JSON]
    described: Mapping[str, JSON]
    formats: Formats = msgspec.field(default_factory=dict)

    @cached_property
    def _whole(self) -> dict[str, JSON]:
        """The schema, with those that it refers to."""
        return with_referenced(self.document, self.described)

    @cached_property
    def _validator(self) -> Draft202012Validator:
        return Draft202012Validator(
            self._whole, validate_formats=True, formats={**self.formats}, retriever=_refuse
        )

    @cached_property
    def properties(self) -> Mapping[str, Mapping[str, JSON]]:
        """The schemas of an object's named properties."""
        named = resolve(self.document, self.described).get("properties", {})
        return {name: resolve(self.document, schema) for name, schema in named.items()}

    @property
    def default(self) -> JSON:
        """The default value; None without one."""
        return resolve(self.document, self.described).get("default")

    @cached_property
    def defaults(self) -> Mapping[str, JSON]:
        """The defaults of an object's properties."""
        return {name: schema["default"] for name, schema in self.properties.items() if "default" in schema}

    @cached_property
    def _kinds(self) -> frozenset[str]:
        return kinds(resolve(self.document, self.described))

    @cached_property
    def _is_uuid(self) -> bool:
        return bool(resolve(self.document, self.described).get("format") == "uuid")

    @cached_property
    def _kinds_of(self) -> Mapping[str, frozenset[str]]:
        return {name: kinds(schema) for name, schema in self.properties.items()}

    @cached_property
    def accepts(self) -> Callable[[JSON], bool]:
        """A function that returns whether a value is valid."""
        return self._validator.is_valid

    def errors(self, value: JSON) -> list[ValidationError]:
        """Return all that is wrong with a value; raises Problem for one that is nested too deeply.

        Most values are valid, and listing errors takes ten times as long as checking whether there are any.
        """
        try:
            return [] if self._validator.is_valid(value) else [*self._validator.iter_errors(value)]
        except ValueError as error:  # JSON may be nested more deeply than the validator allows
            raise Problem(Kind.BAD_BODY, detail=str(error)) from error

    def problems(self, errors: Iterable[ValidationError]) -> "list[SchemaProblem]":
        """Return what errors of this schema say; secrets are not in it."""
        from safelight_openapi import Wording, schema_problems  # noqa: PLC0415 - the first error pays, not start-up

        return schema_problems(errors, self._whole, Wording(hides=is_secret))

    def first_problem(self, value: JSON) -> str:
        """Return the first thing wrong with a value, empty if nothing is."""
        return next((problem.text for problem in self.problems(self.errors(value)[:1])), "")

    def read(self, text: str, *, strict: bool) -> JSON:
        """Read text as a value of this schema; a UUID becomes lower case (RFC 9562: case-insensitive)."""
        return text.lower() if self._is_uuid else _typed(text, self._kinds, strict=strict)

    def read_fields(self, fields: Mapping[str, str], *, strict: bool) -> dict[str, JSON]:
        """Read the text fields of a form as the properties of this schema."""
        known, unknown = self._kinds_of, frozenset[str]()
        return {name: _typed(text, known.get(name, unknown), strict=strict) for name, text in fields.items()}


def unambiguous(errors: Iterable[ValidationError]) -> list[ValidationError]:
    """Return the errors without those of a value that several branches of a `oneOf` allow.

    Documents forget what tells their branches apart; services and clients take such a value all the same.
    """
    return [one for one in errors if not isinstance(one.kind, ValidationErrorKind.OneOfMultipleValid)]


def is_file(schema: Mapping[str, JSON]) -> bool:
    """Return whether a property is raw bytes."""
    return "contentMediaType" in schema or schema.get("format") == "binary"


def may_be_file(document: Mapping[str, JSON], schema: Mapping[str, JSON]) -> bool:
    """Return whether a property without a reference is raw bytes in a branch, or a list of files."""
    inner = [*schema.get("anyOf", ()), *schema.get("oneOf", ()), schema.get("items")]
    return is_file(schema) or any(
        is_file(resolve(document, one)) for one in inner if isinstance(one, Mapping)
    )


def _number(text: str) -> int | float | None:
    if not text.isascii() or "_" in text or len(text) > 32:  # noqa: PLR2004 - no sensible number is longer
        return None
    for read in (int, float):
        try:
            value = read(text)
        except ValueError:
            continue
        return value if abs(value) < float("inf") else None
    return None


SEPARATORS: Mapping[str, str] = {"spaceDelimited": " ", "pipeDelimited": "|"}


class Parameter(msgspec.Struct, frozen=True):
    """A parameter in the document; `location` is its `in`: `path`, `query` or `header`.

    `items`: the schema of the items of a list; None for another type. `separator` is between them, as `style`
    and `explode` say; without one, each item is a parameter of its own.
    """

    location: str
    required: bool
    schema: Schema
    items: Schema | None = None
    separator: str = ""

    @classmethod
    def of(cls, document: Mapping[str, JSON], node: Mapping[str, JSON]) -> "Parameter":
        """Return the parameter that a node describes."""
        described = schema_of(node)
        schema = resolve(document, described)
        allowed = kinds(schema)
        is_list = "array" in allowed and "string" not in allowed
        items = Schema(document, resolve(document, schema.get("items", {}))) if is_list else None
        style, in_query = node.get("style", "form"), node["in"] == "query"
        is_exploded = in_query and node.get("explode", style == "form")
        separator = "" if is_exploded else SEPARATORS.get(style, ",")
        return cls(node["in"], node.get("required", False), Schema(document, described), items, separator)

    def read(self, texts: Mapping[str, str], name: str, *, strict: bool) -> JSON:
        """Return the value that it has in the texts of its location; None if it is not there.

        Separators are recognised in escaped form too: clients of Azure send `a%2Cb`.
        """
        if name not in texts:
            return None
        text = texts[name]
        if self.items is None:
            return self.schema.read(text, strict=strict)
        if self.separator:
            each: Sequence[str] = text.split(self.separator) if text else ()
        else:
            each = texts.every(name) if isinstance(texts, Query) else (text,)
        return [self.items.read(one, strict=strict) for one in each]


class Query(Mapping[str, str]):
    """The parameters of a query, the first of each name; records which are read."""

    def __init__(self, query: str) -> None:
        self._texts = parse_qs(query, keep_blank_values=True)
        self._read: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self._read.add(name)
        return self._texts[name][0]

    def every(self, name: str) -> Sequence[str]:
        """Return all texts of a name, in their order."""
        self._read.add(name)
        return self._texts[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def unrecorded(self) -> "Query":
        """Return one of the same parameters whose reads do not count here."""
        copy = Query("")
        copy._texts = self._texts
        return copy

    @property
    def unread(self) -> tuple[str, ...]:
        """The names that were not read."""
        return tuple(name for name in self._texts if name not in self._read)


class Parameters(Mapping[str, JSON]):
    """Described parameters by name, and their texts in the request by location, such as `query`."""

    __slots__ = ("_in_path", "_is_checked", "_strict", "described", "texts")

    def __init__(
        self, described: Mapping[str, Parameter], texts: Mapping[str, Mapping[str, str]], *, strict: bool
    ) -> None:
        self.described: Mapping[str, Parameter] = described
        self.texts: Mapping[str, Mapping[str, str]] = texts
        self._strict = strict
        # Requests for a path that is remembered share their parameters; most poll, and read one of a path.
        self._is_checked = False
        self._in_path: dict[str, JSON] = {}

    def __getitem__(self, name: str) -> JSON:
        """Return a parameter in its type, or its default; raises Problem for a wrong or missing one."""
        value = self._in_path.get(name)
        if value is not None:
            return value
        parameter = self.described[name]
        value = parameter.read(self.texts[parameter.location], name, strict=self._strict)
        if parameter.required if value is None else not parameter.schema.accepts(value):
            raise Problem(Kind.BAD_PARAMETER, field=name, reason=self._reason(parameter, name, value))
        if value is None:
            return parameter.schema.default
        if parameter.location == "path":
            self._in_path[name] = value
        return value

    @staticmethod
    def _reason(parameter: Parameter, name: str, value: JSON) -> str:
        if value is None:
            return f"the {parameter.location} parameter {name} is missing"
        return f"{parameter.location} parameter {name}: {parameter.schema.first_problem(value)}"

    def check(self) -> None:
        """Raise Problem for the first one that is wrong or missing; none counts as read."""
        if self._is_checked:
            return
        query = self.texts.get("query", {})
        unrecorded = query.unrecorded() if isinstance(query, Query) else query
        copy = Parameters(self.described, {**self.texts, "query": unrecorded}, strict=self._strict)
        for name in self.described:
            copy[name]
        self._is_checked = True

    @property
    def unread(self) -> tuple[str, ...]:
        """The names in the query that were not read."""
        query = self.texts["query"]
        return query.unread if isinstance(query, Query) else ()

    def __iter__(self) -> Iterator[str]:
        return iter(self.described)

    def __len__(self) -> int:
        return len(self.described)
