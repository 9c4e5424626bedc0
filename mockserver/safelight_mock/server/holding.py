"""Holding calls back for a while, unless the caller goes away or the twin is stopped meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from safelight_mock.wire.problem import Kind, Problem

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]


class GoneError(Exception):
    """The caller went away before it could be answered."""


class Holding:
    """The calls that are held; once given up, none is held any more."""

    def __init__(self) -> None:
        self._held: set[asyncio.Future[None]] = set()
        self._is_over = False

    def give_up(self) -> None:
        """Refuse those that are held, and whoever comes now."""
        self._is_over = True
        for told in self._held:
            told.set_result(None)
        self._held.clear()

    async def hold(self, seconds: float, receive: Receive) -> None:
        """Let time pass; raises GoneError when the caller goes away, and Problem when the twin is stopped."""
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
            raise GoneError
        if self._is_over:
            raise Problem(Kind.STOPPING, why="The twin is being stopped.")


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
