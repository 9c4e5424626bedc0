"""Settings of webhooks: which ones a vendor has, their defaults, and the delivery rule they lead to."""

from collections.abc import Mapping
from enum import Enum
from math import inf

import msgspec
from msgspec.structs import replace

from safelight_lifecycle import Secret, SecretSource, Signature, SignatureScheme, StateSet
from safelight_mock.core.job import State
from safelight_mock.core.lifecycle import Deliver
from safelight_mock.core.webhook import RetryPolicy
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
        "webhook_max_delay",
        Setting(default=None, kind=float, about="Maximum seconds between two attempts."),
    ),
    "attempts": (
        "webhook_attempts",
        Setting(
            default=None,
            kind=int,
            least=1,
            most=1_000,
            about="Maximum number of attempts to deliver a webhook.",
        ),
    ),
    "timeout": (
        "webhook_timeout",
        Setting(default=None, kind=float, about="Seconds until an attempt without a response times out."),
    ),
    "cap": (
        "backoff_cap",
        Setting(
            default=None,
            kind=str,
            choices=(PER_WAIT, TOTAL),
            about="What webhook_max_delay limits: each delay, or the sum of all delays.",
        ),
    ),
}


class WebhookSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Defaults of a vendor's webhook settings.

    None: the vendor does not have this setting, and the lifecycle alone decides. DOCUMENTED: the default of
    the setting is what the lifecycle declares.
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
    policy = rule.retry_policy
    return {
        "webhook_retried": ",".join(sorted(policy.retried)),
        "webhook_first": policy.first,
        "webhook_max_delay": policy.max_delay,
        "webhook_attempts": policy.attempts,
        "webhook_timeout": policy.timeout,
    }


def delivered(rule: Deliver, options: Options) -> Deliver:
    """Return how a webhook is delivered under these settings; raises ValueError for an unknown outcome."""
    on = rule.on
    if options.get("notify_pending"):
        on = StateSet(on.states | {State.QUEUED}, on.words)
    return replace(rule, on=on, sign=_sign(rule, options), retry_policy=_retry(rule.retry_policy, options))


def _retry(rule: RetryPolicy, options: Options) -> RetryPolicy:
    retried = frozenset(filter(None, str(options.get("webhook_retried", "")).split(",")))
    if not retried <= RETRIED:
        raise ValueError(
            f"webhook_retried: {min(retried - RETRIED)!r} is not one of {', '.join(sorted(RETRIED))}"
        )
    max_delay = float(options.get("webhook_max_delay", rule.max_delay))
    is_total = options.get("backoff_cap") == TOTAL
    return replace(
        rule,
        retried=retried if "webhook_retried" in options else rule.retried,
        first=float(options.get("webhook_first", rule.first)),
        max_delay=inf if is_total else max_delay,
        total=max_delay if is_total else inf,
        timeout=float(options.get("webhook_timeout", rule.timeout)),
        attempts=int(options.get("webhook_attempts", rule.attempts)),
    )


def _sign(rule: Deliver, options: Options) -> Signature | None:
    declared = rule.sign or Signature(
        scheme=SignatureScheme.HMAC_SHA256, secret=Secret(source=SecretSource.ACCOUNT)
    )
    header = str(options.get("signature_header", declared.header))
    pattern = str(options.get("signature_format", declared.format))
    if not header and declared.scheme is not SignatureScheme.STANDARD_WEBHOOKS:  # its headers are fixed
        return None
    return declared._replace(header=header, format=pattern)
