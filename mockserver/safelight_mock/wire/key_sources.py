"""Where a request has its API key: in headers, the query or a cookie, as security schemes describe it."""

from base64 import b64decode
from collections.abc import Mapping
from urllib.parse import parse_qs

import msgspec


class HeaderKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key that is the whole value of a header; `header` is in lower case."""

    header: str

    @property
    def place(self) -> str:
        """Where the key is, for errors."""
        return f"the header {self.header}"

    def read(self, headers: Mapping[str, str], _query: str = "") -> str:
        """Return the key, or an empty text."""
        return headers.get(self.header, "")


class BearerKey(msgspec.Struct, frozen=True, kw_only=True):
    """A bearer token (RFC 6750). With a `prefix`, tokens without it are ignored."""

    prefix: str = ""

    @property
    def place(self) -> str:
        """Where the key is, for errors; empty for a form of keys that is out of use."""
        return "" if self.prefix else "the header authorization, as Bearer KEY"

    def read(self, headers: Mapping[str, str], _query: str = "") -> str:
        """Return the key, or an empty text."""
        scheme, _, text = headers.get("authorization", "").partition(" ")
        token = text.strip() if scheme.lower() == "bearer" else ""
        return token if token.startswith(self.prefix) else ""


class SchemeKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key after the name of any scheme, such as `Bearer`, `Token` or `Key`, or without one."""

    header: str

    @property
    def place(self) -> str:
        """Where the key is, for errors."""
        return f"the header {self.header}"

    def read(self, headers: Mapping[str, str], _query: str = "") -> str:
        """Return the key, or an empty text."""
        return headers.get(self.header, "").strip().rpartition(" ")[2]


class BasicKey(msgspec.Struct, frozen=True, kw_only=True):
    """The user name of Basic authentication (RFC 7617), or the password where the name is empty."""

    @property
    def place(self) -> str:
        """Where the key is, for errors."""
        return "the header authorization, as user name of Basic"

    def read(self, headers: Mapping[str, str], _query: str = "") -> str:
        """Return the key, or an empty text."""
        scheme, _, text = headers.get("authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return ""
        try:
            user, _, password = b64decode(text.strip(), validate=True).decode().partition(":")
        except ValueError:
            return ""
        return user or password


class QueryKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key that is a parameter of the query."""

    name: str

    @property
    def place(self) -> str:
        """Where the key is, for errors."""
        return f"the query parameter {self.name}"

    def read(self, _headers: Mapping[str, str], query: str = "") -> str:
        """Return the key, or an empty text."""
        return parse_qs(query).get(self.name, [""])[0] if query else ""


class CookieKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key that is a cookie."""

    name: str

    @property
    def place(self) -> str:
        """Where the key is, for errors."""
        return f"the cookie {self.name}"

    def read(self, headers: Mapping[str, str], _query: str = "") -> str:
        """Return the key, or an empty text."""
        from http.cookies import CookieError, SimpleCookie  # noqa: PLC0415 - few APIs have it, every start would pay

        try:
            cookie = SimpleCookie(headers.get("cookie", "")).get(self.name)
        except CookieError:
            return ""
        return "" if cookie is None else cookie.value


OneKey = HeaderKey | BearerKey | SchemeKey | BasicKey | QueryKey | CookieKey


class AllKeys(msgspec.Struct, frozen=True, kw_only=True):
    """Several keys that are needed together; the first one names the account."""

    sources: tuple[OneKey, ...]

    @property
    def place(self) -> str:
        """Where the keys are, for errors."""
        return " and ".join(source.place for source in self.sources)

    def read(self, headers: Mapping[str, str], query: str = "") -> str:
        """Return the first key, or an empty text if one is missing."""
        keys = [source.read(headers, query) for source in self.sources]
        return keys[0] if all(keys) else ""


KeySource = OneKey | AllKeys
