"""Ed25519 keys that follow from a secret: webhooks are signed by them, and clients read the public ones."""

from base64 import urlsafe_b64encode
from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

SEED = 32  # bytes of a private key


def signature(secret: str, content: bytes) -> bytes:
    """Return the signature of a content."""
    return _private_key(secret).sign(content)


def json_web_key(secret: str) -> dict[str, str]:
    """Return the public key as a JSON Web Key (RFC 8037)."""
    raw = _private_key(secret).public_key().public_bytes_raw()
    shown = urlsafe_b64encode(raw).rstrip(b"=").decode()
    return {"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": shown[:8], "x": shown}


def _private_key(secret: str) -> "Ed25519PrivateKey":
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415 - few need it

    return Ed25519PrivateKey.from_private_bytes(blake2b(secret.encode(), digest_size=SEED).digest())
