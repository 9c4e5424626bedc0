"""A generated client verifies webhooks as cases of the suite say."""

import pytest
from tests.conformance.client import CASES, Play
from tests.conformance.playing import START

from safelight import (
    InvalidWebhookError,
    State,
)

pytestmark = pytest.mark.slow


RECEIVER = "https://api.example.com/_safelight/inbox/receiver"


@pytest.mark.parametrize(
    ("case_name", "secret"),
    [
        ("deliver: an HMAC with a secret of the request", "whisper"),
        ("deliver: the secret itself", "whisper"),
        ("deliver: Standard Webhooks, with a secret that an operation gives", ""),
    ],
)
def test_a_webhook_is_verified_and_leads_to_its_job(play: Play, case_name: str, secret: str) -> None:
    with play(case_name) as case:
        body = {
            "prompt": "Rain",
            "webhook": "https://api.example.com/_safelight/inbox/receiver",
            "secret": "whisper",
        }
        job = case.jobs.submit("createJob", body=body)
        case.advance(13)
        ((headers, content),) = case.received()

        event = case.jobs.webhook(content, headers, secret=secret, now=START + 12)

        assert (event.job, event.state, event.is_signed) == (job, State.SUCCEEDED, True)
        with pytest.raises(InvalidWebhookError, match="its signature is not one of this secret"):
            case.jobs.webhook(content, headers, secret=f"not {secret}", now=START + 12)


def test_a_webhook_is_verified_by_the_keys_that_the_api_publishes(play: Play) -> None:
    name = "deliver: Ed25519, with keys that the API publishes"
    deliver = CASES[name]["lifecycle"]["deliver"] | {"headers": {"X-Delivery": "delivery"}}
    with play(name, deliver=deliver) as case:
        job = case.jobs.submit("createJob", body={"webhook": RECEIVER})
        case.advance(13)
        ((headers, content),) = case.received()

        event = case.jobs.webhook(content, headers)

        assert (event.job, event.id, event.is_signed) == (job, headers["X-Delivery"], True)
        with pytest.raises(InvalidWebhookError, match="its signature is not one of this secret"):
            case.jobs.webhook(content, headers | {"X-Delivery": "another"})


def test_a_secret_that_each_call_replaces_is_not_requested(play: Play) -> None:
    with play("deliver: a secret that each call of an operation replaces") as case:
        secret = case.rotated_secret()
        job = case.jobs.submit("createJob", body={"webhook": RECEIVER})
        case.advance(13)
        ((headers, content),) = case.received()

        event = case.jobs.webhook(content, headers, secret=secret)

        assert (event.job, event.is_signed) == (job, True)
        with pytest.raises(ValueError, match="each call of rotateSecret replaces the secret"):
            case.jobs.webhook(content, headers)


@pytest.mark.parametrize(
    "case_name",
    [
        "deliver: a query parameter has the address, and a callback describes what is sent",
        "deliver: further headers, of which the request may have name and value",
    ],
)
def test_a_webhook_has_the_id_of_its_notification(play: Play, case_name: str) -> None:
    deliver = CASES[case_name]["lifecycle"]["deliver"] | {"headers": {"X-Delivery": "delivery"}}
    with play(case_name, deliver=deliver) as case:
        job = case.jobs.submit("createJob", body={"webhook": RECEIVER}, callback=RECEIVER)
        case.advance(13)
        ((headers, content),) = case.received()

        event = case.jobs.webhook(content, headers)

        assert (event.job, event.id, event.is_signed) == (job, headers["X-Delivery"], False)
