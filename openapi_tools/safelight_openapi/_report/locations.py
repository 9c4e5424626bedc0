"""Locations in a document: JSON pointers as keys and indices, and the values there."""

from safelight_lifecycle import parse_pointer
from safelight_openapi._reading.documents import JSONValue

Location = tuple[str | int, ...]


def location_of(pointer: str, document: JSONValue) -> Location:
    """Return a pointer as keys and indices; what the document does not have is a key."""
    location: list[str | int] = []
    node = document
    for token in parse_pointer(pointer):
        is_index = isinstance(node, list) and token.isdecimal()
        location.append(int(token) if is_index else token)
        node = child(node, location[-1])
    return tuple(location)


def value_at_location(location: Location, document: JSONValue) -> JSONValue:
    """Return the value at a location; None if it does not exist."""
    node = document
    for key in location:
        node = child(node, key)
    return node


def child(node: JSONValue, key: str | int) -> JSONValue:
    """Return a member or an item; None if it does not exist."""
    if isinstance(node, dict) and isinstance(key, str):
        return node.get(key)
    if isinstance(node, list) and isinstance(key, int) and key < len(node):
        return node[key]
    return None
