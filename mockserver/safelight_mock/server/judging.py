"""What is seen of inputs when every pixel is decoded: once for each, and remembered."""

from collections.abc import Callable, Container, Iterable
from dataclasses import asdict
from functools import partial
from pathlib import Path

from safelight_mock.core.job import WHOLE, Look, UnjudgedError
from safelight_mock.pixels.verdict import look
from safelight_mock.server.integrity import LostInputError
from safelight_mock.server.logs import log
from safelight_mock.server.once import Once
from safelight_mock.wire.problem import Kind, Problem

LOOKS = 100_000  # remembered at most; a forgotten one is made again
LOST = Look(is_whole=False)  # what is seen of an input that is missing or was set aside


class Judge:
    """Looks at inputs; `find` says where the one with a digest is, and raises LostInputError.

    A digest that is `lost` is seen as damaged for as long as it is lost. That is never remembered here: what
    was seen of the same bytes before holds again when they are uploaded again.
    """

    def __init__(self, find: Callable[[str], Path], lost: Container[str] = ()) -> None:
        self._find = find
        self._lost = lost
        self._looks: Once[Look] = Once(LOOKS)

    def judge(self, digests: Iterable[str]) -> None:
        """Look at inputs nobody has looked at; may block. Raises Problem when that fails."""
        for digest in digests:
            try:
                self._looks.get(digest, partial(self._look, digest))
            except LostInputError:
                continue  # `lost` has it now
            except Exception as bug:
                log.exception("input %s cannot be judged", digest)
                raise Problem(Kind.BROKEN) from bug

    def seen(self, digest: str) -> Look:
        """Return what was seen of an input; raises UnjudgedError while nobody has looked."""
        found = self._known(digest)
        if found is None:
            raise UnjudgedError(frozenset([digest]))
        return found

    def supposed(self, digest: str) -> Look:
        """Return what was seen of an input, or that it is whole."""
        return self._known(digest) or WHOLE

    def _known(self, digest: str) -> Look | None:
        return LOST if digest in self._lost else self._looks.known(digest)

    def _look(self, digest: str) -> Look:
        measures = look(self._find(digest))
        return Look(is_whole=measures is not None, measures=asdict(measures) if measures else {})
