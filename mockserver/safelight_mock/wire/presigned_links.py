"""Presigned links: URLs that give access to one file until they expire, without a key."""

import hmac
from hashlib import sha256
from math import floor
from urllib.parse import parse_qs, quote, urlencode

import msgspec
from msgspec.structs import fields

from safelight_lifecycle import JobInput, JobResult

PREFIX = "/files/"
EVENTS = "events"  # the purpose of a link to the events of a job, in place of a file
EXPIRED = "the link has expired"  # the reason in the request log


class LinkError(Exception):
    """An altered or expired link."""


def expiry(rule: JobInput | JobResult | None, since: float) -> int:
    """Return when a link made at that time expires, in whole Unix seconds."""
    return floor(since + (0 if rule is None or rule.expires is None else rule.expires))


class FileName(msgspec.Struct, frozen=True):
    """The file of a link: the output or the input of a job; `output/cup.png` has a file name."""

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
        """Parse a path; raises LinkError for one of another form."""
        parts = path.removeprefix(PREFIX).split("/", len(fields(cls)) - 1)
        if len(parts) != len(fields(cls)):
            raise LinkError("no file has this path")
        return cls(*parts)


class Presigner(msgspec.Struct, frozen=True):
    """Signs paths and expiries by HMAC-SHA256, and verifies them."""

    secret: bytes

    def __repr__(self) -> str:
        return "Presigner()"

    def url(self, origin: str, name: FileName, expires: int, method: str = "") -> str:
        """Return a link that is valid until `expires`, in Unix seconds, for GET and HEAD or one method."""
        signature = self._signature(name, expires, method)
        return f"{origin}{quote(name.path)}?{urlencode({'expires': expires, 'signature': signature})}"

    def verify(
        self, name: FileName, query: str, now: float, method: str = "GET", *, is_bound: bool = False
    ) -> None:
        """Verify the link to a file: `query` as in the URL, `now` in Unix seconds by the sandbox's clock.

        With `is_bound` it must be signed for the method itself, not for GET and HEAD.

        Raises LinkError, whose message names the reason, if it is malformed, not signed by us for this
        method, or expired. Signatures are compared in constant time.
        """
        fields_ = {key: values[0] for key, values in parse_qs(query).items()}
        expires = fields_.get("expires", "")
        if not (expires.isascii() and expires.isdigit() and len(expires) < 16):  # noqa: PLR2004 - digits of a date
            raise LinkError("the link carries no expiry")
        signed = fields_.get("signature", "").encode()
        methods = (method,) if is_bound else ("", method)
        good = (self._signature(name, int(expires), bound).encode() for bound in methods)
        if not any(hmac.compare_digest(signed, one) for one in good):
            raise LinkError("the signature does not match")
        if now >= int(expires):
            raise LinkError(EXPIRED)

    def _signature(self, name: FileName, expires: int, method: str) -> str:
        bound = f"\n{method}" if method else ""  # signed but not in the URL, as by object stores
        return hmac.new(self.secret, f"{name.path}\n{expires}{bound}".encode(), sha256).hexdigest()
