"""JSON and YAML documents as plain Python values, read without bending and written without chance.

What JSON cannot hold is refused: duplicate keys, infinities, half surrogate pairs. YAML is version 1.2, as
`core_yaml` has it.
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

JSON: TypeAlias = "dict[str, JSON] | list[JSON] | str | int | float | bool | None"

MOST_VALUES = 2_000_000
MOST_REPEATED = 200_000  # values by aliases and merge keys: a small text may not become a large document
MOST_LEVELS = 200  # of nesting; the readers of YAML and JSON end at 400 and more, by Python's own limit
_TOO_DEEP = f"it is nested more than {MOST_LEVELS} levels deep"
_TEXT_UNIT = 100  # characters of a text that count as one value: aliases repeat long texts, too
_HALF_SURROGATE = re.compile("[\ud800-\udfff]")


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


def format_of(text: str, *, source: str) -> Format:
    """Tell a format by the ending of the file's name or, where that says nothing, by the first character."""
    by_content = Format.JSON if text.lstrip()[:1] in ("{", "[") else Format.YAML
    return format_of_name(source) or by_content


def format_of_name(name: str) -> Format | None:
    """Tell a format by the ending of a file's name, if it tells."""
    formats = {".json": Format.JSON, ".yaml": Format.YAML, ".yml": Format.YAML}
    return formats.get(Path(name).suffix.lower())


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
    """Parse JSON or YAML; `source` names the text in errors, and its ending may tell the format.

    Mapping keys that YAML reads as numbers stay numbers (see `string_keyed`). Raises `DocumentError`.
    """
    parse = _parse_json if format_of(text, source=source) is Format.JSON else _parse_yaml
    try:
        document = parse(text, source)
    except RecursionError as error:
        raise DocumentError(_TOO_DEEP, source=source) from error
    _refuse_what_json_cannot_hold(document, source, written=len(text))
    return _copy(document, key=lambda key: key)  # so that no alias shares what others may come to change


def dump_json(document: JSON) -> str:
    """Write a document as JSON, two spaces deep, keys in their order."""
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def dump_yaml(document: JSON) -> str:
    """Write a document as block YAML, keys in their order."""
    return core_yaml.dump(document)


def string_keyed(document: JSON) -> JSON:
    """Copy a document: the copy shares nothing with it, and each key is the string JSON would have."""
    return _copy(document, key=str)


def weight(document: JSON, *, most: int) -> int:
    """Count the values of a document; stops counting above `most`.

    Each value counts as one, each key as one, and every hundred characters of a text as one more.
    """
    total = 0
    for value, _ in _values(document):
        total += _weight(value)
        if total > most:
            break
    return total


def _weight(value: JSON) -> int:
    return 1 + len(value) // _TEXT_UNIT if isinstance(value, str) else 1


def _copy(document: JSON, *, key: Callable[[str], str]) -> JSON:
    """Copy with a list of what is left to do, not by recursion: depth is no concern here."""
    box: list[JSON] = [document]
    waiting: list[tuple[Any, Any]] = [(box, 0)]
    while waiting:
        holder, at = waiting.pop()
        match holder[at]:
            case dict() as old:
                holder[at] = {key(name): value for name, value in old.items()}
                waiting.extend((holder[at], name) for name in holder[at])
            case list() as old:
                holder[at] = list(old)
                waiting.extend((holder[at], index) for index in range(len(old)))
    return box[0]


def _parse_json(text: str, source: str) -> JSON:
    def unique(pairs: list[tuple[str, JSON]]) -> dict[str, JSON]:
        found: dict[str, JSON] = {}
        for name, value in pairs:
            if name in found:
                raise DocumentError(f"the key {name} occurs twice in one object", source=source)
            found[name] = value
        return found

    try:
        document: JSON = json.loads(text, object_pairs_hook=unique)
    except json.JSONDecodeError as error:
        raise DocumentError(f"it is not JSON ({error.msg})", source=source, line=error.lineno) from error
    except DocumentError:
        raise
    except ValueError as error:  # int() refuses what would take quadratic time
        raise DocumentError(core_yaml.TOO_LONG, source=source) from error
    return document


def _parse_yaml(text: str, source: str) -> JSON:
    try:
        document: JSON = core_yaml.load(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise DocumentError(f"it is not YAML ({error.problem})", source=source, line=line) from error
    except YAMLError as error:
        raise DocumentError(f"it is not YAML ({' '.join(str(error).split())})", source=source) from error
    except (KeyError, ValueError) as error:
        raise DocumentError(f"a value does not fit its tag ({error})", source=source) from error
    return document


def _refuse_what_json_cannot_hold(document: JSON, source: str, *, written: int) -> None:
    left, too_many = min(
        (MOST_VALUES, f"it has more than {MOST_VALUES:,} values"),
        # What is written has at most a value for each character.
        (written + MOST_REPEATED, f"aliases and merge keys add more than {MOST_REPEATED:,} values to it"),
    )
    for value, level in _values(document):
        left -= _weight(value)
        if left < 0:
            raise DocumentError(too_many, source=source)
        if level > MOST_LEVELS:
            raise DocumentError(_TOO_DEEP, source=source)
        if isinstance(value, float) and not math.isfinite(value):
            raise DocumentError(f"{value} is not a number JSON can hold", source=source)
        if isinstance(value, str) and not value.isascii() and _HALF_SURROGATE.search(value):
            raise DocumentError(f"the text {value!r} holds half a surrogate pair", source=source)


def _values(document: JSON) -> Iterator[tuple[JSON, int]]:
    """Yield every value, keys too, with its level; the last first, so that little waits at any time."""
    waiting = [(document, 0)]
    while waiting:
        value, level = waiting.pop()
        yield value, level
        match value:
            case dict():
                waiting.extend((key, level + 1) for key in value)
                waiting.extend((member, level + 1) for member in value.values())
            case list():
                waiting.extend((item, level + 1) for item in value)
