"""Where requests have the key: the security schemes of an operation, and the first that a client supports."""

from collections.abc import Iterable, Mapping

from safelight_lifecycle import JSON, KeyLocation, KeyPlace
from safelight_openapi import as_mapping, resolve

Node = dict[str, JSON]

_PREFIXES = {"http": "Bearer ", "oauth2": "Bearer ", "openIdConnect": "Bearer "}


def security_schemes(document: Node, path: str, method: str) -> list[tuple[str, Node]]:
    """Return the schemes, by name, that a request has to satisfy: the first of the alternatives."""
    item = resolve(as_mapping(document.get("paths"))[path], document)
    node = as_mapping(item[method])
    listed: JSON = node.get("security", document.get("security")) or []
    known = as_mapping(as_mapping(document.get("components")).get("securitySchemes"))
    first = as_mapping(next((one for one in listed if one), {}))
    return [(scheme, resolve(known.get(scheme), document)) for scheme in first]


def key_location(schemes: Iterable[Mapping[str, JSON]]) -> KeyLocation | None:
    """Return where the first of several schemes has the key; None without a scheme."""
    return next(filter(None, map(_location, schemes)), None)


def _location(scheme: Mapping[str, JSON]) -> KeyLocation | None:
    kind = str(scheme.get("type"))
    if kind == "apiKey":
        return KeyLocation(name=str(scheme["name"]), place=KeyPlace(scheme["in"]))
    if kind == "http" and str(scheme.get("scheme")).lower() == KeyPlace.BASIC:
        return KeyLocation(place=KeyPlace.BASIC, prefix="Basic ")
    return KeyLocation(prefix=_PREFIXES[kind]) if kind in _PREFIXES else None
