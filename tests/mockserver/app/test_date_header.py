"""The Date header follows the clock of the sandbox, and real time until the sandbox is known."""

from email.utils import formatdate
from typing import TYPE_CHECKING

import httpx
import pytest
from tests.mockserver.stored import changing, stored
from tests.mockserver.vendors.generic.examples import serving

from safelight_mock import ClockMode, MockServer, Settings

if TYPE_CHECKING:
    from tests.mockserver.conftest import TwinClient

UNKNOWN = "00000000-0000-4000-8000-000000000000"
YEAR = 31_536_000.0


def date(response: httpx.Response) -> str:
    (result,) = response.headers.get_list("date")
    return result


@pytest.mark.fidelity("twin:date")
def test_the_date_header_is_the_time_of_the_sandbox(any_client: "TwinClient", photo: bytes) -> None:
    any_client.advance(YEAR)
    now = formatdate(any_client.twin.real() + YEAR, usegmt=True)

    process_id = any_client.submit(photo)
    answers = [
        any_client.call("GET", f"/status/{process_id}"),
        any_client.call("GET", f"/status/{UNKNOWN}"),
        any_client.call("DELETE", f"/cancel/{process_id}"),
        any_client.call("POST", "/enhance/async", files={"image": ("a.jpg", b"no picture")}),
        any_client.call("POST", "/enhance/async", content=b""),
    ]

    assert [response.status_code for response in answers] == [200, 404, 204, 415, 415]
    assert [date(response) for response in answers] == [now] * 5


@pytest.mark.fidelity("twin:date")
def test_without_a_sandbox_the_date_header_is_real_time(any_client: "TwinClient") -> None:
    any_client.advance(YEAR)
    now = formatdate(any_client.twin.real(), usegmt=True)

    answers = [
        any_client.call("GET", "/status", headers={}),
        any_client.call("GET", "/status", headers={"X-API-Key": "other"}),
        any_client.request("GET", "/nowhere"),
        any_client.request("GET", "/_safelight/sandboxes"),
    ]

    assert [response.status_code for response in answers] == [401, 200, 404, 200]
    assert [date(response) for response in answers] == [now] * 4


@pytest.mark.fidelity("twin:date")
def test_a_files_date_header_is_the_time_of_its_sandbox(any_client: "TwinClient", photo: bytes) -> None:
    process_id = any_client.submit(photo)
    any_client.advance(3)
    link = any_client.call("GET", f"/download/{process_id}").json()["download_url"]
    fetched = any_client.request("GET", link)
    tag = fetched.headers["etag"]
    same = any_client.request("GET", link, headers={"If-None-Match": tag})
    beyond = any_client.request("GET", link, headers={"Range": "bytes=99999999-"})
    any_client.advance(YEAR)
    expired = any_client.request("GET", link)

    result = [(response.status_code, date(response)) for response in (fetched, same, beyond, expired)]

    then, later = (formatdate(any_client.twin.real() + after, usegmt=True) for after in (3, 3 + YEAR))
    assert result == [(200, then), (304, then), (416, then), (403, later)]


def test_on_an_auto_clock_the_date_header_is_the_time_after_the_poll(
    client: "TwinClient", photo: bytes
) -> None:
    with changing(client.twin) as sandbox:
        sandbox.set_clock(client.twin.real(), mode=ClockMode.AUTO)
    process_id = client.submit(photo)

    polled = client.call("GET", f"/status/{process_id}")

    now = stored(client.twin).now(0)
    assert date(polled) == formatdate(now, usegmt=True)
    assert now > client.twin.real()


@pytest.mark.slow
def test_the_date_header_of_the_server_is_not_repeated() -> None:
    with MockServer(Settings()) as server, httpx.Client(base_url=server.origin) as client:
        fast = client.get("/topaz/image/v1/status", headers={"X-API-Key": "k"})
        slow = client.post("/topaz/image/v1/estimate", headers={"X-API-Key": "k"})

    assert len(date(fast)) == len(date(slow)) == len("Sat, 21 Nov 2026 12:00:00 GMT")


def test_an_upload_by_link_has_the_time_of_its_sandbox_and_is_logged_with_its_api() -> None:
    with serving("runway") as api:
        api.advance(YEAR)
        made = api.post("/v1/uploads", {"filename": "a.jpg", "type": "ephemeral"}).json()

        sent = api.client.post(made["uploadUrl"], data=made["fields"], files={"file": ("a.jpg", b"bytes")})

        assert date(sent) == formatdate(api.twin.real() + YEAR, usegmt=True)
        entry = next(iter(api.twin.request_log.entries()))
        assert (entry.vendor, bool(entry.job), entry.sandbox != "") == ("runway", True, True)
