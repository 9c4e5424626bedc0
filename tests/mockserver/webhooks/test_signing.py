"""The headers of a signature, by the scheme that a lifecycle describes."""

import hmac
from base64 import urlsafe_b64decode
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from safelight_lifecycle import Secret, SecretSource, Signature, SignatureScheme
from safelight_mock.webhooks.signing import Signed, signature_headers
from safelight_mock.wire import ed25519

ACCOUNT = Secret(source=SecretSource.ACCOUNT)
SENT = Signed("id-1", 1_800_000_000, {"X-User": "u"}, b"body")


def hmac_rule(**parts: str) -> Signature:
    return Signature(scheme=SignatureScheme.HMAC_SHA256, secret=ACCOUNT, header="X-Signature", **parts)


@given(st.binary(), st.text(min_size=1))
def test_a_signature_is_standard_hmac(body: bytes, secret: str) -> None:
    made = hmac.new(secret.encode(), body, sha256).hexdigest()
    signed = Signed("id-1", 1, {}, body)

    assert signature_headers(hmac_rule(format="sha256={hex}"), secret, signed) == {
        "x-signature": f"sha256={made}"
    }


@pytest.mark.parametrize(
    ("format_", "written"),
    [
        ("{hex}", "515aae133b435d4000956731f68ae5cf5eb85d4f0dc6a546d2bfcd3595ec1ae1"),
        ("v1,{base64}", "v1,UVquEztDXUAAlWcx9orlz164XU8NxqVG0r/NNZXsGuE="),
        ("", "515aae133b435d4000956731f68ae5cf5eb85d4f0dc6a546d2bfcd3595ec1ae1"),
    ],
)
def test_a_digest_is_written_as_the_format_says(format_: str, written: str) -> None:
    assert signature_headers(hmac_rule(format=format_), "key", SENT) == {"x-signature": written}


def test_what_is_signed_may_have_time_id_digest_and_headers() -> None:
    rule = hmac_rule(
        format="t={timestamp},v1={hex}",
        content="{timestamp}.{id}.{x-user}.{sha256}.{body}",
        timestamp="X-Time",
    )
    content = b"1800000000.id-1.u." + sha256(b"body").hexdigest().encode() + b".body"

    assert signature_headers(rule, "key", SENT) == {
        "x-time": "1800000000",
        "x-signature": f"t=1800000000,v1={hmac.new(b'key', content, sha256).hexdigest()}",
    }


def test_a_standard_webhook_takes_a_secret_that_is_not_in_base64_as_it_is() -> None:
    rule = Signature(scheme=SignatureScheme.STANDARD_WEBHOOKS, secret=ACCOUNT)

    plain, coded = (signature_headers(rule, secret, SENT) for secret in ("k?y", "whsec_az95"))

    assert plain == coded
    assert plain["webhook-id"] == "id-1"


def test_the_letters_of_base64_in_a_secret_do_not_make_it_base64() -> None:
    rule = Signature(scheme=SignatureScheme.STANDARD_WEBHOOKS, secret=ACCOUNT)

    spaced, plain = (signature_headers(rule, secret, SENT) for secret in ("my secret", "mysecret"))

    assert spaced["webhook-signature"] != plain["webhook-signature"]


def test_a_secret_may_be_sent_itself() -> None:
    rule = Signature(
        scheme=SignatureScheme.ECHO, secret=ACCOUNT, header="Authorization", format="Bearer {secret}"
    )

    assert signature_headers(rule, "key", SENT) == {"authorization": "Bearer key"}


def test_a_standard_webhook_signs_id_time_and_body() -> None:
    """The example of the specification: https://www.standardwebhooks.com."""
    rule = Signature(scheme=SignatureScheme.STANDARD_WEBHOOKS, secret=ACCOUNT)
    sent = Signed("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, {}, b'{"test": 2432232314}')

    assert signature_headers(rule, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", sent) == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def public_key(secret: str) -> bytes:
    """Return the key that clients read as a JSON Web Key (RFC 8037)."""
    return urlsafe_b64decode(ed25519.json_web_key(secret)["x"] + "=")


def test_an_ed25519_signature_is_verified_by_the_public_key_of_its_secret() -> None:
    rule = Signature(
        scheme=SignatureScheme.ED25519, secret=ACCOUNT, header="X-Signature", content="{timestamp}{body}"
    )

    signature = bytes.fromhex(signature_headers(rule, "key", SENT)["x-signature"])

    Ed25519PublicKey.from_public_bytes(public_key("key")).verify(signature, b"1800000000body")
    assert public_key("key") != public_key("other")


def test_a_secret_that_is_sent_itself_needs_no_format() -> None:
    rule = Signature(scheme=SignatureScheme.ECHO, secret=ACCOUNT, header="X-Token")

    assert signature_headers(rule, "key", SENT) == {"x-token": "key"}


def test_what_a_format_does_not_know_stays_as_it_is() -> None:
    written = signature_headers(hmac_rule(format="{version},{timestamp}"), "key", SENT)

    assert written == {"x-signature": "{version},1800000000"}


def test_a_header_that_is_not_sent_is_signed_as_an_empty_one() -> None:
    rule = hmac_rule(content="{x-missing}.{body}")

    made = hmac.new(b"key", b".body", sha256).hexdigest()
    assert signature_headers(rule, "key", SENT) == {"x-signature": made}
