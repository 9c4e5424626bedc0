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
    from tests.mockserver.conftest import Door

MEGABYTES = 1_000_000


def plain(width: int, height: int) -> bytes:
    file = BytesIO()
    Image.new("L", (width, height)).save(file, "PNG")
    return file.getvalue()


def refused(door: "Door", path: str, image: bytes, **fields: str) -> tuple[int, str]:
    http_response = door.call("POST", path, files={"image": ("a", image)}, data=fields)
    return http_response.status_code, http_response.json()["message"]


@pytest.mark.fidelity("topaz:subject-detection")
def test_an_invalid_subject_is_rejected_with_the_services_message(inside: "Door", photo: bytes) -> None:
    words = 'parameter "subject_detection" must be one of [All Foreground Background]'

    assert refused(inside, "/sharpen/async", photo, subject_detection="foreground") == (400, words)
    assert refused(inside, "/denoise/async", photo, output_format="PNG") == (400, "Invalid output format.")
    inside.submit(photo, "/sharpen/async", subject_detection="Foreground")
    inside.submit(photo, "/lighting/async", subject_detection="foreground")  # which has no such setting


@pytest.mark.fidelity("topaz:remove-bg")
def test_remove_bg_rejects_png_and_accepts_a_request_without_a_format(inside: "Door", photo: bytes) -> None:
    named = {"model": "RemoveBG", "output_format": "png"}

    assert refused(inside, "/matting/async", photo, **named) == (400, "Invalid output format.")
    inside.submit(photo, "/matting/async", model="RemoveBG")
    inside.submit(photo, "/matting/async", model="Object", output_format="png")


@pytest.mark.fidelity("topaz:faces")
@pytest.mark.slow
def test_face_creativity_is_ignored_without_face_enhancement(inside: "Door", photo: bytes) -> None:
    process_id = inside.submit(photo, face_enhancement="false", face_enhancement_creativity="7")
    inside.advance(3)

    result = inside.call("GET", f"/status/{process_id}").json()
    assert (result["face_enhancement"], result["face_enhancement_creativity"]) == (False, 0)
    assert json.loads(result["options_json"])["face_enhancement_creativity"] == 0
    message = "Invalid face enhancement creativity."
    assert refused(inside, "/enhance/async", photo, face_enhancement_creativity="7") == (400, message)
    named = {"face_enhancement": "true", "face_enhancement_creativity": "-1"}
    assert refused(inside, "/enhance/async", photo, **named) == (400, message)


@pytest.mark.fidelity("topaz:uuid-case")
def test_source_ids_are_case_insensitive(inside: "Door", photo: bytes) -> None:
    taken = inside.call("POST", "/enhance/async", files={"image": ("a", photo)}).json()

    again = inside.call("POST", "/enhance/async", files={"source_id": (None, taken["source_id"].upper())})

    assert again.json()["source_id"] == taken["source_id"]


@pytest.mark.fidelity("topaz:size-automatic")
def test_an_automatic_size_beyond_the_limit_names_no_field(inside: "Door") -> None:
    words = "Output image dimensions exceed maximum allowed of 32000 pixels a side."
    wide, tall = plain(16_001, 1), plain(1, 16_001)

    assert refused(inside, "/enhance/async", wide) == (413, words)
    assert refused(inside, "/enhance", tall, output_width="0") == (413, words)
    assert refused(inside, "/enhance/async", tall, output_width="2") == (400, "Invalid output width.")
    inside.submit(plain(16_000, 1))


@pytest.mark.fidelity("topaz:estimate-limits")
def test_an_estimate_has_no_limits_but_those_of_its_fields(inside: "Door") -> None:
    """A job of this size is refused, and an item of a bulk too; a single estimate has no answer for that."""
    largest = {"input_width": 32_000, "input_height": 32_000}
    inputs = {**largest, "output_width": 32_000, "output_height": 32_000}

    assert inside.call("POST", "/estimate", json=inputs).json()["credits"] == 43
    assert inside.call("POST", "/estimate", json=largest).json()["credits"] == 171
    recovered = inside.call("POST", "/estimate-gen", json={**inputs, "model": "Recovery"})
    assert recovered.json()["credits"] == 43
    (item,) = inside.call("POST", "/estimate-bulk", json=[inputs]).json()
    assert item["message"] == "Output image dimensions exceed maximum allowed of 512 MP."
    (recovery,) = inside.call("POST", "/estimate-bulk", json=[{**inputs, "model": "Recovery"}]).json()
    assert recovery["message"] == "Input image dimensions exceed maximum allowed of 16 MP."
    beyond = inside.call("POST", "/estimate", json={"input_width": 32_001, "input_height": 1})
    assert (beyond.status_code, beyond.json()["message"]) == (400, "Please provide a valid input resolution.")


@pytest.mark.fidelity("topaz:sync")
@pytest.mark.slow
def test_a_failed_synchronous_request_has_the_job_id(door: "Door", photo: bytes) -> None:
    door.advance(0)

    http_response = door.call("POST", "/enhance", files={"image": ("a.jpg", photo[:-60])})

    (job,) = door.call("GET", "/status").json()
    assert (http_response.status_code, job["status"]) == (415, "Failed")
    assert http_response.headers["X-Process-ID"] == job["process_id"]
    assert http_response.headers["X-Source-ID"] == job["source_id"]
    assert http_response.headers["X-ETA"] == str(job["eta"])


@pytest.mark.fidelity("topaz:sync")
@pytest.mark.slow
@pytest.mark.parametrize("settings", [Settings(seed="tests", max_storage=20_000)])
def test_a_synchronous_request_whose_result_cannot_be_stored_has_the_job_id(
    special: "Door", photo: bytes
) -> None:
    special.advance(0)

    large = {"output_width": "2000", "output_format": "png"}
    http_response = special.call("POST", "/enhance", files={"image": ("a.jpg", photo)}, data=large)

    (job,) = special.call("GET", "/status").json()
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
def test_a_request_rejected_without_a_job_has_no_job_id(inside: "Door") -> None:
    http_response = inside.call("POST", "/enhance", files={"image": ("a.jpg", b"no image")})

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
def test_a_head_request_is_405(inside: "Door", path: str) -> None:
    http_response = inside.call("HEAD", path)

    assert (http_response.status_code, http_response.content) == (405, b"")
    assert "HEAD" not in http_response.headers["Allow"]


@pytest.mark.fidelity("topaz:trailing-slash")
@pytest.mark.parametrize(("method", "path"), [("GET", "/status/"), ("POST", "/enhance/async/")])
def test_a_path_with_a_trailing_slash_is_404(inside: "Door", method: str, path: str) -> None:
    http_response = inside.call(method, path)

    assert (http_response.status_code, http_response.json()) == (404, {"code": 404, "message": "Not Found"})
