"""Stopping at once when nothing is left to do, where uvicorn looks up ten times a second, and then sleeps."""

import asyncio
import socket
from contextlib import suppress
from types import FrameType
from typing import Protocol

import uvicorn

LOOK = 0.002  # seconds between two looks at what is still going on, while stopping
LAST_WORDS = 0.2  # seconds for refusals to get out once the timeout is over


class Stoppable(Protocol):
    """What is served, as far as stopping it goes."""

    @property
    def is_delivering(self) -> bool:
        """Whether something is in flight that no connection of the server shows."""

    def wind_down(self) -> None:
        """Begin nothing more of that kind."""

    def give_up(self) -> None:
        """Refuse what is not answered yet."""


class PromptServer(uvicorn.Server):
    """uvicorn's server, woken by what stops it.

    Calls and deliveries in flight get `timeout` seconds to end. Then `give_up` is called, for calls that are
    not answered yet to be refused, and the rest is cut.
    """

    def __init__(self, config: uvicorn.Config, *, timeout: float, served: Stoppable) -> None:
        super().__init__(config)
        self._timeout = timeout
        self._served = served
        self._told = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def stop(self) -> None:
        """Stop; may be called from any thread, also before it runs and after it has stopped."""
        self.should_exit = True
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop is closed: it has stopped already
                self._loop.call_soon_threadsafe(self._told.set)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop on a signal; a second interrupt ends the wait at once."""
        super().handle_exit(sig, frame)
        self.stop()

    async def main_loop(self) -> None:
        """Wait to be told to stop."""
        self._loop = asyncio.get_running_loop()
        if not await self.on_tick(0):
            await self._told.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take no more calls, let those in flight end, and close."""
        for listening in (*self.servers, *(sockets or ())):
            listening.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        self._served.wind_down()
        if not await self._ends_within(self._timeout):
            self._served.give_up()
            await self._ends_within(LAST_WORDS, may_hurry=False)
        for task in self.server_state.tasks:
            task.cancel()
        await self.lifespan.shutdown()

    async def _ends_within(self, seconds: float, *, may_hurry: bool = True) -> bool:
        """Wait for all connections and deliveries to end; tell whether they did.

        A second interrupt ends that, unless refusals are all that is left to wait for.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while busy := self._is_busy():
            if (may_hurry and self.force_exit) or loop.time() >= until:
                break
            await asyncio.sleep(LOOK)
        return not busy

    def _is_busy(self) -> bool:
        calls = self.server_state.connections or self.server_state.tasks
        return bool(calls) or self._served.is_delivering
