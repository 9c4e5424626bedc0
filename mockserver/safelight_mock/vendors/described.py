"""Vendors whose document and lifecycle say all that there is: they have no code of their own."""

import msgspec
from msgspec.structs import replace

from safelight_lifecycle import read_async_jobs
from safelight_mock.vendors.generic import generic_vendor
from safelight_mock.wire.framework import DOCUMENTED
from safelight_mock.wire.setting import HOST
from safelight_mock.wire.vendor import Vendor
from safelight_specs import spec_bytes


def described_vendor(slug: str) -> Vendor:
    """Return the vendor of a document of ours, which has the status of every error."""
    document = msgspec.json.decode(spec_bytes(slug))
    vendor = generic_vendor(slug, document, read_async_jobs(document), framework=DOCUMENTED)
    return replace(vendor, own_settings={"host": HOST, **vendor.own_settings})
