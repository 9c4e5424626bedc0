"""An event loop in a thread of its own, for ASGI applications that were registered outside of one."""

import asyncio
from threading import Lock, Thread

from safelight_mock.adapters.own_sockets import own_sockets


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
    with own_sockets():  # it has a pair of them, by which it is woken
        return asyncio.SelectorEventLoop()
