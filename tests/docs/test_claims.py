"""Rows of docs/fidelity.toml that no other test verifies."""

from collections.abc import Iterator
from io import BytesIO

import httpx
import pytest
from PIL import Image

from safelight_mock import Twin, TwinTransport

pytestmark = pytest.mark.slow

KEY = {"X-API-Key": "k"}
BAD_KEY = {"X-API-Key": "invalid"}
FORM = {"Content-Type": "multipart/form-data; boundary=x"}
TOO_LONG = {"Content-Length": "500000001"}
HUGE = {"output_width": "32000", "output_height": "32000"}


@pytest.fixture
def twin() -> Iterator[Twin]:
    opened = Twin(real=lambda: 1_800_000_000.0)
    yield opened
    opened.close()


@pytest.fixture
def topaz(twin: Twin) -> Iterator[httpx.Client]:
    with httpx.Client(transport=TwinTransport(twin), base_url="http://twin/topaz/image/v1") as client:
        yield client


@pytest.fixture(scope="module")
def photo() -> bytes:
    file = BytesIO()
    Image.new("RGB", (40, 30), "orange").save(file, "JPEG")
    return file.getvalue()


@pytest.mark.fidelity("topaz:order-of-checks")
@pytest.mark.parametrize(
    ("method", "path", "options", "status"),
    [
        ("PUT", "/status", {"headers": BAD_KEY}, 405),
        ("POST", "/estimate", {"headers": BAD_KEY}, 401),
        ("POST", "/enhance/async", {"headers": {**BAD_KEY, **FORM, **TOO_LONG}}, 401),
        ("POST", "/enhance/async", {"headers": {**KEY, **FORM, **TOO_LONG}, "content": b"no form"}, 413),
        ("POST", "/enhance/async", {"headers": {**KEY, **FORM}, "content": b"no form"}, 400),
        ("POST", "/enhance/async", {"headers": KEY, "json": {"output_height": -1}}, 415),
        ("POST", "/enhance/async", {"headers": KEY, "files": {"image": ("a", b"none")}, "data": HUGE}, 415),
    ],
)
def test_of_two_errors_the_first_check_is_reported(
    topaz: httpx.Client, method: str, path: str, options: dict[str, object], status: int
) -> None:
    response = topaz.request(method, path, **options)  # type: ignore[arg-type] # arguments of httpx

    assert response.status_code == status


@pytest.mark.fidelity("topaz:order-of-checks")
def test_fields_are_checked_before_the_choice_of_an_image(topaz: httpx.Client) -> None:
    nothing = {"output_height": (None, "-1")}

    response = topaz.post("/enhance/async", files=nothing, headers=KEY)

    assert response.json()["message"] == "Invalid output height."


@pytest.mark.fidelity("topaz:status-fields")
def test_a_status_has_the_fields_of_every_version(topaz: httpx.Client, photo: bytes) -> None:
    process_id = submitted(topaz, photo)

    status = topaz.get(f"/status/{process_id}", headers=KEY).json()

    assert status.keys() >= {"face_enhancement", "sync", "options_json"}, "required by 1.0.0"
    assert status.keys() >= {"category", "model_type"}, "required by 1.1.0"
    assert status.keys() >= {"source_id"}, "from 1.1.0"


FACES = {"face_enhancement", "face_enhancement_creativity", "face_enhancement_strength", "subject_detection"}


@pytest.mark.fidelity("topaz:status-fields")
@pytest.mark.parametrize("path", ["enhance", "enhance-gen", "sharpen", "denoise"])
@pytest.mark.parametrize("other", ["sharpen-gen", "restore-gen", "lighting", "matting"])
def test_a_status_has_face_settings_if_the_model_does(
    topaz: httpx.Client, photo: bytes, path: str, other: str
) -> None:
    ids = [
        topaz.post(f"/{one}/async", files={"image": ("a", photo)}, headers=KEY).json()["process_id"]
        for one in (path, other)
    ]

    status, without = [topaz.get(f"/status/{one}", headers=KEY).json() for one in ids]

    assert status.keys() >= FACES
    assert not without.keys() & FACES


@pytest.mark.fidelity("topaz:status-fields")
def test_a_status_shows_whether_its_job_is_synchronous(topaz: httpx.Client, twin: Twin, photo: bytes) -> None:
    twin.advance(0, vendor="topaz", key="k")
    topaz.post("/enhance", files={"image": ("a.jpg", photo)}, headers=KEY)
    submitted(topaz, photo)

    assert [status["sync"] for status in topaz.get("/status", headers=KEY).json()] == [True, False]


@pytest.mark.fidelity("topaz:credits")
def test_a_status_has_a_constant_price_from_the_start(topaz: httpx.Client, twin: Twin, photo: bytes) -> None:
    process_id = submitted(topaz, photo, output_width="8000")
    before = topaz.get(f"/status/{process_id}", headers=KEY).json()

    topaz.delete(f"/cancel/{process_id}", headers=KEY)
    twin.advance(60, vendor="topaz", key="k")
    after = topaz.get(f"/status/{process_id}", headers=KEY).json()

    assert (before["status"], before["credits"]) == ("Pending", 2)
    assert (after["status"], after["credits"]) == ("Cancelled", 2)


@pytest.mark.fidelity("topaz/409-download")
def test_a_cancelled_job_has_nothing_to_download(topaz: httpx.Client, photo: bytes) -> None:
    process_id = submitted(topaz, photo)
    topaz.delete(f"/cancel/{process_id}", headers=KEY)

    assert topaz.get(f"/download/{process_id}", headers=KEY).status_code == 409


@pytest.mark.fidelity("topaz:cancel-while")
def test_a_running_job_can_be_cancelled(topaz: httpx.Client, twin: Twin, photo: bytes) -> None:
    process_id = submitted(topaz, photo)
    twin.advance(1, vendor="topaz", key="k")
    assert topaz.get(f"/status/{process_id}", headers=KEY).json()["status"] == "Processing"

    assert topaz.delete(f"/cancel/{process_id}", headers=KEY).status_code == 204


@pytest.mark.fidelity("topaz:retention")
def test_a_job_expires_after_a_week(topaz: httpx.Client, twin: Twin, photo: bytes) -> None:
    process_id = submitted(topaz, photo)
    twin.advance(60, vendor="topaz", key="k")
    assert topaz.get(f"/download/{process_id}", headers=KEY).status_code == 200

    twin.advance(7 * 86_400, vendor="topaz", key="k")

    assert topaz.get(f"/download/{process_id}", headers=KEY).status_code == 404
    assert topaz.get("/status", headers=KEY).json() == []


@pytest.mark.fidelity("topaz:faces")
@pytest.mark.parametrize(("creativity", "status"), [("0.5", 200), ("1.5", 400)])
def test_settings_for_faces_are_checked(
    topaz: httpx.Client, photo: bytes, creativity: str, status: int
) -> None:
    fields = {"face_enhancement": "true", "face_enhancement_creativity": creativity}

    response = topaz.post("/enhance/async", files={"image": ("a.jpg", photo)}, data=fields, headers=KEY)

    assert response.status_code == status


@pytest.mark.fidelity("topaz:key-header")
@pytest.mark.parametrize("header", ["X-API-Key", "X-API-KEY", "x-api-key"])
def test_the_key_header_is_case_insensitive(topaz: httpx.Client, header: str) -> None:
    assert topaz.get("/status", headers={header: "k"}).status_code == 200


@pytest.mark.fidelity("topaz:paging")
def test_a_page_has_fifty_jobs_by_default(topaz: httpx.Client, photo: bytes) -> None:
    submitted_ids = [submitted(topaz, photo) for _ in range(51)]

    page = topaz.get("/status", params={"paginated": "true"}, headers=KEY).json()

    assert [status["process_id"] for status in page["data"]] == submitted_ids[:50]


def submitted(topaz: httpx.Client, photo: bytes, **fields: str) -> str:
    response = topaz.post("/enhance/async", files={"image": ("a.jpg", photo)}, data=fields, headers=KEY)
    process_id: str = response.json()["process_id"]
    return process_id
