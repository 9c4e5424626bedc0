"""Errors of a JSON Schema as sentences that name the field, its value and what is allowed.

A schema has sentences of its own under `x-otherwise`, by keyword; `{value}` in them is the invalid value.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple, TypeAlias

from safelight_lifecycle import JSON, format_pointer, value_at
from safelight_openapi._findings.candidates import closest

LONGEST = 80  # characters of a value
MOST_KEYS = 5  # of an object that is described
UNKNOWN = ("additionalProperties", "unevaluatedProperties")  # whose error names the keys that are not allowed
TYPES = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "an integer",
    "null": "null",
    "number": "a number",
    "object": "an object",
    "string": "a string",
}
FORMATS = {
    "date": "a date, such as 2026-01-31",
    "date-time": "a date and time, such as 2026-01-31T12:00:00Z",
    "email": "an email address",
    "uri": "a URL",
    "uuid": "a UUID",
}
UNIONS = ("oneOf", "anyOf")
OF_VALUE = ("type", "const", "enum", "pattern")  # keywords that tell the branches of a union apart

Path = tuple[str | int, ...]
Node: TypeAlias = Mapping[str, Any]
"""An object of a schema."""

SchemaError: TypeAlias = Any  # a ValidationError of jsonschema_rs; what its kinds have has no public type


class SchemaProblem(NamedTuple):
    """What is wrong with the value at a path: the keyword that it violates, and a sentence.

    - `key`: the unknown or missing key of an object; empty for other problems
    - `names`: the texts or keys that are allowed there; `candidates`: those that are most like the actual one
    - `is_list_wanted`: the value has to be a list
    """

    path: Path
    keyword: str
    sentence: str
    key: str = ""
    names: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    is_list_wanted: bool = False

    @property
    def advice(self) -> str:
        """The sentence, and what may be meant."""
        return f"{self.sentence}; did you mean {self.candidates[0]!r}?" if self.candidates else self.sentence

    @property
    def text(self) -> str:
        """Both after the field: `seconds: -3 is less than the minimum of 0`."""
        field = "/".join(map(str, self.path))
        if self.keyword == "required":
            return f"{field}{'/' if field else ''}{self.advice}"
        return f"{field}: {self.advice}" if field else self.advice


class Wording(NamedTuple):
    """How problems are worded: what a member of an object is called, and whose values are not shown."""

    noun: str = "field"
    hides: Callable[[str], bool] | None = None


OF_FIELDS = Wording()


def schema_problems(
    errors: Iterable[SchemaError], schema: Node, wording: Wording = OF_FIELDS
) -> list[SchemaProblem]:
    """Return what the errors of a validator say; within a union, of the branch that is most likely meant.

    A key that is missing because it is misspelled is not reported twice.
    """
    explained = _Explained(schema, wording)
    found = [problem for error in errors for problem in explained.problems(error)]
    renamed = {(one.path, one.candidates[0]) for one in found if one.keyword in UNKNOWN and one.candidates}
    return [one for one in found if one.keyword != "required" or (one.path, one.key) not in renamed]


class _Explained(NamedTuple):
    """Explains errors by the schema that they are of."""

    schema: Node
    wording: Wording

    def problems(self, error: SchemaError) -> Iterator[SchemaProblem]:
        chosen = self._branch(error)
        if chosen:
            for inner in chosen:
                yield from self.problems(inner)
        elif error.kind.name in UNKNOWN:
            yield from map(partial(self._unknown, error), map(str, error.kind.unexpected))
        else:
            yield self._problem(error)

    def _branch(self, error: SchemaError) -> list[SchemaError]:
        """Return the errors of the branch of a union that is most likely meant; [] if none is."""
        if error.kind.name not in UNIONS:
            return []
        at, value = list(error.instance_path), error.instance
        branches = [list(branch) for branch in error.kind.context]
        nodes = [self._resolved(node) for node in self._node(error).get(error.kind.name, ())]
        if len(branches) != len(nodes) or all(map(_is_presence, nodes)):
            return []
        fitting = [
            (branch, node)
            for branch, node in zip(branches, nodes, strict=True)
            if branch
            and not any(list(one.instance_path) == at and one.kind.name in OF_VALUE for one in branch)
        ]

        def distance(one: tuple[list[SchemaError], Node]) -> tuple[int, int, int]:
            branch, node = one
            discriminated = sum(inner.kind.name in ("const", "enum") for inner in branch)
            keys = {*node.get("properties", ()), *node.get("required", ())}
            present = len(keys & value.keys()) if isinstance(value, dict) else 0
            return discriminated, -present, len(branch)

        return min(fitting, key=distance, default=([], {}))[0]

    def _unknown(self, error: SchemaError, key: str) -> SchemaProblem:
        known = tuple(map(str, self._node(error).get("properties", ())))
        free = tuple(name for name in known if name not in error.instance)
        near = closest(key, free)
        hint = f"; use {_listed(known)}" if known and not near else ""
        otherwise = self._otherwise(error)
        return SchemaProblem(
            path=tuple(error.instance_path),
            keyword=error.kind.name,
            sentence=otherwise or f"unknown {self.wording.noun} {_cut(key)!r}{hint}",
            key=key,
            names=known,
            candidates=near,
        )

    def _problem(self, error: SchemaError) -> SchemaProblem:
        names = tuple(_names(self._node(error), self._resolved))
        value, path = error.instance, tuple(error.instance_path)
        near = closest(value, names) if isinstance(value, str) and names else ()
        sentence = self._otherwise(error) or self._sentence(error)
        key = str(error.kind.property) if error.kind.name == "required" else ""
        is_list_wanted = error.kind.name == "type" and "array" in error.kind.types
        return SchemaProblem(path, error.kind.name, sentence, key, names, near, is_list_wanted)

    def _sentence(self, error: SchemaError) -> str:  # noqa: PLR0911 - a case for each keyword
        kind, value, node = error.kind, self._shown(error), self._node(error)
        match kind.name:
            case "required":
                required = [*map(str, node.get("required", ()))]
                all_of = f"; required: {', '.join(required)}" if len(required) > 1 else ""
                return f"{kind.property} is missing{all_of}"
            case "type":
                types = sorted(map(str, kind.types), key="null".__eq__)
                in_a_list = "array" in types and not isinstance(error.instance, list | dict)
                return f"{value} is not {_either([TYPES[one] for one in types])}" + (
                    f"; write [{value}]" if in_a_list and error.instance is not None else ""
                )
            case "enum" | "const":
                allowed = kind.value if kind.name == "enum" else [kind.value]
                quoted = len(allowed) == 1 and isinstance(allowed[0], str)
                shown = _json(allowed[0]) if quoted else ", ".join(_plain(one) for one in allowed)
                return f"{value} must be {shown}" if len(allowed) == 1 else f"{value} must be one of {shown}"
            case "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum":
                return f"{_bound(kind, value)}{_range(node)}"
            case "minProperties" if not error.instance and node.get("properties"):
                return f"it is empty; give {_listed(tuple(node['properties']))}"
            case "minItems" | "minLength" | "minProperties" | "maxItems" | "maxLength" | "maxProperties":
                return _size(kind.name, kind.limit, error.instance)
            case "format":
                return f"{value} is not {FORMATS.get(kind.format, f'of the format {kind.format}')}"
            case "uniqueItems":
                return "two of its items are equal; remove one"
            case "oneOf" | "anyOf" if node.get(kind.name):
                return self._of_branches(error, [self._resolved(one) for one in node[kind.name]])
        return _cut(" ".join(error.message.split()), 2 * LONGEST)

    def _of_branches(self, error: SchemaError, branches: list[Node]) -> str:
        if all(map(_is_presence, branches)):
            return _presence([[*branch["required"]] for branch in branches], error.instance)
        described = [choice for branch in branches for choice in _described(branch, self._resolved)]
        return f"{self._shown(error)} must be {_either([*dict.fromkeys(described)])}"

    def _otherwise(self, error: SchemaError) -> str:
        """Return the sentence that the schema has for the violated keyword; empty without one."""
        *_, keyword = error.schema_path or [""]
        sentences = self._node(error).get("x-otherwise", {})
        return str(sentences.get(keyword, "")).replace("{value}", self._shown(error))

    def _node(self, error: SchemaError) -> Node:
        """Return the schema that has the violated keyword."""
        return self._at(tuple(error.schema_path)[:-1])

    def _at(self, path: Path) -> Node:
        try:
            node = value_at(format_pointer(path), self.schema)
        except (LookupError, ValueError, TypeError):
            return {}
        return node if isinstance(node, dict) else {}

    def _resolved(self, node: JSON) -> Node:
        """Return a branch, or the schema of the same document that it refers to."""
        if isinstance(node, dict) and str(node.get("$ref", "")).startswith("#"):
            return self._at(tuple(_tokens(node["$ref"])))
        return node if isinstance(node, dict) else {}

    def _shown(self, error: SchemaError) -> str:
        """Return the invalid value; of a secret field, and an object that may have one, only what it is."""
        value, hides = error.instance, self.wording.hides
        if error.kind.name == "propertyNames":
            value = error.kind.error.instance
        elif hides is not None and (
            isinstance(value, dict | list)
            or any(isinstance(one, str) and hides(one) for one in error.instance_path)
        ):
            return (
                "the object" if isinstance(value, dict) else "the list" if isinstance(value, list) else "it"
            )
        return _json(value)


def _tokens(reference: str) -> list[str]:
    return [one.replace("~1", "/").replace("~0", "~") for one in reference.removeprefix("#").split("/")[1:]]


def _is_presence(node: Node) -> bool:
    """Return whether a branch says nothing but which keys there are."""
    return "required" in node and not node.keys() & {"type", "properties", "additionalProperties"}


def _presence(choices: list[list[str]], value: JSON) -> str:
    """Return which keys an object lacks, or which of them exclude one another."""
    present = value.keys() if isinstance(value, dict) else set()
    several = any(len(keys) > 1 for keys in choices)
    listed = ", or ".join(map(_all, choices)) if several else _either([keys[0] for keys in choices])
    if any(present >= {*keys} for keys in choices):
        return f"give only one of these: {listed}"
    nearest = max(choices, key=lambda keys: len(present & {*keys}))
    missing = [key for key in nearest if key not in present]
    if len(missing) == len(nearest):
        return f"give {listed}"
    return f"{_all(missing)} {'is' if len(missing) == 1 else 'are'} missing: give {listed}"


def _names(node: Node, resolved: Callable[[JSON], Node]) -> Iterator[str]:
    """Yield the texts that a schema allows, also those of the branches of a union."""
    yield from map(str, node.get("enum", ()))
    for one in node.get("oneOf", ()):
        yield from _names(resolved(one), resolved)


def _described(node: Node, resolved: Callable[[JSON], Node]) -> list[str]:
    """Return what a branch of a union allows, such as `an object with every`."""
    if "enum" in node or "const" in node:
        return [*map(_plain, node.get("enum", [node.get("const")]))]
    if "oneOf" in node or "anyOf" in node:
        inner = node.get("oneOf", node.get("anyOf"))
        return [choice for one in inner for choice in _described(resolved(one), resolved)]
    types = node.get("type", [])
    described = [TYPES[one] for one in ([types] if isinstance(types, str) else types) if one in TYPES]
    keys = [*map(str, node.get("required", node.get("properties", ())))]
    if types == "object" and keys:
        return [f"an object with {_all(keys[:MOST_KEYS])}"]
    if types == "string" and "pattern" in node:
        return [f"a string that matches {node['pattern']}"]
    return described or ["something else"]


def _bound(kind: SchemaError, value: str) -> str:
    side = "less" if "inimum" in kind.name else "greater"
    end = "minimum" if side == "less" else "maximum"
    if kind.name.startswith("exclusive"):
        return f"{value} is not {'greater' if side == 'less' else 'less'} than {_json(kind.limit)}"
    return f"{value} is {side} than the {end} of {_json(kind.limit)}"


def _range(node: Node) -> str:
    """Return the range of a number that has both ends."""
    if "maximum" not in node or not node.keys() & {"minimum", "exclusiveMinimum"}:
        return ""
    low = (
        f"from {_json(node['minimum'])}" if "minimum" in node else f"above {_json(node['exclusiveMinimum'])}"
    )
    return f"; use a number {low} to {_json(node['maximum'])}"


def _size(keyword: str, limit: int, value: JSON) -> str:
    unit = {"Items": "item", "Length": "character", "Properties": "key"}[keyword[3:]]
    least = keyword.startswith("min")
    if not value:
        return f"it is empty; give at least {limit} {unit}{'' if limit == 1 else 's'}"
    units = f"{unit}{'' if len(value) == 1 else 's'}"
    return f"it has {len(value)} {units}; at {'least' if least else 'most'} {limit} are allowed"


def _listed(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"one of {', '.join(names)}"


def _either(choices: list[str]) -> str:
    return (
        choices[0] if len(choices) == 1 else f"{', '.join(choices[:-1])} or {choices[-1]}" if choices else ""
    )


def _all(keys: list[str]) -> str:
    return keys[0] if len(keys) == 1 else f"{', '.join(keys[:-1])} and {keys[-1]}"


def _plain(value: JSON) -> str:
    return value if isinstance(value, str) else _json(value)


def _json(value: JSON) -> str:
    return _cut(json.dumps(value, ensure_ascii=False, default=str))


def _cut(text: str, most: int = LONGEST) -> str:
    return text if len(text) <= most else f"{text[:most]}…"
