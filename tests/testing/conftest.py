"""What really goes to the network, seen from below every library and every patch of ours."""

import sys
from collections.abc import Iterator
from functools import cache

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


@cache
def network() -> Network:
    """Return one for all tests. It stays, and slows down every test that follows, so it comes when needed."""
    made = Network()
    sys.addaudithook(made.audit)
    return made


@pytest.fixture
def reached() -> Iterator[list[tuple[str, object]]]:
    """Every look-up and connect that left the guard, in order."""
    network().reached, network().listens = [], True
    yield network().reached
    network().listens = False
