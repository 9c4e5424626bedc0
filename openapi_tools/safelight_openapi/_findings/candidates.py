"""The names that a misspelled one may mean."""

from collections.abc import Iterable
from difflib import SequenceMatcher, get_close_matches

MOST = 3
FURTHER = 0.1  # by how much less a candidate may be similar than the first one, from 0 to 1
_CUTOFF = 0.6


def closest(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """Return the names that are most like `name`, the most likely first, at most MOST.

    Case does not count, and names of the same letters come first.
    """
    by_letters: dict[str, list[str]] = {}
    for one in known:
        by_letters.setdefault(_letters(one), []).append(one)
    matches = get_close_matches(_letters(name), by_letters, n=MOST, cutoff=_CUTOFF)
    return tuple(one for match in matches for one in by_letters[match])[:MOST]


def likeliest(name: object, candidates: tuple[str, ...]) -> tuple[str, ...]:
    """Return the candidates that are about as similar to a name as the first one."""
    if not isinstance(name, str):
        return candidates
    similar = [SequenceMatcher(None, _letters(name), _letters(one)).ratio() for one in candidates]
    return tuple(one for one, ratio in zip(candidates, similar, strict=True) if ratio >= similar[0] - FURTHER)


def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, name)).lower()
