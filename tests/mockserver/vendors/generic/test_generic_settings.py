"""What a document's vendor lets choose, by what its document and its lifecycles say."""

from typing import Any

import pytest

from safelight_lifecycle import AsyncJobs, read_async_jobs
from safelight_mock.vendors.generic.own_settings import own_settings, rate_limits, webhook_settings
from safelight_mock.vendors.generic.security import roles_of
from safelight_mock.wire.webhook_settings import DOCUMENTED

RETRY = {"on": ["5xx"], "waits": ["PT1S"]}


def jobs(rate: dict[str, Any] | None = None, **keys: Any) -> AsyncJobs:  # noqa: ANN401 - as documents are read
    lifecycle = {
        "submit": ["submit"],
        "id": {"from": "$response.body#/id", "parameter": "id"},
        "read": {"operation": "read", "state": "$response.body#/state"},
        **keys,
    }
    node = {"version": "2", "lifecycles": {"image": lifecycle}, **({"rate": rate} if rate else {})}
    return read_async_jobs({"x-async-jobs": node})


def webhook(**keys: Any) -> dict[str, Any]:  # noqa: ANN401 - as documents are read
    return {"target": {"field": "hook"}, "on": ["failed"], "sign": "none", **keys}


def test_a_lifecycle_that_leaves_nothing_open_has_no_settings() -> None:
    assert own_settings(jobs(deliver=webhook())) == {}
    assert webhook_settings(jobs()).settings == {}


def test_limits_of_inputs_and_public_webhooks_have_settings() -> None:
    accepted = {"from": "$request.body#/image", "pixels": 9}

    assert [*own_settings(jobs(accepts=accepted, deliver=webhook(public=True)))] == [
        "fail_late",
        "strict_webhooks",
    ]


def test_headers_of_rate_limits_that_are_not_published_are_sent_by_a_setting() -> None:
    guessed = jobs({"headers": {"X-Left": "{remaining}"}, "unverified": True})
    published = jobs({"headers": {"X-Left": "{remaining}"}})

    assert [*own_settings(guessed)] == [rate_limits(guessed.rate).headers_setting] == ["rate_limit_headers"]
    assert own_settings(published) == {}
    assert (rate_limits(published.rate).headers, rate_limits(published.rate).headers_setting) == (
        {"x-left": "{remaining}"},
        "",
    )


def test_retries_that_no_lifecycle_says_are_ours() -> None:
    ours, declared = (
        webhook_settings(jobs(deliver=webhook())),
        webhook_settings(jobs(deliver=webhook(retry=RETRY))),
    )

    assert (ours.retried, ours.first, ours.attempts, ours.timeout) == ("5xx,network", 5.0, 1, 30.0)
    assert (declared.retried, declared.attempts) == (DOCUMENTED, DOCUMENTED)


@pytest.mark.parametrize(
    "sign",
    [
        "unverified",
        {
            "scheme": "unverified",
            "secret": {"operation": "rotate", "from": "$response.body#/secret", "rotates": True},
        },
    ],
)
def test_a_signature_of_which_nothing_is_known_has_a_header_of_ours(sign: Any) -> None:  # noqa: ANN401 - as documents are read
    assert webhook_settings(jobs(deliver=webhook(sign=sign))).signature_header == "X-Safelight-Signature"
    assert webhook_settings(jobs(deliver=webhook())).signature_header is None


@pytest.mark.parametrize(
    ("security", "roles"),
    [
        ([{"key": ["manager"]}, {"key": ["admin"]}], ("manager", "admin")),
        ([{"key": []}], ()),
        ([{"key": ["manager"]}, {"key": []}], ()),
        ([{"key": ["manager"]}, {}], ()),
        ([{"key": ["manager", "admin"]}], ()),
        ([{"oauth": ["read"]}], ()),
        ([], ()),
    ],
)
def test_roles_are_those_of_which_a_key_needs_one(security: list[Any], roles: tuple[str, ...]) -> None:
    schemes = {"key": {"type": "http", "scheme": "bearer"}, "oauth": {"type": "oauth2", "flows": {}}}
    document = {"components": {"securitySchemes": schemes}}

    assert roles_of(document, {"security": security}) == roles
