"""Reads and writes JSON and YAML documents as plain Python values.

Values that JSON cannot represent are rejected: duplicate keys, infinities, unpaired surrogates. YAML is
version 1.2, as in `core_yaml`. Output depends on the document alone.
"""

import json
import math
import re
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeAlias

from ruamel.yaml.error import MarkedYAMLError, YAMLError

from safelight_openapi._reading import core_yaml
from safelight_openapi._reading.libyaml import NotPlainError, load_plain

JSONValue: TypeAlias = "dict[str, JSONValue] | list[JSONValue] | str | int | float | bool | None"

MAX_VALUES = 2_000_000
MAX_REPEATED = (
    200_000  # values added by aliases and merge keys, so that a small text cannot become a large document
)
MAX_LEVELS = 200  # of nesting; the parsers of YAML and JSON reach Python's recursion limit at 400 or more
CORRECT = "correct it there, or use another file"
_TOO_DEEP = f"it is nested more than {MAX_LEVELS} levels deep"
_TOO_MANY_ALIASES = (
    f"aliases and merge keys add more than {MAX_REPEATED:,} values to it; write the repeated parts as "
    "components, and refer to them with $ref"
)
_TEXT_UNIT = 100  # characters of a text that count as one value, because aliases can repeat long texts
_SURROGATE = re.compile("[\ud800-\udfff]")


class DocumentError(ValueError):
    """A document cannot be read or written; the message names the file and, if known, the line.

    `problem` is the reason alone, `where` the file and line.
    """

    def __init__(self, problem: str, *, source: str, line: int | None = None) -> None:
        self.problem = problem
        self.where: str = source if line is None else f"{source}, line {line}"
        super().__init__(f"{self.where}: {problem}.")


class DocumentFormat(StrEnum):
    """The format of a document."""

    JSON = "json"
    YAML = "yaml"


def format_of(text: str, *, source: str) -> DocumentFormat:
    """Return the format by the ending of the file's name or, if that is another, by the first character."""
    by_content = DocumentFormat.JSON if text.lstrip()[:1] in ("{", "[") else DocumentFormat.YAML
    return format_of_name(source) or by_content


def format_of_name(name: str) -> DocumentFormat | None:
    """Return the format by the ending of a file's name; None for another ending."""
    formats = {".json": DocumentFormat.JSON, ".yaml": DocumentFormat.YAML, ".yml": DocumentFormat.YAML}
    return formats.get(Path(name).suffix.lower())


def read_document(path: Path) -> JSONValue:
    """Read a JSON or YAML file; raises DocumentError."""
    return parse_document(read_text(path), source=path.as_posix())


def read_text(path: Path) -> str:
    """Read a UTF-8 text file, with or without a byte order mark; raises DocumentError."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        problem = "it is not UTF-8 text; save it in that encoding"
        raise DocumentError(problem, source=path.as_posix()) from error
    except OSError as error:
        problem = f"cannot read it ({error.strerror}); check the path"
        raise DocumentError(problem, source=path.as_posix()) from error


def parse_document(text: str, *, source: str) -> JSONValue:
    """Parse JSON or YAML; `source` names the text in errors, and its ending selects the format.

    Mapping keys that YAML parses as numbers remain numbers (see `string_keyed`). Raises DocumentError for
    syntax errors, values that JSON cannot represent, more than MAX_VALUES values, and more than MAX_LEVELS
    levels.
    """
    parse = _parse_json if format_of(text, source=source) is DocumentFormat.JSON else _parse_yaml
    try:
        document = parse(text, source)
    except RecursionError as error:
        raise DocumentError(_TOO_DEEP, source=source) from error
    _reject_what_json_cannot_represent(document, source, written=len(text))
    return _copy(
        document, key=lambda key: key
    )  # aliases share values; a change of one must not change the others


def dump_json(document: JSONValue) -> str:
    """Return a document as JSON, indented by two spaces, keys in their order."""
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def dump_yaml(document: JSONValue) -> str:
    """Return a document as block YAML, keys in their order."""
    return core_yaml.dump(document)


def string_keyed(document: JSONValue) -> JSONValue:
    """Return a deep copy of a document with every key as a string."""
    return _copy(document, key=str)


def count_values(document: JSONValue, *, most: int) -> int:
    """Count the values and keys of a document, up to the first count above `most`.

    Every hundred characters of a text count as one more.
    """
    total = 0
    for value, _ in _values(document):
        total += _weight(value)
        if total > most:
            break
    return total


def _weight(value: JSONValue) -> int:
    return 1 + len(value) // _TEXT_UNIT if isinstance(value, str) else 1


def _copy(document: JSONValue, *, key: Callable[[str], str]) -> JSONValue:
    """Return a deep copy; iterative, so that depth is not limited by Python's recursion limit."""
    box: list[JSONValue] = [document]
    pending: list[tuple[Any, Any]] = [(box, 0)]
    while pending:
        container, at = pending.pop()
        match container[at]:
            case dict() as old:
                container[at] = {key(name): value for name, value in old.items()}
                pending.extend((container[at], name) for name in container[at])
            case list() as old:
                container[at] = list(old)
                pending.extend((container[at], index) for index in range(len(old)))
    return box[0]


def _parse_json(text: str, source: str) -> JSONValue:
    def unique(pairs: list[tuple[str, JSONValue]]) -> dict[str, JSONValue]:
        members: dict[str, JSONValue] = {}
        for name, value in pairs:
            if name in members:
                raise DocumentError(f"the key {name} occurs twice in one object", source=source)
            members[name] = value
        return members

    try:
        document: JSONValue = json.loads(text, object_pairs_hook=unique)
    except json.JSONDecodeError as error:
        problem = f"it is not valid JSON ({error.msg}); {CORRECT}"
        raise DocumentError(problem, source=source, line=error.lineno) from error
    except DocumentError:
        raise
    except ValueError as error:  # int() rejects long numbers, which take quadratic time
        raise DocumentError(core_yaml.TOO_LONG, source=source) from error
    return document


def _parse_yaml(text: str, source: str) -> JSONValue:
    try:
        plain: JSONValue = load_plain(text)
    except NotPlainError:
        return _parse_any_yaml(text, source)
    return plain


def _parse_any_yaml(text: str, source: str) -> JSONValue:
    try:
        document: JSONValue = core_yaml.load(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise DocumentError(_not_yaml(source, str(error.problem)), source=source, line=line) from error
    except YAMLError as error:
        raise DocumentError(_not_yaml(source, " ".join(str(error).split())), source=source) from error
    except (KeyError, ValueError) as error:
        raise DocumentError(f"a value does not match its tag ({error})", source=source) from error
    return document


def _not_yaml(source: str, problem: str) -> str:
    """Return why a text is not YAML; of a file with another ending nothing says that it should be."""
    if format_of_name(source) is None and "." in Path(source).name:
        return f"it is neither JSON nor YAML ({problem}); give the path of an OpenAPI document"
    return f"it is not valid YAML ({problem}); {CORRECT}"


def _reject_what_json_cannot_represent(document: JSONValue, source: str, *, written: int) -> None:
    remaining, too_many = min(
        (MAX_VALUES, f"it has more than {MAX_VALUES:,} values"),
        # Without aliases, a text has at most one value per character.
        (written + MAX_REPEATED, _TOO_MANY_ALIASES),
    )
    for value, level in _values(document):
        remaining -= _weight(value)
        if remaining < 0:
            raise DocumentError(too_many, source=source)
        if level > MAX_LEVELS:
            raise DocumentError(_TOO_DEEP, source=source)
        if isinstance(value, float) and not math.isfinite(value):
            raise DocumentError(f"{value} is not a JSON number", source=source)
        if isinstance(value, str) and not value.isascii() and _SURROGATE.search(value):
            raise DocumentError(f"the text {value!r} contains an unpaired surrogate", source=source)


def _values(document: JSONValue) -> Iterator[tuple[JSONValue, int]]:
    """Yield every value and key with its level, depth first, which keeps the list of pending values short."""
    pending = [(document, 0)]
    while pending:
        value, level = pending.pop()
        yield value, level
        match value:
            case dict():
                pending.extend((key, level + 1) for key in value)
                pending.extend((member, level + 1) for member in value.values())
            case list():
                pending.extend((item, level + 1) for item in value)
