"""Tengr.ai's artworks: all that they are is data, in `overlays/tengr`."""

import msgspec
from msgspec.structs import replace

from safelight_lifecycle import read_async_jobs
from safelight_mock.vendors.generic import generic_vendor
from safelight_mock.wire.framework import DOCUMENTED
from safelight_mock.wire.setting import Setting
from safelight_specs import spec_bytes

DOCUMENT = msgspec.json.decode(spec_bytes("tengr"))
DATA = generic_vendor("tengr", DOCUMENT, read_async_jobs(DOCUMENT), framework=DOCUMENTED)
HOST = Setting(default="", about="A Host header for which it is served; the document names none.")

TENGR = replace(DATA, own_settings={**DATA.own_settings, "host": HOST})
