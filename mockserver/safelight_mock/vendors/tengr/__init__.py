"""Tengr.ai's artworks: what they are is data in `overlays/tengr`; here are keys, errors and the secret.

- `webhooks`: the secret
- `errors`: keys, scopes, rate limits and error bodies
"""

import msgspec
from msgspec.structs import replace

from safelight_lifecycle import read_async_jobs
from safelight_mock.vendors.generic import generic_vendor
from safelight_mock.vendors.tengr import errors, webhooks
from safelight_mock.wire.framework import DOCUMENTED
from safelight_mock.wire.setting import Setting
from safelight_mock.wire.webhook_settings import WebhookSettings
from safelight_specs import spec_bytes

DOCUMENT = msgspec.json.decode(spec_bytes("tengr"))
DATA = generic_vendor("tengr", DOCUMENT, read_async_jobs(DOCUMENT), framework=DOCUMENTED)

TENGR = replace(
    DATA,
    handlers={**DATA.handlers, "rotateOrganizationWebhookSecret": webhooks.rotate},
    auth=errors.AUTH,
    operation_auth={},
    magic_keys=errors.MAGIC_KEYS,
    body_limit=50_000_000,  # ours, for the images behind addresses; bodies have a smaller one
    account=frozenset({"scopes", "balance"}),
    scopes=errors.SCOPES,
    rate_limits=errors.RATE_LIMITS,
    webhooks=WebhookSettings(  # ours, as the vendor publishes neither a header nor a schedule
        signature_header="X-Safelight-Signature",
        signature_format="sha256={hex}",
        retried="5xx,network",
        first=5.0,
        attempts=1,
        timeout=30.0,
    ),
    own_settings={
        **DATA.own_settings,
        "host": Setting(
            default="",
            about="A Host header for which Tengr is served; the vendor's own host is not published.",
        ),
        "throttler_headers": Setting(
            default=False,
            about="Send X-RateLimit headers, and Retry-After with a 429, like the framework's limiter.",
        ),
    },
)
