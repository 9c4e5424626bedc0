"""What tests of guards refuse, and how they see it refused."""

import socket
from collections.abc import Callable

import pytest

from safelight_testing._active_guards import refuse_hosts
from safelight_testing._network_guard import RefusedConnectionError

HOST = "api.vendor.example"
URL = f"https://{HOST}/jobs"
INSTEAD = "use the routes"
ADDRESS = "203.0.113.7"  # TEST-NET-3: nothing is there
Reached = list[tuple[str, object]]


def refused(call: Callable[[], object], *hosts: str) -> RefusedConnectionError:
    """Make a call inside a guard, which must end with the guard's own error."""
    with (
        pytest.raises(RefusedConnectionError) as raised,
        refuse_hosts(hosts or [HOST], instead=INSTEAD),
    ):
        call()
    return raised.value


def numeric(name: str) -> None:
    """Resolve a name without a query: the resolver rejects everything but addresses."""
    socket.getaddrinfo(name, 9, flags=socket.AI_NUMERICHOST)
