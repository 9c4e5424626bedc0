"""A setting of a vendor."""

from collections.abc import Callable, Mapping

import msgspec

from safelight_mock.wire.hosts import check_host

Plain = str | int | float | bool

TYPES: Mapping[type[Plain], str] = {
    str: "a text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
}


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """A choice between readings where the vendor's documents are silent or contradict one another.

    A number is from `least` to `most`, a text one of `choices` if there are any; `check` raises ValueError
    for another text. Without a `default` the vendor's lifecycle declares the value, and `kind` is its type.
    """

    default: Plain | None
    about: str
    least: float = 0.0
    most: float = 1e9
    choices: tuple[str, ...] = ()
    kind: type[Plain] | None = None
    check: Callable[[str], None] | None = None

    def read(self, value: Plain) -> Plain:
        """Read a value, typed or as text; raises ValueError for an invalid one."""
        kind: type[Plain] = self.kind or type(self.default)  # type: ignore[assignment] # one of the two is there
        try:
            read: Plain = msgspec.convert(value, kind, strict=False)
        except msgspec.ValidationError as error:
            raise ValueError(f"{value!r} is not {TYPES[kind]}") from error
        if isinstance(read, int | float) and not self.least <= read <= self.most:
            raise ValueError(f"{value} is not between {self.least:g} and {self.most:g}")
        if self.choices and read not in self.choices:
            raise ValueError(f"{value!r} is not one of {', '.join(self.choices)}")
        if self.check is not None and isinstance(read, str) and read:
            self.check(read)
        return read


HOST = Setting(default="", about="A further Host header for which it is served.", check=check_host)
"""Of vendors whose document may name no host."""
