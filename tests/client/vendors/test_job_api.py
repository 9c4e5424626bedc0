"""The client of any API says what it needs, and what an API does not offer."""

import httpx
import pytest

from safelight import ApiError, InvalidResponseError, InvalidWebhookError, JobApi, UnsupportedOperationError
from safelight_lifecycle import (
    ApiTable,
    DeliveryRule,
    JobIds,
    KeyLocation,
    Lifecycle,
    RequestTemplate,
    Secret,
    SecretSource,
    Signature,
    SignatureScheme,
    StateSet,
    Submission,
    parse_expression,
)

BODY = b'{"id": "7"}'


def lifecycle(name: str, secret: Secret | None = None) -> Lifecycle:
    """A lifecycle that has one operation; its webhooks are signed with a secret."""
    sign = secret and Signature(scheme=SignatureScheme.HMAC_SHA256, secret=secret, header="X-Sign")
    rules = (DeliveryRule(target=None, on=StateSet(), sign=sign),) if sign else ()
    ids = JobIds(places=(parse_expression("$response.body#/id"),))
    return Lifecycle(name=name, submit=(Submission(operation=f"{name}Create"),), ids=ids, deliver=rules)


def api(*lifecycles: Lifecycle, response: httpx.Response | None = None) -> JobApi:
    table = ApiTable(
        lifecycles={one.name: one for one in lifecycles},
        modules={},
        requests={"getSecret": RequestTemplate(method="GET", path="/secret")},
        server="https://api.acme.example/v1",
        key=KeyLocation(prefix="Bearer "),
    )
    return JobApi(
        table, api_key="k", transport=httpx.MockTransport(lambda _: response or httpx.Response(500))
    )


def test_a_lifecycle_is_named_where_there_are_several() -> None:
    jobs = api(lifecycle("render"), lifecycle("scan"))

    assert jobs.job("7", lifecycle="scan").id == "7"
    with pytest.raises(ValueError, match="pass lifecycle=, one of: render, scan"):
        jobs.job("7")
    with pytest.raises(ValueError, match="unknown lifecycle 'print'; there are: render, scan"):
        jobs.job("7", lifecycle="print")


def test_an_operation_that_starts_no_job_is_not_submitted() -> None:
    with pytest.raises(ValueError, match="'getSize' starts no job; these do: renderCreate"):
        api(lifecycle("render")).submit("getSize")


def test_a_base_url_is_needed_where_the_document_has_none() -> None:
    with pytest.raises(ValueError, match="the document has no complete server URL; pass base_url"):
        JobApi(ApiTable(lifecycles={}, modules={}, requests={}), api_key="k")


def test_a_service_that_does_not_do_it_says_so() -> None:
    jobs = api(lifecycle("render"))

    with pytest.raises(UnsupportedOperationError, match="does not list jobs"):
        jobs.jobs()
    with pytest.raises(UnsupportedOperationError, match="by webhooks only"):
        jobs.job("7").wait()
    with pytest.raises(UnsupportedOperationError, match="gives no result"):
        jobs.job("7").result()
    with pytest.raises(UnsupportedOperationError, match="sends no webhooks about these jobs"):
        jobs.webhook(BODY, {})


def test_a_secret_that_only_the_caller_has_is_asked_for() -> None:
    jobs = api(lifecycle("render", Secret(source=SecretSource.ACCOUNT)))

    with pytest.raises(ValueError, match="this webhook is signed with a secret of yours; pass secret="):
        jobs.webhook(BODY, {"X-Sign": "00"})
    with pytest.raises(InvalidWebhookError, match="its body is not JSON"):
        jobs.webhook(b"<html>", {"X-Sign": "00"})


def test_a_secret_or_keys_that_cannot_be_requested_are_an_error() -> None:
    secret = Secret(
        source=SecretSource.OPERATION, operation="getSecret", place=parse_expression("$response.body#/key")
    )
    keys = Secret(source=SecretSource.KEYS, keys="https://keys.example/jwks.json")

    with pytest.raises(InvalidResponseError, match=r"it has no \$response.body#/key"):
        api(lifecycle("render", secret), response=httpx.Response(200, json={})).webhook(
            BODY, {"X-Sign": "00"}
        )
    with pytest.raises(ApiError, match="500"):
        api(lifecycle("render", keys)).webhook(BODY, {"X-Sign": "00"})
