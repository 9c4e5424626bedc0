"""What decoding an input shows, on which the end of a job depends, and how it is asked for."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import msgspec

from safelight_mock.core.aspect_fit import Box


class Inspection(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What decoding an input shows: whether it is intact, measures by name, and the box of its subject.

    Of a job, `error` is why nothing can come of its inputs although they are whole, in its vendor's words.
    Each inspection equals only itself, so results derived from it can be cached by it.
    """

    is_whole: bool
    measures: Mapping[str, float] = msgspec.field(default_factory=dict)
    subject: Box | None = None
    error: str = ""


WHOLE = Inspection(is_whole=True)


class InspectionKey(NamedTuple):
    """An inspection of the input with this digest: of every pixel, or of where its subject is."""

    digest: str
    is_for_subject: bool = False


Inspections = Callable[[InspectionKey], Inspection]
"""Returns the result of an inspection, or raises NotInspectedError."""


class NotInspectedError(Exception):
    """The result depends on inspections that were not made yet: make these and call again.

    So that a second call is harmless, nothing is written before everything that may raise this.
    """

    def __init__(self, keys: frozenset[InspectionKey]) -> None:
        super().__init__(f"{len(keys)} inputs have not been inspected")
        self.keys = keys
