"""Webhooks of the APIs under examples/: what is sent, when, where to, and how it is signed."""

import hmac
import json
from base64 import b64decode, b64encode, urlsafe_b64decode
from hashlib import sha256
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from tests.mockserver.vendors.generic.examples import Served, serving

CONTROL = "http://twin/_safelight"
INBOX = f"{CONTROL}/inbox/box"
Message = dict[str, Any]


def messages(api: Served) -> list[Message]:
    found: list[Message] = api.get(INBOX).json()["messages"]
    return found


def bodies(api: Served) -> list[Any]:
    return [json.loads(one["body"]) for one in messages(api)]


def set_account(api: Served, **webhook: object) -> None:
    """Set the webhook of the account by the control plane."""
    opened = api.call("POST", f"{CONTROL}/sandboxes", json={"vendor": api.name, "key": api.key}).json()
    changed = api.call("PATCH", f"{CONTROL}/sandboxes/{opened['name']}/webhook", json=webhook)
    assert changed.is_success, changed.text


def test_a_webhook_has_the_body_of_the_read_and_is_sent_for_the_events_that_are_asked_for() -> None:
    with serving("replicate") as api:
        asked = {"webhook": INBOX, "webhook_events_filter": ["completed"]}
        made = api.post("/v1/predictions", {"version": "a/b", "input": {}, **asked}).json()
        api.advance(60)
        read = api.get(f"/v1/predictions/{made['id']}").json()

        assert bodies(api) == [read]


def test_without_a_filter_every_documented_change_is_sent() -> None:
    with serving("replicate") as api:
        api.post("/v1/predictions", {"version": "a/b", "input": {}, "webhook": INBOX})
        api.advance(60)

        assert [body["status"] for body in bodies(api)] == ["processing", "succeeded"]


def test_standard_webhooks_are_signed_with_the_secret_that_an_operation_gives() -> None:
    with serving("replicate") as api:
        secret = api.get("/v1/webhooks/default/secret").json()["key"]
        api.post("/v1/predictions", {"version": "a/b", "input": {}, "webhook": INBOX})
        api.advance(60)
        (message, _) = messages(api)

    headers = message["headers"]
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{message['body']}".encode()
    digest = hmac.new(b64decode(secret.removeprefix("whsec_")), content, sha256).digest()
    assert headers["webhook-signature"] == f"v1,{b64encode(digest).decode()}"


@pytest.mark.parametrize("secret", ["s3cret", None])
def test_a_webhook_is_signed_with_the_secret_of_its_request_or_not_at_all(secret: str | None) -> None:
    with serving("bfl") as api:
        api.post("/v1/flux-2-pro", {"prompt": "Rain", "webhook_url": INBOX, "webhook_secret": secret})
        api.advance(60)
        (message,) = messages(api)

    made = None if secret is None else hmac.new(secret.encode(), message["body"].encode(), sha256).hexdigest()
    assert message["headers"].get("x-bfl-signature") == (made and f"sha256={made}")


def test_an_ed25519_signature_is_about_headers_time_and_digest() -> None:
    with serving("fal", seed="a") as api:
        api.post(f"/fal-ai/flux/dev?fal_webhook={INBOX}", {"prompt": "Rain"})
        api.advance(60)
        (message,) = messages(api)
        published = api.client.get("https://rest.fal.ai/.well-known/jwks.json", headers={"authorization": ""})
        (key,) = published.json()["keys"]

    headers, body = message["headers"], message["body"].encode()
    names = ("x-fal-webhook-request-id", "x-fal-webhook-user-id", "x-fal-webhook-timestamp")
    lowered = {name.lower(): value for name, value in headers.items()}
    content = "\n".join([*(lowered[name] for name in names), sha256(body).hexdigest()]).encode()
    assert (key["kty"], key["crv"]) == ("OKP", "Ed25519")
    Ed25519PublicKey.from_public_bytes(urlsafe_b64decode(f"{key['x']}=")).verify(
        bytes.fromhex(lowered["x-fal-webhook-signature"]), content
    )
    assert json.loads(body)["status"] == "OK"
    assert json.loads(body)["payload"]["images"]


def test_the_secret_of_an_account_may_be_sent_as_it_is() -> None:
    with serving("leonardo") as api:
        set_account(api, url=INBOX, secret="s3cret")  # noqa: S106 - of a test
        made = api.post("/api/rest/v1/generations", {"prompt": "Rain"}).json()
        api.advance(60)
        (message,) = messages(api)

    body = json.loads(message["body"])
    assert message["headers"]["authorization"] == "Bearer s3cret"
    assert body["type"] == "image_generation.complete"
    assert body["data"]["object"]["id"] == made["sdGenerationJob"]["generationId"]
    assert len(body["data"]["object"]["images"]) == 4


def test_each_event_has_the_webhook_that_the_document_describes_for_it() -> None:
    with serving("openai") as api:
        set_account(api, url=INBOX)
        batch = {"input_file_id": "f", "endpoint": "/v1/responses", "completion_window": "24h"}
        made = [api.post("/v1/batches", batch).json()["id"] for _ in range(2)]
        api.post(f"/v1/batches/{made[1]}/cancel")
        api.advance(60)
        sent = bodies(api)

    assert {(one["type"], one["data"]["id"]) for one in sent} == {
        ("batch.completed", made[0]),
        ("batch.cancelled", made[1]),
    }


def test_one_submission_may_have_two_callbacks_and_a_header_that_it_asks_for() -> None:
    with serving("assemblyai") as api:
        api.post(
            "/v2/transcript",
            {
                "audio_url": "https://example.com/a.mp3",
                "webhook_url": INBOX,
                "webhook_auth_header_name": "X-Mine",
                "webhook_auth_header_value": "yes",
                "redact_pii": True,
                "redact_pii_audio": True,
            },
        )
        api.advance(60)
        sent = messages(api)

    assert [set(json.loads(one["body"])) for one in sent] == [
        {"transcript_id", "status"},
        {"redacted_audio_url", "status"},
    ]
    assert all(
        {name.lower(): value for name, value in one["headers"].items()}["x-mine"] == "yes" for one in sent
    )


def test_a_result_is_sent_by_the_method_that_the_request_asks_for() -> None:
    with serving("deepgram") as api:
        api.call(
            "POST",
            f"/v1/listen?callback={INBOX}&callback_method=PUT",
            json={"url": "https://example.com/a.mp3"},
        )
        api.advance(60)
        (delivery,) = api.get(f"{CONTROL}/deliveries").json()
        (message,) = messages(api)

    assert json.loads(message["body"])["results"]["channels"]
    assert message["headers"]["dg-token"]
    assert delivery["target"] == INBOX


def test_a_job_of_a_submission_without_an_address_sends_nothing() -> None:
    with serving("luma") as api:
        api.post("/dream-machine/v1/generations/video", {"model": "ray-2"})
        api.advance(60)

        assert api.get(f"{CONTROL}/deliveries").json() == []
