"""Verifies signatures of webhooks, as lifecycles describe them; the inverse of the mock server's signing."""

import hmac
import re
from base64 import b64decode, urlsafe_b64decode
from binascii import Error
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from safelight._errors import InvalidWebhookError
from safelight_lifecycle import Signature, SignatureScheme

TOLERANCE = 300.0  # seconds between the time of a signature and now, as Standard Webhooks recommends
PREFIX = "whsec_"  # of a secret in Base64, as Standard Webhooks has it
FIELD = re.compile(r"\{([^{}]+)\}")
PARTS = {
    "hex": "(?P<hex>(?:[0-9a-fA-F]{2})+)",
    "base64": r"(?P<base64>[\w+/=-]+)",
    "timestamp": r"(?P<timestamp>\d+)",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedMessage:
    """A webhook as it was received: headers by lower-case name; `id` is that of the notification."""

    headers: Mapping[str, str]
    body: bytes
    id: str = ""


def verify(rule: Signature, secrets: Iterable[str], message: SignedMessage, now: float) -> None:
    """Raise InvalidWebhookError unless one of the secrets, or public keys, has made a webhook's signature.

    `now` is in Unix seconds: a signature with a time that is further away than five minutes is not accepted.
    """
    if rule.scheme is SignatureScheme.STANDARD_WEBHOOKS:
        signature, content, timestamp = _standard(message)
    else:
        signature, content, timestamp = _described(rule, message)
    if timestamp and not (timestamp.isdecimal() and abs(now - int(timestamp)) <= TOLERANCE):
        raise InvalidWebhookError(f"its time, {timestamp}, is not within {TOLERANCE:g} s of now")
    if not any(_is_made_by(rule.scheme, secret, signature, content) for secret in secrets):
        raise InvalidWebhookError("its signature is not one of this secret and body")


def _standard(message: SignedMessage) -> tuple[list[bytes], bytes, str]:
    """Return signatures, signed content and time (https://www.standardwebhooks.com)."""
    names = ("webhook-id", "webhook-timestamp", "webhook-signature")
    id_, timestamp, listed = (_header(message, name) for name in names)
    signatures = [_base64(one.removeprefix("v1,")) for one in listed.split() if one.startswith("v1,")]
    return signatures, f"{id_}.{timestamp}.".encode() + message.body, timestamp


def _described(rule: Signature, message: SignedMessage) -> tuple[list[bytes], bytes, str]:
    header = _header(message, rule.header)
    is_echo = rule.scheme is SignatureScheme.ECHO
    match = re.fullmatch(_pattern(rule.format or ("{secret}" if is_echo else "{hex}")), header)
    if match is None:
        raise InvalidWebhookError(f"its header {rule.header} does not have the form {rule.format!r}")
    parts = match.groupdict()
    timestamp = parts.get("timestamp") or (_header(message, rule.timestamp) if rule.timestamp else "")
    if is_echo:
        return [parts["secret"].encode()], b"", timestamp
    digest = bytes.fromhex(parts["hex"]) if "hex" in parts else _base64(parts["base64"])
    return [digest], _content(rule.content, message, timestamp), timestamp


def _pattern(form: str) -> str:
    """Return the regular expression of a header's value; its parts are named."""
    known = {**PARTS, "secret": "(?P<secret>.+)"}
    pieces = FIELD.split(form)  # texts and names in turn
    texts, names = map(re.escape, pieces[::2]), [known.get(name, ".*") for name in pieces[1::2]]
    return "".join(text + name for text, name in zip(texts, [*names, ""], strict=True))


def _content(form: str, message: SignedMessage, timestamp: str) -> bytes:
    """Return what is signed, with the parts that it names."""
    parts = {
        "body": message.body,
        "sha256": sha256(message.body).hexdigest().encode(),
        "timestamp": timestamp.encode(),
        "id": message.id.encode(),
    }
    pieces = FIELD.split(form)
    named = [parts.get(name, message.headers.get(name.lower(), "").encode()) for name in pieces[1::2]]
    texts = [text.encode() for text in pieces[::2]]
    return b"".join(text + name for text, name in zip(texts, [*named, b""], strict=True))


def _is_made_by(scheme: SignatureScheme, secret: str, signatures: Iterable[bytes], content: bytes) -> bool:
    if scheme is SignatureScheme.ED25519:
        return any(_is_ed25519(secret, signature, content) for signature in signatures)
    expected = secret.encode()
    if scheme is not SignatureScheme.ECHO:
        is_standard = scheme is SignatureScheme.STANDARD_WEBHOOKS
        expected = hmac.digest(_standard_key(secret) if is_standard else expected, content, "sha256")
    return any(hmac.compare_digest(signature, expected) for signature in signatures)


def _standard_key(secret: str) -> bytes:
    """Return the key in a secret; one that is not in Base64 is taken as it is."""
    text = secret.removeprefix(PREFIX)
    try:
        return b64decode(text, validate=True)
    except Error:
        return text.encode()


def _is_ed25519(public_key: str, signature: bytes, content: bytes) -> bool:
    try:
        from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - few need it
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415
    except ImportError as error:
        raise ImportError(
            "Ed25519 signatures are verified with the package cryptography; install it"
        ) from error
    try:
        Ed25519PublicKey.from_public_bytes(_base64(public_key)).verify(signature, content)
    except (InvalidSignature, ValueError):
        return False
    return True


def _base64(text: str) -> bytes:
    """Decode Base64 with either alphabet, with or without padding; nothing for other texts."""
    try:
        return urlsafe_b64decode(text.replace("+", "-").replace("/", "_") + "=" * (-len(text) % 4))
    except Error:
        return b""


def _header(message: SignedMessage, name: str) -> str:
    value = message.headers.get(name.lower())
    if value is None:
        raise InvalidWebhookError(f"it has no header {name}")
    return value
