"""What judges were heard to do: which answers they were given, and which schema keywords they exercised."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

SHARED = "{}.heard.json"


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """An operation of a vendor answered a judge with a status, so many times."""

    judge: str
    vendor: str
    operation: str
    status: int
    calls: int = 1


class Exercised(msgspec.Struct, frozen=True, kw_only=True):
    """A call of a judge kept a keyword and succeeded, or broke that alone and was refused."""

    judge: str
    vendor: str
    operation: str
    keyword: str
    kept: bool


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """All of it."""

    answers: tuple[Answer, ...] = ()
    keywords: tuple[Exercised, ...] = ()

    @classmethod
    def read(cls, folder: Path) -> "Heard":
        """Read what every process of a run wrote to a folder."""
        parts = [
            msgspec.json.decode(path.read_bytes(), type=cls)
            for path in sorted(folder.glob(SHARED.format("*")))
        ]
        return cls(
            answers=tuple(answer for part in parts for answer in part.answers),
            keywords=tuple(
                sorted({one for part in parts for one in part.keywords}, key=msgspec.structs.astuple)
            ),
        )


@dataclass(frozen=True, slots=True)
class Notes:
    """Grows while a process runs tests."""

    answers: Counter[tuple[str, str, str, int]] = field(default_factory=Counter)
    keywords: set[tuple[str, str, str, str, bool]] = field(default_factory=set)

    def note(self, judge: str, vendor: str, operation: str, status: int) -> None:
        """Note an answer."""
        self.answers[judge, vendor, operation, status] += 1

    def exercise(
        self, judge: str, vendor: str, operation: str, keywords: Iterable[str], *, kept: bool
    ) -> None:
        """Note what a call exercised."""
        self.keywords.update((judge, vendor, operation, keyword, kept) for keyword in keywords)

    def write(self, folder: Path, process: str) -> None:
        """Write the notes of a process down."""
        heard = Heard(
            answers=tuple(
                Answer(judge=judge, vendor=vendor, operation=operation, status=status, calls=calls)
                for (judge, vendor, operation, status), calls in sorted(self.answers.items())
            ),
            keywords=tuple(
                Exercised(judge=judge, vendor=vendor, operation=operation, keyword=keyword, kept=kept)
                for judge, vendor, operation, keyword, kept in sorted(self.keywords)
            ),
        )
        folder.mkdir(parents=True, exist_ok=True)
        (folder / SHARED.format(process)).write_bytes(msgspec.json.encode(heard))
