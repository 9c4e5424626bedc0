"""Holding calls back for a while, unless the caller goes away or the twin is stopped meanwhile."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from typing import Any

from safelight_mock.app.driver import ClientDisconnectedError
from safelight_mock.wire.problem import stopping

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]


class HeldRequests:
    """The calls that are held; once given up, none is held any more."""

    def __init__(self) -> None:
        self._held: set[asyncio.Future[None]] = set()
        self._watched: set[asyncio.Timeout] = set()
        self._is_over = False

    def give_up(self) -> None:
        """Refuse those that are held, and whoever comes now."""
        self._is_over = True
        for told in self._held:
            told.set_result(None)
        self._held.clear()
        for limit in self._watched:
            limit.reschedule(asyncio.get_running_loop().time())

    @asynccontextmanager
    async def watch(self) -> AsyncIterator[None]:
        """Interrupt what a `with` block waits for once given up; raises Problem then.

        A time-out without a time, because that costs neither a task nor a future for each piece of an upload.
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
            if not limit.expired():
                raise
            raise stopping() from error

    async def hold(self, seconds: float, receive: Receive) -> None:
        """Let time pass; raises ClientDisconnectedError, and Problem when the server is stopped."""
        told, gone = asyncio.get_running_loop().create_future(), asyncio.ensure_future(_gone(receive))
        self._held.add(told)
        pause = 0 if self._is_over else seconds
        try:
            ended, _ = await asyncio.wait((told, gone), timeout=pause, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._held.discard(told)
            gone.cancel()
        if gone in ended:
            gone.result()
            raise ClientDisconnectedError
        if self._is_over:
            raise stopping()


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
