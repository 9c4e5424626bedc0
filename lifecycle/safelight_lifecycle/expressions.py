"""OpenAPI runtime expressions (OpenAPI 3.1.2, section 4.8.20.3): parsed once, evaluated against a response.

    expression = "$url" / "$method" / "$statusCode" / "$request." source / "$response." source
    source     = "header." token / "query." name / "path." name / "body" ["#" json-pointer]

The pointer is not percent-encoded: it stands in an expression, not in the fragment of a URI.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from string import ascii_letters, digits

from safelight_lifecycle.pointers import JSON, follow, parse_pointer

_TOKEN = frozenset(f"!#$%&'*+-.^_`|~{digits}{ascii_letters}")  # RFC 9110, section 5.6.2
_MESSAGES = {"$request.": True, "$response.": False}
_PARSED = 1_000  # expressions kept parsed: documents hold dozens, and a server reads some at every response


class Part(StrEnum):
    """What of an exchange an expression reads."""

    URL = "$url"
    METHOD = "$method"
    STATUS = "$statusCode"
    BODY = "body"
    HEADER = "header"
    QUERY = "query"
    PATH = "path"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """A parsed runtime expression.

    `is_request` distinguishes the two messages. `name` is that of a parameter or, in lower case, of a header
    (RFC 9110, section 5.1: header names have no case). `pointer` holds reference tokens into a body.
    """

    part: Part
    is_request: bool = False
    name: str = ""
    pointer: tuple[str, ...] = ()


@lru_cache(_PARSED)
def parse_expression(text: str) -> Expression:
    """Parse a runtime expression; raises ValueError for any other text."""
    if text in (Part.URL, Part.METHOD, Part.STATUS):
        return Expression(part=Part(text))
    for prefix, is_request in _MESSAGES.items():
        expression = (
            _source(text.removeprefix(prefix), is_request=is_request) if text.startswith(prefix) else None
        )
        if expression is not None:
            return expression
    raise ValueError(f"{text!r} is not a runtime expression such as $response.body#/id")


def _source(text: str, *, is_request: bool) -> Expression | None:
    part, _, name = text.partition(".")
    body, _, pointer = text.partition("#")
    if body == Part.BODY:
        return Expression(part=Part.BODY, is_request=is_request, pointer=parse_pointer(pointer))
    if part == Part.HEADER and name and _TOKEN.issuperset(name):
        return Expression(part=Part.HEADER, is_request=is_request, name=name.lower())
    if part in (Part.QUERY, Part.PATH) and name:
        return Expression(part=Part(part), is_request=is_request, name=name)
    return None


def evaluate(text: str, *, body: JSON = None, headers: Mapping[str, str] | None = None) -> JSON:
    """Return the value an expression reads from a response, headers by lower-case name; None for no value.

    Raises ValueError for text that is not an expression, or not one about a response's body or headers.
    """
    expression = parse_expression(text)
    if expression.is_request or expression.part not in (Part.BODY, Part.HEADER):
        raise ValueError(f"{text!r} is not about a response's body or headers")
    if expression.part is Part.HEADER:
        return (headers or {}).get(expression.name)
    return follow(expression.pointer, body)
