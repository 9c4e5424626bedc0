"""While a guard is there, no Python code reaches its hosts, and all is as before when it has gone."""

import http.client
import socket
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from importlib import import_module

import httpx2
import pytest
import requests
from tests.testing.guarded import ADDRESS, HOST, INSTEAD, URL, Reached, numeric, refused

from safelight_testing._active_guards import refuse_hosts
from safelight_testing._network_guard import NetworkGuard, RefusedConnectionError

pytestmark = pytest.mark.slow  # every HTTP library is imported
SOCKS = import_module("socks")  # PySocks, which has no types


def test_the_error_names_the_host_the_caller_and_what_to_use() -> None:
    error = refused(lambda: requests.post(URL, timeout=1))

    assert error.host == HOST
    assert str(error).startswith(f"a connection to {HOST} from {__file__}:")
    assert str(error).endswith(f" is rejected; {INSTEAD}")
    assert not isinstance(error, OSError)


@pytest.mark.parametrize(
    "call",
    [
        lambda: socket.getaddrinfo(HOST, 443),
        lambda: socket.getaddrinfo(host=HOST, port=443),
        lambda: socket.getaddrinfo(HOST.upper().encode(), 443),
        lambda: socket.getaddrinfo(f"{HOST}.", 443),
        lambda: socket.getaddrinfo(HOST.replace("v", "\uff56"), 443),
        lambda: socket.gethostbyname(HOST),
        lambda: socket.gethostbyname_ex(HOST),
        lambda: socket.gethostbyaddr(HOST),
        lambda: socket.create_connection((HOST, 443)),
        lambda: http.client.HTTPSConnection(HOST).request("GET", "/"),
        lambda: http.client.HTTPConnection("127.0.0.1", 9).set_tunnel(HOST, 443),
        lambda: requests.get(URL, timeout=1, proxies={"https": "http://127.0.0.1:9"}),
        lambda: requests.get(f"http://{HOST}/", timeout=1, proxies={"http": "http://127.0.0.1:9"}),
        lambda: httpx2.get(URL),
        lambda: httpx2.get(URL, proxy="http://127.0.0.1:9"),
    ],
)
def test_a_name_is_refused_before_it_is_looked_up(call: Callable[[], object], reached: Reached) -> None:
    refused(call)

    assert reached == []


@pytest.mark.parametrize("kind", ["SOCKS4", "SOCKS5"])
def test_no_socks_proxy_is_used_for_a_rejected_name(kind: str, reached: Reached) -> None:
    with closing(SOCKS.socksocket()) as sock:
        sock.set_proxy(getattr(SOCKS, kind), "127.0.0.1", 9)
        refused(lambda: sock.connect((HOST, 443)))
        refused(lambda: sock.connect_ex((HOST, 443)))
        refused(lambda: sock.connect(dest_pair=(HOST, 443), catch_errors=True))

    assert reached == []


@pytest.mark.parametrize("method", ["connect", "connect_ex"])
@pytest.mark.parametrize("target", [HOST, ADDRESS])
def test_a_connect_is_refused_by_name_and_by_address(method: str, target: str, reached: Reached) -> None:
    with closing(socket.socket()) as sock:
        refused(lambda: getattr(sock, method)((target, 443)), HOST, ADDRESS)

    assert reached == []


def test_a_datagram_is_refused(reached: Reached) -> None:
    with closing(socket.socket(type=socket.SOCK_DGRAM)) as sock:
        refused(lambda: sock.sendto(b"hello", (HOST, 443)))
        refused(lambda: sock.sendto(b"hello", 0, (HOST, 443)))

    assert reached == []


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Addresses of names, in place of the resolver."""
    known = {HOST: ADDRESS}

    def look_up(host: str, port: int | None = None, *_: object, **__: object) -> list[object]:
        if host not in known:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (known[host], port or 0))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return known


@pytest.mark.usefixtures("names")
@pytest.mark.parametrize("shape", ["{}", "::ffff:{}"])
def test_an_address_that_was_looked_up_before_is_refused(shape: str, reached: Reached) -> None:
    address = shape.format(socket.getaddrinfo(HOST, 443)[0][4][0])
    family = socket.AF_INET6 if ":" in address else socket.AF_INET

    with closing(socket.socket(family)) as sock:
        error = refused(lambda: sock.connect((address, 443)))

    assert error.host == HOST
    assert reached == []


def test_an_address_that_another_host_shares_is_reached_by_that_hosts_name(
    names: dict[str, str], reached: Reached
) -> None:
    names["shop.example"] = ADDRESS

    with refuse_hosts([HOST], instead=INSTEAD), closing(socket.socket()) as sock:
        sock.settimeout(0)
        actual = socket.getaddrinfo("shop.example", 9)
        assert sock.connect_ex(actual[0][4]) != 0  # it was tried, and nothing is there

    assert reached == [("socket.connect", (ADDRESS, 9))]


def test_the_addresses_of_refused_hosts_are_looked_up_once_and_not_for_private_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    requested: list[str] = []

    def look_up(host: str, *_: object) -> list[object]:
        requested.append(host)
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with refuse_hosts([HOST, ".files.example"], instead=INSTEAD), closing(socket.socket()) as sock:
        sock.settimeout(0)
        for address in ("10.0.0.1", "192.168.1.1", "127.0.0.1"):
            sock.connect_ex((address, 9))
        assert requested == []
        for address in (ADDRESS, ADDRESS, "203.0.113.8"):
            sock.connect_ex((address, 9))

    assert requested == [HOST]


def test_a_swallowed_error_is_raised_at_the_end() -> None:
    def swallow() -> None:
        with suppress(Exception):
            requests.get(URL, timeout=1)

    assert refused(swallow).host == HOST


def test_an_error_that_the_program_replaces_is_the_one_that_is_raised() -> None:
    def replace() -> None:
        try:
            requests.get(URL, timeout=1)
        except Exception as error:
            raise ValueError("no luck") from error

    assert isinstance(refused(replace).__cause__, ValueError)


def test_an_error_of_a_thread_is_raised_at_the_end() -> None:
    caught: list[Exception] = []

    def work() -> None:
        try:
            requests.get(URL, timeout=1)
        except AssertionError as error:
            caught.append(error)

    def in_a_thread() -> None:
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()

    error = refused(in_a_thread)

    assert caught == [error]


def test_the_number_of_recorded_errors_is_bounded() -> None:
    guards: list[NetworkGuard] = []

    def try_often() -> None:
        with refuse_hosts([HOST], instead=INSTEAD) as guard:
            guards.append(guard)
            for _ in range(300):
                with suppress(RefusedConnectionError):
                    socket.gethostbyname(HOST)

    refused(try_often, "other.example")
    assert len(guards[0].errors) == 100


def test_this_machine_and_other_hosts_are_reached(reached: Reached) -> None:
    with (
        refuse_hosts([HOST, "127.0.0.1", "localhost", "api.localhost", "[::1]"], instead=INSTEAD),
        socket.create_server(("127.0.0.1", 0)) as listener,
        socket.create_connection(listener.getsockname()),
        closing(socket.socket()) as other,
    ):
        socket.getaddrinfo("localhost", 1)
        other.settimeout(0)
        other.connect_ex(("10.255.255.1", 9))

    assert ("socket.connect", ("10.255.255.1", 9)) in reached
    assert ("socket.getaddrinfo", "localhost") in reached


@pytest.mark.parametrize("name", ["bucket.files.example", "a.bucket.files.example"])
def test_a_dot_stands_for_every_name_below(name: str) -> None:
    refused(lambda: numeric(name), ".files.example")


@pytest.mark.parametrize("name", ["files.example", "badfiles.example", "mine.files.example"])
def test_allowed_and_similar_hosts_pass(name: str) -> None:
    with (
        refuse_hosts([".files.example"], instead=INSTEAD, allow=["mine.files.example"]),
        pytest.raises(socket.gaierror),
    ):
        numeric(name)
