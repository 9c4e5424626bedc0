"""A schema as a reader sees it: references followed, `allOf` put together, choices spread out.

Nothing is copied or merged: a view is the list of the schema objects that hold at once, each with its place.
So a recursive schema is no trouble, and every difference has a JSON pointer.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, product

from safelight_lifecycle import format_pointer
from safelight_openapi import JSON, Node, as_mapping, node_at

_MOST_CHOICES = 500  # ways to fit a schema that are looked at
_DEEPEST_CHOICE = 6  # choices within choices
_KEYS = ("anyOf", "oneOf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One schema object and where it stands."""

    at: str
    node: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """All schema objects that hold for one value; `at` is where the first was written."""

    at: str
    parts: tuple[Part, ...]

    @property
    def locations(self) -> tuple[str, ...]:
        """What tells this view from others of its document."""
        return tuple(part.at for part in self.parts)

    def holders(self, keyword: str) -> list[Part]:
        """List the parts that say something by `keyword`."""
        return [part for part in self.parts if keyword in part.node]

    def values(self, keyword: str) -> list[JSON]:
        """List what the parts say by `keyword`."""
        return [part.node[keyword] for part in self.parts if keyword in part.node]

    def where(self, keyword: str) -> str | None:
        """Where `keyword` first stands, if it does."""
        return next(
            (part.at + format_pointer((keyword,)) for part in self.parts if keyword in part.node), None
        )


def view(schema: JSON, at: str, document: Node) -> View:
    """See a schema of `document` that stands at `at`."""
    return View(at=at, parts=tuple(_parts(schema, at, document, set())))


def both(*views: View) -> View:
    """See what holds when each of `views` does."""
    parts = {part.at: part for one in views for part in one.parts}
    return View(at=views[-1].at, parts=tuple(parts.values()))


def choices(whole: View, document: Node, depth: int = _DEEPEST_CHOICE) -> list[View]:
    """Spread `anyOf` and `oneOf` out: one view for every way to fit the schema, itself if there are none."""
    groups = [
        list(islice(_members(part, key, document, depth), _MOST_CHOICES))
        for part in whole.parts
        for key in _KEYS
    ]
    groups = [group for group in groups if group]
    return [both(whole, *way) for way in islice(product(*groups), _MOST_CHOICES)]


def is_cut(ways: list[View]) -> bool:
    """Whether there are more ways to fit the schema than `choices` has given."""
    return len(ways) >= _MOST_CHOICES or any(key in way.parts[-1].node for way in ways for key in _KEYS)


def properties(whole: View, document: Node) -> dict[str, View]:
    """See every property that is described, by its name."""
    found: dict[str, View] = {}
    for part in whole.parts:
        for name, schema in as_mapping(part.node.get("properties")).items():
            seen = view(schema, part.at + format_pointer(("properties", name)), document)
            found[name] = both(found[name], seen) if name in found else seen
    return found


def inner(whole: View, keyword: str, document: Node) -> View:
    """See the schema under `keyword`, as `items`; one that allows everything if there is none."""
    seen = [
        view(part.node[keyword], part.at + format_pointer((keyword,)), document)
        for part in whole.holders(keyword)
    ]
    return both(*seen) if seen else view({}, whole.at + format_pointer((keyword,)), document)


def _parts(schema: JSON, at: str, document: Node, passed: set[str]) -> Iterator[Part]:
    """List the parts, each once, by however many ways it is reached."""
    if at in passed:
        return
    passed.add(at)
    node = as_mapping(schema) if schema is not False else {"not": {}}
    yield Part(at=at, node=node)
    if isinstance(reference := node.get("$ref"), str):
        target = reference.removeprefix("#")
        yield from _parts(node_at(document, target), target, document, passed)
    members = node.get("allOf")
    for index, member in enumerate(members if isinstance(members, list) else ()):
        yield from _parts(member, f"{at}/allOf/{index}", document, passed)


def _members(part: Part, key: str, document: Node, depth: int) -> Iterator[View]:
    members = part.node.get(key)
    for index, member in enumerate(members if isinstance(members, list) and depth else ()):
        seen = view(member, f"{part.at}/{key}/{index}", document)
        yield from choices(seen, document, depth - 1)
