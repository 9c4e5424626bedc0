"""Addresses as the vendor's framework takes them: what a URL is to pydantic 1.10, and what it says of others.

That is wider than RFC 3986: letters of any script, `|`, `[` and `{` pass, and hosts may be international.
tests/mockserver/vendors/claid/data/addresses.json has the framework's own answers.
"""

import re
from functools import cache

import msgspec

LOADED = frozenset({"http", "https", "storage", "safelight"})  # the last is the twin's own, for samples
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

# Every part may be missing, so this matches the beginning of any text; what is left over is refused by name.
ADDRESS = (
    r"(?:(?P<scheme>[a-z][a-z0-9+.-]+)://)?"
    r"(?:[^\s:/]*(?::[^\s/]*)?@)?"
    r"(?P<host>(?:\d{1,3}\.){3}\d{1,3}(?=$|[/:#?])|\[[a-f0-9]*:[a-f0-9:]+\](?=$|[/:#?])|(?P<name>[^\s/:?#]+))?"
    r"(?::(?P<port>\d+))?"
    r"(?P<path>/[^\s?#]*)?"
    r"(?:\?[^\s#]*)?"
    r"(?:#[^\s#]*)?"
)
# A name without a top level of Latin letters is taken for an international one; the range is the framework's.
LATIN = "[_0-9a-z](?:[-_0-9a-z]{0,61}[_0-9a-z])?"
LATIN_NAME = rf"(?:{LATIN}\.)+[a-z]{{2,63}}\.?"
LABEL = "[_0-9a-\U00040000](?:[-_0-9a-\U00040000]{0,61}[_0-9a-\U00040000])?"
NAME = rf"(?:{LABEL}\.)*{LABEL}(?:\.xn--[_0-9a-z-]{{2,63}})?\.?"


class AddressError(ValueError):
    """A text that is no address; the message is the framework's."""


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """An address and its parts; an international host is in ASCII, as it is looked up."""

    text: str
    scheme: str
    host: str
    path: str


def parse(text: str) -> Address:
    """Read an address; raises AddressError. What is wrong first is found first, as the framework does."""
    text = text.strip()
    if not text:
        raise AddressError(EMPTY)
    if len(text) > LONGEST:
        raise AddressError(TOO_LONG)
    found = _matched(text)
    if int(found["port"] or 0) > LAST_PORT:
        raise AddressError(BAD_PORT)
    if found.end() < len(text):
        raise AddressError(SURPLUS.format(text[found.end() :]))
    host = _host(found)
    start, end = found.span("host")
    return Address(
        text=text[:start] + host + text[end:],
        scheme=found["scheme"].lower(),
        host=host,
        path=found["path"] or "",
    )


def is_address(text: str) -> bool:
    """Tell whether a text is an address from which an input may come."""
    try:
        parse(text)
    except AddressError:
        return False
    return True


def scheme(text: str) -> str:
    """Return the scheme of what begins like an address; nothing, if there is none."""
    found = _pattern(ADDRESS).match(text.strip())
    return found["scheme"].lower() if found and found["scheme"] else ""


def _matched(text: str) -> re.Match[str]:
    found = _pattern(ADDRESS).match(text)
    if found is None or found["scheme"] is None:
        raise AddressError(NO_SCHEME)
    if found["scheme"].lower() not in LOADED:
        raise AddressError(OTHER_SCHEME)
    return found


def _host(found: re.Match[str]) -> str:
    host, name = found["host"], found["name"]
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
    """Compile a pattern when it is first needed: a range as wide as that of `NAME` takes 45 ms."""
    return re.compile(text, re.IGNORECASE)
