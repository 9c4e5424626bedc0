"""Tengr.ai's artworks: detailer, upscaler, reads and the webhook secret.

- `submit`: new artworks; `artworks`: reads of one or many; `webhooks`: the secret, and allowed addresses
- `artwork_types`: types and limits as tables; `recipes`: how the image is made
- `errors`: keys, scopes, rate limits and error bodies
"""

from functools import partial

from safelight_mock.vendors.tengr import artworks, errors, webhooks
from safelight_mock.vendors.tengr.artwork_types import ARTWORK_TYPES
from safelight_mock.vendors.tengr.recipes import recipe
from safelight_mock.vendors.tengr.submit import submit
from safelight_mock.wire.setting import Setting
from safelight_mock.wire.vendor import Vendor
from safelight_mock.wire.webhook_settings import WebhookSettings

TENGR = Vendor(
    slug="tengr",
    handlers={
        **{operation: partial(submit, operation, type_) for operation, type_ in ARTWORK_TYPES.items()},
        "findArtworkByIdV2": artworks.find,
        "findAllArtworksV2": artworks.find_all,
        "rotateOrganizationWebhookSecret": webhooks.rotate,
    },
    recipe=recipe,
    auth=errors.AUTH,
    magic_keys=errors.MAGIC_KEYS,
    errors=errors.ERRORS,
    body_limit=50_000_000,  # ours, for the images behind addresses; bodies have a smaller one
    account=frozenset({"scopes", "balance"}),
    webhook_payload=lambda engine, request, status, _: artworks.body(engine, request, status),
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
        "host": Setting(
            default="",
            about="A Host header for which Tengr is served; the vendor's own host is not published.",
        ),
        "throttler_headers": Setting(
            default=False,
            about="Send X-RateLimit headers, and Retry-After with a 429, like the framework's limiter.",
        ),
        "fail_late": Setting(
            default=False,
            about="Accept unusable images and let their artworks fail, instead of responding 400.",
        ),
        "strict_webhooks": Setting(
            default=False, about="Reject webhooks that are not HTTPS on a public host, as the service does."
        ),
    },
)
