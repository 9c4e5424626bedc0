"""Requests that wait: until their time is up, the client disconnects, or the server shuts down."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from typing import Any

from safelight_mock.app.driver import ClientDisconnectedError
from safelight_mock.wire.problem import stopping

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]


class HeldRequests:
    """The requests that a server keeps open: those that wait for their job, and uploads that are arriving.

    After `give_up` none is kept.
    """

    def __init__(self) -> None:
        self._held: set[asyncio.Future[None]] = set()  # of `hold`: a result ends the wait
        self._watched: set[asyncio.Timeout] = set()  # of `watch`: rescheduled to now, they end the block
        self._is_over = False

    def give_up(self) -> None:
        """Reject the held requests, and later ones."""
        self._is_over = True
        for shutdown in self._held:
            shutdown.set_result(None)
        self._held.clear()
        for limit in self._watched:
            limit.reschedule(asyncio.get_running_loop().time())

    @asynccontextmanager
    async def watch(self) -> AsyncIterator[None]:
        """Run a `with` block that `give_up` interrupts; it then raises Problem.

        This is an asyncio timeout without a deadline, to which `give_up` gives one: now. A task or a future
        around each await would cost time for every chunk of an upload; this costs none.
        """
        limit = asyncio.timeout(0 if self._is_over else None)
        try:
            async with limit:
                self._watched.add(limit)
                try:
                    yield
                finally:
                    self._watched.discard(limit)
        except TimeoutError as error:
            if not limit.expired():  # a timeout of the block itself
                raise
            raise stopping() from error

    async def hold(self, seconds: float, receive: Receive) -> None:
        """Wait `seconds`, or less.

        Raises ClientDisconnectedError if the client goes, and Problem when the server shuts down.
        Without watching for the disconnect, each client that gives up would leave a request held for minutes.
        """
        shutdown = asyncio.get_running_loop().create_future()
        disconnect = asyncio.ensure_future(_disconnected(receive))
        self._held.add(shutdown)
        pause = 0 if self._is_over else seconds
        try:
            first = asyncio.FIRST_COMPLETED
            ended, _ = await asyncio.wait((shutdown, disconnect), timeout=pause, return_when=first)
        finally:
            self._held.discard(shutdown)
            disconnect.cancel()
        if disconnect in ended:
            disconnect.result()  # raises what `receive` raised
            raise ClientDisconnectedError
        if self._is_over:
            raise stopping()


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
