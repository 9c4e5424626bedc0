"""What clients of all vendors have in common: they are closed, and shown without their key.

    class Vendor:
        close, __enter__, __exit__, __repr__ = close, enter, leave, shown

No class stands above them; each takes these functions as methods of its own.
"""

from typing import Protocol, TypeVar

from safelight._http.session import Line


class Connected(Protocol):
    """Whatever holds a line."""

    _line: Line


Client = TypeVar("Client", bound=Connected)


def close(self: Connected) -> None:
    """Close the connections."""
    self._line.close()


def enter(self: Client) -> Client:
    """Return the client itself."""
    return self


def leave(self: Connected, *_: object) -> None:
    """Close the connections, whatever happened."""
    self._line.close()


def shown(self: Connected) -> str:
    """Say whose client it is and where it calls."""
    return f"{type(self).__name__}(base_url={self._line.address!r})"
