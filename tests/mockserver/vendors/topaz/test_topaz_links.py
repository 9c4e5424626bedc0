"""How long Topaz's twin makes new links, and which method a link is for."""

from typing import TYPE_CHECKING

import pytest

from safelight_mock import Settings

if TYPE_CHECKING:
    from tests.mockserver.conftest import TwinClient

pytestmark = pytest.mark.slow

HOUR = 3600
LATE = {"code": 404, "message": "An image with the given process ID was not found."}
DAY = Settings(seed="tests", options={"topaz.link_hours": 24})
STRICT = Settings(seed="tests", strict=True)
STRICT_WEEK = Settings(seed="tests", strict=True, options={"topaz.link_hours": 168})
WEEK = Settings(seed="tests")


@pytest.mark.fidelity("topaz.link_hours")
@pytest.mark.parametrize(("settings", "hours"), [(DAY, 24), (STRICT, 24), (STRICT_WEEK, 168), (WEEK, 168)])
def test_the_period_of_new_links_can_be_configured(
    configured_client: "TwinClient", photo: bytes, hours: int
) -> None:
    process_id = configured_client.submit(photo)  # which takes two seconds and a millisecond

    configured_client.advance(hours * HOUR + 2)
    last = configured_client.call("GET", f"/download/{process_id}")
    configured_client.advance(0.01)
    late = configured_client.call("GET", f"/download/{process_id}")

    assert last.status_code == 200
    assert (late.status_code, late.json()) == (404, LATE)


@pytest.mark.fidelity("topaz.link_hours")
@pytest.mark.parametrize("settings", [DAY, STRICT], ids=["24 hours", "strict"])
def test_after_the_period_existing_links_still_work(configured_client: "TwinClient", photo: bytes) -> None:
    process_id = configured_client.submit(photo)
    configured_client.advance(24 * HOUR)
    made_in_time = configured_client.call("GET", f"/download/{process_id}").json()["download_url"]

    configured_client.advance(HOUR - 1)

    assert configured_client.call("GET", f"/download/{process_id}").status_code == 404
    assert configured_client.call("GET", f"/status/{process_id}").json()["status"] == "Completed"
    assert [one["process_id"] for one in configured_client.call("GET", "/status").json()] == [process_id]
    assert configured_client.call("GET", f"/download/input/{process_id}").status_code == 200
    assert configured_client.call("DELETE", f"/cancel/{process_id}").status_code == 409
    assert configured_client.request("HEAD", made_in_time).status_code == 200
    assert configured_client.call("DELETE", f"/status/{process_id}").status_code == 204


@pytest.mark.fidelity("topaz.link_hours")
@pytest.mark.parametrize("settings", [DAY])
def test_a_job_without_a_result_has_the_same_error_after_the_period(
    configured_client: "TwinClient", photo: bytes
) -> None:
    process_id = configured_client.submit(photo)
    configured_client.call("DELETE", f"/cancel/{process_id}")

    configured_client.advance(48 * HOUR)

    assert configured_client.call("GET", f"/download/{process_id}").status_code == 409


@pytest.mark.fidelity("topaz.head_url_bound")
@pytest.mark.parametrize("of", ["", "/input"])
@pytest.mark.parametrize("settings", [Settings(seed="tests", options={"topaz.head_url_bound": True})])
def test_head_url_can_be_bound_to_its_method(configured_client: "TwinClient", photo: bytes, of: str) -> None:
    process_id = configured_client.submit(photo)
    configured_client.advance(3)
    result = configured_client.call("GET", f"/download{of}/{process_id}").json()

    answers = {
        (name, method): configured_client.request(method, result[name]).status_code
        for name in ("download_url", "head_url")
        for method in ("GET", "HEAD")
    }

    assert answers == {
        ("download_url", "GET"): 200,
        ("download_url", "HEAD"): 200,
        ("head_url", "GET"): 403,
        ("head_url", "HEAD"): 200,
    }
    assert result["head_url"].partition("signature=")[0] == result["download_url"].partition("signature=")[0]


@pytest.mark.fidelity("topaz.head_url_bound")
def test_by_default_head_url_takes_get_too(client: "TwinClient", photo: bytes) -> None:
    process_id = client.submit(photo)

    result = client.call("GET", f"/download/input/{process_id}").json()

    assert result["head_url"] == result["download_url"]
    assert client.request("GET", result["head_url"]).content == photo
