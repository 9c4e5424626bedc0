"""Settings of webhooks, and the delivery that follows from them."""

from math import inf
from typing import Any

import pytest
from msgspec.structs import replace
from tests.mockserver.lifecycles import webhook

from safelight_lifecycle import StateSet
from safelight_mock.core import Deliver, State
from safelight_mock.wire.setting import Plain
from safelight_mock.wire.webhook_settings import DOCUMENTED, WebhookSettings, delivered, documented

RETRY = {"first": "PT5S", "factor": 2, "ceiling": "PT15M", "attempts": 20, "timeout": "PT30S", "on": ["5xx"]}
RULE = webhook(retry=RETRY)


@pytest.mark.parametrize(
    ("options", "retry"),
    [
        ({}, {}),
        ({"webhook_retried": "4xx,timeout"}, {"retried": frozenset({"4xx", "timeout"})}),
        (
            {"webhook_retried": "4xx,5xx,network,timeout"},
            {"retried": frozenset({"4xx", "5xx", "network", "timeout"})},
        ),
        ({"webhook_retried": ""}, {"retried": frozenset()}),
        ({"webhook_first": 1.5}, {"first": 1.5}),
        ({"webhook_max_delay": 60}, {"max_delay": 60.0}),
        ({"webhook_timeout": 3}, {"timeout": 3.0}),
        ({"webhook_attempts": 2}, {"attempts": 2}),
        ({"backoff_cap": "per-wait"}, {}),
        ({"backoff_cap": "total"}, {"max_delay": inf, "total": 900.0}),
        ({"backoff_cap": "total", "webhook_max_delay": 60}, {"max_delay": inf, "total": 60.0}),
    ],
)
def test_each_setting_changes_what_it_names_and_nothing_else(
    options: dict[str, Plain], retry: dict[str, Any]
) -> None:
    actual = delivered(RULE, options)

    assert actual.retry_policy == replace(RULE.retry_policy, **retry)
    assert (actual.on, actual.sign, actual.described) == (RULE.on, None, RULE.described)
    assert RULE.retry_policy.total == inf


def test_a_vendor_has_the_settings_that_have_a_default() -> None:
    settings = WebhookSettings(attempts=3, max_delay=DOCUMENTED, notify_pending=False).settings

    assert {name: setting.default for name, setting in settings.items()} == {
        "notify_pending": False,
        "webhook_max_delay": None,
        "webhook_attempts": 3,
    }
    assert settings["webhook_max_delay"].read("9") == 9.0
    with pytest.raises(ValueError, match="0 is not between 1 and 1000"):
        settings["webhook_attempts"].read(0)


def test_a_signature_is_named_and_written_as_chosen() -> None:
    secret = {"account": True}
    documented = webhook(sign={"scheme": "hmac-sha256", "header": "X-Mine", "secret": secret})

    assert delivered(RULE, {"signature_header": "X-Mine"}).sign == documented.sign
    assert signature(RULE, signature_header="X-Mine") == ("X-Mine", "")
    assert signature(RULE, signature_header="X-Mine", signature_format="{hex}") == ("X-Mine", "{hex}")
    assert delivered(RULE, {"signature_format": "{hex}"}).sign is None


def test_a_signature_of_the_lifecycle_is_kept_unless_a_setting_replaces_it() -> None:
    secret = {"account": True}
    signed = webhook(
        sign={"scheme": "hmac-sha256", "header": "X-Theirs", "format": "v1={hex}", "secret": secret}
    )

    assert signature(signed) == ("X-Theirs", "v1={hex}")
    assert signature(signed, signature_format="{base64}") == ("X-Theirs", "{base64}")
    assert delivered(signed, {"signature_header": ""}).sign is None


def test_standard_webhooks_name_no_header_and_are_signed_all_the_same() -> None:
    signed = webhook(sign={"scheme": "standard-webhooks", "secret": {"account": True}})

    assert signature(signed) == ("", "")


def signature(rule: Deliver, **options: str) -> tuple[str, str]:
    """Return the header of a signature, and how it is written."""
    sign = delivered(rule, options).sign
    assert sign is not None
    return sign.header, sign.format


@pytest.mark.parametrize(("notify", "on"), [(True, {State.QUEUED, State.FAILED}), (False, {State.FAILED})])
def test_a_webhook_may_be_sent_for_a_submission_too(notify: bool, on: set[State]) -> None:  # noqa: FBT001 - pytest gives it
    assert delivered(RULE, {"notify_pending": notify}).on.states == on
    of_words = replace(RULE, on=StateSet(frozenset([State.FAILED]), frozenset(["Late"])))
    assert delivered(of_words, {"notify_pending": notify}).on == StateSet(frozenset(on), frozenset(["Late"]))


def test_an_unknown_outcome_is_rejected() -> None:
    with pytest.raises(ValueError, match="webhook_retried: '6xx' is not one of 4xx, 5xx, network, timeout"):
        delivered(RULE, {"webhook_retried": "5xx,6xx"})


def test_a_lifecycle_declares_the_values_of_settings() -> None:
    assert documented(webhook(retry={**RETRY, "on": ["network", "5xx"]})) == {
        "webhook_retried": "5xx,network",
        "webhook_first": 5.0,
        "webhook_max_delay": 900.0,
        "webhook_attempts": 20,
        "webhook_timeout": 30.0,
    }


def test_every_setting_has_a_name_and_bounds() -> None:
    settings = WebhookSettings(
        signature_header="X-Ours",
        signature_format="{hex}",
        notify_pending=True,
        retried="5xx",
        first=1.0,
        max_delay=2.0,
        attempts=3,
        timeout=4.0,
        cap="total",
    ).settings

    assert {name: setting.default for name, setting in settings.items()} == {
        "signature_header": "X-Ours",
        "signature_format": "{hex}",
        "notify_pending": True,
        "webhook_retried": "5xx",
        "webhook_first": 1.0,
        "webhook_max_delay": 2.0,
        "webhook_attempts": 3,
        "webhook_timeout": 4.0,
        "backoff_cap": "total",
    }
    assert settings["webhook_attempts"].read(1_000) == 1_000
    assert settings["backoff_cap"].read("per-wait") == "per-wait"
    for name, value in (("webhook_attempts", 1_001), ("backoff_cap", "never")):
        with pytest.raises(ValueError, match=str(value)):
            settings[name].read(value)


def test_the_default_of_a_documented_setting_is_left_to_the_lifecycle() -> None:
    settings = WebhookSettings(
        retried=DOCUMENTED, first=DOCUMENTED, max_delay=DOCUMENTED, attempts=DOCUMENTED, timeout=DOCUMENTED
    ).settings

    assert {name: (setting.default, setting.kind) for name, setting in settings.items()} == {
        "webhook_retried": (None, str),
        "webhook_first": (None, float),
        "webhook_max_delay": (None, float),
        "webhook_attempts": (None, int),
        "webhook_timeout": (None, float),
    }
