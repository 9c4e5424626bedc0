"""A vendor as a value: its handlers, its keys, its settings and its error dialect."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from safelight_mock.core.engine import Engine
from safelight_mock.wire.call import Call, Reply

Handler = Callable[[Engine, Call], Reply]
Plain = str | int | float | bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A choice of ours where the vendor's documents are silent, by name."""

    default: Plain
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """All that tells one vendor from another, its document aside.

    `key` reads the API key off the headers (lower-case names) or raises Problem. `refuse` says a Problem, a
    Refusal or an error of the engine in the vendor's words. `body_limit` is in bytes.
    """

    slug: str
    handlers: Mapping[str, Handler]
    key: Callable[[Mapping[str, str]], str]
    refuse: Callable[[Exception], Reply]
    body_limit: int
    settings: Mapping[str, Setting]
