"""Claid's generated client for journeys."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeAlias

import pytest

from contract_tests.client_bench import ClientBench, client_bench
from safelight_clients.claid.client import AuthenticatedClient

if TYPE_CHECKING:
    from contract_tests.targets.served import Served

Bench: TypeAlias = ClientBench[AuthenticatedClient]


@pytest.fixture
def claid(served: "Served") -> Iterator[Bench]:
    """Clients of a service whose clock can be advanced."""
    with client_bench(served, "claid", AuthenticatedClient) as bench:
        bench.advance(0)
        yield bench
