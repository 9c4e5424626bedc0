"""Generic vendors over a socket: a job is submitted, polled and fetched, a file is sent to its link."""

from io import BytesIO

import httpx
import pytest
from PIL import Image
from tests.mockserver.vendors.generic.examples import EXAMPLES

from safelight_mock import MockServer, Spec, Twin

pytestmark = pytest.mark.slow  # a socket

HEADERS = {"authorization": "Bearer key-1", "X-Runway-Version": "2024-11-06"}


def test_an_uploaded_image_becomes_the_input_of_a_job_whose_result_is_fetched() -> None:
    folder = EXAMPLES / "runway"
    twin = Twin(specs=[Spec(folder / "openapi.yaml", folder / "lifecycle.overlay.yaml", name="runway")])
    twin.advance(0, vendor="runway", key="key-1")
    file = BytesIO()
    Image.new("RGB", (2_000, 1_000), "red").save(file, "PNG", compress_level=0)

    with (
        MockServer(twin=twin) as server,
        httpx.Client(base_url=f"{server.origin}/runway/v1", headers=HEADERS) as api,
    ):
        upload = api.post("/uploads", json={"filename": "cat.png", "type": "ephemeral"}).json()
        sent = httpx.post(
            upload["uploadUrl"], data=upload["fields"], files={"file": ("cat.png", file.getvalue())}
        )
        body = {"model": "gen4_image", "promptText": "Rain", "ratio": "1360:768"}
        references = {"referenceImages": [{"uri": upload["runwayUri"]}]}
        id_ = api.post("/text_to_image", json={**body, **references}).json()["id"]
        twin.advance(60, vendor="runway", key="key-1")
        task = api.get(f"/tasks/{id_}").json()
        made = Image.open(BytesIO(httpx.get(task["output"][0]).content))
        refused = api.get("/tasks/00000000-0000-4000-8000-000000000000")

    assert sent.status_code == 204
    assert task["status"] == "SUCCEEDED"
    assert (made.format, made.size) == ("PNG", (1360, 768))
    assert (refused.status_code, "error" in refused.json()) == (404, True)
