"""What became of mutants: the named ones, and those mutmut makes of `core/` and `wire/`."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec

NAMED, MADE = "mutants.json", "mutmut.json"


class Mutant(msgspec.Struct, frozen=True, kw_only=True):
    """A fault put into a copy of the source; `killed_by` is the first test that noticed, if one did."""

    name: str
    what: str
    file: str
    killed: bool
    killed_by: str = ""
    seconds: float = 0.0


class Survivor(msgspec.Struct, frozen=True, kw_only=True):
    """A mutant of mutmut's that no test noticed, and why it may live; no reason means it may not."""

    name: str
    what: str = ""
    why: str = ""


class Mutmut(msgspec.Struct, frozen=True, kw_only=True):
    """What mutmut counted."""

    killed: int
    total: int
    survivors: Sequence[Survivor] = ()

    @property
    def percent(self) -> float:
        """How many of a hundred were killed."""
        return 100 * self.killed / self.total if self.total else 0.0


def named(folder: Path) -> Sequence[Mutant] | None:
    """Read what became of the named mutants; None, if nobody ran them."""
    path = folder / NAMED
    return msgspec.json.decode(path.read_bytes(), type=list[Mutant]) if path.exists() else None


def tried_at(folder: Path) -> str:
    """Tell when the named mutants were last tried: results may be older than those of the tests."""
    path = folder / NAMED
    return f"{datetime.fromtimestamp(path.stat().st_mtime, UTC):%Y-%m-%d %H:%M}" if path.exists() else ""


def made(folder: Path) -> Mutmut | None:
    """Read what mutmut counted; None, if nobody ran it."""
    path = folder / MADE
    return msgspec.json.decode(path.read_bytes(), type=Mutmut) if path.exists() else None
