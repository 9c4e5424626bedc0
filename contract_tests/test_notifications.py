"""A job submitted with a client reports its end to a webhook, which leads to the image."""

import json
from collections.abc import Callable, Mapping
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
JsonObject = Mapping[str, Any]


def enhance(served: "Served", webhook: str) -> None:
    key = served.key("topaz", KEY)
    with Topaz(api_key=key, base_url=served.url("topaz"), transport=served.transport) as client:
        file = BytesIO()
        Image.new("RGB", (600, 400), "teal").save(file, "JPEG")
        client.enhance(file.getvalue(), output_width=1200, webhook_url=webhook)


def edit(served: "Served", webhook: str) -> None:
    served.plane.patch(f"sandboxes/{served.sandbox('claid', KEY)}/webhook", json={"url": webhook})
    key = served.key("claid", KEY)
    with Claid(api_key=key, base_url=served.url("claid"), transport=served.transport) as client:
        client.edit(COFFEE, operations={"resizing": {"width": "200%", "height": "200%"}})


def detail(served: "Served", webhook: str) -> None:
    key = served.key("tengr", KEY)
    with Tengr(api_key=key, base_url=served.url("tengr"), transport=served.transport) as client:
        client.detail(COFFEE, scale_factor=2, webhook=webhook)


@pytest.mark.parametrize(
    ("vendor", "submit", "link"),
    [
        ("topaz", enhance, lambda result: result["download_url"]),
        ("claid", edit, lambda result: result["data"]["result"]["output_object"]["tmp_url"]),
        ("tengr", detail, lambda result: result["results"][0]),
    ],
    ids=["topaz", "claid", "tengr"],
)
def test_the_last_notification_has_the_url_of_the_result(
    served: "Served", vendor: str, submit: Callable[["Served", str], None], link: Callable[[JsonObject], str]
) -> None:
    served.advance(0, vendor=vendor, key=KEY)
    name = f"{vendor}{served.run}"
    submit(served, f"{served.origin}/_safelight/inbox/{name}")

    served.advance(60, vendor=vendor, key=KEY)

    last = served.plane.get(f"inbox/{name}").json()["messages"][-1]
    with httpx.Client(transport=served.transport) as anybody:
        picture = anybody.get(link(json.loads(last["body"]))).content
    assert Image.open(BytesIO(picture)).size == (1200, 800)
