"""Converts the paths of several servers for generated clients, which have a single base URL."""

from collections.abc import Mapping
from posixpath import relpath
from urllib.parse import SplitResult, urlsplit

from safelight_codegen._generate.errors import GenerationError
from safelight_openapi import JSONValue, as_mapping


def relative_to_first_server(
    document: Mapping[str, JSONValue], *, other_hosts: list[str] | None = None
) -> dict[str, JSONValue]:
    """Return a copy in which paths of other servers are relative to the first one (`/../../account/v1/…`).

    httpx resolves the dots, so this works for any host that the client is used with. A path on another host
    than the first server's is noted in `other_hosts` and kept; without that, GenerationError is raised.
    """
    main = _server_url(document)
    paths = as_mapping(document.get("paths"))
    return {
        **document,
        "paths": {_path(main, path, as_mapping(item), other_hosts): item for path, item in paths.items()},
    }


def _path(main: SplitResult, path: str, item: Mapping[str, JSONValue], other_hosts: list[str] | None) -> str:
    if "servers" not in item:
        return path
    own = _server_url(item)
    if (own.scheme, own.netloc) != (main.scheme, main.netloc):
        problem = f"{path} is on {own.netloc}, and a generated client has one host: {main.netloc}"
        if other_hosts is None:
            raise GenerationError(problem)
        other_hosts.append(problem)
        return path
    prefix = relpath(own.path or "/", main.path or "/")
    return path if prefix == "." else f"/{prefix}{path}"


def _server_url(node: Mapping[str, JSONValue]) -> SplitResult:
    servers = node.get("servers")
    first = as_mapping(servers[0]) if isinstance(servers, list) and servers else {}
    return urlsplit(str(first.get("url", "")))
