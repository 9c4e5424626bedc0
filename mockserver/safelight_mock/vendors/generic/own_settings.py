"""The settings of a document's vendor: for what its lifecycles leave open, and what a client can choose."""

from safelight_lifecycle import AsyncJobs, RateHeaders, Signature, SignatureScheme, Unsigned
from safelight_mock.vendors.generic.submission.input_limits import settings_of
from safelight_mock.wire.rate_limits import RateLimits
from safelight_mock.wire.setting import Setting
from safelight_mock.wire.webhook_settings import DOCUMENTED, WebhookSettings

RATE_HEADERS = "rate_limit_headers"


def own_settings(jobs: AsyncJobs) -> dict[str, Setting]:
    """Return the settings beside those of webhooks and rate limits."""
    settings = {name: one for each in jobs.lifecycles.values() for name, one in settings_of(each).items()}
    if jobs.rate.is_unverified:
        about = f"Send {', '.join([*jobs.rate.headers, *jobs.rate.refused])}; the vendor publishes none."
        settings[RATE_HEADERS] = Setting(default=False, about=about)
    return settings


def rate_limits(rate: RateHeaders) -> RateLimits:
    """Return the limits, in numbers that settings choose."""
    return RateLimits(
        headers=rate.headers,
        refusal_headers=rate.refused,
        headers_setting=RATE_HEADERS if rate.is_unverified else "",
    )


def webhook_settings(jobs: AsyncJobs) -> WebhookSettings:
    """Return the settings of webhooks; of what no lifecycle says the values are ours."""
    rules = [rule for each in jobs.lifecycles.values() for rule in each.deliver]
    is_retried = any(rule.retry is not None for rule in rules)
    is_unverified = any(
        rule.sign is Unsigned.UNVERIFIED
        or (isinstance(rule.sign, Signature) and rule.sign.scheme is SignatureScheme.UNVERIFIED)
        for rule in rules
    )
    if not rules:
        return WebhookSettings()
    return WebhookSettings(
        signature_header="X-Safelight-Signature" if is_unverified else None,
        signature_format="sha256={hex}" if is_unverified else None,
        retried=DOCUMENTED if is_retried else "5xx,network",
        first=DOCUMENTED if is_retried else 5.0,
        max_delay=DOCUMENTED if is_retried else None,
        attempts=DOCUMENTED if is_retried else 1,
        timeout=DOCUMENTED if is_retried else 30.0,
    )
