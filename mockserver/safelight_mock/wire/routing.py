"""The route table: finds the target of a method, path and query by OpenAPI's rules (3.1.2, section 4.8.8).

A path template may have expressions within a segment (`/models/{id}:analyze`, `/{name}.json`), a query
(`/messages?beta=true`) and a trailing slash. Where several templates match, the one with the more concrete
segment wins, from left to right; if a concrete segment leads nowhere, the next one is tried.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Generic, TypeVar
from urllib.parse import parse_qsl

import msgspec

T = TypeVar("T")

EXPRESSION = re.compile(r"\{([^{}/]+)\}")
NONE: Mapping[str, str] = {}


class RouteError(ValueError):
    """A path template that is malformed, or ambiguous beside another one."""


class TemplateTarget(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """The target of a method and path template.

    `names` are those of the template's expressions; `query` holds the pairs that a request must have.
    """

    template: str
    target: T
    names: tuple[str, ...]
    query: frozenset[tuple[str, str]]


class Segment(msgspec.Struct, Generic[T], kw_only=True):
    """One segment with expressions: `pattern` matches it, `literals` counts its concrete characters."""

    pattern: re.Pattern[str]
    literals: int
    node: "PathNode[T]"


class PathNode(msgspec.Struct, Generic[T]):
    """What may follow a part of a path: concrete segments, segments with expressions, and any segment."""

    concrete: dict[str, "PathNode[T]"] = msgspec.field(default_factory=dict)
    segments: list[Segment[T]] = msgspec.field(default_factory=list)
    whole: "PathNode[T] | None" = None
    methods: dict[str, list[TemplateTarget[T]]] = msgspec.field(default_factory=dict)


class RouteTable(Generic[T]):
    """A table of routes. Filled before it is used, then read by any thread."""

    def __init__(self) -> None:
        self._root: PathNode[T] = PathNode()
        self._literal: dict[str, PathNode[T]] = {}  # by all beginnings without expressions

    def add(self, method: str, template: str, target: T) -> None:
        """Add a route; raises RouteError if another one of this method matches the same requests."""
        path, _, query = template.partition("?")
        names: list[str] = []
        node, passed = self._root, list[str]()
        for segment in path.split("/"):
            node = _child(node, segment)
            names += EXPRESSION.findall(segment)
            passed.append(segment)
            if not names:
                self._literal["/".join(passed)] = node
        if len({*names}) < len(names):
            raise RouteError(f"{method} {template} names a parameter twice")
        added = TemplateTarget(template=template, target=target, names=tuple(names), query=_pairs(query))
        others = node.methods.setdefault(method, [])
        for other in others:
            if other.query == added.query:
                raise RouteError(f"{method} {template} cannot be told from {method} {other.template}")
        others.append(added)
        others.sort(key=lambda route: -len(route.query))

    def find(self, method: str, path: str, query: str = "") -> tuple[T, Mapping[str, str]] | None:
        """Return the target of a request, and its path parameters; `path` is decoded, `query` is not."""
        node, values = self._match(path)
        for route in node.methods.get(method, ()):
            if not route.query or route.query <= _pairs(query):
                return route.target, dict(zip(route.names, values)) if values else NONE  # noqa: B905 - as long, and slower
        return None

    def methods(self, path: str) -> Sequence[str]:
        """Return the methods of a path, sorted, or none."""
        node, _ = self._match(path)
        return sorted(node.methods)

    def _match(self, path: str) -> tuple[PathNode[T], tuple[str, ...]]:
        """Return the node of a path, and the values of its expressions.

        Most paths read a job, so they have one expression, at their end or before the last segment. Those are
        found in a fifth of the time: a literal beginning is more concrete than anything beside it.
        """
        begin, _, last = path.rpartition("/")
        node = self._literal.get(begin)
        if node is not None:
            following = _whole(node, last)
            if following is not None and following.methods:
                return following, (last,)
        else:
            begin, _, inner = begin.rpartition("/")
            node = self._literal.get(begin)
            following = None if node is None else _whole(node, inner)
            following = None if following is None else following.concrete.get(last)
            if following is not None and following.methods:
                return following, (inner,)
        return _match(self._root, path.split("/"), 0, ()) or NOWHERE


NOWHERE: tuple[PathNode[Any], tuple[str, ...]] = PathNode(), ()


def _child(node: PathNode[T], segment: str) -> PathNode[T]:
    """Return what follows a segment of a template, made if need be."""
    if "{" not in segment:
        return node.concrete.setdefault(segment, PathNode())
    texts = EXPRESSION.split(segment)[::2]
    if texts == ["", ""]:
        node.whole = node.whole or PathNode()
        return node.whole
    if "" in texts[1:-1]:
        raise RouteError(f"{segment} has expressions with nothing in between")
    pattern = _pattern(*map(re.escape, texts))
    for known in node.segments:
        if known.pattern == pattern:
            return known.node
    added: Segment[T] = Segment(pattern=pattern, literals=sum(map(len, texts)), node=PathNode())
    node.segments.append(added)
    node.segments.sort(key=lambda one: -one.literals)
    return added.node


def _whole(node: PathNode[T], segment: str) -> PathNode[T] | None:
    """Return what follows any segment, unless a literal or a pattern may match this one better."""
    return node.whole if segment and not node.segments and segment not in node.concrete else None


def _pattern(first: str, *texts: str) -> re.Pattern[str]:
    """Return the pattern of a segment, each text of which but the first follows an expression.

    An expression ends before the next literal first occurs, the last one at the end. The atomic groups
    keep the time linear in the length of a segment, which is the client's to choose.
    """
    inner = "".join(f"(?>(.+?){text})" for text in texts[:-1])
    return re.compile(f"{first}{inner}(.+){texts[-1]}", re.DOTALL)


def _pairs(query: str) -> frozenset[tuple[str, str]]:
    return frozenset(parse_qsl(query, keep_blank_values=True))


def _match(
    node: PathNode[Any], segments: Sequence[str], at: int, values: tuple[str, ...]
) -> tuple[PathNode[Any], tuple[str, ...]] | None:
    """Return the most concrete node with methods that a path leads to, and the values of its expressions."""
    for number in range(at, len(segments)):
        segment = segments[number]
        concrete = node.concrete.get(segment)
        if node.segments or (concrete is not None and node.whole is not None):  # there is a choice
            for following, captured in _choices(node, segment, concrete):
                matched = _match(following, segments, number + 1, values + captured)
                if matched is not None:
                    return matched
            concrete = None
        if concrete is not None:
            node = concrete
        elif node.whole is not None and segment:
            node, values = node.whole, (*values, segment)
        else:
            return None
    return (node, values) if node.methods else None


def _choices(
    node: PathNode[Any], segment: str, concrete: PathNode[Any] | None
) -> Iterator[tuple[PathNode[Any], tuple[str, ...]]]:
    """Yield the nodes that match a segment by a literal or a pattern, with the values of its expressions."""
    if concrete is not None:
        yield concrete, ()
    for one in node.segments:
        if match := one.pattern.fullmatch(segment):
            yield one.node, match.groups()
