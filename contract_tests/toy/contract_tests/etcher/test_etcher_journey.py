"""A photograph becomes an etching, and responses documented by a range or by default are served."""

from collections.abc import Iterator
from contextlib import closing
from io import BytesIO

import httpx
import pytest
from PIL import Image
from safelight_clients.etcher.api.default import etch, list_presses, read_etching
from safelight_clients.etcher.client import AuthenticatedClient
from safelight_clients.etcher.models.etching import Etching
from safelight_clients.etcher.models.order import Order
from safelight_clients.etcher.models.refusal import Refusal

from safelight_mock import Twin, TwinTransport
from safelight_testing import respx_routes

BASE = "http://twin/etcher"
KEY = "k"


ORDER = Order(photograph="safelight://coffee.jpg")


@pytest.fixture
def twin() -> Iterator[Twin]:
    with closing(Twin()) as twin:
        yield twin


def client_of(twin: Twin, *, key: str = KEY) -> AuthenticatedClient:
    return AuthenticatedClient(base_url=BASE, token=key, httpx_args={"transport": TwinTransport(twin)})


def test_a_photograph_becomes_an_etching(twin: Twin) -> None:
    client = client_of(twin)

    begun = etch.sync(client=client, body=ORDER)
    assert isinstance(begun, Etching)
    twin.advance(3, vendor="etcher", key=KEY)
    done = read_etching.sync(begun.id, client=client)

    assert isinstance(done, Etching)
    assert isinstance(done.print_, str)
    with httpx.Client(transport=TwinTransport(twin)) as files:
        print_ = Image.open(BytesIO(files.get(done.print_).content))
    assert (print_.format, print_.size) == ("PNG", (600, 400))


def test_an_error_is_returned_where_only_a_range_documents_it(twin: Twin) -> None:
    refused = etch.sync_detailed(client=client_of(twin, key=""), body=ORDER)

    assert refused.status_code == 401
    assert isinstance(refused.parsed, Refusal)


def test_an_error_is_returned_where_only_the_default_documents_it(twin: Twin) -> None:
    refused = read_etching.sync_detailed("none", client=client_of(twin))

    assert refused.status_code == 404
    assert isinstance(refused.parsed, Refusal)


def test_a_success_is_returned_where_only_the_default_documents_it(twin: Twin) -> None:
    listed = list_presses.sync_detailed(client=client_of(twin))

    assert listed.status_code == 200
    assert listed.parsed is not None
    assert listed.parsed.presses == ["star wheel"]


def test_without_a_twin_an_operation_without_an_exact_code_succeeds_with_200() -> None:
    origin = "https://api.etcher.example"
    with respx_routes("etcher"), AuthenticatedClient(base_url=origin, token=KEY) as client:
        answers = (
            etch.sync_detailed(client=client, body=Order(photograph="https://shop.example/cup.jpg")),
            read_etching.sync_detailed("1", client=client),
            list_presses.sync_detailed(client=client),
        )

    assert [response.status_code for response in answers] == [201, 200, 200]
