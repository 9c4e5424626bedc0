"""A small body is gathered and its request answered without a task; others take uvicorn's regular path."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from contextlib import closing

import pytest
from tests.mockserver.adapters.wire import FORM, MULTIPART, SUBMIT, Wire, connect, request, submit

from safelight_mock import App, Settings
from safelight_mock.adapters.connections import GATHERED, SMALL, ConnectionLimits, limits_of
from safelight_mock.adapters.uvicorn_protocol import FastPathProtocol
from safelight_mock.twin import Twin

HALF = len(submit()) - len(FORM) // 2
WITHOUT_KEY = submit().replace(b"X-API-Key: k\r\n", b"")


def form_of(length: int, *headers: str) -> bytes:
    """Write the head of a submission."""
    return request(SUBMIT, MULTIPART, f"Content-Length: {length}", *headers, method="POST")


def statuses(wire: Wire) -> list[int]:
    return [int(status) for status in re.findall(rb"HTTP/1.1 (\d+)", wire.written)]


async def several_turns() -> None:
    """Let the event loop run what is ready: timers that have expired, tasks, writes that are held back."""
    for _ in range(20):
        await asyncio.sleep(0)


def bounds(*, gather_timeout: float = 60, gathered: int = 0) -> ConnectionLimits:
    made = limits_of(Settings())
    made.gather_timeout, made.gathered = gather_timeout, gathered
    return made


def run(
    exchange: Callable[[FastPathProtocol, Wire], Awaitable[object]], chosen: ConnectionLimits | None = None
) -> tuple[list[int], Twin]:
    """Run an exchange over one connection; return the statuses of all responses."""

    async def connected(app: App) -> None:
        [protocol] = connect(app, wire, bounds=chosen or bounds())
        await exchange(protocol, wire)
        await several_turns()
        protocol.connection_lost(None)

    wire = Wire()
    with closing(Twin()) as twin, closing(App(twin)) as app:
        asyncio.run(connected(app))
        return statuses(wire), twin


def at_once(pieces: Sequence[bytes], chosen: ConnectionLimits | None = None) -> tuple[list[int], list[int]]:
    """Send pieces; return the statuses of responses that need no task, and of all."""
    observed: list[int] = []

    async def exchange(protocol: FastPathProtocol, wire: Wire) -> None:
        for piece in pieces:
            protocol.data_received(piece)
        observed.extend(statuses(wire))

    return observed, run(exchange, chosen)[0]


@pytest.mark.parametrize(
    "pieces",
    [
        [submit()],
        [form_of(len(FORM)), FORM],
        [form_of(len(FORM)) + FORM[:1], FORM[1:-1], FORM[-1:]],
        [submit()[location : location + 1] for location in range(len(submit()))],
    ],
    ids=["whole", "after its head", "in three pieces", "byte by byte"],
)
def test_a_small_body_needs_no_task(pieces: list[bytes]) -> None:
    assert at_once(pieces) == ([415], [415])


def test_requests_with_bodies_are_answered_one_after_the_other() -> None:
    nobody = request("/elsewhere")

    assert at_once([submit() + nobody + submit() + submit()[:HALF], submit()[HALF:]])[0] == [
        415,
        404,
        415,
        415,
    ]


@pytest.mark.parametrize(
    ("head", "body", "gathered", "expected"),
    [
        (form_of(SMALL + 1), FORM + bytes(SMALL + 1 - len(FORM)), 0, [415]),
        (form_of(len(FORM)), FORM, GATHERED - len(FORM) + 1, [415]),
        (form_of(len(FORM), "Expect: 100-continue"), FORM, 0, [100, 415]),
    ],
    ids=["too large", "no room", "waits for 100"],
)
def test_other_bodies_take_the_regular_path(
    head: bytes, body: bytes, gathered: int, expected: list[int]
) -> None:
    assert at_once([head, body], bounds(gathered=gathered)) == ([], expected)


def test_memory_for_bodies_is_released() -> None:
    chosen = bounds(gathered=GATHERED - len(FORM))

    assert at_once([submit(), submit(), submit()], chosen)[0] == [415, 415, 415]
    assert chosen.gathered == GATHERED - len(FORM)


def test_a_body_that_pauses_takes_the_regular_path() -> None:
    observed: list[int] = []

    async def exchange(protocol: FastPathProtocol, wire: Wire) -> None:
        protocol.data_received(submit()[:HALF])
        await several_turns()
        protocol.data_received(submit()[HALF:])
        observed.extend(statuses(wire))

    assert run(exchange, bounds(gather_timeout=0))[0] == [415]
    assert observed == []


def test_a_request_whose_body_is_not_whole_is_answered_before_the_server_stops() -> None:
    async def exchange(protocol: FastPathProtocol, wire: Wire) -> None:
        protocol.data_received(submit()[:HALF])
        protocol.shutdown()
        protocol.data_received(submit()[HALF:])
        await several_turns()
        assert b"connection: close" in wire.written

    assert run(exchange)[0] == [415]


def test_a_connection_that_ends_within_a_body_leaves_nothing() -> None:
    chosen = bounds()

    async def exchange(protocol: FastPathProtocol, _: Wire) -> None:
        protocol.data_received(submit()[:HALF])

    response, twin = run(exchange, chosen)

    assert (response, chosen.gathered, twin.blobs.used) == ([], 0, 0)
    assert not [*twin.request_log.entries()]


def test_a_refused_head_does_not_wait_for_its_body() -> None:
    observed: list[int] = []

    async def exchange(protocol: FastPathProtocol, wire: Wire) -> None:
        protocol.data_received(WITHOUT_KEY[: -len(FORM)])
        await several_turns()
        observed.extend(statuses(wire))
        protocol.data_received(FORM + submit())

    response, twin = run(exchange)

    assert (observed, response) == ([401], [401, 415])
    assert [entry.status for entry in twin.request_log.entries()] == [415, 401]
