"""The vendors that are served: a folder each, which imports no other vendor, or no code at all.

A folder has the tables, state names and bodies of its vendor. What vendors share is in `wire/vendor.py`;
`described` makes those of which the document says everything, by `generic`.
"""

from collections.abc import Mapping

from safelight_mock.vendors.claid import CLAID
from safelight_mock.vendors.described import described_vendor
from safelight_mock.vendors.topaz import TOPAZ
from safelight_mock.wire.vendor import Vendor

DESCRIBED = ("tengr",)

VENDORS: Mapping[str, Vendor] = {
    **{vendor.slug: vendor for vendor in (TOPAZ, CLAID)},
    **{slug: described_vendor(slug) for slug in DESCRIBED},
}
