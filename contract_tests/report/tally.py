"""How many places of each schema keyword were kept and broken, and by whom."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from contract_tests.report.heard import Exercised
from contract_tests.report.keywords import Keywords

Place = tuple[str, str]  # an operation, and where a keyword of what it takes stands


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One keyword at all its places; `kept` and `broken` are those where a judge did that."""

    name: str
    places: frozenset[Place]
    kept: Mapping[str, frozenset[Place]]
    broken: Mapping[str, frozenset[Place]]

    @property
    def all_kept(self) -> frozenset[Place]:
        """Where anybody kept it."""
        return frozenset().union(*self.kept.values())

    @property
    def all_broken(self) -> frozenset[Place]:
        """Where anybody broke it, and was refused for that alone."""
        return frozenset().union(*self.broken.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """All keywords of what a vendor's operations take."""

    words: tuple[Word, ...]

    @property
    def places(self) -> int:
        """How many places there are."""
        return sum(len(word.places) for word in self.words)

    @property
    def kept(self) -> int:
        """At how many of them a keyword was kept."""
        return sum(len(word.all_kept) for word in self.words)

    @property
    def broken(self) -> int:
        """At how many of them a keyword was broken."""
        return sum(len(word.all_broken) for word in self.words)

    @property
    def judges(self) -> frozenset[str]:
        """Who exercised any."""
        return frozenset().union(*(word.kept.keys() | word.broken.keys() for word in self.words))

    @property
    def untouched(self) -> Mapping[str, Sequence[str]]:
        """The places where nobody kept or broke a keyword, each with the operations it belongs to."""
        return _by_place(word.places - word.all_kept - word.all_broken for word in self.words)

    @property
    def unbroken(self) -> Mapping[str, Sequence[str]]:
        """The places where a keyword was kept and nobody broke it."""
        return _by_place(word.all_kept - word.all_broken for word in self.words)


def tally(vendor: str, keywords: Keywords, heard: Iterable[Exercised]) -> Tally:
    """Hold what was heard of a vendor against the keywords of its document, the most frequent one first."""
    places: dict[str, set[Place]] = defaultdict(set)
    for operation, named in keywords.of.items():
        for place, name in named.items():
            places[name].add((operation, place))
    done = [one for one in heard if one.vendor == vendor]
    words = [_word(name, frozenset(found), done) for name, found in places.items()]
    return Tally(words=tuple(sorted(words, key=lambda word: (-len(word.places), word.name))))


def _by_place(found: Iterable[frozenset[Place]]) -> Mapping[str, Sequence[str]]:
    operations: dict[str, list[str]] = defaultdict(list)
    for operation, place in sorted(frozenset().union(*found)):
        operations[place].append(operation)
    return dict(sorted(operations.items()))


def _word(name: str, places: frozenset[Place], heard: Sequence[Exercised]) -> Word:
    return Word(
        name=name,
        places=places,
        kept=_by_judge(one for one in heard if one.kept and (one.operation, one.keyword) in places),
        broken=_by_judge(one for one in heard if not one.kept and (one.operation, one.keyword) in places),
    )


def _by_judge(heard: Iterable[Exercised]) -> Mapping[str, frozenset[Place]]:
    found: dict[str, set[Place]] = defaultdict(set)
    for one in heard:
        found[one.judge].add((one.operation, one.keyword))
    return {judge: frozenset(places) for judge, places in found.items()}
