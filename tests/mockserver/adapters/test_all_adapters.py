"""Whichever way a call comes in, the same twin answers."""

from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace
from PIL import Image

if TYPE_CHECKING:
    from tests.mockserver.conftest import TwinClient

pytestmark = pytest.mark.slow

UNKNOWN = "00000000-0000-4000-8000-000000000000"


@pytest.mark.fidelity("topaz/postEnhanceAsync", "topaz/getStatus", "topaz/getDownloadOutput", "topaz:states")
def test_a_job_from_upload_to_result(any_client: "TwinClient", photo: bytes) -> None:
    process_id = any_client.submit(photo, output_width="96")
    assert any_client.call("GET", f"/status/{process_id}").json()["status"] == "Pending"

    any_client.advance(1)
    assert any_client.call("GET", f"/status/{process_id}").json()["status"] == "Processing"

    any_client.advance(2)
    result = any_client.call("GET", f"/status/{process_id}").json()
    link = any_client.call("GET", f"/download/{process_id}").json()["download_url"]
    got = any_client.request("GET", link)

    image = Image.open(BytesIO(got.content))
    assert (result["status"], result["progress"], result["output_width"], result["output_height"]) == (
        "Completed",
        100,
        96,
        64,
    )
    assert (image.format, image.size) == ("JPEG", (96, 64))
    assert got.headers["content-type"] == "image/jpeg"
    assert int(got.headers["content-length"]) == len(got.content)


@pytest.mark.fidelity("topaz:link-host")
def test_head_returns_the_size_of_a_result_without_its_bytes(any_client: "TwinClient", photo: bytes) -> None:
    process_id = any_client.submit(photo)
    any_client.advance(3)
    links = any_client.call("GET", f"/download/{process_id}").json()

    head = any_client.request("HEAD", links["head_url"])

    assert head.status_code == 200
    assert head.content == b""
    assert int(head.headers["content-length"]) == len(
        any_client.request("GET", links["download_url"]).content
    )


@pytest.mark.fidelity("topaz:link-parts")
def test_a_download_can_be_resumed_by_ranges(any_client: "TwinClient", photo: bytes) -> None:
    process_id = any_client.submit(photo)
    any_client.advance(3)
    link = any_client.call("GET", f"/download/{process_id}").json()["download_url"]
    whole = any_client.request("GET", link)

    first = any_client.request("GET", link, headers={"Range": "bytes=0-99"})
    rest = any_client.request("GET", link, headers={"Range": "bytes=100-"})
    past = any_client.request("GET", link, headers={"Range": f"bytes={len(whole.content)}-"})

    assert (first.status_code, rest.status_code, past.status_code) == (206, 206, 416)
    assert first.content + rest.content == whole.content
    assert first.headers["content-range"] == f"bytes 0-99/{len(whole.content)}"
    assert past.content == b""


@pytest.mark.fidelity("topaz:link-parts")
def test_a_matching_etag_is_304(any_client: "TwinClient", photo: bytes) -> None:
    process_id = any_client.submit(photo)
    any_client.advance(3)
    link = any_client.call("GET", f"/download/{process_id}").json()["download_url"]
    tag = any_client.request("GET", link).headers["etag"]

    again = any_client.request("GET", link, headers={"If-None-Match": tag})

    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)


@pytest.mark.parametrize("tags", ["*", '"other", {tag}', "W/{tag}"])
def test_etags_may_be_weak_listed_or_a_star(any_client: "TwinClient", photo: bytes, tags: str) -> None:
    process_id = any_client.submit(photo)
    any_client.advance(3)
    link = any_client.call("GET", f"/download/{process_id}").json()["download_url"]
    tag = any_client.request("GET", link).headers["etag"]

    again = any_client.request(
        "GET", link, headers={"If-None-Match": tags.format(tag=tag), "Range": "bytes=0-1"}
    )

    assert (again.status_code, "content-range" in again.headers) == (304, False)


def test_a_range_of_another_version_is_sent_whole(any_client: "TwinClient", photo: bytes) -> None:
    process_id = any_client.submit(photo)
    any_client.advance(3)
    link = any_client.call("GET", f"/download/{process_id}").json()["download_url"]

    response = any_client.request("GET", link, headers={"Range": "bytes=0-1", "If-Range": '"old"'})

    assert response.status_code == 200


def test_a_synchronous_response_ignores_ranges(any_client: "TwinClient", photo: bytes) -> None:
    any_client.advance(0)
    headers = {**any_client.key, "Range": "bytes=0-9", "If-None-Match": "*"}

    response = any_client.call("POST", "/enhance", files={"image": ("a.jpg", photo)}, headers=headers)

    assert response.status_code == 200
    assert Image.open(BytesIO(response.content)).size == (96, 64)


def test_an_image_as_the_request_body_is_rejected_with_an_explanation(any_client: "TwinClient") -> None:
    headers = {**any_client.key, "Content-Type": "image/jpeg"}

    response = any_client.call("POST", "/enhance/async", content=bytes(2_000_000), headers=headers)

    assert response.status_code == 415


@pytest.mark.fidelity("topaz/409-download", "topaz:damage")
def test_a_job_with_a_damaged_upload_is_accepted_and_fails_at_its_end(
    any_client: "TwinClient", photo: bytes
) -> None:
    process_id = any_client.submit(photo[:-60])
    any_client.advance(1)
    assert any_client.call("GET", f"/status/{process_id}").json()["status"] == "Processing"

    any_client.advance(2)

    assert any_client.call("GET", f"/status/{process_id}").json()["status"] == "Failed"
    assert any_client.call("GET", f"/download/{process_id}").status_code == 409


@pytest.mark.fidelity("topaz/cancelTask", "topaz:cancel-while")
def test_a_cancelled_job_stays_cancelled(any_client: "TwinClient", photo: bytes) -> None:
    process_id = any_client.submit(photo)

    assert any_client.call("DELETE", f"/cancel/{process_id}").status_code == 204
    any_client.advance(100)

    assert any_client.call("GET", f"/status/{process_id}").json()["status"] == "Cancelled"
    assert any_client.call("DELETE", f"/cancel/{process_id}").status_code == 409


@pytest.mark.fidelity("topaz/deleteStatus", "topaz/409-delete", "topaz:delete-while")
def test_a_deleted_job_is_404(any_client: "TwinClient", photo: bytes) -> None:
    process_id = any_client.submit(photo)
    assert any_client.call("DELETE", f"/status/{process_id}").status_code == 409
    any_client.advance(3)

    assert any_client.call("DELETE", f"/status/{process_id}").status_code == 204

    assert any_client.call("GET", f"/status/{process_id}").status_code == 404
    assert any_client.call("GET", "/status").json() == []


@pytest.mark.fidelity("topaz/cancelTask")
def test_a_reply_without_content_has_neither_body_nor_length(any_client: "TwinClient", photo: bytes) -> None:
    process_id = any_client.submit(photo)

    response = any_client.call("DELETE", f"/cancel/{process_id}")

    assert response.content == b""
    assert "content-length" not in response.headers


@pytest.mark.fidelity("topaz/401", "topaz:order-of-checks")
@pytest.mark.parametrize(
    "key", [{}, {"X-API-Key": ""}, {"X-API-Key": "invalid-1"}, {"Authorization": "Bearer x"}]
)
def test_without_a_valid_key_no_body_is_read(
    any_client: "TwinClient", photo: bytes, key: dict[str, str]
) -> None:
    response = any_client.call("POST", "/enhance/async", files={"image": ("a.jpg", photo)}, headers=key)

    assert (response.status_code, response.json()) == (401, {"code": 401, "message": "Unauthorized"})


@pytest.mark.fidelity("topaz/403", "topaz/415", "topaz:order-of-checks")
def test_the_key_is_checked_before_the_body(any_client: "TwinClient") -> None:
    refused = any_client.call("POST", "/enhance/async", content=b"", headers={"X-API-Key": "forbidden-1"})
    wrong = any_client.call("POST", "/enhance/async", content=b"")

    assert refused.status_code == 403
    assert wrong.status_code == 415


@pytest.mark.fidelity("topaz/400-submit")
def test_a_malformed_form_is_a_client_error(any_client: "TwinClient") -> None:
    form = {**any_client.key, "Content-Type": "multipart/form-data; boundary=x"}

    for body in (
        b"[object FormData]",
        b"--x\r\n",
        b'--x\r\nContent-Disposition: form-data; name="image"; filename="a"\r\n\r\n',
    ):
        response = any_client.call("POST", "/enhance/async", content=body, headers=form)
        assert (response.status_code, response.json()["message"]) == (400, "Invalid request body.")


@pytest.mark.fidelity("topaz:501")
def test_an_operation_without_a_handler_is_501_with_its_name(any_client: "TwinClient") -> None:
    topaz = any_client.twin.served["topaz"]
    idle = replace(topaz.served, make=lambda: replace(topaz.served.vendor, handlers={}))
    any_client.twin.served["topaz"] = replace(topaz, served=idle)

    for method, path in (("GET", "/status"), ("POST", "/estimate")):
        response = any_client.call(method, path)
        assert response.status_code == 501
        assert "is described but not served by this mock server yet" in response.json()["message"]


@pytest.mark.fidelity("topaz:sync")
def test_a_synchronous_request_returns_the_image(any_client: "TwinClient", photo: bytes) -> None:
    any_client.advance(0)

    response = any_client.call(
        "POST", "/enhance", files={"image": ("a.jpg", photo)}, data={"output_width": "96"}
    )

    image = Image.open(BytesIO(response.content))
    result = any_client.call("GET", f"/status/{response.headers['X-Process-ID']}").json()
    assert (image.format, image.size) == ("JPEG", (96, 64))
    assert (result["status"], result["sync"]) == ("Completed", True)


@pytest.mark.fidelity("topaz:404-route", "topaz:405")
def test_an_unknown_path_is_404_and_a_wrong_method_405(any_client: "TwinClient") -> None:
    assert any_client.call("GET", "/nowhere").status_code == 404
    assert any_client.call("PUT", f"/status/{UNKNOWN}").status_code == 405
    assert any_client.call("PUT", f"/status/{UNKNOWN}").headers["allow"] == "DELETE, GET"


@pytest.mark.fidelity("twin:address")
def test_an_unknown_host_or_path_lists_the_base_urls(any_client: "TwinClient") -> None:
    response = any_client.request("GET", "/")

    assert response.status_code == 404
    assert "/topaz/image/v1" in response.json()["message"]


@pytest.mark.fidelity("twin:address")
@pytest.mark.parametrize("host", ["api.topazlabs.com", "API.topazlabs.com", "api.topazlabs.com:4010"])
def test_the_vendors_own_host_needs_no_prefix(any_client: "TwinClient", host: str) -> None:
    response = any_client.request("GET", "/image/v1/status", headers={**any_client.key, "Host": host})

    assert (response.status_code, response.json()) == (200, [])


@pytest.mark.fidelity("twin:address")
def test_another_host_needs_the_prefix(any_client: "TwinClient") -> None:
    response = any_client.request(
        "GET", "/image/v1/status", headers={**any_client.key, "Host": "api.example.com"}
    )

    assert response.status_code == 404


@pytest.mark.parametrize("method", ["DELETE", "OPTIONS", "POST", "PROPFIND"])
def test_the_file_host_allows_get_and_head_only(any_client: "TwinClient", photo: bytes, method: str) -> None:
    process_id = any_client.submit(photo)
    any_client.advance(3)
    link = any_client.call("GET", f"/download/{process_id}").json()["download_url"]

    response = any_client.request(method, link)

    assert (response.status_code, response.headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.fidelity("topaz/getDownloadInput")
def test_the_input_can_be_downloaded_at_any_time(any_client: "TwinClient", photo: bytes) -> None:
    process_id = any_client.submit(photo)

    link = any_client.call("GET", f"/download/input/{process_id}").json()["download_url"]

    assert any_client.request("GET", link).content == photo
