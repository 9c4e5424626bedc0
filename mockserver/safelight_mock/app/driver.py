"""Runs an exchange to its response: performs each step that it yields and resumes it with the result.

There is one loop in two forms. The synchronous one blocks; the asynchronous one awaits each step, which its
caller performs off the event loop. A server need not enter
either where `RunningExchange` has no step left at once.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from functools import partial
from typing import Any, Generic, TypeVar

from safelight_mock.app.steps import Blocking, Effects, Exchange, ExchangeStep, Load, ReadBody
from safelight_mock.wire.messages import ReceivedFile

T = TypeVar("T")

Elsewhere = Callable[[Callable[[], object]], Awaitable[object]]
"""Calls what may block, in a thread."""


class ClientDisconnectedError(Exception):
    """The client has disconnected: its exchange is closed, and nothing is sent."""


class RunningExchange(Generic[T]):
    """An exchange in progress: the step to perform next or, if that is None, the response.

    It starts when it is created. The caller runs it to its response, or closes it.
    """

    __slots__ = ("_exchange", "response", "step")

    step: ExchangeStep | None
    response: T

    def __init__(self, exchange: Exchange[T]) -> None:
        self._exchange = exchange
        self._go_on(exchange.send, None)

    def resume(self, result: object) -> None:
        """Continue the exchange with the result of the step."""
        self._go_on(self._exchange.send, result)

    def fail(self, error: Exception) -> None:
        """Continue the exchange with the error of the step, to which it responds."""
        self._go_on(self._exchange.throw, error)

    def close(self) -> None:
        """Release what is held, unless the response is complete."""
        self._exchange.close()

    def _go_on(self, go_on: Callable[[Any], ExchangeStep], value: object) -> None:
        try:
            self.step = go_on(value)
        except StopIteration as done:
            self.step, self.response = None, done.value


def run_until_response(exchange: Exchange[T], effects: Effects, body: Iterable[bytes] = ()) -> T:
    """Perform every step in this thread; may block."""
    running = RunningExchange(exchange)
    try:
        while running.step is not None:
            try:
                result = _performed(running.step, effects, body)
            except Exception as error:  # noqa: BLE001 - the exchange answers it
                running.fail(error)
            else:
                running.resume(result)
        return running.response
    finally:
        if running.step is not None:
            running.close()


async def run_until_response_async(
    running: RunningExchange[T], perform: Callable[[ExchangeStep], Awaitable[object]]
) -> T:
    """Await every step; raises ClientDisconnectedError if one does."""
    try:
        while running.step is not None:
            try:
                result = await perform(running.step)
            except ClientDisconnectedError:
                raise
            except Exception as error:  # noqa: BLE001 - the exchange answers it
                running.fail(error)
            else:
                running.resume(result)
        return running.response
    finally:
        if running.step is not None:
            running.close()


async def perform_elsewhere(step: Blocking, effects: Effects, elsewhere: Elsewhere) -> object:
    """Perform a step in a thread.

    A load cannot be cancelled: if the exchange is cancelled meanwhile, loaded files are released at once.
    """
    work = elsewhere(partial(step.perform, effects))
    if not isinstance(step, Load):
        return await work
    loading = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(loading)
    except asyncio.CancelledError:
        loading.add_done_callback(partial(_release, effects))
        raise


def _performed(step: ExchangeStep, effects: Effects, body: Iterable[bytes]) -> object:
    if not isinstance(step, ReadBody):
        return step.perform(effects)
    for chunk in body:
        step.reader.feed(chunk)
    return None


def _release(effects: Effects, loading: asyncio.Future[Mapping[str, ReceivedFile]]) -> None:
    if not loading.cancelled() and loading.exception() is None:
        effects.release(loading.result().values())
