"""Types of option values: numbers, keys, URLs and hosts, what belongs to a vendor, times and durations."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

import click

from safelight_mock.config.parsing import check_address, check_target, duration, unknown_setting
from safelight_mock.config.services import setting_names
from safelight_mock.wire.hosts import check_host
from safelight_mock.wire.served_vendor import ServedVendor
from safelight_mock.wire.setting import Plain

EMPTY = "it is empty; give a value, or leave the option out"


class WholeNumber(click.IntRange):
    """A whole number in a range; `what` it is, for errors."""

    def __init__(self, least: int, most: int | None = None, *, what: str = "a whole number") -> None:
        super().__init__(least, most)
        self._allowed = f"{what} from {least}{'' if most is None else f' to {most}'}"

    def convert(self, value: str | int, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Read a number."""
        try:
            return int(super().convert(value, param, ctx))  # type: ignore[arg-type] # it takes texts as well
        except click.BadParameter:
            self.fail(f"{str(value)!r} is not {self._allowed}", param, ctx)


class Number(click.FloatRange):
    """A number above zero or, if it `may_be_zero`, from zero."""

    def __init__(self, *, may_be_zero: bool = False) -> None:
        super().__init__(0, min_open=not may_be_zero)
        self._allowed = f"a number {'from' if may_be_zero else 'above'} zero"

    def convert(self, value: str | float, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Read a number."""
        try:
            return float(super().convert(value, param, ctx))  # type: ignore[arg-type] # as above
        except click.BadParameter:
            self.fail(f"{str(value)!r} is not {self._allowed}", param, ctx)


class Key(click.ParamType[str]):
    """An API key, which is not empty: an unset variable of a shell is."""

    name = "TEXT"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the text."""
        if not value:
            self.fail(EMPTY, param, ctx)
        return value


class BaseUrl(click.ParamType[str]):
    """A URL to which paths are appended."""

    name = "URL"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the URL."""
        return _checked(self, check_address, value, param, ctx)


class WebhookUrl(click.ParamType[str]):
    """A URL that webhooks are sent to."""

    name = "URL"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the URL."""
        return _checked(self, check_target, value, param, ctx)


class Host(click.ParamType[str]):
    """The name or address of a host."""

    name = "HOST"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the host."""
        return _checked(self, check_host, value, param, ctx)


class NamedSetting(click.ParamType[tuple[str, str]]):
    """A vendor's setting, as NAME=VALUE; the vendors are not known yet."""

    name = "NAME=VALUE"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """Split name and value."""
        name, is_set, text = value.partition("=")
        if not is_set:
            hint = "`safelight-mock settings` lists the names"
            self.fail(f"{value!r} is not NAME=VALUE, such as topaz.credits=100; {hint}", param, ctx)
        return name, text


def read_settings(texts: Mapping[str, str], vendors: Mapping[str, ServedVendor]) -> Mapping[str, Plain]:
    """Return settings in their types; raises ValueError for an unknown one or an invalid value."""
    values: dict[str, Plain] = {}
    for name, text in texts.items():
        slug, _, own = name.partition(".")
        setting = vendors[slug].vendor.settings.get(own) if slug in vendors else None
        if setting is None:
            raise ValueError(unknown_setting(name, setting_names(vendors)))
        try:
            values[name] = setting.read(text)
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from error
    return values


class VendorUrl(click.ParamType[tuple[str, str]]):
    """A base URL, for all vendors or, as VENDOR=URL, for one."""

    name = "[VENDOR=]URL"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """Split vendor and URL; the settings validate the URL."""
        del param, ctx
        vendor, is_named, url = value.partition("=")
        return (vendor, url) if is_named and "://" not in vendor else ("", value)


class LifecycleFile(click.ParamType[tuple[str, Path]]):
    """An overlay for the only document or, as NAME=FILE, for that of a name."""

    name = "[NAME=]FILE"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, Path]:
        """Split name and path; a file whose name has the sign itself is not split."""
        del param, ctx
        name, is_named, path = value.partition("=")
        return (name, Path(path)) if is_named and not Path(value).exists() else ("", Path(value))


class Names(click.ParamType[frozenset[str]]):
    """Names separated by commas; `none` for no name."""

    name = "NAME,…"

    def convert(
        self, value: str | frozenset[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> frozenset[str]:
        """Split the names."""
        del param, ctx
        if not isinstance(value, str):
            return value
        return frozenset(name.strip() for name in value.split(",") if name.strip() not in ("", "none"))


class Moment(click.ParamType[datetime]):
    """A time with its zone, in ISO 8601."""

    name = "TIME"

    def convert(
        self, value: str | datetime, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Read a time; the settings check its range and zone."""
        try:
            return value if isinstance(value, datetime) else datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a time such as 2026-01-01T00:00:00Z", param, ctx)


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


def _checked(
    kind: click.ParamType[str],
    check: Callable[[str], None],
    value: str,
    param: click.Parameter | None,
    ctx: click.Context | None,
) -> str:
    try:
        check(value)
    except ValueError as error:
        kind.fail(str(error), param, ctx)
    return value
