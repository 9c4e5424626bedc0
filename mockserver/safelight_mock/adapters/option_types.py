"""Types of option values: settings of vendors, URLs by vendor, durations."""

from collections.abc import Mapping
from datetime import timedelta

import click

from safelight_mock.config.parsing import duration, unknown_setting
from safelight_mock.vendors import VENDORS
from safelight_mock.wire.setting import Plain, Setting

SETTINGS: Mapping[str, Setting] = {
    f"{slug}.{name}": setting for slug, vendor in VENDORS.items() for name, setting in vendor.settings.items()
}


class NamedSetting(click.ParamType[tuple[str, Plain]]):
    """A vendor's setting, as NAME=VALUE."""

    name = "NAME=VALUE"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, Plain]:
        """Read the value in the type of its setting."""
        name, _, text = value.partition("=")
        if name not in SETTINGS:
            self.fail(unknown_setting(name, SETTINGS), param, ctx)
        try:
            return name, SETTINGS[name].read(text)
        except ValueError as error:
            self.fail(f"{name}: {error}", param, ctx)


class VendorUrl(click.ParamType[tuple[str, str]]):
    """A base URL, for all vendors or, as VENDOR=URL, for one."""

    name = "[VENDOR=]URL"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """Split vendor and URL; the settings validate the URL."""
        vendor, is_named, url = value.partition("=")
        if not is_named or "://" in vendor:
            return "", value
        if vendor not in VENDORS:
            self.fail(f"unknown vendor {vendor!r}; use one of {', '.join(VENDORS)}", param, ctx)
        return vendor, url


class Duration(click.ParamType[timedelta]):
    """A duration such as 24h or 7d, or in ISO 8601."""

    name = "TIME"

    def convert(
        self, value: str | timedelta, param: click.Parameter | None, ctx: click.Context | None
    ) -> timedelta:
        """Read a duration."""
        try:
            return value if isinstance(value, timedelta) else duration(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)
