"""Transports of journeys: each opens a service for the duration of a test."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from os import environ
from typing import TYPE_CHECKING

import httpx
import pytest
from respx import MockRouter

from contract_tests.targets.live import live
from contract_tests.targets.served import BASES, TOKEN, Served, fresh
from safelight_mock import ClockMode, MockServer, Settings, Twin, TwinTransport
from safelight_testing import respx_routes
from safelight_testing._request_validator import RequestValidator

if TYPE_CHECKING:
    from contract_tests.prism.judging import PrismBench

SEED = "contract"
TWIN = ("socket", "in process")
RESPX, PRISM = "respx", "through prism"

_NO_TWIN = "is not the address of a mock server, which is a host and a port without a path"
_REFUSED = {401: f"wants its --control-token in {TOKEN}", 403: "does not let this machine drive it"}

Transport = Callable[[pytest.FixtureRequest], AbstractContextManager[Served]]


def transports(target: str, *, is_journey: bool) -> tuple[str, ...]:
    """Return the names of a target's transports, for a journey or another test; raises UsageError."""
    if target.startswith(("http://", "https://")):
        return (target,)
    known = {
        "twin": (*TWIN, RESPX) if is_journey else TWIN,
        "prism": (PRISM,) if is_journey else (),
        "live": ("live",),
    }
    if target not in known:
        raise pytest.UsageError(f"--target is twin, prism, live or the URL of a twin, not {target!r}")
    return known[target]


def transport(name: str, request: pytest.FixtureRequest) -> AbstractContextManager[Served]:
    """Open a service over the transport of that name."""
    return _TRANSPORTS[name](request) if name in _TRANSPORTS else _elsewhere(name)


def seek(target: str) -> None:
    """Check that a mock server with a control plane answers at a URL; raises UsageError."""
    if not target.startswith(("http://", "https://")):
        return
    try:
        with _control(target.rstrip("/"), httpx.HTTPTransport()) as control:
            result = control.get("sandboxes").status_code
    except httpx.HTTPError as error:
        raise pytest.UsageError(f"--target: no mock server responds at {target} ({error})") from error
    if result != httpx.codes.OK:
        raise pytest.UsageError(f"--target: {target} {_REFUSED.get(result, _NO_TWIN)}")


def is_wrong(request: pytest.FixtureRequest) -> bool:
    """Return whether a journey sends invalid requests on purpose."""
    return request.node.get_closest_marker("wrong") is not None


@contextmanager
def _socket(_: pytest.FixtureRequest) -> Iterator[Served]:
    with (
        MockServer(Settings(seed=SEED, clock=ClockMode.MANUAL), files_port=0) as server,
        ExitStack() as opened,
    ):
        transport = _loopback()
        control = opened.enter_context(_control(server.origin, transport))
        yield Served(origin=server.origin, transport=transport, control=control, own=server.twin)
        assert list(server.twin.credential_leaks) == []


@contextmanager
def _in_process(_: pytest.FixtureRequest) -> Iterator[Served]:
    with _twin() as twin:
        transport = TwinTransport(twin)
        with _control("https://twin", transport) as control:
            yield Served(origin="https://twin", transport=transport, control=control, own=twin)


@contextmanager
def _respx(request: pytest.FixtureRequest) -> Iterator[Served]:
    """Clients with the vendor's own host, whose requests are validated by respx routes."""
    with _twin() as twin, ExitStack() as opened:
        transport = TwinTransport(twin)
        control = opened.enter_context(_control("https://twin", transport))
        vendor = request.path.parent.name
        url = f"https://{RequestValidator.of(vendor).api.host or 'vendor.test'}{BASES[vendor]}"
        opened.enter_context(respx_routes(vendor, base_url=url, twin=twin, check=not is_wrong(request)))
        plane = opened.enter_context(MockRouter(assert_all_called=False))
        plane.route(host="twin").mock(side_effect=transport.handle_request)
        yield Served(
            origin="https://twin", urls={vendor: url}, transport=_loopback(), control=control, own=twin
        )


@contextmanager
def _through_prism(request: pytest.FixtureRequest) -> Iterator[Served]:
    """Clients whose requests and responses Prism validates, in front of a mock server."""
    bench: PrismBench = request.getfixturevalue("prism_bench")
    with _control(bench.origin, _loopback()) as control, bench.judged(is_wrong(request)) as judged:
        yield Served(origin=bench.origin, transport=judged, control=control, own=bench.twin, run=fresh())


@contextmanager
def _elsewhere(url: str) -> Iterator[Served]:
    transport = httpx.HTTPTransport()
    with _control(url.rstrip("/"), transport) as control:
        yield Served(origin=url.rstrip("/"), transport=transport, control=control, run=fresh())


@contextmanager
def _twin() -> Iterator[Twin]:
    twin = Twin(Settings(seed=SEED, clock=ClockMode.MANUAL))
    try:
        yield twin
        assert list(twin.credential_leaks) == []
    finally:
        twin.close()


def _loopback() -> httpx.HTTPTransport:
    """Return a transport without certificates, which take longer to load than most journeys run."""
    return httpx.HTTPTransport(verify=False)


def _control(origin: str, transport: httpx.BaseTransport) -> httpx.Client:
    token = environ.get(TOKEN)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return httpx.Client(base_url=f"{origin}/_safelight/", transport=transport, headers=headers)


_TRANSPORTS: Mapping[str, Transport] = {
    "socket": _socket,
    "in process": _in_process,
    RESPX: _respx,
    PRISM: _through_prism,
    "live": live,
}
