"""Bodies of small requests: buffered while they arrive, and passed to the reader as one piece."""

from asyncio import TimerHandle

from safelight_mock.adapters.asgi import StartedExchange
from safelight_mock.adapters.connections import ConnectionLimits


class GatheredBody:
    """The chunks of a body so far, and the exchange that reads it.

    Its declared length is reserved in the limits of the server until `take`, so that many slow uploads cannot
    fill the memory.
    """

    __slots__ = ("_bounds", "_length", "_pieces", "_timer", "begun")

    def __init__(self, begun: StartedExchange, length: int, bounds: ConnectionLimits) -> None:
        self.begun: StartedExchange = begun
        self._length = length
        self._bounds = bounds
        self._pieces: list[bytes] = []
        self._timer: TimerHandle | None = None

    def append(self, piece: bytes) -> None:
        """Add a chunk."""
        self._pieces.append(piece)

    @property
    def is_timed(self) -> bool:
        """Whether a time limit is set. A body that arrives in one read needs none."""
        return self._timer is not None

    def end_with(self, timer: TimerHandle) -> None:
        """Set the timer that `take` cancels."""
        self._timer = timer

    def take(self) -> list[bytes]:
        """Return the chunks, cancel the timer and free the reservation."""
        self._bounds.gathered -= self._length
        if self._timer is not None:
            self._timer.cancel()
        return self._pieces


def gathered(begun: StartedExchange, bounds: ConnectionLimits) -> GatheredBody | None:
    """Start to buffer the body of a request; None if it is too large, or the reservations are used up."""
    length = int(begun.request.headers.get("content-length", "0"))
    return GatheredBody(begun, length, bounds) if bounds.gathers(length) else None
