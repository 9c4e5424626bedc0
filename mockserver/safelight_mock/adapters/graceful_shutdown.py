"""Graceful shutdown: at once if nothing is in flight, where uvicorn polls ten times a second."""

import asyncio
import socket
from contextlib import suppress
from types import FrameType
from typing import Protocol

import uvicorn

POLL_INTERVAL = 0.002  # seconds between two looks at what is in flight
REJECTION_TIMEOUT = 0.2  # seconds to send rejections after the timeout


class Stoppable(Protocol):
    """The application, as far as shutdown is concerned."""

    @property
    def is_delivering(self) -> bool:
        """Whether webhook deliveries are in flight, which are not connections of the server."""

    def wind_down(self) -> None:
        """Start no more deliveries."""

    def give_up(self) -> None:
        """Reject requests that have no response yet."""


class PromptServer(uvicorn.Server):
    """uvicorn's server, with an event that wakes it for shutdown.

    Requests and deliveries in flight get `timeout` seconds to end. Then `give_up` rejects requests without a
    response, and after REJECTION_TIMEOUT the connections are closed.
    """

    def __init__(self, config: uvicorn.Config, *, timeout: float, served: Stoppable) -> None:
        super().__init__(config)
        self._timeout = timeout
        self._served = served
        self._stop_requested = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def stop(self) -> None:
        """Stop. Thread-safe; also before the server runs and after it has stopped."""
        self.should_exit = True
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop is closed: the server has stopped already
                self._loop.call_soon_threadsafe(self._stop_requested.set)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop on a signal; a second one ends the timeout."""
        super().handle_exit(sig, frame)
        self.stop()

    async def main_loop(self) -> None:
        """Wait for `stop`."""
        self._loop = asyncio.get_running_loop()
        if not await self.on_tick(0):
            await self._stop_requested.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Accept no more connections, let requests in flight end, and close."""
        for listening in (*self.servers, *(sockets or ())):
            listening.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        self._served.wind_down()
        if not await self._ends_within(self._timeout):
            self._served.give_up()
            await self._ends_within(REJECTION_TIMEOUT, is_forcible=False)
        for task in self.server_state.tasks:
            task.cancel()
        await self.lifespan.shutdown()

    async def _ends_within(self, seconds: float, *, is_forcible: bool = True) -> bool:
        """Wait for all connections and deliveries to end; return whether they did.

        A second interrupt ends the wait, unless it is for rejections only.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while busy := self._is_busy():
            if (is_forcible and self.force_exit) or loop.time() >= until:
                break
            await asyncio.sleep(POLL_INTERVAL)
        return not busy

    def _is_busy(self) -> bool:
        requests = self.server_state.connections or self.server_state.tasks
        return bool(requests) or self._served.is_delivering
