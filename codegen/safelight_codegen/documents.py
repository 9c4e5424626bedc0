"""JSON and YAML documents as plain Python values.

YAML is read as version 1.2 with the core schema: `on`, `off` and `no` are strings, dates are strings, `1_000` is a string,
`010` is ten. What JSON cannot hold is refused rather than bent: other tags, duplicate keys, infinities, half surrogate pairs.
A number may be a mapping key if it is spelled as JSON would spell it (`200:`, not `0x1:`); it is read as that number.
"""

import json
import math
import re
from collections.abc import Iterator
from enum import StrEnum
from io import StringIO
from pathlib import Path
from typing import Any, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.constructor import ConstructorError, SafeConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode
from ruamel.yaml.representer import SafeRepresenter

JSON: TypeAlias = "dict[str, JSON] | list[JSON] | str | int | float | bool | None"

_MOST_VALUES = 2_000_000  # a document that unfolds to more is a trap made of aliases
_HALF_SURROGATE = re.compile("[\ud800-\udfff]")
_CORE_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_OLD_BOOLEAN = re.compile(r"(?i)y|n|yes|no|on|off")
_TAG = "tag:yaml.org,2002:"


class DocumentError(ValueError):
    """A document cannot be read; the message is a sentence that names the file and, where known, the line."""

    def __init__(self, problem: str, *, source: str, line: int | None = None) -> None:
        self.problem = problem
        self.where = source if line is None else f"{source}, line {line}"
        super().__init__(f"{self.where}: {problem}.")


class Format(StrEnum):
    """How a document is written down."""

    JSON = "json"
    YAML = "yaml"

    @classmethod
    def of(cls, text: str, *, source: str) -> "Format":
        """Tell the format by the name of the file, and by its first character where the name says nothing."""
        named = cls.of_name(source)
        return named or (cls.JSON if text.lstrip()[:1] in ("{", "[") else cls.YAML)

    @classmethod
    def of_name(cls, name: str) -> "Format | None":
        """Tell the format by the ending of a file's name, if it tells."""
        return {".json": cls.JSON, ".yaml": cls.YAML, ".yml": cls.YAML}.get(Path(name).suffix.lower())


def read_document(path: Path) -> JSON:
    """Read a JSON or YAML file; raises `DocumentError`."""
    return parse_document(read_text(path), source=path.as_posix())


def read_text(path: Path) -> str:
    """Read a file that should be UTF-8 text; raises `DocumentError`."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentError("it is not UTF-8 text", source=path.as_posix()) from error
    except OSError as error:
        raise DocumentError(f"cannot read it ({error.strerror})", source=path.as_posix()) from error


def parse_document(text: str, *, source: str) -> JSON:
    """Parse JSON or YAML text; `source` names it in errors and its ending tells the format. Raises `DocumentError`."""
    parse = _parse_json if Format.of(text, source=source) is Format.JSON else _parse_yaml
    try:
        document = parse(text, source)
        _refuse_what_json_cannot_hold(document, source)
        return _unfolded(document)
    except RecursionError as error:
        raise DocumentError("it is nested too deeply", source=source) from error


def dump_json(document: JSON) -> str:
    """Write a document as JSON, two spaces deep, keys in their order."""
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def dump_yaml(document: JSON) -> str:
    """Write a document as block YAML, keys in their order; words an older YAML takes for booleans are quoted."""
    yaml = YAML(typ="safe", pure=True)
    yaml.Representer = _JSONRepresenter
    yaml.default_flow_style = False
    yaml.sort_base_mapping_type_on_output = False
    yaml.width = 120
    stream = StringIO()
    yaml.dump(document, stream)
    return stream.getvalue().removesuffix("...\n")


def dump_document(document: JSON, form: Format) -> str:
    """Write a document in the given format."""
    return dump_json(document) if form is Format.JSON else dump_yaml(document)


def string_keyed(value: JSON) -> JSON:
    """Copy a document so that it shares nothing with the original and every key is the string JSON would have."""
    match value:
        case dict():
            return {str(key): string_keyed(item) for key, item in value.items()}
        case list():
            return [string_keyed(item) for item in value]
        case _:
            return value


def _parse_json(text: str, source: str) -> Any:  # noqa: ANN401 — JSON enters here, checked next
    def refuse_constant(name: str) -> None:
        raise DocumentError(f"{name} is not a number JSON can hold", source=source)

    def unique(pairs: list[tuple[str, JSON]]) -> dict[str, JSON]:
        found = dict(pairs)
        if len(found) < len(pairs):
            twice = next(key for index, (key, _) in enumerate(pairs) if key in dict(pairs[:index]))
            raise DocumentError(f"the key {twice!r} occurs twice in one object", source=source)
        return found

    try:
        return json.loads(text, object_pairs_hook=unique, parse_constant=refuse_constant)
    except json.JSONDecodeError as error:
        raise DocumentError(f"it is not JSON ({error.msg})", source=source, line=error.lineno) from error


def _parse_yaml(text: str, source: str) -> Any:  # noqa: ANN401 — JSON enters here, checked next
    yaml = YAML(typ="safe", pure=True)
    yaml.Constructor = _CoreConstructor
    try:
        return yaml.load(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise DocumentError(f"it is not YAML ({error.problem})", source=source, line=line) from error
    except YAMLError as error:
        raise DocumentError(f"it is not YAML ({' '.join(str(error).split())})", source=source) from error
    except (KeyError, ValueError) as error:
        raise DocumentError(f"a value does not fit its tag ({error})", source=source) from error


def _refuse_what_json_cannot_hold(document: JSON, source: str) -> None:
    for count, value in enumerate(_values(document)):
        if count > _MOST_VALUES:
            raise DocumentError("its aliases unfold to more than two million values", source=source)
        if isinstance(value, float) and not math.isfinite(value):
            raise DocumentError(f"{value} is not a number JSON can hold", source=source)
        if isinstance(value, str) and not value.isascii() and _HALF_SURROGATE.search(value):
            raise DocumentError(f"the text {value!r} holds half a surrogate pair", source=source)


def _values(document: JSON) -> Iterator[JSON]:
    waiting = [document]
    while waiting:
        value = waiting.pop()
        yield value
        match value:
            case dict():
                waiting.extend(value)
                waiting.extend(value.values())
            case list():
                waiting.extend(value)


def _unfolded(value: JSON) -> JSON:
    match value:
        case dict():
            return {key: _unfolded(item) for key, item in value.items()}
        case list():
            return [_unfolded(item) for item in value]
        case _:
            return value


class _CoreConstructor(SafeConstructor):
    """Builds the values of YAML 1.2's core schema and nothing else."""

    def construct_mapping(self, node: Node, deep: bool = False) -> Any:  # noqa: ANN401, FBT001, FBT002 — the library's own signature
        if isinstance(node, MappingNode):
            for key, _ in node.value:
                self._refuse_doubtful_key(key)
        return super().construct_mapping(node, deep=deep)

    def _refuse_doubtful_key(self, key: Node) -> None:
        if not isinstance(key, ScalarNode):
            raise ConstructorError(None, None, "a mapping key must be a scalar", key.start_mark)
        if key.tag != _TAG + "merge" and str(self.construct_object(key)) != key.value:
            raise ConstructorError(None, None, f"quote the mapping key {key.value}", key.start_mark)

    def core_int(self, node: ScalarNode) -> int | str:
        text = str(self.construct_scalar(node))
        return self.construct_yaml_int(node) if _CORE_INT.fullmatch(text) else text

    def core_float(self, node: ScalarNode) -> float | str:
        text = str(self.construct_scalar(node))
        return text if "_" in text or ":" in text else self.construct_yaml_float(node)


for _name in ("binary", "omap", "pairs", "set"):
    _CoreConstructor.add_constructor(_TAG + _name, SafeConstructor.construct_undefined)
for _name in ("timestamp", "value"):
    _CoreConstructor.add_constructor(_TAG + _name, SafeConstructor.construct_yaml_str)
_CoreConstructor.add_constructor(_TAG + "int", _CoreConstructor.core_int)
_CoreConstructor.add_constructor(_TAG + "float", _CoreConstructor.core_float)


class _JSONRepresenter(SafeRepresenter):
    """Writes a tree: nothing is anchored, however often it occurs."""

    def ignore_aliases(self, data: object) -> bool:
        del data
        return True

    def text(self, data: str) -> ScalarNode:
        style = "|" if "\n" in data else "'" if _OLD_BOOLEAN.fullmatch(data) else None
        return self.represent_scalar(_TAG + "str", data, style=style)


_JSONRepresenter.add_representer(str, _JSONRepresenter.text)
