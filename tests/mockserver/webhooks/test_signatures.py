"""Account webhooks have a signature that receivers verify."""

import hashlib
import hmac
import json
from collections.abc import Iterator

import pytest
from tests.mockserver.conftest import TwinClient
from tests.mockserver.hooks import (
    CONTROL,
    JsonObject,
    advance,
    answer,
    deliveries,
    fault,
    inbox,
    inbox_messages,
    sandbox_of,
    serve,
)
from tests.mockserver.stored import sandboxes

pytestmark = pytest.mark.slow

SECRET = "it's a säcret"  # noqa: S105 - of nobody
HEADER = "x-claid-hmac-sha256"
COFFEE, DAMAGED = "safelight://coffee.jpg", "safelight://damaged.jpg"
KEY = {"Authorization": "Bearer k"}


@pytest.fixture
def claid() -> Iterator[TwinClient]:
    """A twin whose Claid account has a webhook and a secret."""
    with serve() as client:
        subscribe(client, url=inbox(client), secret=SECRET)
        yield client


def subscribe(client: TwinClient, vendor: str = "claid", **wanted: object) -> JsonObject:
    path = f"{CONTROL}/sandboxes/{sandbox_of(client, vendor)}/webhook"
    result = client.request("PATCH", path, json=wanted)
    assert result.status_code == 200, result.text
    assert result.json() == client.request("GET", path).json()
    body: JsonObject = result.json()
    return body


def edit(client: TwinClient, image: object = COFFEE, path: str = "/image/edit/async") -> str:
    requested = {"input": image, "operations": {"resizing": {"width": 60}}}
    taken = client.request("POST", f"/claid/v1{path}", json=requested, headers=KEY)
    assert taken.status_code == 200, taken.text
    return str(taken.json()["data"]["id"])


def read(client: TwinClient, edit_id: str, path: str = "/image/edit/async") -> JsonObject:
    result: JsonObject = client.request("GET", f"/claid/v1{path}/{edit_id}", headers=KEY).json()
    return result


def artwork(client: TwinClient) -> str:
    requested = {"imageUrl": "safelight://chelsea.jpg", "webhook": inbox(client)}
    taken = client.request("POST", "/tengr/v2/artworks/detailer-upscaler", json=requested, headers=KEY)
    assert taken.status_code == 202, taken.text
    return str(taken.json()["id"])


@pytest.mark.fidelity("claid/imageEditFinished")
@pytest.mark.parametrize(
    ("image", "path", "status"),
    [
        (COFFEE, "/image/edit/async", "DONE"),
        (DAMAGED, "/image/edit/async", "ERROR"),
        ([DAMAGED, COFFEE], "/image/edit/batch", "DONE"),
        ([DAMAGED], "/image/edit/batch", "ERROR"),
    ],
)
def test_a_webhook_of_claid_has_the_body_of_the_status(
    claid: TwinClient, image: object, path: str, status: str
) -> None:
    edit_id = edit(claid, image, path)

    happened = advance(claid, 60, "claid")

    (message,) = inbox_messages(claid)
    result = json.loads(message["body"])
    assert result == read(claid, edit_id, path)
    assert result["data"]["status"] == status
    assert [one["vendor_state"] for one in happened if one["delivery"]] == [status]


def test_a_result_is_fetched_by_the_link_in_a_notification(claid: TwinClient) -> None:
    edit(claid)
    advance(claid, 60, "claid")

    output = json.loads(inbox_messages(claid)[0]["body"])["data"]["result"]["output_object"]

    assert claid.request("GET", output["tmp_url"]).headers["content-type"] == "image/jpeg"


@pytest.mark.fidelity("claid/imageEditFinished")
def test_a_synchronous_edit_sends_no_webhook(claid: TwinClient) -> None:
    claid.request("POST", "/claid/v1/image/edit", json={"input": COFFEE, "operations": {}}, headers=KEY)

    assert (inbox_messages(claid), deliveries(claid)) == ([], [])


@pytest.mark.fidelity("claid/imageEditFinished", "claid.webhook_retried")
def test_a_webhook_of_claid_has_four_attempts_of_thirty_seconds(claid: TwinClient) -> None:
    answer(claid, "hang", 500, "hang", default=503)
    edit(claid)

    advance(claid, 3600, "claid")

    times = [message["at"] for message in inbox_messages(claid)]
    assert [later - times[0] for later in times] == [0, 33, 39, 81]
    assert len({(message["body"], message["headers"][HEADER]) for message in inbox_messages(claid)}) == 1


@pytest.mark.fidelity("claid/imageEditFinished")
def test_only_configured_events_are_sent(claid: TwinClient) -> None:
    assert subscribe(claid, events=["failed"])["events"] == ["failed"]
    edit(claid)
    failed = edit(claid, DAMAGED)

    advance(claid, 60, "claid")

    assert [json.loads(message["body"])["data"]["id"] for message in inbox_messages(claid)] == [int(failed)]


@pytest.mark.parametrize(
    ("events", "detail"),
    [
        (["done"], 'events/0: "done" must be one of queued, running, succeeded, failed, cancelled'),
        (
            ["failed", "x" * 500],
            f'events/1: "{"x" * 79}… must be one of queued, running, succeeded, failed, cancelled',
        ),
        (["failed", "running"], "events: claid sends no webhook for running; allowed: succeeded, failed"),
    ],
)
def test_an_unknown_event_is_rejected_with_the_allowed_ones(
    claid: TwinClient, events: list[str], detail: str
) -> None:
    before = subscribe(claid)

    path = f"{CONTROL}/sandboxes/{sandbox_of(claid, 'claid')}/webhook"
    refused = claid.request("PATCH", path, json={"events": events})

    assert (refused.status_code, refused.json()["detail"]) == (422, detail)
    assert subscribe(claid) == before


@pytest.mark.fidelity("claid/imageEditFinished")
def test_a_webhook_is_sent_for_jobs_that_end_after_it_was_configured(claid: TwinClient) -> None:
    subscribe(claid, url="")
    edit(claid)
    advance(claid, 60, "claid")
    running = edit(claid)

    subscribe(claid, url=inbox(claid))
    advance(claid, 60, "claid")

    assert [json.loads(message["body"])["data"]["id"] for message in inbox_messages(claid)] == [int(running)]


def test_a_secret_is_never_shown(claid: TwinClient) -> None:
    edit(claid)
    advance(claid, 60, "claid")

    result = [
        claid.request("GET", f"{CONTROL}/{path}").text for path in ("sandboxes", "deliveries", "inbox/box")
    ]

    assert subscribe(claid) == {"url": inbox(claid), "events": ["succeeded", "failed"], "is_signed": True}
    assert SECRET not in json.dumps([json.loads(text) for text in result], ensure_ascii=False)
    assert SECRET not in repr(sandboxes(claid.twin)[0])


@pytest.mark.fidelity("claid:webhook-signature")
def test_without_a_secret_nothing_is_signed(claid: TwinClient) -> None:
    subscribe(claid, secret="")
    edit(claid)
    advance(claid, 60, "claid")

    assert inbox_messages(claid)[0]["headers"] == {"content-type": "application/json"}


def test_an_account_webhook_is_rejected_for_other_vendors(claid: TwinClient) -> None:
    path = f"{CONTROL}/sandboxes/{sandbox_of(claid)}/webhook"

    refused = claid.request("PATCH", path, json={"url": inbox(claid)})

    assert (refused.status_code, refused.json()["detail"]) == (
        422,
        "topaz has no webhook by account; send its URL with each job",
    )


@pytest.mark.parametrize(("mishap_", "secret"), [("wrong-signature", None), ("old-secret", SECRET)])
def test_a_signature_can_be_wrong_or_old(claid: TwinClient, mishap_: str, secret: str | None) -> None:
    subscribe(claid, secret=SECRET[::-1])
    fault(claid, mishap_, vendor="claid")
    edit(claid)
    advance(claid, 60, "claid")

    (message,) = inbox_messages(claid)
    body, signature = message["body"].encode(), message["headers"][HEADER]

    assert not verified_in_python(body, SECRET[::-1], signature)
    assert secret is None or verified_in_python(body, secret, signature)


@pytest.mark.parametrize("name", ["duplicate", "late", "out-of-order"])
def test_a_delivery_with_another_fault_is_signed_as_usual(claid: TwinClient, name: str) -> None:
    fault(claid, name, vendor="claid")
    edit(claid)
    advance(claid, 3600, "claid")

    for message in inbox_messages(claid):
        assert verified_in_python(message["body"].encode(), SECRET, message["headers"][HEADER])
    assert len(inbox_messages(claid)) == (2 if name == "duplicate" else 1)


def verified_in_python(body: bytes, secret: str, signature: str) -> bool:
    expected = "sha256=" + hmac.new(secret.encode("utf-8"), msg=body, digestmod=hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected, signature)


@pytest.mark.fidelity("claid.signature_format")
def test_the_format_of_the_signature_can_be_configured() -> None:
    with serve(options={"claid.signature_format": "v1,{base64}"}) as client:
        subscribe(client, url=inbox(client), secret=SECRET)
        edit(client)
        advance(client, 60, "claid")

        assert inbox_messages(client)[0]["headers"][HEADER].startswith("v1,")


@pytest.mark.fidelity("tengr/artworkFinished")
def test_a_webhook_is_sent_when_an_artwork_ends() -> None:
    with serve() as client:
        artwork_id = artwork(client)

        happened = advance(client, 60, "tengr")

        (message,) = inbox_messages(client)
        result = client.request("GET", f"/tengr/v2/artworks/{artwork_id}", headers=KEY).json()
        assert json.loads(message["body"]) == result
        assert message["headers"] == {"content-type": "application/json"}
        assert [one["vendor_state"] for one in happened if one["delivery"]] == ["succeeded"]


@pytest.mark.fidelity("tengr.signature_header")
def test_a_webhook_of_an_artwork_is_signed_if_there_is_a_secret() -> None:
    with serve(options={"tengr.signature_header": "X-Sign", "tengr.signature_format": "{hex}"}) as client:
        secret = client.request("POST", "/tengr/v2/organizations/o/webhook-secret", headers=KEY).json()[
            "secret"
        ]
        artwork(client)
        advance(client, 60, "tengr")

        (message,) = inbox_messages(client)
        made = hmac.new(secret.encode(), message["body"].encode(), hashlib.sha256).hexdigest()
        assert message["headers"]["x-sign"] == made


@pytest.mark.fidelity("tengr.webhook_attempts")
def test_retries_of_artwork_webhooks_can_be_configured() -> None:
    with serve() as client:
        answer(client, default=500)
        artwork(client)
        advance(client, 3600, "tengr")
        assert len(inbox_messages(client)) == 1
    chosen = {"webhook_attempts": 3, "webhook_first": 7, "webhook_timeout": 2, "webhook_retried": "timeout"}
    with serve(options={f"tengr.{name}": value for name, value in chosen.items()}) as client:
        answer(client, default="hang")
        artwork(client)
        advance(client, 3600, "tengr")
        times = [message["at"] for message in inbox_messages(client)]
        assert [later - times[0] for later in times] == [0, 9, 18]


@pytest.mark.fidelity("claid.webhook_retried")
def test_retries_of_claid_can_be_configured() -> None:
    with serve(options={"claid.webhook_retried": "4xx"}) as client:
        subscribe(client, url=inbox(client))
        answer(client, 404, default=500)
        edit(client)
        advance(client, 60, "claid")

        assert [message["response"] for message in inbox_messages(client)] == [404, 500]
