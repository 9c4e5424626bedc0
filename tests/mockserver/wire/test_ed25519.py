"""Webhooks are signed with a key that follows from a secret; clients verify them with the public one."""

from base64 import urlsafe_b64decode

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from safelight_mock.wire.ed25519 import json_web_key, signature


def test_a_signature_is_verified_by_the_public_key_of_its_secret() -> None:
    key = json_web_key("a secret")

    raw = urlsafe_b64decode(f"{key['x']}=")
    Ed25519PublicKey.from_public_bytes(raw).verify(signature("a secret", b"content"), b"content")


def test_a_public_key_is_a_json_web_key_as_rfc_8037_has_it() -> None:
    x = "evYF7W1A6TZ7O4wtN5nUby0bQYKCNU19kJjQIReuPQQ"

    assert json_web_key("a secret") == {
        "kty": "OKP",
        "crv": "Ed25519",
        "alg": "EdDSA",
        "use": "sig",
        "kid": x[:8],
        "x": x,
    }
    assert json_web_key("another secret")["x"] != x
