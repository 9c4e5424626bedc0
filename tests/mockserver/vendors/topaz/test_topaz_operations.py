"""What Topaz's operations say and do, beyond the life of one job."""

import json
from contextlib import closing
from io import BytesIO
from typing import TYPE_CHECKING
from zlib import crc32

import httpx
import numpy as np
import pytest
from PIL import Image
from tests.mockserver.conftest import START, in_process

from safelight_mock import ClockMode, Settings, Twin
from safelight_mock.app.driver import RunningExchange
from safelight_mock.app.steps import ReadBody
from safelight_mock.wire import Request

if TYPE_CHECKING:
    from tests.mockserver.conftest import TwinClient

pytestmark = pytest.mark.slow  # real pictures, made and looked at

SUBMITS = [
    "/enhance/async",
    "/enhance-gen/async",
    "/sharpen/async",
    "/sharpen-gen/async",
    "/denoise/async",
    "/restore-gen/async",
    "/lighting/async",
    "/matting/async",
    "/tool/async",
]


def opened(client: "TwinClient", process_id: str) -> Image.Image:
    link = client.call("GET", f"/download/{process_id}").json()["download_url"]
    return Image.open(BytesIO(client.request("GET", link).content))


@pytest.mark.fidelity("topaz/postEnhanceAsync", "topaz/postDenoise", "topaz/postMatting")
@pytest.mark.parametrize("path", SUBMITS)
def test_body_and_headers_of_a_submission_agree(client: "TwinClient", photo: bytes, path: str) -> None:
    http_response = client.call("POST", path, files={"image": ("photo.jpg", photo)})

    result = http_response.json()
    assert http_response.headers["X-Process-ID"] == result["process_id"]
    assert http_response.headers["X-Source-ID"] == result["source_id"]
    assert int(http_response.headers["X-ETA"]) == result["eta"]


@pytest.mark.fidelity("topaz:eta")
def test_eta_is_when_the_job_ends(client: "TwinClient", photo: bytes) -> None:
    process_id = client.submit(photo)
    result = client.call("GET", f"/status/{process_id}").json()

    client.advance(result["eta"] - result["creation_time"])

    assert client.call("GET", f"/status/{process_id}").json()["status"] == "Completed"


@pytest.mark.fidelity(
    "topaz/postDenoise",
    "topaz/postMatting",
    "topaz/getStatus",
    "topaz:open-models",
    "topaz:size-automatic",
    "topaz:output-format",
    "topaz:metadata",
)
@pytest.mark.parametrize(
    ("path", "fields", "shape"),
    [
        ("/enhance/async", {"output_width": "100"}, ("JPEG", (100, 67), "RGB")),
        ("/enhance/async", {"output_height": "64", "output_format": "png"}, ("PNG", (96, 64), "RGB")),
        ("/enhance/async", {"output_width": "60", "output_height": "60"}, ("JPEG", (60, 60), "RGB")),
        (
            "/enhance/async",
            {"output_width": "60", "output_height": "60", "crop_to_fill": "true"},
            ("JPEG", (60, 60), "RGB"),
        ),
        ("/enhance/async", {"output_format": "tif"}, ("TIFF", (96, 64), "RGB")),
        (
            "/enhance/async",
            {"output_width": "0", "output_height": "0", "model": "Wonder 3"},
            ("JPEG", (96, 64), "RGB"),
        ),
        ("/denoise/async", {"model": "Strong", "output_format": "png"}, ("PNG", (48, 32), "RGB")),
        ("/matting/async", {}, ("PNG", (48, 32), "RGBA")),
        ("/matting/async", {"mode": "alpha"}, ("PNG", (48, 32), "L")),
    ],
)
def test_a_result_has_the_requested_parameters_which_the_status_repeats(
    client: "TwinClient",
    photo: bytes,
    path: str,
    fields: dict[str, str],
    shape: tuple[str, tuple[int, int], str],
) -> None:
    process_id = client.submit(photo, path, **fields)
    client.advance(3)

    image = opened(client, process_id)
    result = client.call("GET", f"/status/{process_id}").json()

    assert (image.format, image.size, image.mode) == shape
    assert (result["output_format"].upper(), (result["output_width"], result["output_height"])) == shape[:2]


@pytest.mark.fidelity("topaz:fit")
def test_a_letterbox_keeps_the_whole_picture_and_a_crop_fills_the_frame(
    client: "TwinClient", photo: bytes
) -> None:
    square = {"output_width": "60", "output_height": "60", "output_format": "png"}
    boxed, cropped = client.submit(photo, **square), client.submit(photo, **square, crop_to_fill="true")
    client.advance(3)

    bars = np.asarray(opened(client, boxed).convert("RGB"))[:8]
    filled = np.asarray(opened(client, cropped).convert("RGB"))[:8]

    assert bars.max() < 12
    assert filled.max() > 100


@pytest.mark.fidelity("topaz:file-names", "topaz:sniffing")
@pytest.mark.parametrize("name", ["blob", "image", "image.jpg", "Ünïcode (1).jpeg"])
def test_the_format_of_an_upload_is_detected_from_its_bytes(client: "TwinClient", name: str) -> None:
    file = BytesIO()
    Image.new("RGB", (20, 10)).save(file, "PNG")
    http_response = client.call(
        "POST", "/enhance/async", files={"image": (name, file.getvalue(), "image/jpeg")}
    )

    result = client.call("GET", f"/status/{http_response.json()['process_id']}").json()

    assert (result["input_format"], result["input_width"], result["input_height"]) == ("png", 20, 10)
    assert result["filename"] == name


@pytest.mark.fidelity("topaz:source-id")
def test_a_source_id_gives_the_same_image(client: "TwinClient", photo: bytes) -> None:
    first = client.submit(photo)
    source_id = client.call("GET", f"/status/{first}").json()["source_id"]

    second = client.call("POST", "/enhance/async", files={"source_id": (None, source_id)}).json()[
        "process_id"
    ]
    client.advance(3)

    assert opened(client, first).tobytes() == opened(client, second).tobytes()


@pytest.mark.fidelity("topaz/400-submit", "topaz/415", "topaz:one-source", "topaz:source-id")
@pytest.mark.parametrize(
    ("files", "status", "message"),
    [
        ({"model": (None, "CGI")}, 400, "Exactly one of image, source_id and source_url must be provided."),
        ({"image": ("a.jpg", b"no image")}, 415, "Image could not be decoded to a supported image type."),
        ({"image": (None, "text")}, 400, "Invalid image."),
        ({"source_id": (None, "unknown")}, 400, "Invalid source ID."),
        ({"output_height": (None, "32001")}, 400, "Invalid output height."),
        ({"output_format": (None, "bmp")}, 400, "Invalid output format."),
        ({"crop_to_fill": (None, "maybe")}, 400, "Invalid crop to fill."),
    ],
)
def test_a_rejected_submission_creates_nothing(
    client: "TwinClient", files: dict[str, object], status: int, message: str
) -> None:
    http_response = client.call("POST", "/enhance/async", files=files)

    assert (http_response.status_code, http_response.json()) == (status, {"code": status, "message": message})
    assert client.call("GET", "/status").json() == []


@pytest.mark.parametrize("format_", ["WEBP", "GIF", "BMP", "AVIF"])
def test_a_picture_of_a_format_topaz_does_not_take_is_refused(client: "TwinClient", format_: str) -> None:
    file = BytesIO()
    Image.new("RGB", (20, 10)).save(file, format_)

    http_response = client.call("POST", "/enhance/async", files={"image": ("a.jpg", file.getvalue())})

    assert http_response.status_code == 415
    assert http_response.json()["message"] == "Image could not be decoded to a supported image type."


def test_a_form_may_leave_the_other_inputs_empty(client: "TwinClient", photo: bytes) -> None:
    empty = {"source_id": "", "source_url": ""}

    http_response = client.call("POST", "/enhance/async", files={"image": ("a.jpg", photo)}, data=empty)

    assert http_response.status_code == 200


@pytest.mark.fidelity("topaz:one-source")
def test_two_images_in_one_submission_are_rejected(client: "TwinClient", photo: bytes) -> None:
    http_response = client.call(
        "POST", "/enhance/async", files={"image": ("a.jpg", photo)}, data={"source_id": "x"}
    )

    assert http_response.status_code == 400


@pytest.mark.fidelity("topaz/422")
def test_an_image_without_pixels_is_refused(client: "TwinClient") -> None:
    file = BytesIO()
    Image.new("RGB", (1, 1)).save(file, "PNG")
    header = file.getvalue()[12:29].replace(b"IHDR\x00\x00\x00\x01", b"IHDR\x00\x00\x00\x00")
    empty = file.getvalue()[:12] + header + crc32(header).to_bytes(4) + file.getvalue()[33:]

    http_response = client.call("POST", "/enhance/async", files={"image": ("a.png", empty)})

    assert (http_response.status_code, http_response.json()["message"]) == (
        422,
        "Image has invalid dimensions (width or height is zero).",
    )


@pytest.mark.fidelity("topaz/413")
def test_a_result_beyond_the_vendors_limit_is_refused(client: "TwinClient", photo: bytes) -> None:
    huge = {"output_width": "32000", "output_height": "32000"}

    http_response = client.call("POST", "/enhance/async", files={"image": ("a.jpg", photo)}, data=huge)

    assert http_response.status_code == 413
    assert http_response.json()["message"] == "Output image dimensions exceed maximum allowed of 512 MP."


@pytest.mark.fidelity("topaz:unknown-fields")
def test_unknown_fields_are_accepted_as_settings(client: "TwinClient", photo: bytes) -> None:
    process_id = client.submit(photo, scale="4", faceEnhancement="true", sharpen="0.4")

    result = client.call("GET", f"/status/{process_id}").json()

    assert json.loads(result["options_json"])["sharpen"] == 0.4


@pytest.mark.fidelity("topaz/getAllStatuses", "topaz:paging")
def test_statuses_are_listed_whole_or_in_pages(client: "TwinClient", photo: bytes) -> None:
    ids = [client.submit(photo) for _ in range(5)]

    at_once = [result["process_id"] for result in client.call("GET", "/status").json()]
    in_pages: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        query = {"paginated": "true", "limit": "2", **({"cursor": cursor} if cursor else {})}
        page = client.call("GET", "/status", params=query).json()
        in_pages += [result["process_id"] for result in page["data"]]
        assert page["pagination"]["has_next_page"] is ("next_cursor" in page["pagination"])
        cursor = page["pagination"].get("next_cursor")

    assert at_once == in_pages == ids


@pytest.mark.fidelity("topaz/400-list")
@pytest.mark.parametrize("query", [{"limit": "1000"}, {"limit": ""}, {"cursor": "x"}])
def test_paging_parameters_are_ignored_without_paging(client: "TwinClient", query: dict[str, str]) -> None:
    assert client.call("GET", "/status", params=query).status_code == 200


@pytest.mark.fidelity("topaz:paging")
def test_paging_while_deleting_reaches_the_end(client: "TwinClient", photo: bytes) -> None:
    ids = [client.submit(photo) for _ in range(5)]
    client.advance(3)
    observed: list[str] = []
    query = {"paginated": "true", "limit": "2"}

    while True:
        page = client.call("GET", "/status", params=query).json()
        for result in page["data"]:
            observed.append(result["process_id"])
            client.call("DELETE", f"/status/{result['process_id']}")
        if not page["pagination"]["has_next_page"]:
            break
        query["cursor"] = page["pagination"]["next_cursor"]

    assert observed == ids


@pytest.mark.fidelity("topaz:unknown-fields")
@pytest.mark.parametrize("path", SUBMITS)
@pytest.mark.parametrize("field", ["crop_to_fill", "face_enhancement", "status", "credits", "sync", "mask"])
def test_no_submitted_field_makes_its_status_invalid(
    client: "TwinClient", photo: bytes, path: str, field: str
) -> None:
    process_id = client.submit(photo, path, **{field: "true"})

    assert client.call("GET", f"/status/{process_id}").status_code == 200
    assert client.call("GET", "/status").status_code == 200


@pytest.mark.fidelity("topaz:unknown-fields")
def test_an_unknown_file_part_is_ignored(client: "TwinClient", photo: bytes) -> None:
    files = {"image": ("a.jpg", photo), "mask": ("b.jpg", photo)}

    assert client.call("POST", "/enhance/async", files=files).status_code == 200


def test_a_job_begins_when_its_upload_has_arrived(photo: bytes) -> None:
    now = [1_800_000_000.0]
    form = httpx.Request("POST", "http://twin", files={"image": ("a.jpg", photo)})
    headers = {"x-api-key": "k", "content-type": form.headers["content-type"]}
    call = Request(method="POST", path="/topaz/image/v1/enhance/async", headers=headers, at=now[0])
    with closing(Twin(real=lambda: now[0])) as twin, in_process(twin) as client:
        running = RunningExchange(twin.exchange(call))
        assert isinstance(running.step, ReadBody)
        running.step.reader.feed(form.read())
        now[0] += 9
        running.resume(None)
        job = running.response.source.value["process_id"]
        result = client.call("GET", f"/status/{job}").json()

    assert (result["creation_time"], result["status"]) == (1_800_000_009, "Pending")


@pytest.mark.fidelity("topaz/deleteAllStatuses")
def test_delete_all_deletes_every_ended_job(client: "TwinClient", photo: bytes) -> None:
    client.submit(photo)
    client.advance(3)
    running = client.submit(photo)

    assert client.call("DELETE", "/status").json() == {"deleted_count": 1}
    assert [result["process_id"] for result in client.call("GET", "/status").json()] == [running]


@pytest.mark.fidelity("topaz/400-list")
@pytest.mark.parametrize(
    "query", [{"limit": "0"}, {"limit": "101"}, {"limit": "x"}, {"cursor": "x"}, {"cursor": "w7w="}]
)
def test_invalid_paging_parameters_are_rejected(client: "TwinClient", query: dict[str, str]) -> None:
    http_response = client.call("GET", "/status", params={"paginated": "true", **query})

    assert http_response.status_code == 400
    assert http_response.json()["message"] == f"Invalid {next(iter(query))}."


@pytest.mark.fidelity("topaz/400-process-id")
@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/status/x"), ("DELETE", "/cancel/7"), ("GET", "/download/x")]
)
def test_an_id_that_is_not_a_uuid_is_rejected(client: "TwinClient", method: str, path: str) -> None:
    http_response = client.call(method, path)

    assert (http_response.status_code, http_response.json()["message"]) == (
        400,
        "Invalid process ID. Please ensure it is a valid UUID.",
    )


@pytest.mark.fidelity("topaz:uuid-case")
def test_ids_are_compared_without_regard_to_case(client: "TwinClient", photo: bytes) -> None:
    process_id = client.submit(photo)

    assert client.call("GET", f"/status/{process_id.upper()}").status_code == 200


def test_a_poll_with_an_id_in_any_case_advances_an_auto_clock(photo: bytes) -> None:
    with (
        closing(Twin(Settings(clock=ClockMode.AUTO), real=lambda: START)) as twin,
        in_process(twin) as client,
    ):
        process_id = client.submit(photo)

        assert client.call("GET", f"/status/{process_id.upper()}").json()["status"] == "Processing"
