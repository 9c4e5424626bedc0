"""An edit of Claid's lives from request to picture, waited for or not."""

import json
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING

import httpx
import pytest
from PIL import Image
from tests.mockserver.claid import (
    ASYNC,
    BASE,
    BATCH,
    COFFEE,
    DAY,
    PICTURE,
    START,
    SYNC,
    UPLOAD,
    Json,
    advance,
    caller,
    fetched,
    finished,
    read_edit,
    request,
    submitted,
)

from safelight_mock import Settings

if TYPE_CHECKING:
    from tests.mockserver.conftest import TwinClient

pytestmark = pytest.mark.slow

# The life of an edit


@pytest.mark.fidelity("claid/editImageAsync", "claid/readEdit")
def test_an_edit_from_request_to_result(any_client: "TwinClient") -> None:
    call, requested = caller(any_client), request(resizing={"width": 300, "height": 300})

    taken = call("POST", ASYNC, json=requested).json()["data"]
    advance(any_client, 0.6)
    working = read_edit(call, taken["id"])
    advance(any_client, 10)
    done = read_edit(call, taken["id"])
    file = fetched(any_client, done["result"]["output_object"])

    assert [result["status"] for result in (taken, working, done)] == ["ACCEPTED", "PROCESSING", "DONE"]
    assert taken["result_url"].endswith(f"{BASE}{ASYNC}/{taken['id']}")
    assert (working["errors"], working["result"]) == ([], {})
    assert done["errors"] == []
    assert done["result"]["input_object"] == PICTURE
    opened = Image.open(BytesIO(file.content))
    assert (opened.format, opened.size) == ("JPEG", (300, 300))
    assert file.headers["content-type"] == "image/jpeg"


@pytest.mark.fidelity("claid.result_url_scheme")
@pytest.mark.parametrize(
    ("settings", "scheme"),
    [
        (Settings(seed="tests"), "http"),
        (Settings(seed="tests", options={"claid.result_url_scheme": "https"}), "https"),
    ],
)
def test_by_the_vendors_name_an_edits_address_begins_with_http_as_observed(
    configured_client: "TwinClient", scheme: str
) -> None:
    own = caller(configured_client, base="https://api.claid.ai/v1")
    other = caller(configured_client, base=f"https://twin{BASE}")

    for path, image in ((ASYNC, COFFEE), (BATCH, [COFFEE])):
        result, elsewhere = (call("POST", path, json=request(image)).json()["data"] for call in (own, other))
        assert result["result_url"] == f"{scheme}://api.claid.ai/v1{path}/{result['id']}"
        assert elsewhere["result_url"] == f"https://twin{BASE}{path}/{elsewhere['id']}"


@pytest.mark.fidelity("claid:request")
def test_a_response_repeats_the_request_exactly(client: "TwinClient") -> None:
    call = caller(client)
    requested = request(
        output={"format": "png", "destination": None}, padding=None, resizing={"width": "50%"}
    )

    edit = submitted(call, requested)

    assert read_edit(call, edit)["request"] == requested


@pytest.mark.fidelity("claid:times")
def test_times_have_microseconds_and_an_offset(client: "TwinClient") -> None:
    result = read_edit(caller(client), submitted(caller(client), request()))["created_at"]

    assert result == "2027-01-15T08:00:00.250000+00:00"
    assert datetime.fromisoformat(result) == datetime.fromtimestamp(START, UTC)


@pytest.mark.fidelity("claid/404", "claid:ids")
def test_ids_are_whole_numbers_that_edits_and_batches_share(client: "TwinClient") -> None:
    call = caller(client)

    first, batch = submitted(call, request()), submitted(call, request([COFFEE]), BATCH)
    third, other = submitted(call, request()), submitted(caller(client, "other"), request())

    assert first < batch < third
    assert other not in range(first, third + 1)
    assert call("GET", f"{ASYNC}/{batch}").status_code == 404
    assert call("GET", f"{BATCH}/{first}").status_code == 404


@pytest.mark.fidelity("claid:links")
def test_the_result_keeps_the_name_of_its_input(client: "TwinClient") -> None:
    result = finished(client, request(output={"format": "webp"}))["result"]["output_object"]
    file = fetched(client, result)

    assert httpx.URL(result["tmp_url"]).path.endswith("/coffee.webp")
    assert "coffee.webp" in file.headers["content-disposition"]


@pytest.mark.fidelity("claid:links")
def test_a_link_expires_after_a_day(client: "TwinClient") -> None:
    result = finished(client, request())["result"]["output_object"]

    advance(client, DAY - 70)
    assert fetched(client, result).status_code == 200
    advance(client, 70)
    assert fetched(client, result).status_code == 403


@pytest.mark.fidelity("claid:older-base")
def test_the_older_base_path_serves_the_same_api(client: "TwinClient") -> None:
    old, new = caller(client, base="/claid/v1-beta1"), caller(client)

    taken = old("POST", ASYNC, json=request()).json()["data"]

    assert "/v1-beta1/" in taken["result_url"]
    assert read_edit(new, taken["id"])["status"] == "ACCEPTED"
    by_host = client.request(
        "GET",
        f"/v1-beta1{ASYNC}/{taken['id']}",
        headers={"Host": "api.claid.ai", "Authorization": "Bearer k"},
    )
    assert by_host.status_code == 200


@pytest.mark.parametrize("settings", [Settings(seed="tests", public_url="https://twin.example/")])
def test_the_url_of_the_status_has_the_origin_of_the_request(configured_client: "TwinClient") -> None:
    taken = caller(configured_client)("POST", ASYNC, json=request()).json()["data"]

    assert taken["result_url"] == f"https://twin.example{BASE}{ASYNC}/{taken['id']}"


def test_an_integer_may_be_written_with_a_decimal_point(client: "TwinClient") -> None:
    operations = {
        "resizing": {"width": 300.0, "height": 2e2},
        "adjustments": {"hdr": 20.0, "exposure": 10.0},
        "background": {"blur": True},
    }
    output = {"format": {"type": "jpeg", "quality": 60.0}, "metadata": {"dpi": 300.0}}

    result = finished(client, request(output=output, **operations))

    assert result["request"]["operations"] == operations
    opened = Image.open(BytesIO(fetched(client, result["result"]["output_object"]).content))
    assert (opened.size, opened.info["dpi"]) == ((300, 200), (300, 300))


def test_a_status_response_renders_nothing(client: "TwinClient") -> None:
    result = finished(client, request(resizing={"width": 9_000, "height": 9_000}))

    assert result["result"]["output_object"]["mps"] == 81.0


@pytest.mark.fidelity("claid:words")
@pytest.mark.parametrize("state_name", ["WAITING", "PAUSED", "CANCELLED", "ERROR", "PROCESSING"])
def test_an_edit_can_be_forced_to_every_vendor_state(client: "TwinClient", state_name: str) -> None:
    call = caller(client)
    edit = submitted(call, request())

    moved = client.request("POST", f"/_safelight/jobs/{edit}/move", json={"to": state_name})
    result = read_edit(call, edit)

    assert moved.status_code == 200, moved.text
    assert (result["status"], result["result"]) == (state_name, {})
    assert [error["error"] for error in result["errors"]] == (
        ["Processing failed."] if state_name == "ERROR" else []
    )


# Edits that are answered with their result


@pytest.mark.fidelity("claid/editImage")
def test_a_synchronous_edit_returns_its_result(any_client: "TwinClient") -> None:
    advance(any_client, 0)

    response = caller(any_client)("POST", SYNC, json=request(resizing={"width": "50%"}, output=None))

    result = response.json()["data"]
    assert set(result) == {"input", "output"}
    assert result["input"] == PICTURE
    assert Image.open(BytesIO(fetched(any_client, result["output"]).content)).size == (300, 200)


@pytest.mark.fidelity("claid/editUploadedImage")
def test_an_uploaded_image_is_edited_and_names_the_result(any_client: "TwinClient", photo: bytes) -> None:
    advance(any_client, 0)
    data = json.dumps({"operations": {}, "output": {"format": "png"}})

    response = caller(any_client)("POST", UPLOAD, files={"file": ("my cup.jpg", photo)}, data={"data": data})

    result = response.json()["data"]
    assert (result["input"]["width"], result["output"]["format"]) == (48, "PNG")
    assert httpx.URL(result["output"]["tmp_url"]).path.endswith("/my cup.png")
    assert Image.open(BytesIO(fetched(any_client, result["output"]).content)).size == (48, 32)


@pytest.mark.fidelity("claid/editUploadedImage")
def test_options_of_an_upload_may_have_any_media_type(client: "TwinClient", photo: bytes) -> None:
    advance(client, 0)
    head = '--x\r\nContent-Disposition: form-data; name="data"\r\nContent-Type: application/json\r\n\r\n'
    file = '--x\r\nContent-Disposition: form-data; name="file"; filename="blob"\r\n\r\n'
    body = f'{head}{{"operations":{{}}}}\r\n{file}'.encode() + photo + b"\r\n--x--\r\n"
    headers = {"Authorization": "Bearer k", "Content-Type": "multipart/form-data;boundary=x"}

    response = caller(client)("POST", UPLOAD, content=body, headers=headers)

    assert response.json()["data"]["output"]["tmp_url"].split("?")[0].endswith("/blob.jpeg")


@pytest.mark.fidelity("claid/editUploadedImage")
def test_an_upload_without_operations_returns_a_url(client: "TwinClient", photo: bytes) -> None:
    advance(client, 0)

    response = caller(client)("POST", UPLOAD, files={"file": ("cup.jpg", photo)}, data={"data": "{}"})

    result = response.json()["data"]
    link = result["output"].pop("tmp_url")
    assert {name: value for name, value in result["output"].items() if value is not None} == result["input"]
    assert "/cup.jpeg?" in link


@pytest.mark.fidelity("claid/editUploadedImage")
@pytest.mark.parametrize("settings", [Settings(seed="tests", strict=True)])
def test_in_strict_mode_every_edit_needs_operations(configured_client: "TwinClient") -> None:
    response = caller(configured_client)(
        "POST", UPLOAD, files={"file": ("cup.jpg", b"")}, data={"data": "{}"}
    )

    assert response.json()["error_details"] == {"data.operations": ["field required"]}


@pytest.mark.parametrize(
    ("files", "data", "location"),
    [
        ({}, '{"operations": {}}', "file"),
        ({"file": ("a.jpg", b"")}, None, "data"),
        ({"file": ("a.jpg", b"")}, '{"operations": null}', "data.operations"),
        ({"file": ("a.jpg", b"")}, "not json", "data"),
        ({"file": ("a.jpg", b"")}, '{"operations": {"padding": "99%"}}', "data.operations.padding"),
        ({"file": ("a.jpg", b"")}, '{"operations": {}, "input": "http://a.example/b"}', "data.input"),
    ],
)
def test_an_invalid_upload_is_rejected_with_its_errors(
    client: "TwinClient", files: Json, data: str | None, location: str
) -> None:
    parts = files or {"other": ("", b"")}

    response = caller(client)("POST", UPLOAD, files=parts, data={"data": data} if data else {})

    assert response.status_code == 422
    assert list(response.json()["error_details"]) == [location]
