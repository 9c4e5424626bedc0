"""The vendors that are served, a folder each, which imports no other vendor.

A folder has the tables, state names and bodies of its vendor. What vendors share is in `wire/vendor.py`.
"""

from collections.abc import Mapping

from safelight_mock.vendors.claid import CLAID
from safelight_mock.vendors.tengr import TENGR
from safelight_mock.vendors.topaz import TOPAZ
from safelight_mock.wire.vendor import Vendor

VENDORS: Mapping[str, Vendor] = {vendor.slug: vendor for vendor in (TOPAZ, CLAID, TENGR)}
