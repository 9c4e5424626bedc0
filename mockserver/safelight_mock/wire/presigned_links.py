"""Presigned links: whoever holds one may fetch one file until it expires, without a key."""

import hmac
from datetime import timedelta
from hashlib import sha256
from math import floor
from urllib.parse import parse_qs, quote, urlencode

import msgspec
from msgspec.structs import fields

from safelight_mock.core.lifecycle import AllowedIn

PREFIX = "/files/"


class LinkError(Exception):
    """A link that opens nothing: altered, or past its time."""


def expiry(rule: AllowedIn | None, since: float) -> int:
    """Return when a link that is made at that time expires, in whole Unix seconds."""
    life = timedelta() if rule is None or rule.expires is None else rule.expires
    return floor(since + life.total_seconds())


class FileName(msgspec.Struct, frozen=True):
    """What a link points at: the output or the input of a job; `output/cup.png` is one with a name."""

    vendor: str
    sandbox: str
    job: str
    purpose: str

    @property
    def path(self) -> str:
        """The path of the link."""
        return f"{PREFIX}{self.vendor}/{self.sandbox}/{self.job}/{self.purpose}"

    @classmethod
    def from_path(cls, path: str) -> "FileName":
        """Read a path back; raises LinkError for one we never made."""
        parts = path.removeprefix(PREFIX).split("/", len(fields(cls)) - 1)
        if len(parts) != len(fields(cls)):
            raise LinkError("no file has this path")
        return cls(*parts)


class Presigner(msgspec.Struct, frozen=True):
    """Signs a path, which ends in the purpose, with its expiry, and knows its signature again."""

    secret: bytes

    def __repr__(self) -> str:
        return "Presigner()"

    def url(self, origin: str, name: FileName, expires: int, method: str = "") -> str:
        """Return a link that is good until `expires`, in Unix seconds, perhaps for one method alone."""
        signature = self._signature(name, expires, method)
        return f"{origin}{quote(name.path)}?{urlencode({'expires': expires, 'signature': signature})}"

    def verify(self, name: FileName, query: str, now: float, method: str = "GET") -> None:
        """Raise LinkError unless this is a link of ours, good for this method, that has not expired."""
        asked = {key: values[0] for key, values in parse_qs(query).items()}
        expires = asked.get("expires", "")
        if not (expires.isascii() and expires.isdigit() and len(expires) < 16):  # noqa: PLR2004 - digits of a date
            raise LinkError("the link carries no expiry")
        signed = asked.get("signature", "").encode()
        good = (self._signature(name, int(expires), bound).encode() for bound in ("", method))
        if not any(hmac.compare_digest(signed, one) for one in good):
            raise LinkError("the signature does not match")
        if now >= int(expires):
            raise LinkError("the link has expired")

    def _signature(self, name: FileName, expires: int, method: str) -> str:
        bound = f"\n{method}" if method else ""  # the method is signed, not shown, as object stores do it
        return hmac.new(self.secret, f"{name.path}\n{expires}{bound}".encode(), sha256).hexdigest()
