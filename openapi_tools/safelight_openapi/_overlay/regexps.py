"""The functions `match` and `search` of RFC 9535, answered in time that grows as the text does.

jsonpath-rfc9535 has them run by a backtracking engine: `(a|a)+` takes ages on forty letters a and one b.
"""

from functools import lru_cache
from typing import Any

import jsonschema_rs
from iregexp_check import check

from safelight_openapi._overlay.errors import RefusalError

_LONGEST_SHOWN = 60
_WHOLE = {"match": "^(?:{})$", "search": "{}"}
_ESCAPED = "&~"  # in a class, Rust's engine takes && and ~~ for operators; I-Regexp (RFC 9485) has none


def linear(name: str, standard: object) -> Any:  # noqa: ANN401 - a class of the library, another in version 2
    """Make the function that stands in for one of the library, which asks for an object of its own class."""

    def call(_: object, text: object, pattern: object) -> bool:
        if not isinstance(text, str) or not isinstance(pattern, str) or not check(pattern):
            return False
        return _validator(_WHOLE[name].format(_translated(pattern)), pattern).is_valid(text)

    kind = type(standard)
    return type(kind.__name__, (kind,), {"__call__": call})()


@lru_cache(maxsize=256)
def _validator(spelled: str, pattern: str) -> jsonschema_rs.Draft202012Validator:
    engine = jsonschema_rs.RegexOptions()  # the one without backtracking
    try:
        return jsonschema_rs.Draft202012Validator({"pattern": spelled}, pattern_options=engine)
    except jsonschema_rs.ValidationError as error:
        shown = pattern if len(pattern) <= _LONGEST_SHOWN else pattern[:_LONGEST_SHOWN] + "…"
        raise RefusalError(f"the regular expression {shown} is too large; repeat less in it") from error


def _translated(pattern: str) -> str:
    """Spell an I-Regexp for Rust's engine."""
    parts, in_class, escaped = [], False, False
    for one in pattern:
        part = one
        if not escaped:
            if one in "[]":
                in_class = one == "["
            elif one == "." and not in_class:
                part = r"[^\n\r]"
            elif one in _ESCAPED and in_class:
                part = "\\" + one
        escaped = one == "\\" and not escaped
        parts.append(part)
    return "".join(parts)
