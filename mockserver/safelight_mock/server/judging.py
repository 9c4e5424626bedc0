"""What is seen of inputs when every pixel is decoded: once for each, and remembered."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import asdict
from functools import partial
from pathlib import Path

from safelight_mock.core.job import WHOLE, Look, UnjudgedError
from safelight_mock.pixels.verdict import look
from safelight_mock.server.once import Once
from safelight_mock.wire.problem import Kind, Problem

LOOKS = 100_000  # remembered at most; a forgotten one is made again

log = logging.getLogger("safelight_mock")


class Judge:
    """Looks at inputs; `find` says where the one with a digest is."""

    def __init__(self, find: Callable[[str], Path]) -> None:
        self._find = find
        self._looks: Once[Look] = Once(LOOKS)

    def judge(self, digests: Iterable[str]) -> None:
        """Look at inputs nobody has looked at; may block. Raises Problem when that fails."""
        for digest in digests:
            try:
                self._looks.get(digest, partial(_look, self._find(digest)))
            except Exception as bug:
                log.exception("input %s cannot be judged", digest)
                raise Problem(Kind.BROKEN) from bug

    def seen(self, digest: str) -> Look:
        """Return what was seen of an input; raises UnjudgedError while nobody has looked."""
        found = self._looks.known(digest)
        if found is None:
            raise UnjudgedError(frozenset([digest]))
        return found

    def supposed(self, digest: str) -> Look:
        """Return what was seen of an input, or that it is whole."""
        return self._looks.known(digest) or WHOLE


def _look(file: Path) -> Look:
    measures = look(file)
    return Look(is_whole=measures is not None, measures=asdict(measures) if measures else {})
