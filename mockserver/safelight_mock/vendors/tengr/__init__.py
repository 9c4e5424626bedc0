"""Tengr.ai's artworks: the detailer, and what its clients need beside it."""

from functools import partial

from safelight_mock.vendors.tengr import artworks, errors, organization
from safelight_mock.vendors.tengr.artwork_types import KINDS
from safelight_mock.vendors.tengr.recipes import recipe
from safelight_mock.vendors.tengr.submit import submit
from safelight_mock.wire.rate_limits import SETTINGS
from safelight_mock.wire.vendor import Setting, Vendor

TENGR = Vendor(
    slug="tengr",
    handlers={
        **{operation: partial(submit, operation, kind) for operation, kind in KINDS.items()},
        "findArtworkByIdV2": artworks.find,
        "findAllArtworksV2": artworks.find_all,
        "rotateOrganizationWebhookSecret": organization.rotate,
    },
    recipe=recipe,
    auth=errors.AUTH,
    magic_keys=errors.MAGIC_KEYS,
    errors=errors.ERRORS,
    body_limit=50_000_000,  # ours, for the images behind addresses; bodies have a smaller one
    account=frozenset({"scopes", "balance"}),
    webhook_payload=lambda engine, call, found, _: artworks.body(engine, call, found),
    settings={
        "signature_header": Setting(
            default="X-Safelight-Signature",
            about="Header with a webhook's signature, once there is a secret; the vendor's is not published.",
        ),
        "signature_format": Setting(
            default="sha256={hex}",
            about="How a webhook's signature is written: {hex} or {base64} stands for the digest.",
        ),
        "webhook_retried": Setting(
            default="5xx,network",
            about="Which outcomes are tried again: of 4xx, 5xx, network and timeout, by commas.",
        ),
        "webhook_first": Setting(default=5.0, about="Seconds before a webhook is tried again."),
        "webhook_attempts": Setting(
            default=1, least=1, most=1_000, about="How often a webhook is tried at most."
        ),
        "webhook_timeout": Setting(default=30.0, about="Seconds a webhook has to answer."),
        "host": Setting(
            default="", about="A Host under which Tengr is served too; the vendor's own is not published."
        ),
        **SETTINGS,
        "throttler_headers": Setting(
            default=False,
            about="Tell X-RateLimit headers, and Retry-After with a 429, as the framework's limiter does.",
        ),
        "fail_late": Setting(
            default=False,
            about="Take images that cannot be used and let their artworks fail, in place of a 400.",
        ),
        "strict_webhooks": Setting(
            default=False, about="Refuse webhooks that are not HTTPS on a public host, as the service does."
        ),
    },
)
