"""What is refused inside a block: other hosts, and ways to a served host that cannot be replaced."""

import asyncio
import socket
import ssl
import subprocess
import sys
from collections.abc import Awaitable, Callable
from contextlib import closing, suppress
from typing import Self

import aiohttp
import httpx
import pytest
import requests
import uvloop
from tests.testing.guarded import Reached

from safelight_mock import MockServer, Settings
from safelight_testing import RefusedConnectionError, intercept

pytestmark = pytest.mark.slow  # every HTTP library is imported

VENDOR = "api.topazlabs.com"
OTHER = "shop.example"
STATUS = f"https://{VENDOR}/image/v1/status"
KEY = {"X-API-Key": "k"}


def refused(call: Callable[[], object], *, allow: tuple[str, ...] = ()) -> str:
    """Make a call inside a block, swallow its error, and return the sentence with which the block ends."""
    with pytest.raises(RefusedConnectionError) as raised, intercept(allow=allow), suppress(AssertionError):
        call()
    return str(raised.value)


@pytest.mark.parametrize(
    "call",
    [
        lambda: socket.create_connection((VENDOR, 443)),
        lambda: socket.getaddrinfo(VENDOR, 443),
        lambda: asyncio.run(asyncio.wait_for(asyncio.open_connection(VENDOR, 443, ssl=True), 5)),
        lambda: uvloop.run(opened_by_uvloop()),
        lambda: ssl.create_default_context().wrap_bio(
            ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname=VENDOR
        ),
    ],
)
def test_a_served_host_is_refused_where_it_cannot_be_served(
    call: Callable[[], object], reached: Reached
) -> None:
    sentence = refused(call)

    assert sentence.startswith(f"a connection to {VENDOR} from {__file__}:")
    assert sentence.endswith(
        " is rejected; it is served in this process to http.client, requests, urllib3, httpx, httpx2 and "
        "aiohttp, but not to what connects here; give that the base URL of a MockServer"
    )
    assert reached == []


async def opened_by_uvloop() -> object:
    return await asyncio.open_connection(VENDOR, 443, ssl=True)


async def by_aiohttp() -> None:
    async with aiohttp.ClientSession() as session:
        await session.get(f"https://{OTHER}/")


async def by_httpx() -> None:
    async with httpx.AsyncClient() as client:
        await client.get(f"https://{OTHER}/")


async def in_a_task_of_its_own(call: Callable[[], Awaitable[None]]) -> None:
    await asyncio.wait_for(asyncio.create_task(asyncio.wait_for(call(), 5)), 5)


@pytest.mark.parametrize(
    "call",
    [
        lambda: requests.get(f"https://{OTHER}/", timeout=5),
        lambda: httpx.get(f"http://{OTHER}/"),
        lambda: asyncio.run(by_aiohttp()),
        lambda: asyncio.run(by_httpx()),
        lambda: asyncio.run(in_a_task_of_its_own(by_aiohttp)),
        lambda: asyncio.run(asyncio.to_thread(requests.get, f"https://{OTHER}/", timeout=5)),
        lambda: socket.create_connection((OTHER, 25)),
        lambda: socket.gethostbyname(OTHER),
    ],
)
def test_another_host_is_refused_with_the_place(call: Callable[[], object], reached: Reached) -> None:
    sentence = refused(call)

    assert sentence.startswith(f"a connection to {OTHER} from {__file__}:")
    assert sentence.endswith(f"to reach another host, pass allow=['{OTHER}']")
    assert reached == []


@pytest.mark.parametrize("address", ["203.0.113.7", "10.1.2.3"])
def test_an_address_is_refused_without_a_look_up(address: str, reached: Reached) -> None:
    def connect() -> None:
        with closing(socket.socket()) as sock:
            sock.connect((address, 443))

    assert refused(connect).startswith(f"a connection to {address} from {__file__}:")
    assert reached == []


def test_allowed_hosts_and_addresses_are_reached(reached: Reached) -> None:
    with intercept(allow=["203.0.113.7", ".internal.example"]), closing(socket.socket()) as sock:
        sock.settimeout(0)
        sock.connect_ex(("203.0.113.7", 9))
        with suppress(socket.gaierror):
            socket.getaddrinfo("db.internal.example", 9, flags=socket.AI_NUMERICHOST)

    assert reached == [("socket.connect", ("203.0.113.7", 9)), ("socket.getaddrinfo", "db.internal.example")]


def test_hosts_that_the_settings_allow_are_reached(reached: Reached) -> None:
    settings = Settings(allowed_input_hosts=frozenset({"photos.example"}))
    with intercept(settings), suppress(socket.gaierror):
        socket.getaddrinfo("photos.example", 9, flags=socket.AI_NUMERICHOST)

    assert reached == [("socket.getaddrinfo", "photos.example")]


def test_a_vendor_that_is_allowed_is_not_served(reached: Reached) -> None:
    with intercept(allow=[VENDOR]) as mock, suppress(socket.gaierror):
        socket.getaddrinfo(VENDOR, 9, flags=socket.AI_NUMERICHOST)

    assert VENDOR not in mock.hosts
    assert reached == [("socket.getaddrinfo", VENDOR)]


def test_loopback_and_this_machines_name_are_reached() -> None:
    with intercept(), MockServer() as server, suppress(socket.gaierror):
        assert requests.get(f"{server.origin}/_safelight/health", timeout=5).status_code == 200
        assert httpx.get(f"{server.origin}/_safelight/health").status_code == 200
        socket.gethostbyname(socket.gethostname())


def test_a_socket_class_that_refuses_every_socket_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    class NoSocket(socket.socket):  # as pytest-socket has it
        def __new__(cls, *_: object, **__: object) -> Self:
            raise RuntimeError("blocked")

    monkeypatch.setattr(socket, "socket", NoSocket)
    with intercept():
        assert requests.get(STATUS, headers=KEY, timeout=5).json() == []
        assert httpx.get(STATUS, headers=KEY).json() == []


LATE = """
import sys
from safelight_testing import intercept

assert not {"requests", "aiohttp", "httpx2"} & sys.modules.keys()
with intercept():
    import requests, aiohttp, httpx2, asyncio
    print(requests.get(URL, headers=KEY).json(), httpx2.get(URL, headers=KEY).json())

    async def main():
        async with aiohttp.ClientSession() as session:
            return await (await session.get(URL, headers=KEY)).json()

    print(asyncio.run(main()))
print(aiohttp.TCPConnector._create_connection.__module__, requests.__spec__.loader.__class__.__name__)
print(type(sys.meta_path[0]).__name__, aiohttp.__spec__.loader.__class__.__name__)
"""


def test_libraries_may_be_imported_inside_the_block() -> None:
    program = LATE.replace("URL", repr(STATUS)).replace("KEY", repr(KEY))
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)

    assert done.stderr == ""
    assert done.stdout.splitlines()[:2] == ["[] []", "[]"]
    assert "LateImports" not in done.stdout
    assert done.stdout.splitlines()[2] == "aiohttp.connector SourceFileLoader"
    assert done.stdout.splitlines()[3].endswith(" SourceFileLoader")
