"""Asynchronous clients, connections pooled before and TLS set up before are refused by a guard."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing

import aiodns
import aiohttp
import httpx2
import pytest
import requests
import uvloop
from tests.testing.guarded import ADDRESS, HOST, INSTEAD, URL, Reached, refused

from safelight_testing._active_guards import refuse_hosts
from safelight_testing._network_guard import RefusedConnectionError

pytestmark = pytest.mark.slow  # every HTTP library is imported

LOOPS = [asyncio.new_event_loop, uvloop.new_event_loop]


def run(factory: Callable[[], asyncio.AbstractEventLoop], call: Callable[[], Awaitable[object]]) -> object:
    async def main() -> object:
        return await call()

    with asyncio.Runner(loop_factory=factory) as runner:
        return runner.run(main())


@pytest.mark.parametrize("factory", LOOPS)
@pytest.mark.parametrize(
    "call",
    [
        lambda: asyncio.open_connection(HOST, 443, ssl=True),
        lambda: asyncio.get_running_loop().getaddrinfo(HOST, 443),
        lambda: asyncio.open_connection(ADDRESS, 443),
        lambda: asyncio.open_connection("127.0.0.1", 9, ssl=True, server_hostname=HOST),
        lambda: aiohttp.ThreadedResolver().resolve(HOST),
        lambda: aiohttp.AsyncResolver().resolve(HOST),
        lambda: aiodns.DNSResolver().getaddrinfo(HOST),
        lambda: aiodns.DNSResolver().query_dns(HOST, "A"),
        lambda: asyncio.to_thread(requests.get, URL, timeout=1),
    ],
)
def test_asynchronous_code_is_refused(
    factory: Callable[[], asyncio.AbstractEventLoop],
    call: Callable[[], Awaitable[object]],
    reached: Reached,
) -> None:
    refused(lambda: run(factory, call), HOST, ADDRESS)

    assert reached == []


@pytest.mark.parametrize("factory", LOOPS)
def test_asynchronous_clients_are_refused(
    factory: Callable[[], asyncio.AbstractEventLoop], reached: Reached
) -> None:
    async def by_aiohttp() -> None:
        async with aiohttp.ClientSession() as session:
            await session.get(URL)

    async def by_httpx2() -> None:
        async with httpx2.AsyncClient() as client:
            await client.get(URL)

    refused(lambda: run(factory, by_aiohttp))
    refused(lambda: run(factory, by_httpx2))
    assert reached == []


def test_tls_that_was_set_up_before_sends_nothing() -> None:
    context = ssl.create_default_context()
    ours, peer = socket.socketpair()
    with (
        closing(peer),
        context.wrap_socket(ours, server_hostname=HOST, do_handshake_on_connect=False) as pooled,
    ):
        memory = context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname=HOST)
        peer.settimeout(0)

        assert refused(lambda: pooled.sendall(b"key")).host == HOST
        assert refused(lambda: pooled.write(b"key")).host == HOST
        assert refused(lambda: memory.write(b"key")).host == HOST
        with pytest.raises(BlockingIOError):
            peer.recv(1)


def test_no_tls_is_begun_with_a_refused_name() -> None:
    context = ssl.create_default_context()
    ours, peer = socket.socketpair()
    with closing(ours), closing(peer):
        refused(lambda: context.wrap_socket(ours, server_hostname=HOST))
        refused(lambda: context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname=HOST))
        refused(lambda: context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), False, HOST))  # noqa: FBT003


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bytes]]:
    """A server on this machine that the vendor's name leads to; what it was sent."""
    received: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(5)
        port = listener.getsockname()[1]
        look_up = socket.getaddrinfo

        def to_us(host: str, _: object, *rest: object, **named: object) -> list[object]:
            return look_up("127.0.0.1" if host == HOST else host, port, *rest, **named)  # type: ignore[arg-type, return-value]

        def answer() -> None:
            with closing(listener.accept()[0]) as connection:
                while data := connection.recv(65536):
                    received.append(data)
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

        monkeypatch.setattr(socket, "getaddrinfo", to_us)
        thread = threading.Thread(target=answer)
        thread.start()
        yield received
        thread.join()


def test_a_connection_that_was_pooled_before_is_not_used(server: list[bytes]) -> None:
    with requests.Session() as session:
        session.get(f"http://{HOST}/", timeout=5)

        refused(lambda: session.get(f"http://{HOST}/", headers={"X-API-Key": "k"}, timeout=5))

    assert len(server) == 1


def test_a_connection_that_httpx2_pooled_before_is_not_used(server: list[bytes]) -> None:
    with httpx2.Client() as client:
        client.get(f"http://{HOST}/")

        refused(lambda: client.get(f"http://{HOST}/", headers={"X-API-Key": "k"}))

    assert len(server) == 1


def test_a_connection_that_aiohttp_pooled_before_is_not_used(server: list[bytes]) -> None:
    async def main() -> None:
        connector = aiohttp.TCPConnector(resolver=aiohttp.ThreadedResolver())
        async with aiohttp.ClientSession(connector=connector) as session:
            await (await session.get(f"http://{HOST}/")).read()
            with (
                pytest.raises(RefusedConnectionError),
                refuse_hosts([HOST], instead=INSTEAD),
            ):
                await session.get(f"http://{HOST}/", headers={"X-API-Key": "k"})

    asyncio.run(main())

    assert len(server) == 1
