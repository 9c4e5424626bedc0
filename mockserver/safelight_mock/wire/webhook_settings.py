"""Settings of webhooks: which ones a vendor has, their defaults, and the delivery rule they lead to."""

from collections.abc import Mapping
from datetime import timedelta
from enum import Enum
from math import inf
from typing import Literal

import msgspec
from msgspec import structs
from msgspec.structs import replace

from safelight_mock.core.job import State
from safelight_mock.core.lifecycle import Deliver, Retry, SignatureHeader
from safelight_mock.wire.setting import Plain, Setting

PER_WAIT, TOTAL = "per-wait", "total"
RETRIED = frozenset({"4xx", "5xx", "network", "timeout"})

Options = Mapping[str, Plain]


class Documented(Enum):
    """Marks a setting whose default is what the vendor's lifecycle declares."""

    DOCUMENTED = "documented"


DOCUMENTED = Documented.DOCUMENTED

# By field of WebhookSettings: the setting's name, and what it is. Its default is the field's value.
SETTINGS: Mapping[str, tuple[str, Setting]] = {
    "signature_header": (
        "signature_header",
        Setting(default=None, kind=str, about="Header with a webhook's signature, once there is a secret."),
    ),
    "signature_format": (
        "signature_format",
        Setting(default=None, kind=str, about="A webhook's signature; {hex} or {base64} is the digest."),
    ),
    "notify_pending": (
        "notify_pending",
        Setting(default=None, kind=bool, about="Send a webhook for a job that was just submitted, too."),
    ),
    "retried": (
        "webhook_retried",
        Setting(
            default=None,
            kind=str,
            about="Outcomes after which a webhook is retried, by commas: 4xx, 5xx, network, timeout.",
        ),
    ),
    "first": (
        "webhook_first",
        Setting(default=None, kind=float, about="Seconds before a webhook's first retry."),
    ),
    "max_delay": (
        "webhook_ceiling",
        Setting(default=None, kind=float, about="Most seconds between two attempts."),
    ),
    "attempts": (
        "webhook_attempts",
        Setting(default=None, kind=int, least=1, most=1_000, about="Most attempts to deliver a webhook."),
    ),
    "timeout": (
        "webhook_timeout",
        Setting(default=None, kind=float, about="Seconds in which a webhook has to be answered."),
    ),
    "cap": (
        "backoff_cap",
        Setting(
            default=None,
            kind=str,
            choices=(PER_WAIT, TOTAL),
            about="What webhook_ceiling bounds: each wait, or all of them together.",
        ),
    ),
}


class WebhookSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Defaults of a vendor's webhook settings.

    None: there is no such setting, and the lifecycle alone decides. DOCUMENTED: there is one, and its default
    is what the lifecycle declares.
    """

    signature_header: str | None = None
    signature_format: str | None = None
    notify_pending: bool | None = None
    retried: str | Documented | None = None
    first: float | Documented | None = None
    max_delay: float | Documented | None = None
    attempts: int | Documented | None = None
    timeout: float | Documented | None = None
    cap: str | None = None

    @property
    def settings(self) -> Mapping[str, Setting]:
        """The settings of the vendor by name."""
        defaults = {field: getattr(self, field) for field in SETTINGS}
        return {
            name: setting if defaults[field] is DOCUMENTED else replace(setting, default=defaults[field])
            for field, (name, setting) in SETTINGS.items()
            if defaults[field] is not None
        }


def documented(rule: Deliver) -> Mapping[str, Plain]:
    """Return the values that a lifecycle declares, by name of the setting."""
    schedule = rule.schedule
    return {
        "webhook_retried": ",".join(sorted(schedule.retried)),
        "webhook_first": schedule.first,
        "webhook_ceiling": schedule.ceiling,
        "webhook_attempts": schedule.attempts,
        "webhook_timeout": schedule.timeout,
    }


def delivered(rule: Deliver, options: Options) -> Deliver:
    """Return how a webhook is delivered under these settings; raises ValueError for an unknown outcome."""
    on = rule.on | {State.QUEUED} if options.get("notify_pending") else rule.on
    return structs.replace(rule, on=on, sign=_sign(rule, options), retry=_retry(rule.retry, options))


def _retry(rule: Retry, options: Options) -> Retry:
    retried = frozenset(filter(None, str(options.get("webhook_retried", "")).split(",")))
    if not retried <= RETRIED:
        raise ValueError(
            f"webhook_retried: {min(retried - RETRIED)!r} is not one of {', '.join(sorted(RETRIED))}"
        )
    ceiling = _length(options, "webhook_ceiling", rule.ceiling)
    is_total = options.get("backoff_cap", PER_WAIT) == TOTAL
    return structs.replace(
        rule,
        on=retried if "webhook_retried" in options else rule.on,
        first=_length(options, "webhook_first", rule.first),
        ceiling=timedelta.max if is_total else ceiling,
        total=ceiling.total_seconds() if is_total else inf,
        timeout=_length(options, "webhook_timeout", rule.timeout),
        attempts=int(options.get("webhook_attempts", rule.attempts)),
    )


def _length(options: Options, name: str, declared: timedelta) -> timedelta:
    return timedelta(seconds=float(options[name])) if name in options else declared


def _sign(rule: Deliver, options: Options) -> SignatureHeader | Literal["none"]:
    declared = rule.sign if isinstance(rule.sign, SignatureHeader) else SignatureHeader(header="", format="")
    header = str(options.get("signature_header", declared.header))
    if not header:
        return "none"
    return SignatureHeader(header=header, format=str(options.get("signature_format", declared.format)))
