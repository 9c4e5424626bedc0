"""How long Topaz keeps jobs and links work."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.mockserver.conftest import TwinClient

pytestmark = pytest.mark.slow  # real pictures, made and looked at


@pytest.mark.fidelity("topaz:retention")
def test_jobs_are_kept_for_seven_days(client: "TwinClient", photo: bytes) -> None:
    process_id = client.submit(photo)

    client.advance(7 * 86_400)
    assert client.call("GET", f"/status/{process_id}").status_code == 200
    client.advance(3)
    assert client.call("GET", f"/status/{process_id}").status_code == 404


@pytest.mark.fidelity("topaz/getDownloadOutput", "topaz:link-life")
def test_links_expire_after_an_hour_and_can_be_requested_again(client: "TwinClient", photo: bytes) -> None:
    process_id = client.submit(photo)
    client.advance(3)
    old = client.call("GET", f"/download/{process_id}").json()

    client.advance(3599)
    assert client.request("GET", old["download_url"]).status_code == 200
    client.advance(1)
    assert client.request("GET", old["download_url"]).status_code == 403
    new = client.call("GET", f"/download/{process_id}").json()

    assert client.request("GET", new["download_url"]).status_code == 200
    assert new["expiry"] == old["expiry"] + 3600


@pytest.mark.fidelity("topaz:link-403")
def test_an_altered_link_is_a_403_of_the_file_host(client: "TwinClient", photo: bytes) -> None:
    process_id = client.submit(photo)
    client.advance(3)
    link = client.call("GET", f"/download/{process_id}").json()["download_url"]

    http_response = client.request("GET", link[:-1] + ("0" if link[-1] != "0" else "1"))

    assert http_response.status_code == 403
    assert "<Code>AccessDenied</Code>" in http_response.text


@pytest.mark.fidelity("topaz:after-deletion")
def test_the_link_of_a_deleted_job_is_404(client: "TwinClient", photo: bytes) -> None:
    process_id = client.submit(photo)
    client.advance(3)
    link = client.call("GET", f"/download/{process_id}").json()["download_url"]
    client.call("DELETE", f"/status/{process_id}")

    http_response = client.request("GET", link)

    assert http_response.status_code == 404
