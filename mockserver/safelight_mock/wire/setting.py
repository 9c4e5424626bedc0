"""A setting of a vendor: a choice that its documents leave open."""

import msgspec

Plain = str | int | float | bool


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """A choice of ours where the vendor's documents are silent.

    A number lies between `least` and `most`, a text is one of the `choices`, if there are any. Without a
    `default` it is as the vendor's lifecycle declares, and `kind` says what it is.
    """

    default: Plain | None
    about: str
    least: float = 0.0
    most: float = 1e9
    choices: tuple[str, ...] = ()
    kind: type[Plain] | None = None

    def read(self, value: Plain) -> Plain:
        """Read a value, typed or as text; raises ValueError for one that does not fit."""
        kind: type[Plain] = self.kind or type(self.default)  # type: ignore[assignment] # one of the two is there
        try:
            read: Plain = msgspec.convert(value, kind, strict=False)
        except msgspec.ValidationError as error:
            raise ValueError(f"{value!r} is no {kind.__name__}") from error
        if isinstance(read, int | float) and not self.least <= read <= self.most:
            raise ValueError(f"{value} does not lie between {self.least:g} and {self.most:g}")
        if self.choices and read not in self.choices:
            raise ValueError(f"{value!r} is none of {', '.join(self.choices)}")
        return read
