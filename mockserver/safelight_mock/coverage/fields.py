"""The fields that a document describes for the body of a message, and which of them values had.

A field is a named member of an object, at any depth. All branches of `allOf`, `anyOf` and `oneOf` count. A
schema within itself is not looked into again, so the fields of a recursive one are finite.
"""

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from threading import Lock

import msgspec

from safelight_lifecycle import JSON, format_pointer
from safelight_mock.wire.schema import resolve

Node = Mapping[str, JSON]

CHOICES = ("allOf", "anyOf", "oneOf")
EACH = "/*"  # at the end of a pointer: any item of an array, or any member of a map
MOST_ITEMS = 100  # of an array or a map that are looked at
MAX_DEPTH = 12  # levels of a body that are looked at


class Described(msgspec.Struct, frozen=True, kw_only=True):
    """A document, and the keyword of members that messages of one direction do not have."""

    document: Node
    absent: str  # `readOnly` in requests, `writeOnly` in responses
    lock: Lock = msgspec.field(default_factory=Lock)


class FieldNode:
    """A place in a body: whether a value was there, and the places within it.

    These are found in the document when a value is first looked into. Any thread may mark values: a mark is
    never removed, and a field that is looked for more often than necessary costs nothing but time.
    """

    __slots__ = ("_around", "_depth", "_described", "_named", "_pending", "_schemas", "each", "is_covered")

    def __init__(
        self,
        described: Described,
        schemas: Sequence[JSON],
        around: frozenset[int] = frozenset(),
        depth: int = 0,
    ) -> None:
        self._described = described
        self._schemas = schemas
        self._around = around  # the schemas that this place is within, by identity
        self._depth = depth
        self._named: dict[str, FieldNode] | None = None  # None until a value is looked into
        self._pending: dict[str, FieldNode] = {}  # those with anything that is not covered
        self.each: FieldNode | None = None
        self.is_covered: bool = False

    def mark(self, value: JSON) -> bool:
        """Note the fields of a value; return whether all are covered by now. Null is not a value.

        Every response comes here until all its fields are covered: an object takes half a microsecond.
        """
        if self._named is None:
            self._expand_once()
        each, pending = self.each, self._pending
        if isinstance(value, dict):
            if pending:
                self._mark_members(value, pending)
            if each is not None:
                for name, member in islice(value.items(), MOST_ITEMS):
                    if name not in self.named:
                        each.mark(member)
        elif each is not None and isinstance(value, list | tuple):
            for item in value[:MOST_ITEMS]:
                each.mark(item)
        return not self._pending and (each is None or each.is_complete)

    @property
    def is_complete(self) -> bool:
        """Whether all fields within are covered."""
        is_expanded = self._named is not None
        return is_expanded and not self._pending and (self.each is None or self.each.is_complete)

    def fields(self, most: int) -> dict[str, bool]:
        """Return whether each field is covered, by its JSON Pointer; at most so many, outer ones first."""
        found: dict[str, bool] = {}
        waiting = deque([("", self)])
        while waiting and len(found) < most:
            at, node = waiting.popleft()
            for name, inner in islice(node.named.items(), most - len(found)):
                pointer = at + format_pointer((name,))
                found[pointer] = inner.is_covered
                waiting.append((pointer, inner))
            if node.each is not None:
                waiting.append((at + EACH, node.each))
        return found

    def _mark_members(self, value: dict[str, JSON], pending: "dict[str, FieldNode]") -> None:
        done: list[str] = []
        for name in value if len(value) < len(pending) else pending:
            member = value.get(name)
            if member is None or name not in pending:
                continue
            inner = pending[name]
            inner.is_covered = True
            if inner.mark(member):
                done.append(name)
        if done:  # not removed from the mapping: other threads may be reading it
            self._pending = {name: inner for name, inner in pending.items() if name not in done}

    @property
    def named(self) -> "Mapping[str, FieldNode]":
        """The named members, which are found in the document the first time."""
        if self._named is None:
            self._expand_once()
        return self._named or {}

    def _expand_once(self) -> None:
        with self._described.lock:
            if self._named is None:
                self._expand()

    def _expand(self) -> None:
        branches = self._branches()
        around = self._around | {id(branch) for branch in branches}

        def within(schemas: Sequence[JSON]) -> FieldNode:
            return FieldNode(self._described, schemas, around, self._depth + 1)

        named = defaultdict[str, list[JSON]](list)
        for branch in branches:
            for name, schema in branch.get("properties", {}).items():
                if not self._is_absent(schema):
                    named[name].append(schema)
        each = [schema for branch in branches for schema in _schemas_of_each(branch)]
        self.each = within(each) if each else None
        self._pending = {name: within(schemas) for name, schemas in named.items()}
        self._named = dict(self._pending)  # last: a thread that reads it needs no lock

    def _branches(self) -> list[Node]:
        """Return the schemas of this place: referenced ones and choices, but none that it is within."""
        waiting, branches, known = deque(self._schemas), list[Node](), set(self._around)
        while waiting and self._depth < MAX_DEPTH:
            schema = waiting.popleft()
            if not isinstance(schema, Mapping) or id(schema) in known:
                continue
            known.add(id(schema))
            branches.append(schema)
            if "$ref" in schema:
                waiting.append(resolve(self._described.document, schema))
            for key in CHOICES:
                waiting.extend(schema.get(key, ()))
        return branches

    def _is_absent(self, schema: JSON) -> bool:
        is_described = isinstance(schema, Mapping)
        return is_described and bool(resolve(self._described.document, schema).get(self._described.absent))


def _schemas_of_each(branch: Node) -> Iterator[Node]:
    """Yield the schemas of items, and of members that may have any name."""
    patterns = branch.get("patternProperties", {}).values()
    for schema in (
        branch.get("items"),
        branch.get("additionalProperties"),
        *branch.get("prefixItems", ()),
        *patterns,
    ):
        if isinstance(schema, Mapping):
            yield schema
