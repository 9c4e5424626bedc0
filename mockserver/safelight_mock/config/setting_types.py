"""Types of settings: a value of another type is an error that names the setting and what is allowed."""

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from pathlib import Path
from types import NoneType

from safelight_mock.config.arguments import check_list, check_type

Check = Callable[[str, object], None]
"""Raises TypeError with the name of a setting if its value is of another type."""


def _is(kinds: type | tuple[type, ...], allowed: str) -> Check:
    return lambda name, value: check_type(name, value, kinds, allowed)


def _list_of(of: str, kind: type, allowed: str) -> Check:
    """Return a check of a set or list, and of each of its values."""

    def check(name: str, value: object) -> None:
        check_list(name, value, of)
        for one in value:  # type: ignore[attr-defined] # it is iterable, as just checked
            check_type(f"a value of {name}", one, kind, allowed)

    return check


def _secret(name: str, value: object) -> None:
    """Raise TypeError without the value, which may be a key or a token."""
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a string, not {_article(value)}")


def _keys(name: str, value: object) -> None:
    if not isinstance(value, AbstractSet | list | tuple):
        raise TypeError(f"{name} must be a set of API keys, not {_article(value)}")
    for key in value:
        _secret(f"a key of {name}", key)
        if not key:
            raise ValueError(f"a key of {name} is empty; leave {name} out to accept any key")


def _files_url(name: str, value: object) -> None:
    check_type(name, value, (str, Mapping), "a URL, or a mapping from vendors to URLs")
    if isinstance(value, Mapping):
        for vendor, url in value.items():
            check_type(f"a vendor in {name}", vendor, str, "a name")
            check_type(f"{name} of {vendor}", url, str, "a URL")


def _options(name: str, value: object) -> None:
    check_type(name, value, Mapping, 'a mapping such as {"topaz.credits": 100}')
    for setting in value:  # type: ignore[attr-defined] # a mapping, as just checked
        check_type(f"a name in {name}", setting, str, "the name of a setting, such as topaz.credits")


def _vendors(name: str, value: object) -> None:
    if value is not None:
        _list_of("names", str, "a name")(name, value)


def _article(value: object) -> str:
    kind = type(value).__name__
    return "None" if value is None else f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"


FLAG = _is(bool, "True or False")
HOSTS = _list_of("hosts", str, "the name or address of a host")

CHECKS: Mapping[str, Check] = {
    **dict.fromkeys(("strict", "placeholder_inputs", "validate_responses", "cache", "infer"), FLAG),
    **dict.fromkeys(("allowed_input_hosts", "allowed_webhook_hosts"), HOSTS),
    "api_keys": _keys,
    "seed": _secret,
    "control_token": _secret,
    "start": _is((datetime, NoneType), "a datetime.datetime"),
    "retention": _is((timedelta, NoneType), "a datetime.timedelta"),
    "public_url": _is(str, "a URL"),
    "files_url": _files_url,
    "trusted_proxies": _list_of("addresses and networks", str, "an IP address or network"),
    "cors_origins": _list_of("origins", str, "an origin, such as http://localhost:3000"),
    "data_dir": _is((Path, NoneType), "a pathlib.Path"),
    "scenario": _is((str, Path, Mapping, NoneType), "a name, a pathlib.Path or a mapping"),
    "scenario_files": _list_of("paths", Path, "a pathlib.Path"),
    "options": _options,
    "vendors": _vendors,
}


def check_setting_types(value_of: Callable[[str], object]) -> None:
    """Raise TypeError for a setting whose value is of another type, and ValueError for an empty key.

    Numbers and choices are checked where their ranges are.
    """
    for name, check in CHECKS.items():
        check(name, value_of(name))
