"""Mutants with names: each is one place of our code made wrong, and the tests that must notice."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

FILES = ("named.toml", "unseen.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """What it breaks in a sentence, the text it replaces in a file, and pytest's names of what kills it.

    `by` says who thought of it without having seen the tests, if it was somebody like that.
    """

    name: str
    breaks: str
    file: str
    before: str
    after: str
    tests: tuple[str, ...]
    by: str = ""

    def __str__(self) -> str:
        return self.name

    def of(self, text: str) -> str:
        """Return the text of its file with what it breaks; raises ValueError when it does not apply."""
        if self.before == self.after or text.count(self.before) != 1:
            times = text.count(self.before)
            raise ValueError(f"{self.name} does not apply: {self.file} has {self.before!r} {times} times")
        return text.replace(self.before, self.after)


def mutants() -> list[Mutant]:
    """Read all of them."""
    return [mutant for name in FILES for mutant in _read(Path(__file__).with_name(name))]


def killers(some: Iterable[Mutant]) -> list[str]:
    """Return the tests that kill these, each once."""
    return sorted({test for mutant in some for test in mutant.tests})


def _read(path: Path) -> list[Mutant]:
    listed = tomllib.loads(path.read_text(encoding="utf-8"))["mutant"]
    return [Mutant(**{**told, "tests": tuple(told["tests"])}) for told in listed]
