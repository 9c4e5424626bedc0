"""Inspections of inputs by decoding every pixel, each made once and cached."""

from collections.abc import Callable, Container, Iterable
from functools import lru_cache, partial
from pathlib import Path

import msgspec
from msgspec.structs import asdict

from safelight_mock.core.changes import Changes
from safelight_mock.core.job import WHOLE, Inspection, InspectionKey, NotInspectedError
from safelight_mock.imaging import decode_check, subject_box
from safelight_mock.storage.integrity import LostInputError
from safelight_mock.storage.single_flight import SingleFlight
from safelight_mock.wire.logs import log
from safelight_mock.wire.problem import Kind, Problem

MAX_INSPECTIONS = 100_000  # in the cache; others are made again
MAX_SHARED = 256  # inspections that servers of one process share
LOST = Inspection(is_whole=False)  # of an input that is missing or was set aside


class Inspector:
    """Makes and caches inspections; `find` returns the path of an input, or raises LostInputError.

    An input whose digest is in `lost` counts as damaged while it is there. That is not cached: when the same
    bytes are uploaded again, their earlier inspection is valid again. `changes` receives the digests for
    which the result of `assumed` changes.
    """

    def __init__(
        self, find: Callable[[str], Path], lost: Container[str] = (), changes: Changes | None = None
    ) -> None:
        self._find = find
        self._lost = lost
        self.changes: Changes = changes or Changes()
        self._inspections: SingleFlight[Inspection] = SingleFlight(MAX_INSPECTIONS)

    def inspect(self, keys: Iterable[InspectionKey]) -> None:
        """Make inspections that were not made; may block. Raises Problem when that fails."""
        for key in keys:
            try:
                inspection = self._inspections.get(_name(key), partial(self._inspect, key))
                if key.is_for_subject or not inspection.is_whole:
                    self.changes.note(key.digest)
            except LostInputError:
                continue  # `lost` has it now
            except Exception as bug:
                log.exception("input %s cannot be inspected", key.digest)
                raise Problem(Kind.BROKEN) from bug

    def inspection(self, key: InspectionKey) -> Inspection:
        """Return the result of an inspection; raises NotInspectedError while it was not made."""
        known = self._known(key)
        if known is None:
            raise NotInspectedError(frozenset([key]))
        return known

    def assumed(self, key: InspectionKey) -> Inspection:
        """Return the result of an inspection or, before it is made, that the input is intact."""
        return self._known(key) or WHOLE

    def _known(self, key: InspectionKey) -> Inspection | None:
        return LOST if key.digest in self._lost else self._inspections.known(_name(key))

    def _inspect(self, key: InspectionKey) -> Inspection:
        return _inspection(_InputFile(key.digest, self._find(key.digest)), is_for_subject=key.is_for_subject)


class _InputFile(msgspec.Struct, frozen=True, eq=False):
    """A file, which is equal to every other one with the same digest."""

    digest: str
    path: Path

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _InputFile) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)


@lru_cache(MAX_SHARED)
def _inspection(file: _InputFile, *, is_for_subject: bool) -> Inspection:
    """Inspect a file, once per process: tests that start a server each use the same photographs."""
    if is_for_subject:
        return Inspection(is_whole=True, subject=subject_box(file.path))
    measures = decode_check(file.path)
    return Inspection(is_whole=measures is not None, measures=asdict(measures) if measures else {})


def _name(key: InspectionKey) -> str:
    return f"{key.digest} {key.is_for_subject}"
