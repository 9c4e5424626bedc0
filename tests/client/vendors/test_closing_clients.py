"""A client keeps its connections until it is closed, by `close` or at the end of a `with` block."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from safelight import Claid, Tengr, Topaz

CLIENTS: list[Callable[..., Any]] = [Topaz, Claid, Tengr]
UNUSED = httpx.MockTransport(lambda _: httpx.Response(500))  # without a transport, certificates are loaded


@pytest.mark.parametrize("client_class", CLIENTS)
def test_closing_a_client_closes_its_connections_to_the_api_and_to_file_hosts(
    client_class: Callable[..., Any],
) -> None:
    client = client_class(api_key="k", base_url="https://api.example", transport=UNUSED)
    session = client.job("7")._client.operations.session

    client.close()

    assert session.api.is_closed
    assert session.files.is_closed


@pytest.mark.parametrize("client_class", [Topaz, Claid])
def test_an_exception_in_a_with_block_closes_the_client(client_class: type[Topaz | Claid]) -> None:
    client = client_class(api_key="k", transport=UNUSED)

    with pytest.raises(ZeroDivisionError), client:
        raise ZeroDivisionError

    assert client.job("7")._client.operations.session.api.is_closed
