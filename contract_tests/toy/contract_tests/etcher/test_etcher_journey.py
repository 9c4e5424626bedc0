"""A photograph becomes an etching."""

from io import BytesIO

import httpx
from PIL import Image
from safelight_clients.etcher.api.default import etch, read_etching
from safelight_clients.etcher.client import AuthenticatedClient
from safelight_clients.etcher.models.etching import Etching
from safelight_clients.etcher.models.order import Order

from safelight_mock import Twin, TwinTransport

BASE = "http://twin/etcher"
KEY = "k"


def test_a_photograph_becomes_an_etching() -> None:
    twin = Twin()
    transport = TwinTransport(twin)
    client = AuthenticatedClient(base_url=BASE, token=KEY, httpx_args={"transport": transport})

    begun = etch.sync(client=client, body=Order(photograph="safelight://coffee.jpg"))
    assert isinstance(begun, Etching)
    twin.advance(3, vendor="etcher", key=KEY)
    done = read_etching.sync(begun.id, client=client)

    assert isinstance(done, Etching)
    assert isinstance(done.print_, str)
    with httpx.Client(transport=transport) as files:
        print_ = Image.open(BytesIO(files.get(done.print_).content))
    assert (print_.format, print_.size) == ("PNG", (600, 400))
    twin.close()
