"""A probe learns that the twin is well, and Prometheus how much it has to do."""

from typing import TYPE_CHECKING

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from safelight_mock import MockServer, Settings

if TYPE_CHECKING:
    from tests.mockserver.conftest import TwinClient

pytestmark = pytest.mark.slow  # through every shell, and very many calls

CONTROL = "/_safelight"


def figures(client: "TwinClient") -> dict[str, float]:
    """Parse the metrics like Prometheus, without zeros."""
    response = client.request("GET", f"{CONTROL}/metrics")
    assert (response.status_code, response.headers["content-type"][:10]) == (200, "text/plain")
    return {
        f"{sample.name}{sorted(sample.labels.values())}": sample.value
        for family in text_string_to_metric_families(response.text)
        for sample in family.samples
        if sample.value
    }


def test_health_has_version_and_uptime(any_client: "TwinClient") -> None:
    result = any_client.request("GET", f"{CONTROL}/health")

    assert (result.status_code, result.json()["status"], result.json()["uptime"]) == (200, "ok", 0)
    assert result.json()["version"]


@pytest.mark.parametrize(("path", "status"), [("health", 200), ("metrics", 401), ("health/more", 401)])
def test_a_probe_needs_no_token(path: str, status: int) -> None:
    with MockServer(Settings(control_token="secret")) as server:  # noqa: S106 - of this test alone
        assert httpx.get(f"{server.origin}{CONTROL}/{path}").status_code == status


def test_metrics_count_jobs_and_sandboxes(any_client: "TwinClient", photo: bytes) -> None:
    any_client.advance(0)
    inbox = f"{str(any_client.request('GET', '/').url).rstrip('/')}{CONTROL}/inbox/mine"
    done, damaged = any_client.submit(photo), any_client.submit(photo[:-60])
    any_client.submit(photo, webhook_url=inbox)
    any_client.advance(60)
    waiting = any_client.submit(photo, webhook_url="https://elsewhere.example/")
    any_client.call("GET", f"/status/{waiting}")
    any_client.call("GET", f"/status/{damaged}")
    link = any_client.call("GET", f"/download/{done}").json()["download_url"]
    any_client.request("GET", link, headers=any_client.key)
    any_client.call("GET", "/status", headers={})

    result = figures(any_client)

    assert result.pop("safelight_storage_bytes[]") > len(photo)
    assert result.pop("safelight_start_time_seconds[]") == any_client.twin.real()
    assert result == {
        "safelight_storage_limit_bytes[]": 2e9,
        "safelight_credential_leaks_total[]": 1,
        "safelight_requests_total['200', 'postEnhanceAsync', 'topaz']": 4,
        "safelight_requests_total['200', 'getStatus', 'topaz']": 2,
        "safelight_requests_total['200', 'getDownloadOutput', 'topaz']": 1,
        "safelight_requests_total['', '200', 'topaz']": 1,
        "safelight_requests_total['', '', '404']": 1,
        "safelight_requests_total['401', 'getAllStatuses', 'topaz']": 1,
        "safelight_sandboxes['topaz']": 1,
        "safelight_jobs['queued', 'topaz']": 1,
        "safelight_jobs['failed', 'topaz']": 1,
        "safelight_jobs['succeeded', 'topaz']": 2,
        "safelight_deliveries['2xx', 'topaz']": 2,
    }


def test_metrics_count_requests_beyond_the_request_log(client: "TwinClient") -> None:
    for _ in range(1_500):
        client.request("GET", "/files/a")
    client.request("DELETE", f"{CONTROL}/requests")

    assert figures(client)["safelight_requests_total['', '', '403']"] == 1_500
