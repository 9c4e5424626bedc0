"""The body of a small request: gathered while it arrives, and given to the reader as one piece."""

from asyncio import TimerHandle

from safelight_mock.adapters.asgi import StartedExchange
from safelight_mock.adapters.connections import ConnectionLimits


class GatheredBody:
    """A body as far as it has arrived, and the exchange that was begun to read it.

    Its whole length counts among the bytes that all connections of a server gather, until it is taken.
    """

    __slots__ = ("_bounds", "_length", "_pieces", "_timer", "begun")

    def __init__(self, begun: StartedExchange, length: int, bounds: ConnectionLimits) -> None:
        self.begun: StartedExchange = begun
        self._length = length
        self._bounds = bounds
        self._pieces: list[bytes] = []
        self._timer: TimerHandle | None = None

    def append(self, piece: bytes) -> None:
        """Take the next bytes."""
        self._pieces.append(piece)

    @property
    def is_timed(self) -> bool:
        """Whether a time limit is set. A body that arrives in one read needs none."""
        return self._timer is not None

    def end_with(self, timer: TimerHandle) -> None:
        """Cancel a timer once the body is taken."""
        self._timer = timer

    def take(self) -> list[bytes]:
        """Return what has arrived, and gather no more."""
        self._bounds.gathered -= self._length
        if self._timer is not None:
            self._timer.cancel()
        return self._pieces


def gathered(begun: StartedExchange, bounds: ConnectionLimits) -> GatheredBody | None:
    """Begin to gather the body of a request; None if it is too large, or others have taken all the room."""
    length = int(begun.request.headers.get("content-length", "0"))
    return GatheredBody(begun, length, bounds) if bounds.gathers(length) else None
