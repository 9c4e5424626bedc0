"""An event loop in a thread of its own, for ASGI applications that were registered outside of one."""

import asyncio
import socket
from threading import Lock, Thread

# Tools such as pytest-socket replace `socket.socket` by a subclass that cannot be made.
Socket = next(one for one in socket.socket.__mro__ if one.__module__ == "socket")


class AppLoop:
    """The event loop; it starts when it is first used. May be used from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: Thread | None = None

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The loop, which runs."""
        with self._lock:
            if self._loop is None:
                self._loop = _new_loop()
                self._thread = Thread(target=self._run, args=(self._loop,), name="safelight-app", daemon=True)
                self._thread.start()
            return self._loop

    def close(self) -> None:
        """Cancel what still runs, and end the thread."""
        with self._lock:
            loop, thread = self._loop, self._thread
        if loop is None or thread is None:
            return
        loop.call_soon_threadsafe(loop.stop)
        thread.join()

    @staticmethod
    def _run(loop: asyncio.AbstractEventLoop) -> None:
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.get_loop().run_forever()


def _new_loop() -> asyncio.AbstractEventLoop:
    """Return a loop; its own pair of sockets is made of the class that `socket.socket` is, or was."""
    replaced = socket.socket
    socket.socket = Socket  # type: ignore[assignment, misc] # for the call
    try:
        return asyncio.SelectorEventLoop()
    finally:
        socket.socket = replaced  # type: ignore[misc]
