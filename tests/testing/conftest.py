"""What really goes to the network, seen from below every library and every patch of ours."""

import sys
from collections.abc import Iterator

import pytest

EVENTS = frozenset({"socket.getaddrinfo", "socket.gethostbyname", "socket.connect", "socket.sendto"})


class Network:
    """Look-ups and connects by the audit hooks of the interpreter, in whatever library."""

    def __init__(self) -> None:
        self.reached: list[tuple[str, object]] = []
        self.listens = False

    def audit(self, event: str, arguments: tuple[object, ...]) -> None:
        if self.listens and event in EVENTS:
            self.reached.append((event, arguments[0] if event == "socket.getaddrinfo" else arguments[-1]))


NETWORK = Network()
sys.addaudithook(NETWORK.audit)  # it stays, so there is one for all tests


@pytest.fixture
def reached() -> Iterator[list[tuple[str, object]]]:
    """Every look-up and connect that left the guard, in order."""
    NETWORK.reached, NETWORK.listens = [], True
    yield NETWORK.reached
    NETWORK.listens = False
