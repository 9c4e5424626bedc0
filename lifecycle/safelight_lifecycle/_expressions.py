"""OpenAPI runtime expressions (OpenAPI 3.1.2, section 4.8.20.3): parsed once, evaluated against a response.

    expression = "$url" / "$method" / "$statusCode" / "$request." source / "$response." source
    source     = "header." token / "query." name / "path." name / "body" ["#" json-pointer]

The pointer is not percent-encoded: `#` separates it from the expression, not from a URI.
"""

from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from string import ascii_letters, digits

from safelight_lifecycle._pointers import JSON, follow_tokens, format_pointer, parse_pointer
from safelight_lifecycle._record import Record

_TOKEN = frozenset(f"!#$%&'*+-.^_`|~{digits}{ascii_letters}")  # RFC 9110, section 5.6.2
_MESSAGES = {"$request.": True, "$response.": False}
_CACHED = 1_000  # parsed expressions: a document has dozens, and the server evaluates some for every response


class ExpressionSource(StrEnum):
    """The part of a request or response that an expression reads."""

    URL = "$url"
    METHOD = "$method"
    STATUS = "$statusCode"
    BODY = "body"
    HEADER = "header"
    QUERY = "query"
    PATH = "path"


class Expression(Record):
    """A parsed runtime expression.

    `is_request` distinguishes the two messages. `name` is that of a parameter or, in lower case, of a header
    (RFC 9110, section 5.1: header names have no case). `pointer` holds reference tokens into a body.
    """

    part: ExpressionSource
    is_request: bool = False
    name: str = ""
    pointer: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return the expression as a text; a header's name is in lower case."""
        if self.part in (ExpressionSource.URL, ExpressionSource.METHOD, ExpressionSource.STATUS):
            return str(self.part)
        message = "$request" if self.is_request else "$response"
        pointer = f"#{format_pointer(self.pointer)}" if self.pointer else ""
        return f"{message}.{self.part}{f'.{self.name}' if self.name else pointer}"


@lru_cache(_CACHED)
def parse_expression(text: str) -> Expression:
    """Parse a runtime expression; raises ValueError for any other text."""
    if text in (ExpressionSource.URL, ExpressionSource.METHOD, ExpressionSource.STATUS):
        return Expression(part=ExpressionSource(text))
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
    if body == ExpressionSource.BODY:
        return Expression(part=ExpressionSource.BODY, is_request=is_request, pointer=parse_pointer(pointer))
    if part == ExpressionSource.HEADER and name and _TOKEN.issuperset(name):
        return Expression(part=ExpressionSource.HEADER, is_request=is_request, name=name.lower())
    if part in (ExpressionSource.QUERY, ExpressionSource.PATH) and name:
        return Expression(part=ExpressionSource(part), is_request=is_request, name=name)
    return None


def evaluate_expression(
    text: str | Expression, *, body: JSON = None, headers: Mapping[str, str] | None = None
) -> JSON:
    """Return the value that an expression reads from a response; None if the response has none.

    `headers` are by lower-case name. Raises ValueError for text that is not an expression, and for an
    expression about a request, URL, method or status.
    """
    expression = parse_expression(text) if isinstance(text, str) else text
    if expression.is_request or expression.part not in (ExpressionSource.BODY, ExpressionSource.HEADER):
        raise ValueError(
            f"{str(text)!r} is not about a response; begin with $response.body or $response.header"
        )
    if expression.part is ExpressionSource.HEADER:
        return (headers or {}).get(expression.name)
    return follow_tokens(expression.pointer, body)
