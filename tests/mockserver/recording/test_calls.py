"""The webhook URL of a submission is found, and replaced, wherever the lifecycle has it."""

import json
from urllib.parse import urlencode

import pytest
from tests.mockserver.recording.sessions import service_of

from safelight_lifecycle import DeliveryRule, parse_expression
from safelight_mock.adapters.record.request_body import parsed
from safelight_mock.core.lifecycle import Deliver
from safelight_mock.core.scenario import Role
from safelight_mock.recording.calls import Call, Sent, call_of, keys_of, webhook_in, with_webhook
from safelight_mock.wire.messages import Request

TARGET, OWN = "https://mine.example/hook?a=1", "http://127.0.0.1:4010/_record/hooks/1"
FORM = (
    b'--x\r\nContent-Disposition: form-data; name="webhook_url"\r\n\r\n%b\r\n'
    b'--x\r\nContent-Disposition: form-data; name="image"; filename="a.jpg"\r\n\r\n\xff\r\n--x--\r\n'
)
PLACES = [
    (
        "$request.body#/webhook_url",
        "multipart/form-data; boundary=x",
        FORM % TARGET.encode(),
        FORM % OWN.encode(),
    ),
    (
        "$request.body#/webhook_url",
        "application/x-www-form-urlencoded",
        urlencode({"a": 1, "webhook_url": TARGET}).encode(),
        urlencode({"a": 1, "webhook_url": OWN}).encode(),
    ),
    (
        "$request.body#/hook/url",
        "application/json",
        json.dumps({"hook": {"url": TARGET}, "a": 1}).encode(),
        b'{"hook":{"url":"%b"},"a":1}' % OWN.encode(),
    ),
]


def rule_at(place: str) -> Deliver:
    service, _ = service_of("topaz")
    (rule,) = next(iter(service.lifecycles.values())).deliveries
    fields = {**rule.described.__dict__, "target": parse_expression(place)}
    return Deliver.of(DeliveryRule(**fields))


@pytest.mark.parametrize(
    ("place", "media_type", "before", "after"), PLACES, ids=["form", "urlencoded", "json"]
)
def test_a_url_in_a_body_is_replaced(place: str, media_type: str, before: bytes, after: bytes) -> None:
    sent = Sent(query="", headers={"content-type": media_type}, content=before)

    assert with_webhook(rule_at(place), TARGET, OWN, sent).content == after


def test_a_url_in_the_query_or_a_header_is_replaced() -> None:
    sent = Sent(query=urlencode({"callback": TARGET, "b": "2"}), headers={"x-callback": TARGET}, content=b"")

    assert with_webhook(rule_at("$request.query.callback"), TARGET, OWN, sent).query == urlencode(
        {"callback": OWN, "b": "2"}
    )
    assert with_webhook(rule_at("$request.header.X-Callback"), TARGET, OWN, sent).headers == {
        "x-callback": OWN
    }


def test_a_submission_has_a_webhook_and_no_job_and_a_read_has_a_job() -> None:
    service, _ = service_of("topaz")
    form = parsed(FORM % TARGET.encode(), "multipart/form-data; boundary=x")
    request = Request(method="POST", path="/topaz/image/v1/enhance/async", at=0, body=form)

    submission = call_of(service, request)
    read = call_of(service, Request(method="GET", path="/topaz/image/v1/status/17", at=0))
    unknown = call_of(service, Request(method="GET", path="/topaz/image/v1/nothing", at=0))

    found = webhook_in(submission, {})
    assert found is not None
    assert found[1] == TARGET
    assert (submission.role, submission.job, submission.name) == (Role.SUBMIT, "", "postEnhanceAsync")
    assert (read.role, read.job, webhook_in(read, {})) == (Role.READ, "17", None)
    assert (unknown.name, [*unknown.findings()]) == ("", ["the document has no such operation"])
    assert submission.submitted({"process_id": "17"}, {}) == "17"
    assert Call(request=request).submitted({"process_id": "17"}, {}) == ""


def test_keys_are_found_wherever_the_api_takes_them() -> None:
    service, _ = service_of("topaz")
    request = Request(method="GET", path="/", at=0, headers={"x-api-key": "secret"})

    assert keys_of(service, request) == ("secret",)


def test_a_form_that_is_broken_is_passed_on_as_bytes() -> None:
    assert parsed(b"--x\r\nnonsense", "multipart/form-data; boundary=x") == b"--x\r\nnonsense"
