"""How webhooks are sent is read off the documents, and settings choose where those are silent."""

import pytest

from safelight_mock import Settings
from safelight_mock.config.services import services
from safelight_mock.core import Deliver, State


def rule(vendor: str, lifecycle: str, **options: str | float | bool) -> Deliver:
    chosen = Settings(options={f"{vendor}.{name}": value for name, value in options.items()})
    actual = services(chosen)[vendor].lifecycles[lifecycle].deliver
    assert actual is not None
    return actual


def test_topaz_webhooks_follow_the_published_policy() -> None:
    policy = rule("topaz", "image").retry_policy

    assert (policy.first, policy.factor, policy.max_delay, policy.attempts) == (5, 2, 900, 20)
    assert policy.retried == {"5xx", "network"}
    assert State.QUEUED not in rule("topaz", "image").on.states
    assert State.QUEUED in rule("topaz", "image", notify_pending=True).on.states
    assert rule("topaz", "image").sign is None


@pytest.mark.parametrize("lifecycle", ["edit", "batch"])
def test_claid_webhooks_follow_the_published_policy(lifecycle: str) -> None:
    actual = rule("claid", lifecycle)

    assert (actual.retry_policy.waits, actual.retry_policy.attempts, actual.retry_policy.timeout) == (
        (3, 6, 12),
        4,
        30,
    )
    assert actual.sign is not None
    assert (actual.sign.header, actual.sign.format) == ("X-Claid-Hmac-SHA256", "sha256={hex}")


def test_a_signature_without_a_published_name_has_one_of_ours() -> None:
    sign = rule("tengr", "artwork").sign
    assert sign is not None
    assert (sign.header, sign.format) == ("X-Safelight-Signature", "sha256={hex}")
    assert rule("tengr", "artwork", signature_header="").sign is None


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("webhook_retried", "5xx,6xx", "webhook_retried: '6xx' is not one of 4xx, 5xx, network, timeout"),
        ("backoff_cap", "never", "'never' is not one of per-wait, total"),
        ("webhook_attempts", 0, "0 is not between 1 and 1000"),
    ],
)
def test_an_invalid_setting_is_rejected(name: str, value: str | int, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        rule("topaz", "image", **{name: value})
