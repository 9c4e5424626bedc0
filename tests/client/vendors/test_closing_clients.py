"""A client keeps connections until it is closed, by `close` or at the end of a block."""

import pytest

from safelight import Claid, Tengr, Topaz

CLIENTS = [Topaz(api_key="k"), Claid(api_key="k"), Tengr(api_key="k", base_url="https://tengr.example")]


@pytest.mark.parametrize("client", CLIENTS, ids=repr)
def test_closing_closes_the_line_to_the_service_and_that_to_the_files(client: Topaz | Claid | Tengr) -> None:
    line = client.job("7")._client.session

    client.close()

    assert line.api.is_closed
    assert line.files.is_closed


@pytest.mark.parametrize("kind", [Topaz, Claid])
def test_a_block_closes_its_client_whatever_happens(kind: type[Topaz | Claid]) -> None:
    client = kind(api_key="k")

    with pytest.raises(ZeroDivisionError), client:
        raise ZeroDivisionError

    assert client.job("7")._client.session.api.is_closed
