"""Signatures of webhooks are verified as the lifecycle describes them."""

import hmac
from base64 import b64encode
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from safelight import InvalidWebhookError
from safelight._jobs.signatures import SignedMessage, verify
from safelight_lifecycle import Secret, SecretSource, Signature, SignatureScheme

NOW = 1_800_000_000
BODY = b'{"id": "7"}'
OF_ACCOUNT = Secret(source=SecretSource.ACCOUNT)
DIGEST = hmac.digest(b"whisper", BODY, "sha256")
TIMED = hmac.digest(b"whisper", b"1800000000." + BODY, "sha256").hex()


def rule(**fields: str) -> Signature:
    return Signature(scheme=SignatureScheme.HMAC_SHA256, secret=OF_ACCOUNT, header="X-Sign", **fields)


@pytest.mark.parametrize(
    ("signature", "headers"),
    [
        (rule(), {"x-sign": DIGEST.hex()}),
        (rule(format="sha256={hex}"), {"x-sign": f"sha256={DIGEST.hex()}"}),
        (rule(format="{base64}"), {"x-sign": b64encode(DIGEST).decode()}),
        (
            rule(format="t={timestamp},v1={hex}", content="{timestamp}.{body}"),
            {"x-sign": f"t={NOW},v1={TIMED}"},
        ),
        (rule(timestamp="X-Time", content="{timestamp}.{body}"), {"x-sign": TIMED, "x-time": str(NOW)}),
    ],
)
def test_a_genuine_webhook_is_accepted_and_one_of_another_secret_or_body_is_not(
    signature: Signature, headers: dict[str, str]
) -> None:
    message = SignedMessage(headers=headers, body=BODY)

    verify(signature, ["old", "whisper"], message, NOW)

    for secrets, body in ((["another"], BODY), (["whisper"], BODY + b" "), ([], BODY)):
        with pytest.raises(InvalidWebhookError, match="its signature is not one of this secret and body"):
            verify(signature, secrets, SignedMessage(headers=headers, body=body), NOW)


def test_a_time_that_is_none_is_not_accepted() -> None:
    message = SignedMessage(headers={"x-sign": TIMED, "x-time": "soon"}, body=BODY)

    with pytest.raises(InvalidWebhookError, match="its time, soon, is not within 300 s of now"):
        verify(rule(timestamp="X-Time"), ["whisper"], message, NOW)


@pytest.mark.parametrize("seconds", [-301, 301])
def test_a_webhook_of_another_time_is_not_accepted(seconds: int) -> None:
    signature = rule(timestamp="X-Time", content="{timestamp}.{body}")
    message = SignedMessage(headers={"x-sign": TIMED, "x-time": str(NOW)}, body=BODY)

    with pytest.raises(InvalidWebhookError, match="its time, 1800000000, is not within 300 s of now"):
        verify(signature, ["whisper"], message, NOW + seconds)


@pytest.mark.parametrize(
    ("headers", "message"),
    [
        ({}, "it has no header X-Sign"),
        ({"x-sign": "sha1=00"}, "its header X-Sign does not have the form 'sha256={hex}'"),
        ({"x-sign": "sha256=0"}, "its header X-Sign does not have the form 'sha256={hex}'"),
        ({"x-sign": "sha256=00"}, "its signature is not one of this secret"),
    ],
)
def test_a_webhook_without_a_signature_is_not_accepted(headers: dict[str, str], message: str) -> None:
    with pytest.raises(InvalidWebhookError, match=message):
        verify(rule(format="sha256={hex}"), ["whisper"], SignedMessage(headers=headers, body=BODY), NOW)


def test_an_ed25519_signature_is_verified_by_a_public_key() -> None:
    private = Ed25519PrivateKey.generate()
    public = b64encode(private.public_key().public_bytes_raw()).decode()
    signature = Signature(
        scheme=SignatureScheme.ED25519,
        secret=Secret(source=SecretSource.KEYS, keys="https://api.acme.example/jwks.json"),
        header="X-Sign",
        content="{X-Id}\n{sha256}",
    )
    signed = private.sign(b"n1\n" + sha256(BODY).hexdigest().encode()).hex()
    message = SignedMessage(headers={"x-sign": signed, "x-id": "n1"}, body=BODY)

    verify(signature, [public], message, NOW)

    with pytest.raises(InvalidWebhookError, match="its signature is not one of this secret"):
        verify(signature, ["AAAA", b64encode(bytes(32)).decode()], message, NOW)
