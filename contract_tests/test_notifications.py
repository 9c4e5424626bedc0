"""Whoever submits with a client of ours is told of the end at a webhook, and finds the picture by it."""

import json
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from PIL import Image

from safelight import Claid, Tengr, Topaz

if TYPE_CHECKING:
    from contract_tests.conftest import Served

KEY = "notified"
COFFEE = "safelight://coffee.jpg"  # 600 by 400
Told = Mapping[str, Any]


@pytest.fixture
def control(served: "Served") -> Iterator[httpx.Client]:
    """A client of the twin's own API."""
    with httpx.Client(base_url=f"{served.origin}/_safelight/", transport=served.transport) as client:
        yield client


def enhance(served: "Served", _: httpx.Client, webhook: str) -> None:
    with Topaz(api_key=KEY, base_url=served.url("topaz"), transport=served.transport) as client:
        file = BytesIO()
        Image.new("RGB", (600, 400), "teal").save(file, "JPEG")
        client.enhance(file.getvalue(), output_width=1200, webhook_url=webhook)


def edit(served: "Served", control: httpx.Client, webhook: str) -> None:
    sandbox = control.post("sandboxes", json={"vendor": "claid", "key": KEY}).json()["name"]
    control.patch(f"sandboxes/{sandbox}/webhook", json={"url": webhook})
    with Claid(api_key=KEY, base_url=served.url("claid"), transport=served.transport) as client:
        client.edit(COFFEE, operations={"resizing": {"width": "200%", "height": "200%"}})


def detail(served: "Served", _: httpx.Client, webhook: str) -> None:
    with Tengr(api_key=KEY, base_url=served.url("tengr"), transport=served.transport) as client:
        client.detail(COFFEE, scale_factor=2, webhook=webhook)


@pytest.mark.parametrize(
    ("vendor", "submit", "link"),
    [
        ("topaz", enhance, lambda told: told["download_url"]),
        ("claid", edit, lambda told: told["data"]["result"]["output_object"]["tmp_url"]),
        ("tengr", detail, lambda told: told["results"][0]),
    ],
    ids=["topaz", "claid", "tengr"],
)
def test_the_picture_is_found_by_the_last_notification(
    served: "Served",
    control: httpx.Client,
    vendor: str,
    submit: Callable[["Served", httpx.Client, str], None],
    link: Callable[[Told], str],
) -> None:
    served.twin.advance(0, vendor=vendor, key=KEY)
    submit(served, control, f"{served.origin}/_safelight/inbox/mine")

    served.twin.advance(60, vendor=vendor, key=KEY)

    last = control.get("inbox/mine").json()["letters"][-1]
    with httpx.Client(transport=served.transport) as anybody:
        picture = anybody.get(link(json.loads(last["body"]))).content
    assert Image.open(BytesIO(picture)).size == (1200, 800)
