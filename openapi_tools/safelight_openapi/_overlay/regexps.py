"""The functions `match` and `search` of RFC 9535, in time linear in the text.

jsonpath-rfc9535 uses a backtracking engine, which takes exponential time: for `(a|a)+` and a text of forty
letters a and a b, years. These functions use Rust's regex engine, through the JSON Schema keyword `pattern`.
"""

from functools import lru_cache
from typing import Any

import jsonschema_rs
from iregexp_check import check

from safelight_openapi._overlay.errors import RejectedActionError

_MAX_SHOWN = 60
_WHOLE = {"match": "^(?:{})$", "search": "{}"}
_ESCAPED = "&~"  # && and ~~ are operators inside a class in Rust's engine, not in I-Regexp (RFC 9485)


def linear_time_function(name: str, standard: object) -> Any:  # noqa: ANN401 - a class of the library, another in version 2
    """Return a replacement for one of the library's functions.

    It is an instance of a subclass of `standard`, because the library checks the class. RFC 9535, sections
    2.4.6 and 2.4.7: the result is false for arguments that are not strings and for patterns that are not
    I-Regexp.
    """

    def call(_: object, text: object, pattern: object) -> bool:
        if not isinstance(text, str) or not isinstance(pattern, str) or not check(pattern):
            return False
        return _validator(_WHOLE[name].format(_translated(pattern)), pattern).is_valid(text)

    kind = type(standard)
    return type(kind.__name__, (kind,), {"__call__": call})()


@lru_cache(maxsize=256)
def _validator(translated: str, pattern: str) -> jsonschema_rs.Draft202012Validator:
    engine = jsonschema_rs.RegexOptions()  # without backtracking
    try:
        return jsonschema_rs.Draft202012Validator({"pattern": translated}, pattern_options=engine)
    except jsonschema_rs.ValidationError as error:
        shown = pattern if len(pattern) <= _MAX_SHOWN else pattern[:_MAX_SHOWN] + "…"
        raise RejectedActionError(
            f"the regular expression {shown} is too large; reduce its repetitions"
        ) from error


def _translated(pattern: str) -> str:
    """Return an I-Regexp in the syntax of Rust's engine.

    `.` does not match a line break in I-Regexp (RFC 9485, section 5); in a class, & and ~ are escaped.
    """
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
