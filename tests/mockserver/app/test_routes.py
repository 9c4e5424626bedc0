"""The route of a request: what is known of its operation, looked up once for each path."""

import pytest

from safelight_mock.app.routes import LONG, Routes
from safelight_mock.config.engines import Engines
from safelight_mock.config.services import services
from safelight_mock.config.settings import Settings
from safelight_mock.core.changes import Changes
from safelight_mock.core.job import WHOLE
from safelight_mock.wire import Request
from safelight_mock.wire.problem import Kind, Problem

STATUS = "/topaz/image/v1/status"


@pytest.fixture(scope="module")
def routes() -> Routes:
    served = services(Settings())
    engines = Engines(served, lambda _: WHOLE, Changes(), 1.0)
    return Routes(served, engines, frozenset())


def request(path: str, method: str = "GET", **headers: str) -> Request:
    return Request(method=method, path=path, at=0.0, headers=headers)


def test_routes_are_cached_except_for_long_paths(routes: Routes) -> None:
    short, long = f"{STATUS}/1", f"{STATUS}/{'1' * LONG}"

    assert routes.match(request(short)) is routes.match(request(short))
    assert routes.match(request(long)) is not routes.match(request(long))
    assert routes.match(request(long)).route is routes.match(request(short)).route


def test_cached_routes_depend_on_method_and_host(routes: Routes) -> None:
    path = "/image/v1/status/1"

    match = routes.match(request(path, host="api.topazlabs.com"))
    assert match.route.reads_job
    assert match.in_path == {"process_id": "1"}
    assert routes.match(request(f"{STATUS}/1", "DELETE")).route.changes_jobs
    with pytest.raises(Problem) as unknown:
        routes.match(request(path, host="elsewhere.example"))
    assert unknown.value.kind is Kind.UNKNOWN_ROUTE


def test_vendor_and_operation_are_traced_as_far_as_they_are_known(routes: Routes) -> None:
    known, wrong, strange = request(f"{STATUS}/1"), request(STATUS, "PUT"), request("/nowhere")

    routes.match(known)
    for refused in (wrong, strange):
        with pytest.raises(Problem):
            routes.match(refused)

    assert (known.trace.vendor, known.trace.operation) == ("topaz", "getStatus")
    assert (wrong.trace.vendor, wrong.trace.operation) == ("topaz", "")
    assert (strange.trace.vendor, strange.trace.operation) == ("", "")


def test_a_route_has_the_lifecycle_role_of_its_operation(routes: Routes) -> None:
    submit = routes.match(request("/topaz/image/v1/enhance/async", "POST")).route
    listing = routes.match(request(STATUS)).route
    clearing = routes.match(request(STATUS, "DELETE")).route

    assert (submit.changes_jobs, submit.reads_job) == (True, False)
    assert (listing.lists_jobs, listing.deletes_jobs, listing.changes_jobs) == (True, False, False)
    assert (clearing.lists_jobs, clearing.deletes_jobs, clearing.changes_jobs) == (False, True, True)
