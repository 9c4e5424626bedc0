"""What changed in where the service is and whom it lets in."""

import json
from collections.abc import Iterator, Sequence

from safelight_codegen._drift.changes import ABSENT, Change
from safelight_codegen._drift.operation_matching import Call
from safelight_codegen._drift.rules import judged
from safelight_openapi import JSON, Node, as_mapping

_PROSE = ("description", "bearerFormat")
_Way = frozenset[tuple[str, frozenset[str]]]  # credentials asked for together, each with its scopes


def security_changes(old: Call, old_document: Node, new: Call, new_document: Node) -> Iterator[Change]:
    """Ask whether whoever was let in still is; a scheme is what is sent on the wire, not its name."""
    was, now = _ways(old, old_document), _ways(new, new_document)
    if set(was) == set(now):
        return
    suffices = all(any(_satisfies(held, asked) for asked in now) for held in was)
    own = "security" in old.spot.node or "security" in new.spot.node
    yield judged(
        "security relaxed" if suffices else "security tightened",
        old.spot.at + "/security" if own else "/security",
        was=_said(old, old_document),
        now=_said(new, new_document),
        operations=(old.name,),
    )


def server_changes(old: Call, old_document: Node, new: Call, new_document: Node) -> Iterator[Change]:
    """Compare where an operation is served."""
    at, was = _servers(old, old_document)
    _, now = _servers(new, new_document)
    if was == now:
        return
    ours, theirs = (list(map(_address, one)) for one in (was, now))
    names = (old.name,)
    if not ours:
        yield judged("server stated", at, was=ABSENT, now=[*now], operations=names)
        return
    gone = [one for one in ours if one not in theirs]
    for one in gone:
        yield judged("server removed", at, was=one, now=[*theirs], operations=names)
    for one in (one for one in theirs if one not in ours):
        yield judged("server added", at, was=ABSENT, now=one, operations=names)
    if not gone and ours[0] != theirs[0]:
        yield judged("first server changed", at, was=ours[0], now=theirs[0], operations=names)
    if ours == theirs:
        yield judged("server's details changed", at, was=[*was], now=[*now], operations=names)


def _satisfies(held: _Way, asked: _Way) -> bool:
    return all(any(scheme == one and scopes <= given for one, given in held) for scheme, scopes in asked)


def _ways(call: Call, document: Node) -> list[_Way]:
    schemes = as_mapping(as_mapping(document.get("components")).get("securitySchemes"))
    ways = [
        frozenset((_wire(name, schemes), _scopes(scopes)) for name, scopes in as_mapping(way).items())
        for way in _required(call, document)
    ]
    return ways or [frozenset()]


def _required(call: Call, document: Node) -> Sequence[JSON]:
    said = call.spot.node.get("security", document.get("security"))
    return said if isinstance(said, list) else []


def _wire(name: str, schemes: Node) -> str:
    said = as_mapping(schemes.get(name))
    scheme = {key: said[key] for key in said if key not in _PROSE and not key.startswith("x-")}
    caseless = ("scheme", "name") if scheme.get("in") == "header" else ("scheme",)  # RFC 9110
    scheme |= {key: str(scheme[key]).lower() for key in caseless if key in scheme}
    if "flows" in scheme:
        scheme["flows"] = {key: _bare_flow(flow) for key, flow in as_mapping(scheme["flows"]).items()}
    return json.dumps(scheme or name, sort_keys=True)


def _bare_flow(flow: JSON) -> JSON:
    """Leave out what scopes there are: which of them are asked for is said by each operation."""
    return {key: value for key, value in as_mapping(flow).items() if key != "scopes"}


def _scopes(said: JSON) -> frozenset[str]:
    return frozenset(map(str, said if isinstance(said, list) else []))


def _said(call: Call, document: Node) -> JSON:
    """Show what is asked for, with the schemes spelled out."""
    schemes = as_mapping(as_mapping(document.get("components")).get("securitySchemes"))
    return [
        {name: {**_shown(name, schemes), "scopes": scopes} for name, scopes in as_mapping(way).items()}
        for way in _required(call, document)
    ]


def _shown(name: str, schemes: Node) -> Node:
    wanted = ("type", "scheme", "in", "name")
    return {key: value for key, value in as_mapping(schemes.get(name)).items() if key in wanted}


def _servers(call: Call, document: Node) -> tuple[str, list[JSON]]:
    for at, held in ((call.spot.at, call.spot.node), (call.item.at, call.item.node), ("", document)):
        listed = held.get("servers")
        if isinstance(listed, list) and listed:
            return f"{at}/servers", [_bare(one) for one in listed]
    return "/servers", []


def _bare(server: JSON) -> JSON:
    return {key: value for key, value in as_mapping(server).items() if key != "description"}


def _address(server: JSON) -> str:
    return str(as_mapping(server).get("url", "")).rstrip("/")
