"""Tengr's API keys, scopes and rate limits."""

from collections.abc import Mapping

from safelight_mock.wire.api_keys import MagicKeys, RequiredScope
from safelight_mock.wire.key_sources import BearerKey
from safelight_mock.wire.rate_limits import RateLimits

AUTH = (BearerKey(),)
MAGIC_KEYS = MagicKeys(
    scopes={scope: (scope,) for scope in ("generator", "manager", "admin")}, all_scopes=("admin",)
)
SCOPES: Mapping[str, RequiredScope] = {  # each scope allows all that those before it allow (documented later)
    "rotateOrganizationWebhookSecret": RequiredScope(any_of=("manager", "admin"))
}
RATE_LIMITS = RateLimits(  # with the headers of the framework's limiter; the vendor publishes none
    headers={
        "x-ratelimit-limit": "{limit}",
        "x-ratelimit-remaining": "{remaining}",
        "x-ratelimit-reset": "{reset}",
    },
    refusal_headers={"retry-after": "{reset}"},
    headers_setting="throttler_headers",
)
