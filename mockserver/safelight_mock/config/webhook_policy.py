"""How a vendor's webhook is sent: what its document says, with what its settings choose.

A setting counts by its name, for any vendor that has it: `notify_pending`, `webhook_retried`,
`webhook_first`, `webhook_ceiling`, `webhook_attempts`, `webhook_timeout`, `backoff_cap`, `signature_header`,
`signature_format`.
"""

from collections.abc import Mapping
from datetime import timedelta
from math import inf
from typing import Literal

from msgspec.structs import replace

from safelight_mock.core.job import State
from safelight_mock.core.lifecycle import Deliver, Retry, Signed
from safelight_mock.wire.vendor import Plain

TOTAL = "total"
PER_WAIT = "per-wait"
RETRIED = frozenset({"4xx", "5xx", "network", "timeout"})

Options = Mapping[str, Plain]


def sent(rule: Deliver, options: Options) -> Deliver:
    """Return how a webhook is sent under these settings; raises ValueError for one that makes no sense."""
    on = rule.on | {State.QUEUED} if options.get("notify_pending") else rule.on
    return replace(rule, on=on, sign=_sign(rule, options), retry=_retry(rule.retry, options))


def _retry(rule: Retry, options: Options) -> Retry:
    wanted = frozenset(filter(None, str(options.get("webhook_retried", "")).split(",")))
    if not wanted <= RETRIED:
        raise ValueError(
            f"webhook_retried: {min(wanted - RETRIED)!r} is none of {', '.join(sorted(RETRIED))}"
        )
    ceiling = _length(options, "webhook_ceiling", rule.ceiling)
    is_total = options.get("backoff_cap", PER_WAIT) == TOTAL
    return replace(
        rule,
        on=wanted if "webhook_retried" in options else rule.on,
        first=_length(options, "webhook_first", rule.first),
        ceiling=timedelta.max if is_total else ceiling,
        total=ceiling.total_seconds() if is_total else inf,
        timeout=_length(options, "webhook_timeout", rule.timeout),
        attempts=int(options.get("webhook_attempts", rule.attempts)),
    )


def _length(options: Options, name: str, told: timedelta) -> timedelta:
    return timedelta(seconds=float(options[name])) if name in options else told


def _sign(rule: Deliver, options: Options) -> Signed | Literal["none"]:
    known = rule.sign if isinstance(rule.sign, Signed) else Signed(header="", format="")
    header = str(options.get("signature_header", known.header))
    return (
        Signed(header=header, format=str(options.get("signature_format", known.format))) if header else "none"
    )
