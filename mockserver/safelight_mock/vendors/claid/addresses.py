"""URLs as the vendor's framework parses them: valid ones by pydantic 1.10, and its errors for others.

That is wider than RFC 3986: letters of any script, `|`, `[` and `{` are accepted, and hosts may be
international. tests/mockserver/vendors/claid/data/addresses.json has recorded results of the framework.
"""

import re
from functools import cache

import msgspec

LOADED = frozenset({"http", "https", "storage", "safelight"})  # the last is ours, for samples
LONGEST = 4096  # documented
LAST_PORT = 65_535

EMPTY, TOO_LONG = (
    "ensure this value has at least 1 characters",
    f"ensure this value has at most {LONGEST} characters",
)
NO_SCHEME, OTHER_SCHEME = "invalid or missing URL scheme", "URL scheme not permitted"
BAD_PORT = f"URL port invalid, port cannot exceed {LAST_PORT}"
BAD_HOST = "URL host invalid"
SURPLUS = "URL invalid, extra characters found after valid URL: {!r}"

# Every part is optional, so this matches the beginning of any text; the rest of it is an error of its own.
ADDRESS = (
    r"(?:(?P<scheme>[a-z][a-z0-9+.-]+)://)?"
    r"(?:[^\s:/]*(?::[^\s/]*)?@)?"
    r"(?P<host>(?:\d{1,3}\.){3}\d{1,3}(?=$|[/:#?])|\[[a-f0-9]*:[a-f0-9:]+\](?=$|[/:#?])|(?P<name>[^\s/:?#]+))?"
    r"(?::(?P<port>\d+))?"
    r"(?P<path>/[^\s?#]*)?"
    r"(?:\?[^\s#]*)?"
    r"(?:#[^\s#]*)?"
)
# A name without a Latin top-level domain is read as an international one; the range is the framework's.
LATIN = "[_0-9a-z](?:[-_0-9a-z]{0,61}[_0-9a-z])?"
LATIN_NAME = rf"(?:{LATIN}\.)+[a-z]{{2,63}}\.?"
LABEL = "[_0-9a-\U00040000](?:[-_0-9a-\U00040000]{0,61}[_0-9a-\U00040000])?"
NAME = rf"(?:{LABEL}\.)*{LABEL}(?:\.xn--[_0-9a-z-]{{2,63}})?\.?"


class AddressError(ValueError):
    """An invalid URL; the message is the framework's."""


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """A URL and its parts; an international host is in ASCII (IDNA)."""

    text: str
    scheme: str
    host: str
    path: str


def parse(text: str) -> Address:
    """Parse a URL; raises AddressError for the same first error as the framework."""
    text = text.strip()
    if not text:
        raise AddressError(EMPTY)
    if len(text) > LONGEST:
        raise AddressError(TOO_LONG)
    match = _matched(text)
    if int(match["port"] or 0) > LAST_PORT:
        raise AddressError(BAD_PORT)
    if match.end() < len(text):
        raise AddressError(SURPLUS.format(text[match.end() :]))
    host = _host(match)
    start, end = match.span("host")
    return Address(
        text=text[:start] + host + text[end:],
        scheme=match["scheme"].lower(),
        host=host,
        path=match["path"] or "",
    )


def is_address(text: str) -> bool:
    """Return whether a text is a valid input URL."""
    try:
        parse(text)
    except AddressError:
        return False
    return True


def scheme(text: str) -> str:
    """Return the scheme of a text that begins like a URL, or an empty text."""
    match = _pattern(ADDRESS).match(text.strip())
    return match["scheme"].lower() if match and match["scheme"] else ""


def _matched(text: str) -> re.Match[str]:
    match = _pattern(ADDRESS).match(text)
    if match is None or match["scheme"] is None:
        raise AddressError(NO_SCHEME)
    if match["scheme"].lower() not in LOADED:
        raise AddressError(OTHER_SCHEME)
    return match


def _host(match: re.Match[str]) -> str:
    host, name = match["host"], match["name"]
    if not host:
        raise AddressError(BAD_HOST)
    if not name or _pattern(LATIN_NAME).fullmatch(name):
        return host
    if not _pattern(NAME).fullmatch(name):
        raise AddressError(BAD_HOST)
    try:
        return name.encode("idna").decode()
    except UnicodeError as error:
        raise AddressError(str(error)) from error


@cache
def _pattern(text: str) -> re.Pattern[str]:
    """Compile a pattern on first use: the character range of `NAME` takes 45 ms."""
    return re.compile(text, re.IGNORECASE)
