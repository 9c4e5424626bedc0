"""What responds to a webhook in this process: a WSGI or ASGI application, or fixed statuses."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from functools import partial
from inspect import iscoroutinefunction
from threading import Lock
from typing import Any, Literal, Protocol

import httpx

from safelight_testing._apps.app_loop import AppLoop, BlockedLoopError

Interface = Literal["wsgi", "asgi"]
Application = Callable[..., Any]

LEAST, MOST = 200, 599  # statuses of responses


class Receiver(Protocol):
    """Responds to webhooks."""

    def status_of(self, request: httpx.Request) -> int:
        """Return the status of the response; raises what an application raises. May block."""


class FixedStatuses:
    """Responds with one status after another, and with the last one from then on."""

    def __init__(self, statuses: Iterable[int]) -> None:
        self._left = deque(statuses)
        self._lock = Lock()
        if not self._left:
            raise ValueError("statuses must be at least one, such as 204 or [503, 200]")
        for status in self._left:
            if not isinstance(status, int) or not LEAST <= status <= MOST:
                raise ValueError(f"a status must be a number from {LEAST} to {MOST}, not {status!r}")

    def status_of(self, _: httpx.Request) -> int:
        """Return the next status."""
        with self._lock:
            return self._left.popleft() if len(self._left) > 1 else self._left[0]


class WsgiReceiver:
    """Calls a WSGI application in the thread that delivers."""

    def __init__(self, app: Application) -> None:
        self._transport = httpx.WSGITransport(app)

    def status_of(self, request: httpx.Request) -> int:
        """Return the status of the application's response."""
        response = self._transport.handle_request(request)
        try:
            response.read()
        finally:
            response.close()
        return response.status_code


class AsgiReceiver:
    """Calls an ASGI application on the event loop on which it was registered while that runs, else on ours.

    It is called until it returns, with the background tasks that it runs after its response.
    """

    def __init__(self, app: Application, own: AppLoop) -> None:
        self._transport = httpx.ASGITransport(app)
        self._own = own
        self._running = _running_loop()

    def status_of(self, request: httpx.Request) -> int:
        """Return the status of the application's response.

        Raises BlockedLoopError in the thread of its event loop, which cannot run it meanwhile, and as
        `AppLoop.call` does.
        """
        loop = self._running
        if loop is None or not loop.is_running():
            loop = self._own.loop
        elif loop is _running_loop():
            raise BlockedLoopError(
                "the webhook's receiver runs on this event loop, which is blocked by advancing the clock; "
                "use `await safelight.clock.advance_async(…)`"
            )
        return self._own.call(partial(self._status_of, request), loop)

    async def _status_of(self, request: httpx.Request) -> int:
        response = await self._transport.handle_async_request(request)
        return response.status_code


def receiver_of(
    receives: Application | int | Iterable[int], interface: Interface | None, loop: AppLoop
) -> Receiver:
    """Return the receiver of an application or of statuses; raises TypeError for anything else."""
    if isinstance(receives, int):
        return FixedStatuses([receives])
    if isinstance(receives, Iterable) and not callable(receives):
        return FixedStatuses(receives)
    if not callable(receives):
        raise TypeError(
            f"the receiver of webhooks must be a WSGI or ASGI application, or statuses, not {receives!r}"
        )
    if (interface or _interface_of(receives)) == "asgi":
        return AsgiReceiver(receives, loop)
    return WsgiReceiver(receives)


def _interface_of(app: Application) -> Interface:
    inner = app
    while isinstance(inner, partial):
        inner = inner.func
    called = getattr(inner, "__call__", None)  # noqa: B004 - of an object, whether it is a coroutine function
    is_async = iscoroutinefunction(inner) or iscoroutinefunction(called)
    return "asgi" if is_async else "wsgi"


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
