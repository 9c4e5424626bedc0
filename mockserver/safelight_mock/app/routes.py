"""From a request to what is known of its operation before it is looked at: compiled once, then looked up."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import lru_cache

import msgspec

from safelight_mock.config.engines import Engines
from safelight_mock.config.services import Service, service_of
from safelight_mock.core.engine import Engine
from safelight_mock.core.lifecycle import ServedLifecycle
from safelight_mock.core.scenario import Role
from safelight_mock.wire.api_keys import Authenticator
from safelight_mock.wire.messages import BODIED, Request
from safelight_mock.wire.operation import Operation
from safelight_mock.wire.problem import Kind, Problem
from safelight_mock.wire.schema import Parameters

REMEMBERED = 4_096  # paths, about 4 MB: most requests read a job again, and are not routed again
LONG = 500  # characters of path, host and query that are not remembered, so that they do not fill the memory


class Route(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """An operation that is served: what its lifecycle says of it, and which keys may call it.

    - `open_engine`: makes the engine of a `sandbox`, `now`, and for an `origin`.
    - `changes_jobs`: its handler runs as a writer at once.
    - `reads_job`: its client waits for the job, so an auto clock is advanced.
    - `lists_jobs`, `deletes_jobs`: it looks at all jobs of a sandbox.
    - `has_fields`: its requests may have a body, or parameters in headers.
    - `role`: what it is in its lifecycle.
    """

    service: Service
    operation: Operation
    authenticator: Authenticator
    open_engine: Callable[..., Engine]
    changes_jobs: bool
    reads_job: bool
    lists_jobs: bool
    deletes_jobs: bool
    has_fields: bool
    role: Role
    lifecycle: ServedLifecycle


class RouteMatch(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """The route of a path, and the parameters of a request for it that has no query."""

    route: Route
    in_path: Mapping[str, str]
    parameters: Parameters


class Routes:
    """All operations of all vendors; `api_keys` are the accepted ones, none means any."""

    def __init__(self, served: Mapping[str, Service], engines: Engines, api_keys: frozenset[str]) -> None:
        self._served = served
        self._engines = engines
        self._api_keys = api_keys
        self._selects_by_query = any(service.facts.selects_by_query for service in served.values())
        self._route = lru_cache(maxsize=None)(self._new_route)
        self._remembered = lru_cache(REMEMBERED)(self._match)

    def match(self, request: Request) -> RouteMatch:
        """Return the route of a request, and note it in the request's trace; raises Problem."""
        path, host, trace = request.path, request.headers.get("host", ""), request.trace
        query = request.query if self._selects_by_query else ""
        find = self._match if len(path) + len(host) + len(query) > LONG else self._remembered
        try:
            match = find(request.method, path, host, query)
        except Problem:
            self._note_unserved(request, host)
            raise
        route = match.route
        trace.vendor, trace.operation = route.service.vendor.slug, route.operation.id
        return match

    def _match(self, method: str, path: str, host: str, query: str) -> RouteMatch:
        service, below = service_of(path, host, self._served)
        operation, in_path = service.api.route(method, below, query)
        route, parameters = self._route(service.vendor.slug, operation.id), operation.parameters(in_path, "")
        return RouteMatch(route=route, in_path=in_path, parameters=parameters)

    def _new_route(self, slug: str, operation_id: str) -> Route:
        service = self._served[slug]
        vendor, api = service.vendor, service.api
        if operation_id not in vendor.handlers:
            why = f"{operation_id} is described but not served by this mock server yet."
            raise Problem(Kind.NOT_SERVED, detail=why)
        auth = vendor.operation_auth.get(operation_id, vendor.auth)
        operation, name = api.operations[operation_id], api.lifecycle_of[operation_id]
        lifecycle = service.lifecycles[name]
        return Route(
            service=service,
            operation=operation,
            authenticator=Authenticator(
                auth=auth or vendor.auth,
                is_optional=not auth,
                magic_keys=vendor.magic_keys,
                accepted=self._api_keys,
                permit=vendor.permit,
                options=service.options,
            ),
            open_engine=self._engines.opener(slug, name),
            changes_jobs=operation_id in lifecycle.writers,
            reads_job=operation_id == lifecycle.read_operation,
            lists_jobs=operation_id == lifecycle.list_operation,
            deletes_jobs=operation_id in lifecycle.sweeps,
            has_fields=operation.method in BODIED or bool(operation.header_parameters),
            role=role_of(operation_id, lifecycle),
            lifecycle=lifecycle,
        )

    def _note_unserved(self, request: Request, host: str) -> None:
        """Note vendor and operation of a request that is refused, as far as there are any."""
        with suppress(Problem):
            service, below = service_of(request.path, host, self._served)
            request.trace.vendor = service.vendor.slug
            request.trace.operation = service.api.route(request.method, below, request.query)[0].id


def role_of(operation: str, lifecycle: ServedLifecycle) -> Role:
    """Return what an operation is in a lifecycle."""
    cancel, forget, result = lifecycle.cancel, lifecycle.forget, lifecycle.described.result
    roles = (
        (Role.SUBMIT, lifecycle.submits),
        (Role.READ, {lifecycle.read_operation}),
        (Role.LIST, {lifecycle.list_operation}),
        (Role.CANCEL, set() if cancel is None else {cancel.operation}),
        (Role.DELETE, set() if forget is None else {forget.operation}),
        (Role.MOVE, lifecycle.writers),
        (Role.RESULT, set() if result is None else {result.operation}),
    )
    return next((role for role, operations in roles if operation in operations), Role.OTHER)
