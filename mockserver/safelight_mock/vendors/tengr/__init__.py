"""Tengr.ai's artworks: the detailer, and what its clients need beside it."""

from functools import partial

from safelight_mock.vendors.tengr import artworks, dialect, organization
from safelight_mock.vendors.tengr.kinds import KINDS
from safelight_mock.vendors.tengr.recipes import recipe
from safelight_mock.vendors.tengr.submit import submit
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
    key=dialect.key,
    refuse=dialect.refuse,
    body_limit=50_000_000,  # ours, for the images behind addresses; bodies have a smaller one
    account=frozenset({"scopes", "balance"}),
    settings={
        "host": Setting(
            default="", about="A Host under which Tengr is served too; the vendor's own is not published."
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
