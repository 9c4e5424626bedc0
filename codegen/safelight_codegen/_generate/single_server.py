"""Paths as a generated client has to ask for them, which knows the address of one server only."""

from collections.abc import Mapping
from posixpath import relpath
from urllib.parse import SplitResult, urlsplit

from safelight_codegen._generate.errors import GenerationError
from safelight_openapi import JSON, as_mapping


def seen_from_one_server(document: Mapping[str, JSON]) -> dict[str, JSON]:
    """Copy `document`, writing paths of other servers as seen from the first one (`/../../account/v1/…`).

    httpx resolves the dots, so that a client for another host finds them there too. GenerationError for a
    path on another host.
    """
    main = _address(document)
    paths = as_mapping(document.get("paths"))
    return {**document, "paths": {_path(main, path, as_mapping(item)): item for path, item in paths.items()}}


def _path(main: SplitResult, path: str, item: Mapping[str, JSON]) -> str:
    if "servers" not in item:
        return path
    own = _address(item)
    if (own.scheme, own.netloc) != (main.scheme, main.netloc):
        raise GenerationError(f"{path} is on {own.netloc}, and a client knows one host only: {main.netloc}")
    way = relpath(own.path or "/", main.path or "/")
    return path if way == "." else f"/{way}{path}"


def _address(node: Mapping[str, JSON]) -> SplitResult:
    servers = node.get("servers")
    first = as_mapping(servers[0]) if isinstance(servers, list) and servers else {}
    return urlsplit(str(first.get("url", "")))
