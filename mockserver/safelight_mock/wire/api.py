"""An effective spec as a route table: from method and path to the operation."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from urllib.parse import urlsplit

import msgspec

from safelight_lifecycle import AsyncJobs, read_async_jobs
from safelight_mock.core.lifecycle import ServedLifecycle
from safelight_mock.wire.framework import DOCUMENTED, Framework
from safelight_mock.wire.hosts import is_loopback
from safelight_mock.wire.messages import JSON
from safelight_mock.wire.operation import Operation
from safelight_mock.wire.problem import Kind, Problem
from safelight_mock.wire.routing import RouteTable
from safelight_mock.wire.schema import Schema
from safelight_mock.wire.suggestions import nearest_path

METHODS = ("get", "put", "post", "delete", "options", "head", "patch")


class Api(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """One vendor's document, ready to serve."""

    document: Mapping[str, JSON]
    strict: bool = False
    framework: Framework = DOCUMENTED

    def __repr__(self) -> str:
        return f"Api({self.base!r})"

    @classmethod
    def from_json(cls, text: bytes, *, strict: bool = False, framework: Framework = DOCUMENTED) -> "Api":
        """Parse a document of a service that is built on this framework."""
        return cls(document=msgspec.json.decode(text), strict=strict, framework=framework)

    @cached_property
    def operations(self) -> Mapping[str, Operation]:
        """Every operation by its id."""
        return {operation.id: operation for operation in self._described()}

    @cached_property
    def async_jobs(self) -> AsyncJobs:
        """The parsed `x-async-jobs` of the document."""
        return read_async_jobs(self.document)

    @cached_property
    def lifecycles(self) -> Mapping[str, ServedLifecycle]:
        """Lifecycles of `x-async-jobs` by name."""
        return {name: ServedLifecycle.of(described) for name, described in self.async_jobs.lifecycles.items()}

    @cached_property
    def lifecycle_of(self) -> Mapping[str, str]:
        """The lifecycle of each operation; the first one for operations that belong to none."""
        first = next(iter(self.lifecycles), "")
        lifecycles = self.async_jobs.lifecycles.items()
        named = {operation: name for name, one in lifecycles for operation in one.operations}
        return {operation: named.get(operation, first) for operation in self.operations}

    @cached_property
    def webhooks(self) -> Mapping[str, Schema]:
        """Schemas of webhook bodies by the key of the webhook."""
        bodies = {
            name: item["post"]["requestBody"] for name, item in self.document.get("webhooks", {}).items()
        }
        return {
            name: Schema(self.document, body["content"]["application/json"]["schema"])
            for name, body in bodies.items()
        }

    @cached_property
    def host(self) -> str:
        """The host of the document's first server."""
        return urlsplit(self._server).netloc

    @cached_property
    def hosts(self) -> frozenset[str]:
        """All hosts of servers of the document, its paths and its operations, in lower case.

        Without those of this machine: an address with them is this server's.
        """
        items = [self.document, *self.document["paths"].values()]
        operations = [item[method] for item in items for method in METHODS if method in item]
        servers = [server for node in (*items, *operations) for server in node.get("servers", ())]
        names = (_host(server) for server in servers)
        return frozenset(name for name in names if name and not is_loopback(name))

    @cached_property
    def base(self) -> str:
        """The path of the document's first server."""
        return _path(self._server)

    def route(self, method: str, path: str, query: str = "") -> tuple[Operation, Mapping[str, str]]:
        """Return the operation of a request, and its path parameters; `path` is whole and decoded.

        Raises Problem for an unknown path or method, and for a path that is redirected to one without slashes
        at its end.
        """
        matched = self._routes.find(method, path, query)
        if matched is not None:
            return matched
        shorter = path.rstrip("/")
        if self.framework.redirects_slashes and shorter != path and self._routes.methods(shorter):
            raise Problem(Kind.MOVED, field=shorter, detail=f"redirected to {shorter}")
        methods = self._routes.methods(path)
        if methods:
            allowed = ", ".join(methods)
            reason = f"{method} is not allowed on {path}; allowed: {allowed}"
            raise Problem(Kind.WRONG_METHOD, field=allowed, detail=f"{method} on {path}", reason=reason)
        reason = f"no operation has the path {path}{self._hint(path)}"
        raise Problem(Kind.UNKNOWN_ROUTE, detail=f"{method} {path}", reason=reason)

    def _hint(self, path: str) -> str:
        """Return what may be meant by a path that no operation has; empty if nothing is like it."""
        bases = [base for base in (_path(_url(server)) for server in self._servers) if base]
        near = nearest_path(path, self._paths)
        if near:
            return f"; did you mean {near}?"
        is_outside = bases and not path.startswith(tuple(bases))
        return f"; its paths begin with {' or '.join(bases)}" if is_outside else ""

    @cached_property
    def _paths(self) -> Mapping[str, Sequence[str]]:
        """The paths of all operations, with their segments."""
        operations = self.operations.values()
        return {path: path.split("/") for operation in operations for path in operation.paths}

    @cached_property
    def selects_by_query(self) -> bool:
        """Whether the query of a request decides which operation it is for."""
        return any("?" in path for path in self.document["paths"])

    @property
    def _server(self) -> str:
        return _url(self._servers[0])

    @property
    def _servers(self) -> Sequence[Mapping[str, JSON]]:
        """The servers of the document; all serve the same, and the first one names the service."""
        servers: Sequence[Mapping[str, JSON]] = self.document.get("servers") or ({"url": "/"},)
        return servers

    @cached_property
    def _routes(self) -> RouteTable[Operation]:
        routes: RouteTable[Operation] = RouteTable()
        for operation in self.operations.values():
            for path in operation.paths:
                routes.add(operation.method, path, operation)
        return routes

    def _described(self) -> Iterator[Operation]:
        for path, item in self.document["paths"].items():
            shared = item.get("parameters", ())
            for method in METHODS:
                if method in item:
                    servers = item[method].get("servers") or item.get("servers") or self._servers
                    bases = dict.fromkeys(_path(_url(server)) for server in servers)
                    yield Operation(
                        id=item[method].get("operationId") or f"{method.upper()} {path}",
                        method=method.upper(),
                        paths=tuple(base + path for base in bases),
                        described={
                            **item[method],
                            "parameters": [*shared, *item[method].get("parameters", ())],
                        },
                        document=self.document,
                        strict=self.strict,
                        framework=self.framework,
                        server=str(servers[0]["url"]),
                    )


def _url(server: Mapping[str, JSON]) -> str:
    """Return the URL of a server, with the default of each variable."""
    url = str(server["url"])
    for name, variable in server.get("variables", {}).items():
        url = url.replace(f"{{{name}}}", str(variable.get("default", "")))
    return url


def _host(server: Mapping[str, JSON]) -> str:
    try:
        return urlsplit(_url(server)).hostname or ""
    except ValueError:  # a malformed IPv6 address
        return ""


def _path(server: str) -> str:
    """Return the path of a URL, which in a document may have no slash at its beginning."""
    path = urlsplit(server).path.strip("/")
    return f"/{path}" if path else ""
