"""What Topaz's twin makes of single fields, where its documents and what was seen of the service say more."""

import json
from contextlib import closing
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from tests.mockserver.conftest import BASE, START

from safelight_mock import Settings, Twin
from safelight_mock.app.driver import RunningExchange
from safelight_mock.app.steps import ReadBody
from safelight_mock.wire import Form, Request, Response

if TYPE_CHECKING:
    from tests.mockserver.conftest import TwinClient

MEGABYTES = 1_000_000


def plain(width: int, height: int) -> bytes:
    file = BytesIO()
    Image.new("L", (width, height)).save(file, "PNG")
    return file.getvalue()


def refused(client: "TwinClient", path: str, image: bytes, **fields: str) -> tuple[int, str]:
    http_response = client.call("POST", path, files={"image": ("a", image)}, data=fields)
    return http_response.status_code, http_response.json()["message"]


@pytest.mark.fidelity("topaz:subject-detection")
def test_an_invalid_subject_is_rejected_with_the_services_message(client: "TwinClient", photo: bytes) -> None:
    words = 'parameter "subject_detection" must be one of [All Foreground Background]'

    assert refused(client, "/sharpen/async", photo, subject_detection="foreground") == (400, words)
    assert refused(client, "/denoise/async", photo, output_format="PNG") == (400, "Invalid output format.")
    client.submit(photo, "/sharpen/async", subject_detection="Foreground")
    client.submit(photo, "/lighting/async", subject_detection="foreground")  # which has no such setting


@pytest.mark.fidelity("topaz:remove-bg")
def test_remove_bg_rejects_png_and_accepts_a_request_without_a_format(
    client: "TwinClient", photo: bytes
) -> None:
    named = {"model": "RemoveBG", "output_format": "png"}

    assert refused(client, "/matting/async", photo, **named) == (400, "Invalid output format.")
    client.submit(photo, "/matting/async", model="RemoveBG")
    client.submit(photo, "/matting/async", model="Object", output_format="png")


@pytest.mark.fidelity("topaz:faces")
@pytest.mark.slow
def test_face_creativity_is_ignored_without_face_enhancement(client: "TwinClient", photo: bytes) -> None:
    process_id = client.submit(photo, face_enhancement="false", face_enhancement_creativity="7")
    client.advance(3)

    result = client.call("GET", f"/status/{process_id}").json()
    assert (result["face_enhancement"], result["face_enhancement_creativity"]) == (False, 0)
    assert json.loads(result["options_json"])["face_enhancement_creativity"] == 0
    message = "Invalid face enhancement creativity."
    assert refused(client, "/enhance/async", photo, face_enhancement_creativity="7") == (400, message)
    named = {"face_enhancement": "true", "face_enhancement_creativity": "-1"}
    assert refused(client, "/enhance/async", photo, **named) == (400, message)


@pytest.mark.fidelity("topaz:uuid-case")
def test_source_ids_are_case_insensitive(client: "TwinClient", photo: bytes) -> None:
    taken = client.call("POST", "/enhance/async", files={"image": ("a", photo)}).json()

    again = client.call("POST", "/enhance/async", files={"source_id": (None, taken["source_id"].upper())})

    assert again.json()["source_id"] == taken["source_id"]


@pytest.mark.fidelity("topaz:size-automatic")
def test_an_automatic_size_beyond_the_limit_names_no_field(client: "TwinClient") -> None:
    words = "Output image dimensions exceed maximum allowed of 32000 pixels a side."
    wide, tall = plain(16_001, 1), plain(1, 16_001)

    assert refused(client, "/enhance/async", wide) == (413, words)
    assert refused(client, "/enhance", tall, output_width="0") == (413, words)
    assert refused(client, "/enhance/async", tall, output_width="2") == (400, "Invalid output width.")
    client.submit(plain(16_000, 1))


@pytest.mark.fidelity("topaz:estimate-limits")
def test_an_estimate_has_no_limits_but_those_of_its_fields(client: "TwinClient") -> None:
    """A job of this size is refused, and an item of a bulk too; a single estimate has no answer for that."""
    largest = {"input_width": 32_000, "input_height": 32_000}
    inputs = {**largest, "output_width": 32_000, "output_height": 32_000}

    assert client.call("POST", "/estimate", json=inputs).json()["credits"] == 43
    assert client.call("POST", "/estimate", json=largest).json()["credits"] == 171
    recovered = client.call("POST", "/estimate-gen", json={**inputs, "model": "Recovery"})
    assert recovered.json()["credits"] == 43
    (item,) = client.call("POST", "/estimate-bulk", json=[inputs]).json()
    assert item["message"] == "Output image dimensions exceed maximum allowed of 512 MP."
    (recovery,) = client.call("POST", "/estimate-bulk", json=[{**inputs, "model": "Recovery"}]).json()
    assert recovery["message"] == "Input image dimensions exceed maximum allowed of 16 MP."
    beyond = client.call("POST", "/estimate", json={"input_width": 32_001, "input_height": 1})
    assert (beyond.status_code, beyond.json()["message"]) == (400, "Please provide a valid input resolution.")


@pytest.mark.fidelity("topaz:sync")
@pytest.mark.slow
def test_a_failed_synchronous_request_has_the_job_id(any_client: "TwinClient", photo: bytes) -> None:
    any_client.advance(0)

    http_response = any_client.call("POST", "/enhance", files={"image": ("a.jpg", photo[:-60])})

    (job,) = any_client.call("GET", "/status").json()
    assert (http_response.status_code, job["status"]) == (415, "Failed")
    assert http_response.headers["X-Process-ID"] == job["process_id"]
    assert http_response.headers["X-Source-ID"] == job["source_id"]
    assert http_response.headers["X-ETA"] == str(job["eta"])


@pytest.mark.fidelity("topaz:sync")
@pytest.mark.slow
@pytest.mark.parametrize("settings", [Settings(seed="tests", max_storage=20_000)])
def test_a_synchronous_request_whose_result_cannot_be_stored_has_the_job_id(
    configured_client: "TwinClient", photo: bytes
) -> None:
    configured_client.advance(0)

    large = {"output_width": "2000", "output_format": "png"}
    http_response = configured_client.call("POST", "/enhance", files={"image": ("a.jpg", photo)}, data=large)

    (job,) = configured_client.call("GET", "/status").json()
    assert (http_response.status_code, http_response.json()["code"]) == (503, 503)
    assert http_response.headers["X-Process-ID"] == job["process_id"]


@pytest.mark.fidelity("topaz:sync")
def test_a_synchronous_request_whose_job_is_deleted_has_the_job_id() -> None:
    twin, headers = (
        Twin(Settings(seed="tests")),
        {"x-api-key": "k", "content-type": "multipart/form-data; boundary=b"},
    )
    gone = "00000000-0000-4000-8000-000000000000"
    call = Request(
        method="POST", path=f"{BASE}/enhance", at=START, headers=headers, body=Form(), pending_job=gone
    )
    with closing(twin):
        reply = twin.run_until_response(call)

    assert isinstance(reply, Response)
    assert (reply.status, reply.headers["x-process-id"]) == (422, gone)


@pytest.mark.fidelity("topaz:sync")
def test_a_request_rejected_without_a_job_has_no_job_id(client: "TwinClient") -> None:
    http_response = client.call("POST", "/enhance", files={"image": ("a.jpg", b"no image")})

    assert http_response.status_code == 415
    assert "X-Process-ID" not in http_response.headers


@pytest.mark.fidelity("topaz:500-mb")
@pytest.mark.parametrize(("size", "is_taken"), [(500 * MEGABYTES, True), (500 * MEGABYTES + 1, False)])
def test_500_mb_are_five_hundred_million_bytes(size: int, is_taken: bool) -> None:  # noqa: FBT001 # what follows
    twin = Twin(Settings(seed="tests"))
    headers = {
        "x-api-key": "k",
        "content-type": "multipart/form-data; boundary=b",
        "content-length": str(size),
    }
    call = Request(method="POST", path=f"{BASE}/enhance/async", at=START, headers=headers)
    with closing(twin), closing(RunningExchange(twin.exchange(call))) as running:
        assert isinstance(running.step, ReadBody) is is_taken
        assert is_taken or running.response.status == 413


@pytest.mark.fidelity("topaz:head")
@pytest.mark.parametrize("path", ["/status", "/enhance/async", "/estimate", "/download/x"])
def test_a_head_request_is_405(client: "TwinClient", path: str) -> None:
    http_response = client.call("HEAD", path)

    assert (http_response.status_code, http_response.content) == (405, b"")
    assert "HEAD" not in http_response.headers["Allow"]


@pytest.mark.fidelity("topaz:trailing-slash")
@pytest.mark.parametrize(("method", "path"), [("GET", "/status/"), ("POST", "/enhance/async/")])
def test_a_path_with_a_trailing_slash_is_404(client: "TwinClient", method: str, path: str) -> None:
    http_response = client.call(method, path)

    assert (http_response.status_code, http_response.json()) == (404, {"code": 404, "message": "Not Found"})
