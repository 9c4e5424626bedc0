"""Signatures of webhooks, as lifecycles describe them.

An HMAC-SHA256 or an Ed25519 signature of a text with the body, its digest, the time, the id of the
notification and headers; Standard Webhooks (https://www.standardwebhooks.com); or the secret itself.
"""

import hmac
import re
from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Mapping
from hashlib import sha256
from typing import NamedTuple

from safelight_lifecycle import Signature, SignatureScheme
from safelight_mock.wire import ed25519

PREFIX = "whsec_"  # of a secret in base64, as Standard Webhooks has it
FIELD = re.compile(r"\{([^{}]+)\}")


class Signed(NamedTuple):
    """What a signature is about: the notification's id, its time in whole Unix seconds, headers and body."""

    id: str
    at: int
    headers: Mapping[str, str]
    body: bytes


def signature_headers(rule: Signature, secret: str, signed: Signed) -> Mapping[str, str]:
    """Return the headers of a signature, their names in lower case."""
    if rule.scheme is SignatureScheme.STANDARD_WEBHOOKS:
        return _standard(secret, signed)
    headers = {rule.timestamp.lower(): str(signed.at)} if rule.timestamp else {}
    digest = _digest(rule.scheme, secret, _filled(rule.content, signed))
    values = {
        "hex": digest.hex(),
        "base64": b64encode(digest).decode(),
        "timestamp": str(signed.at),
        "secret": secret,
    }
    text = FIELD.sub(lambda match: values.get(match[1], match[0]), rule.format or _usual(rule.scheme))
    return {**headers, rule.header.lower(): text}


def _usual(scheme: SignatureScheme) -> str:
    return "{secret}" if scheme is SignatureScheme.ECHO else "{hex}"


def _digest(scheme: SignatureScheme, secret: str, content: bytes) -> bytes:
    if scheme is SignatureScheme.ED25519:
        return ed25519.signature(secret, content)
    return hmac.new(secret.encode(), content, sha256).digest()


def _standard(secret: str, signed: Signed) -> Mapping[str, str]:
    """Sign as Standard Webhooks says; a secret that is not in base64 is taken as it is."""
    content = f"{signed.id}.{signed.at}.".encode() + signed.body
    digest = hmac.new(_key(secret), content, sha256).digest()
    return {
        "webhook-id": signed.id,
        "webhook-timestamp": str(signed.at),
        "webhook-signature": f"v1,{b64encode(digest).decode()}",
    }


def _key(secret: str) -> bytes:
    text = secret.removeprefix(PREFIX)
    try:
        return b64decode(text, validate=True)
    except Error:
        return text.encode()


def _filled(content: str, signed: Signed) -> bytes:
    """Return what is signed, with the parts that it names."""
    headers = {name.lower(): value for name, value in signed.headers.items()}
    parts = {
        "body": signed.body,
        "sha256": sha256(signed.body).hexdigest().encode(),
        "timestamp": str(signed.at).encode(),
        "id": signed.id.encode(),
    }
    pieces = FIELD.split(content)  # texts and names in turn
    named = (parts.get(name, headers.get(name.lower(), "").encode()) for name in pieces[1::2])
    texts = (text.encode() for text in pieces[::2])
    whole = [piece for text, name in zip(texts, (*named, b""), strict=False) for piece in (text, name)]
    return b"".join(whole)
