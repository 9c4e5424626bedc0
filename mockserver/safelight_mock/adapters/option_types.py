"""How the values of options are read that are more than a text, a number or a word of a list."""

from collections.abc import Mapping
from datetime import timedelta

import click

from safelight_mock.config.parsing import duration
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
        """Read the value as its setting wants it."""
        name, _, text = value.partition("=")
        if name not in SETTINGS:
            self.fail(f"no setting is called {name!r}; there are: {', '.join(SETTINGS)}", param, ctx)
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
        """Split it; whether the URL can be one, the settings say."""
        vendor, is_named, url = value.partition("=")
        if not is_named or "://" in vendor:
            return "", value
        if vendor not in VENDORS:
            self.fail(f"unknown vendor {vendor!r}; there are {', '.join(VENDORS)}", param, ctx)
        return vendor, url


class Duration(click.ParamType[timedelta]):
    """A length of time, as 24h, 7d or in ISO 8601."""

    name = "TIME"

    def convert(
        self, value: str | timedelta, param: click.Parameter | None, ctx: click.Context | None
    ) -> timedelta:
        """Read it."""
        try:
            return value if isinstance(value, timedelta) else duration(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)
