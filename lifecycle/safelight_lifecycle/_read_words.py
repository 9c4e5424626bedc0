"""Reads `states` of a lifecycle."""

from collections import Counter
from itertools import pairwise

from safelight_lifecycle._durations import parse_duration
from safelight_lifecycle._pointers import JSON
from safelight_lifecycle._states import State
from safelight_lifecycle._words import Word, Words


def read_words(node: JSON) -> Words:
    """Return the words; raises ValueError if one that follows another does not exist, or follows itself."""
    nodes = {name: {"means": one} if isinstance(one, str) else one for name, one in (node or {}).items()}
    words = Words(listed=tuple(_word(name, one, _share(one, nodes)) for name, one in nodes.items()))
    following = _following(words)
    for word in words.listed:
        visited = {word.name}
        after = following.get(word.name)
        while after is not None and after not in visited:
            visited.add(after)
            after = following.get(after)
        if after is not None:
            raise ValueError(f"{after!r} follows itself by `then`: no job that gets this word would ever end")
    return words


def _following(words: Words) -> dict[str, str]:
    """Return the word that follows each one by itself: by `then`, else in the order of the words."""
    passed = [word for state in (State.QUEUED, State.RUNNING) for word in words.passed(state)]
    following = {one.name: other.name for one, other in pairwise(passed) if not one.waits}
    return following | {one.name: words.reference(one.then).word for one in words.listed if one.then}


def _word(name: str, node: JSON, share: float) -> Word:
    return Word(
        name=name,
        means=tuple(map(State, _listed(node["means"]))),
        share=share,
        waits=node.get("waits", False),
        then=node.get("then", ""),
        after=parse_duration(node["after"]) if "after" in node else 0.0,
        cause=node.get("cause", ""),
        only=node.get("only", False),
    )


def _share(node: JSON, nodes: dict[str, JSON]) -> float:
    """Return the part of its state's time; words without one have equal parts of what the others leave."""
    if not _takes_time(node):
        return 0.0
    beside = [one for one in nodes.values() if _takes_time(one) and one["means"] == node["means"]]
    named = sum(one.get("share", 0.0) for one in beside)
    count = Counter("share" in one for one in beside)[False]
    if not count:
        return float(node["share"] / named)
    return float(node.get("share", max(0.0, 1.0 - named) / count))


def _takes_time(node: JSON) -> bool:
    """Whether a job passes the word by itself, after a while."""
    is_live = not State(_listed(node["means"])[0]).is_over
    return is_live and not node.get("only") and not node.get("waits") and "then" not in node


def _listed(node: JSON) -> list[JSON]:
    return node if isinstance(node, list) else [node]
