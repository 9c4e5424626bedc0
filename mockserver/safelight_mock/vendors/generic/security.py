"""The security schemes of a document as sources of keys."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from safelight_mock.wire.key_sources import (
    AllKeys,
    BasicKey,
    BearerKey,
    CookieKey,
    HeaderKey,
    KeySource,
    OneKey,
    QueryKey,
    SchemeKey,
)
from safelight_mock.wire.messages import JSON
from safelight_mock.wire.schema import resolve

Node = Mapping[str, JSON]

ANY_KEY: tuple[KeySource, ...] = (SchemeKey(header="authorization"), HeaderKey(header="x-api-key"))
"""Where a key is looked for by an API that says nothing of keys, and does not need one."""


def sources_of(document: Node, operation: Node) -> tuple[KeySource, ...]:
    """Return where an operation takes its key from; none if it may be called without one."""
    requirements = operation.get("security", document.get("security", []))
    if not requirements or {} in requirements:
        return ()
    schemes = document.get("components", {}).get("securitySchemes", {})
    alternatives = [_source([*_sources(document, schemes, one)]) for one in requirements]
    return tuple(dict.fromkeys(source for source in alternatives if source is not None))


def roles_of(document: Node, operation: Node) -> tuple[str, ...]:
    """Return the roles of which a key needs one, as `security` names them; none if any key will do.

    Scopes of OAuth 2 and OpenID Connect are no roles, nor are several that are needed together.
    """
    schemes = document.get("components", {}).get("securitySchemes", {})
    requirements = operation.get("security", document.get("security", []))
    named = [
        (resolve(document, schemes.get(name, {})), roles)
        for one in requirements
        for name, roles in one.items()
    ]
    roles = [roles for scheme, roles in named if scheme.get("type") in ("http", "apiKey")]
    is_chosen = len(roles) == len(requirements) and all(len(one) == 1 for one in roles)
    return tuple(one[0] for one in roles) if is_chosen else ()


def usual_sources(document: Node) -> tuple[KeySource, ...]:
    """Return where a key is accepted if no operation requires one: in any declared scheme."""
    schemes = document.get("components", {}).get("securitySchemes", {})
    return (*(source for name in schemes for source in _sources(document, schemes, [name])), *ANY_KEY)


def _source(sources: Sequence[OneKey]) -> KeySource | None:
    """Return what reads the keys of one requirement, all of which are needed."""
    if not sources:
        return None
    return sources[0] if len(sources) == 1 else AllKeys(sources=tuple(sources))


def _sources(document: Node, schemes: Node, requirement: Iterable[str]) -> Iterator[OneKey]:
    for name in requirement:
        scheme = resolve(document, schemes.get(name, {}))
        match scheme.get("type"), scheme.get("in"), str(scheme.get("scheme", "")).lower():
            case "apiKey", "header", _:
                header = str(scheme["name"]).lower()
                yield SchemeKey(header=header) if header == "authorization" else HeaderKey(header=header)
            case "apiKey", "query", _:
                yield QueryKey(name=str(scheme["name"]))
            case "apiKey", "cookie", _:
                yield CookieKey(name=str(scheme["name"]))
            case "http", _, "bearer":
                yield BearerKey()
            case "http", _, "basic":
                yield BasicKey()
            case "http" | "oauth2" | "openIdConnect", _, _:
                yield SchemeKey(header="authorization")
