"""A vendor with its document: what a server is given to serve."""

from collections.abc import Callable, Mapping

import msgspec

from safelight_mock.wire.messages import JSON
from safelight_mock.wire.vendor import Vendor


class ServedVendor(msgspec.Struct, frozen=True, kw_only=True):
    """A vendor and its document.

    `document` returns the effective document (OpenAPI 3.1); with True, the one to the letter of what the
    vendor published, where there is another.
    """

    vendor: Vendor
    document: Callable[[bool], Mapping[str, JSON]]
