"""Compares servers and security requirements."""

import json
from collections.abc import Iterator, Sequence

from safelight_codegen._drift.changes import ABSENT, DocumentChange
from safelight_codegen._drift.operation_matching import ComparedOperation
from safelight_codegen._drift.rules import classify
from safelight_openapi import JSONValue, Node, as_mapping

_PROSE = ("description", "bearerFormat")
_Credentials = frozenset[tuple[str, frozenset[str]]]  # required together, each with its scopes


def security_changes(
    old: ComparedOperation, old_document: Node, new: ComparedOperation, new_document: Node
) -> Iterator[DocumentChange]:
    """Yield a change if the credentials that sufficed no longer do, or fewer do now.

    A security scheme is identified by what is sent, not by its name in the document.
    """
    was, now = _alternatives(old, old_document), _alternatives(new, new_document)
    if set(was) == set(now):
        return
    suffices = all(any(_satisfies(container, required) for required in now) for container in was)
    own = "security" in old.operation.node or "security" in new.operation.node
    yield classify(
        "security relaxed" if suffices else "security tightened",
        old.operation.pointer + "/security" if own else "/security",
        was=_shown_requirements(old, old_document),
        now=_shown_requirements(new, new_document),
        operations=(old.name,),
    )


def server_changes(
    old: ComparedOperation, old_document: Node, new: ComparedOperation, new_document: Node
) -> Iterator[DocumentChange]:
    """Compare the URLs of an operation."""
    pointer, was = _servers(old, old_document)
    _, now = _servers(new, new_document)
    if was == now:
        return
    ours, theirs = (list(map(_url, one)) for one in (was, now))
    names = (old.name,)
    if not ours:
        yield classify("server declared", pointer, was=ABSENT, now=[*now], operations=names)
        return
    removed = [one for one in ours if one not in theirs]
    for one in removed:
        yield classify("server removed", pointer, was=one, now=[*theirs], operations=names)
    for one in (one for one in theirs if one not in ours):
        yield classify("server added", pointer, was=ABSENT, now=one, operations=names)
    if not removed and ours[0] != theirs[0]:
        yield classify("first server changed", pointer, was=ours[0], now=theirs[0], operations=names)
    if ours == theirs:
        yield classify("server's details changed", pointer, was=[*was], now=[*now], operations=names)


def _satisfies(container: _Credentials, required: _Credentials) -> bool:
    return all(
        any(scheme == one and scopes <= granted for one, granted in container) for scheme, scopes in required
    )


def _alternatives(call: ComparedOperation, document: Node) -> list[_Credentials]:
    schemes = as_mapping(as_mapping(document.get("components")).get("securitySchemes"))
    alternatives = [
        frozenset((_wire(name, schemes), _scopes(scopes)) for name, scopes in as_mapping(alternative).items())
        for alternative in _required(call, document)
    ]
    return alternatives or [frozenset()]


def _required(call: ComparedOperation, document: Node) -> Sequence[JSONValue]:
    declared = call.operation.node.get("security", document.get("security"))
    return declared if isinstance(declared, list) else []


def _wire(name: str, schemes: Node) -> str:
    declared = as_mapping(schemes.get(name))
    scheme = {key: declared[key] for key in declared if key not in _PROSE and not key.startswith("x-")}
    caseless = ("scheme", "name") if scheme.get("in") == "header" else ("scheme",)  # RFC 9110
    scheme |= {key: str(scheme[key]).lower() for key in caseless if key in scheme}
    if "flows" in scheme:
        scheme["flows"] = {key: _bare_flow(flow) for key, flow in as_mapping(scheme["flows"]).items()}
    return json.dumps(scheme or name, sort_keys=True)


def _bare_flow(flow: JSONValue) -> JSONValue:
    """Return a flow without its list of scopes: each operation names the scopes it requires."""
    return {key: value for key, value in as_mapping(flow).items() if key != "scopes"}


def _scopes(declared: JSONValue) -> frozenset[str]:
    return frozenset(map(str, declared if isinstance(declared, list) else []))


def _shown_requirements(call: ComparedOperation, document: Node) -> JSONValue:
    """Return the requirements for reports, with the definitions of their schemes."""
    schemes = as_mapping(as_mapping(document.get("components")).get("securitySchemes"))
    return [
        {
            name: {**_shown(name, schemes), "scopes": scopes}
            for name, scopes in as_mapping(alternative).items()
        }
        for alternative in _required(call, document)
    ]


def _shown(name: str, schemes: Node) -> Node:
    keys = ("type", "scheme", "in", "name")
    return {key: value for key, value in as_mapping(schemes.get(name)).items() if key in keys}


def _servers(call: ComparedOperation, document: Node) -> tuple[str, list[JSONValue]]:
    for pointer, container in (
        (call.operation.pointer, call.operation.node),
        (call.item.pointer, call.item.node),
        ("", document),
    ):
        listed = container.get("servers")
        if isinstance(listed, list) and listed:
            return f"{pointer}/servers", [_without_description(one) for one in listed]
    return "/servers", []


def _without_description(server: JSONValue) -> JSONValue:
    return {key: value for key, value in as_mapping(server).items() if key != "description"}


def _url(server: JSONValue) -> str:
    return str(as_mapping(server).get("url", "")).rstrip("/")
