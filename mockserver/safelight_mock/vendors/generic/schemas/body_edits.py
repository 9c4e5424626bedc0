"""Changes to a body that its schema allows: writing at a place, and removing what is not there yet."""

from collections.abc import Iterable
from typing import Any

import msgspec

from safelight_lifecycle import is_array_index
from safelight_mock.vendors.generic.schemas.made_values import Maker
from safelight_mock.vendors.generic.schemas.shapes import EACH, Shape, Shapes, Tokens, Wanted
from safelight_mock.wire.messages import JSON

MISSING: Any = object()


class BodyEdits(msgspec.Struct, kw_only=True):
    """Changes to one body of a schema; `maker` makes objects and items around what is written.

    `wanted` are all places that will be written, by which branches of unions are chosen. `known` are the
    shapes that were asked for before, for the same schema and the same `wanted`.
    """

    maker: Maker
    schema: JSON
    wanted: tuple[Wanted, ...]
    cleared: list[Tokens] = msgspec.field(default_factory=list)
    known: dict[Tokens, Shape | None] = msgspec.field(default_factory=dict)

    @property
    def shapes(self) -> Shapes:
        """The shapes of the document's schemas."""
        return self.maker.shapes

    def has(self, tokens: Tokens) -> bool:
        """Whether a body may have something at a place."""
        return self.shape(tokens) is not None

    def shape(self, tokens: Tokens) -> Shape | None:
        """Return what a body may have at a place; None if it has no such place."""
        if tokens not in self.known:
            self.known[tokens] = self.shapes.at(self.schema, tokens, self.wanted)
        return self.known[tokens]

    def is_cleared(self, tokens: Tokens) -> bool:
        """Whether a place lies in something that was removed."""
        return any(tokens[: len(gone)] == gone for gone in self.cleared)

    def put(self, body: JSON, tokens: Tokens, value: JSON) -> JSON:
        """Write a value at a place, and return the body; containers on the way are made.

        Of an array with EACH in the place, `value` has the values for its items.
        """
        return self._put(body, tokens, 0, value)

    def clear(
        self, body: JSON, tokens: Tokens, kept: Iterable[Tokens] = (), *, is_alone: bool = False
    ) -> JSON:
        """Remove what is at a place, with as much around it as holds nothing that is kept.

        What may be null becomes null, a list becomes empty; what is required stays. With `is_alone` nothing
        around it is removed.
        """
        kept = tuple(kept)
        for length in range(len(tokens) if is_alone else 1, len(tokens) + 1):
            above = tokens[:length]
            if any(other[:length] == above for other in kept):
                continue
            is_list = length < len(tokens) and (tokens[length] == EACH or is_array_index(tokens[length]))
            if self._cleared(body, above, is_list=is_list):
                self.cleared.append(above)
                break
        return body

    def _put(self, body: JSON, tokens: Tokens, depth: int, value: JSON) -> JSON:
        if depth == len(tokens):
            return value
        token = tokens[depth]
        if token == EACH:
            return self._put_all(body, tokens, depth, value)
        body = self._container(body, tokens[:depth], token)
        if isinstance(body, list):
            index = int(token)
            while len(body) <= index:
                body.append(self._made(tokens[:depth], str(len(body))))
            body[index] = self._put(body[index], tokens, depth + 1, value)
        else:
            inner = body.get(token, MISSING)
            if inner is MISSING and depth + 1 < len(tokens):
                inner = self._made(tokens[:depth], token)
            body[token] = self._put(inner, tokens, depth + 1, value)
        return body

    def _put_all(self, body: JSON, tokens: Tokens, depth: int, values: JSON) -> list[JSON]:
        """Write each of several values into an item of its own, which is like the first one."""
        first = body[0] if isinstance(body, list) and body else MISSING
        items: list[JSON] = []
        for index, value in enumerate(values):
            is_made = first is MISSING or depth + 1 == len(tokens)
            item = self._made(tokens[:depth], str(index)) if is_made else copied(first)
            items.append(self._put(item, tokens, depth + 1, value))
        return items

    def _container(self, body: JSON, at: Tokens, token: str) -> JSON:
        """Return an object or array with room for a member; a new one in place of anything else."""
        if isinstance(body, dict) or (isinstance(body, list) and is_array_index(token)):
            return body
        made = self._made(at[:-1], at[-1]) if at else None
        if isinstance(made, dict) or (isinstance(made, list) and is_array_index(token)):
            return made
        shape = self.shape(at)
        return [] if shape is not None and shape.is_array and is_array_index(token) else {}

    def _made(self, at: Tokens, token: str) -> JSON:
        """Make what is missing at a place."""
        shape = self.shape((*at, token))
        if shape is None or not (shape.is_object or shape.is_array):
            return {} if shape is None or not shape.types else None
        below = tuple(
            Wanted(one.tokens[len(at) + 1 :], one.value, one.weight)
            for one in self.wanted
            if len(one.tokens) > len(at) + 1 and _leads(one.tokens[: len(at) + 1], (*at, token))
        )
        return self.maker.make(dict(shape.node), below)

    def _cleared(self, body: JSON, at: Tokens, *, is_list: bool) -> bool:
        """Remove a member as its schema allows; return whether there is nothing left to remove."""
        holders = [body]
        for token in at[:-1]:
            holders = [inner for holder in holders for inner in _children(holder, token)]
        return all(self._cleared_in(holder, at, is_list=is_list) for holder in holders)

    def _cleared_in(self, holder: JSON, at: Tokens, *, is_list: bool) -> bool:
        name, shape, around = at[-1], self.shape(at), self.shape(at[:-1])
        if not isinstance(holder, dict) or shape is None:
            return not isinstance(holder, dict | list)
        if is_list and not shape.node.get("minItems"):
            holder[name] = []
            return True
        is_required = around is not None and name in around.required
        if shape.null and (is_required or name in holder):
            holder[name] = None
        elif is_required and shape.is_array and not shape.node.get("minItems"):
            holder[name] = []
        elif is_required:
            return False
        else:
            holder.pop(name, None)
        return True


def copied(value: JSON) -> JSON:
    """Return a copy of a JSON value, at all levels."""
    if isinstance(value, dict):
        return {name: copied(inner) for name, inner in value.items()}
    return [copied(inner) for inner in value] if isinstance(value, list) else value


def _children(value: JSON, token: str) -> list[JSON]:
    """Return the member or the items that a token leads to."""
    if isinstance(value, dict):
        return [value[token]] if token in value else []
    if not isinstance(value, list):
        return []
    if token == EACH:
        return value
    return [value[int(token)]] if is_array_index(token) and int(token) < len(value) else []


def _leads(pattern: Tokens, tokens: Tokens) -> bool:
    return all(token in (EACH, other) for token, other in zip(pattern, tokens, strict=True))
