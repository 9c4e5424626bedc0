"""The places in instances of a schema, with what the document says of the value at each."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from safelight_lifecycle import format_pointer
from safelight_openapi._reading.documents import JSONValue
from safelight_openapi._structure.references import Node, alternatives

ITEM = "0"  # the token of an array's items
NEAR, FAR = 2, 3  # levels at which members of a whole body are searched
MAX_DEPTH = 4  # members and items from the body to a place
MAX_PLACES = 2_000  # of one body: nested unions of large documents have many
_NAME = re.compile(r"[A-Za-z_]\w*")
# What a response repeats of its request, and free data: no place of a job is in them.
_OPAQUE = frozenset(
    {
        "request",
        "input",
        "inputs",
        "params",
        "parameters",
        "options",
        "settings",
        "config",
        "links",
    }
)


@dataclass(frozen=True)
class Place:
    """A location in a body and the schemas that apply there; array items have the token `0`."""

    tokens: tuple[str, ...]
    schemas: tuple[Node, ...]

    @property
    def name(self) -> str:
        """The name of the member; of an item, that of its array."""
        return next((token for token in reversed(self.tokens) if token != ITEM), "")

    @property
    def pointer(self) -> str:
        """The location as a JSON pointer."""
        return format_pointer(self.tokens)

    @property
    def expression(self) -> str:
        """The location as a runtime expression about a response."""
        return f"$response.body#{self.pointer}" if self.tokens else "$response.body"

    @property
    def query(self) -> str:
        """The location as a JSONPath, with all items of arrays."""
        return "$" + "".join(map(_step, self.tokens))

    @property
    def depth(self) -> int:
        """How many members and items lead to it."""
        return len(self.tokens)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The texts that can be there, of `enum` and `const`."""
        values = (value for schema in self.schemas for value in _listed(schema))
        return tuple(dict.fromkeys(value for value in values if isinstance(value, str)))

    @cached_property
    def types(self) -> frozenset[str]:
        """The JSON types that can be there, without null; empty if the document does not say."""
        named = (schema.get("type") for schema in self.schemas)
        listed = (name for one in named for name in (one if isinstance(one, list) else [one]))
        return frozenset(name for name in listed if isinstance(name, str) and name != "null")

    @cached_property
    def text(self) -> str:
        """The descriptions of the value, in lower case."""
        return " ".join(str(schema.get("description", "")) for schema in self.schemas).lower()

    @property
    def is_url(self) -> bool:
        """Whether the format of the text is that of an address."""
        return any(schema.get("format") in ("uri", "url", "uri-reference") for schema in self.schemas)

    def values(self, keyword: str) -> list[JSONValue]:
        """Return what the schemas have under a keyword."""
        return [schema[keyword] for schema in self.schemas if keyword in schema]


def _step(token: str) -> str:
    if token == ITEM:
        return "[*]"
    return f".{token}" if _NAME.fullmatch(token) else f"['{token}']"


def _listed(schema: Node) -> list[JSONValue]:
    enum = schema.get("enum")
    return [*(enum if isinstance(enum, list) else []), *([schema["const"]] if "const" in schema else [])]


class SchemaReader:
    """Finds places in bodies of one document; schemas that many operations share are expanded once."""

    def __init__(self, document: Node) -> None:
        self._document = document
        self._expanded: dict[int, tuple[Node, ...]] = {}
        self._places: dict[tuple[int, ...], tuple[Place, ...]] = {}
        self._members: dict[tuple[int, ...], dict[str, tuple[Node, ...]]] = {}

    def root(self, schemas: Iterable[JSONValue]) -> Place:
        """Return the whole body that has one of these schemas."""
        return Place((), self._all(schemas))

    def members(self, place: Place) -> dict[str, Place]:
        """Return the members of an object, by name."""
        return {
            name: Place((*place.tokens, name), schemas)
            for name, schemas in self._member_schemas(place.schemas).items()
        }

    def _member_schemas(self, around: tuple[Node, ...]) -> dict[str, tuple[Node, ...]]:
        key = tuple(map(id, around))
        if key not in self._members:
            named: dict[str, list[JSONValue]] = {}
            for schema in around:
                properties = schema.get("properties")
                for name, member in (properties if isinstance(properties, dict) else {}).items():
                    named.setdefault(name, []).append(member)
            self._members[key] = {name: self._all(members) for name, members in named.items()}
        return self._members[key]

    def items(self, place: Place) -> Place | None:
        """Return the items of an array; None if the document does not describe any."""
        schemas = [schema["items"] for schema in place.schemas if isinstance(schema.get("items"), dict)]
        return Place((*place.tokens, ITEM), self._all(schemas)) if schemas else None

    def places(self, root: Place) -> tuple[Place, ...]:
        """Return all places of a body, those of fewer levels first."""
        key = tuple(map(id, root.schemas))
        if key not in self._places:
            self._places[key] = tuple(self._walk(Place((), root.schemas)))
        return self._places[key]

    def _walk(self, root: Place) -> Iterator[Place]:
        level, count = [root], 0
        for _ in range(MAX_DEPTH):
            around, level = level, []
            for inner in (below for place in around for below in self._below(place)):
                count += 1
                if count > MAX_PLACES:
                    return
                level.append(inner)
                yield inner

    def _below(self, place: Place) -> list[Place]:
        if place.tokens and place.name in _OPAQUE:
            return []
        item = self.items(place)
        return [*self.members(place).values(), *([item] if item else [])]

    def _all(self, schemas: Iterable[JSONValue]) -> tuple[Node, ...]:
        expanded = (one for schema in schemas for one in self._alternatives(schema))
        return tuple({id(one): one for one in expanded}.values())

    def _alternatives(self, schema: JSONValue) -> tuple[Node, ...]:
        key = id(schema)
        if key not in self._expanded:
            self._expanded[key] = tuple(alternatives(schema, self._document))
        return self._expanded[key]


def same_schemas(one: Sequence[Node], other: Sequence[Node], member: str = "") -> bool:
    """Whether two places share a schema of an object, by reference.

    One of which both have further parts is the base of everything if it has a single member, or not the
    `member` that is asked for.
    """
    own, theirs = ([schema for schema in listed if "properties" in schema] for listed in (one, other))
    shared = {id(schema) for schema in own} & {id(schema) for schema in theirs}
    is_whole = len(own) == 1 or len(theirs) == 1
    return any(id(schema) in shared and (is_whole or _is_telling(schema, member)) for schema in own)


def _is_telling(schema: Node, member: str) -> bool:
    properties = schema.get("properties")
    return isinstance(properties, dict) and len(properties) > 1 and (not member or member in properties)
