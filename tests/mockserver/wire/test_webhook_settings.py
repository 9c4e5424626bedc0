"""Settings of webhooks, and the delivery that follows from them."""

from datetime import timedelta
from math import inf

import pytest
from msgspec.structs import replace

from safelight_mock.core import Deliver, Retry, SignatureHeader, State, Target
from safelight_mock.wire.setting import Plain
from safelight_mock.wire.webhook_settings import DOCUMENTED, WebhookSettings, delivered, documented

RETRY = Retry(
    on=frozenset({"5xx"}),
    first=timedelta(seconds=5),
    factor=2,
    ceiling=timedelta(seconds=900),
    attempts=20,
    timeout=timedelta(seconds=30),
)
RULE = Deliver(
    webhook="told", target=Target(account=True), on=frozenset({State.FAILED}), sign="none", retry=RETRY
)


@pytest.mark.parametrize(
    ("options", "retry"),
    [
        ({}, {}),
        ({"webhook_retried": "4xx,timeout"}, {"on": frozenset({"4xx", "timeout"})}),
        (
            {"webhook_retried": "4xx,5xx,network,timeout"},
            {"on": frozenset({"4xx", "5xx", "network", "timeout"})},
        ),
        ({"webhook_retried": ""}, {"on": frozenset()}),
        ({"webhook_first": 1.5}, {"first": timedelta(seconds=1.5)}),
        ({"webhook_ceiling": 60}, {"ceiling": timedelta(seconds=60)}),
        ({"webhook_timeout": 3}, {"timeout": timedelta(seconds=3)}),
        ({"webhook_attempts": 2}, {"attempts": 2}),
        ({"backoff_cap": "per-wait"}, {}),
        ({"backoff_cap": "total"}, {"ceiling": timedelta.max, "total": 900.0}),
        ({"backoff_cap": "total", "webhook_ceiling": 60}, {"ceiling": timedelta.max, "total": 60.0}),
    ],
)
def test_each_setting_changes_what_it_names_and_nothing_else(
    options: dict[str, Plain], retry: dict[str, object]
) -> None:
    actual = delivered(RULE, options)

    names = ("on", "first", "ceiling", "timeout", "attempts", "factor", "total")
    expected = {name: getattr(RETRY, name) for name in names} | retry
    assert {name: getattr(actual.retry, name) for name in names} == expected
    assert (actual.on, actual.sign, actual.webhook) == (RULE.on, "none", "told")
    assert RETRY.total == inf


def test_a_vendor_has_the_settings_that_have_a_default() -> None:
    settings = WebhookSettings(attempts=3, max_delay=DOCUMENTED, notify_pending=False).settings

    assert {name: setting.default for name, setting in settings.items()} == {
        "notify_pending": False,
        "webhook_ceiling": None,
        "webhook_attempts": 3,
    }
    assert settings["webhook_ceiling"].read("9") == 9.0
    with pytest.raises(ValueError, match="0 is not between 1 and 1000"):
        settings["webhook_attempts"].read(0)


def test_a_signature_is_named_and_written_as_chosen() -> None:
    assert delivered(RULE, {"signature_header": "X-Mine"}).sign == SignatureHeader(header="X-Mine", format="")
    assert delivered(
        RULE, {"signature_header": "X-Mine", "signature_format": "{hex}"}
    ).sign == SignatureHeader(header="X-Mine", format="{hex}")
    assert delivered(RULE, {"signature_format": "{hex}"}).sign == "none"


def test_a_signature_of_the_lifecycle_is_kept_unless_a_setting_replaces_it() -> None:
    signed = replace(RULE, sign=SignatureHeader(header="X-Theirs", format="v1={hex}"))

    assert delivered(signed, {}).sign == SignatureHeader(header="X-Theirs", format="v1={hex}")
    assert delivered(signed, {"signature_format": "{base64}"}).sign == SignatureHeader(
        header="X-Theirs", format="{base64}"
    )
    assert delivered(signed, {"signature_header": ""}).sign == "none"


@pytest.mark.parametrize(("notify", "on"), [(True, {State.QUEUED, State.FAILED}), (False, {State.FAILED})])
def test_a_webhook_may_be_sent_for_a_submission_too(notify: bool, on: set[State]) -> None:  # noqa: FBT001 - pytest gives it
    assert delivered(RULE, {"notify_pending": notify}).on == on


def test_an_unknown_outcome_is_rejected() -> None:
    with pytest.raises(ValueError, match="webhook_retried: '6xx' is not one of 4xx, 5xx, network, timeout"):
        delivered(RULE, {"webhook_retried": "5xx,6xx"})


def test_a_lifecycle_declares_the_values_of_settings() -> None:
    retried = replace(RETRY, on=frozenset({"network", "5xx"}))

    assert documented(replace(RULE, retry=retried)) == {
        "webhook_retried": "5xx,network",
        "webhook_first": 5.0,
        "webhook_ceiling": 900.0,
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
        "webhook_ceiling": 2.0,
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
        "webhook_ceiling": (None, float),
        "webhook_attempts": (None, int),
        "webhook_timeout": (None, float),
    }
