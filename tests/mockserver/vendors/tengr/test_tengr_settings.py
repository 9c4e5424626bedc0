"""How Tengr's twin differs where its settings say so."""

import subprocess
import sys
from typing import TYPE_CHECKING

import httpx
import pytest
from tests.mockserver.processes import closing_down
from tests.mockserver.tengr import CAT, DETAILER, KEY, caller, finished, read_artwork, submitted

from safelight_mock import Settings
from safelight_mock.vendors import VENDORS

if TYPE_CHECKING:
    from tests.mockserver.conftest import TwinClient

pytestmark = pytest.mark.slow


@pytest.mark.fidelity("tengr.fail_late")
@pytest.mark.parametrize("settings", [Settings(options={"tengr.fail_late": True})])
def test_unusable_images_can_fail_later_by_a_setting(configured_client: "TwinClient") -> None:
    reasons = [
        "safelight://text.txt",
        "safelight://nothing",
        "https://example.com/a.tiff",
        "http://127.0.0.1:1/",
    ]

    ends = [finished(configured_client, imageUrl=address) for address in reasons]

    assert [(result["status"], result["results"]) for result in ends] == [("failed", [])] * len(reasons)


@pytest.mark.fidelity("tengr.strict_webhooks")
@pytest.mark.parametrize("settings", [Settings(options={"tengr.strict_webhooks": True})])
@pytest.mark.parametrize(
    ("hook", "status"),
    [
        ("https://example.com/hook", 202),
        ("http://example.com/hook", 400),
        ("https://127.0.0.1/hook", 400),
        ("https://169.254.169.254/", 400),
    ],
)
def test_webhooks_may_have_to_be_https_on_a_public_host(
    configured_client: "TwinClient", hook: str, status: int
) -> None:
    response = caller(configured_client)("POST", DETAILER, json={"imageUrl": CAT, "webhook": hook})

    assert response.status_code == status


@pytest.mark.fidelity("tengr.host")
def test_without_a_configured_host_no_host_is_the_vendors(client: "TwinClient") -> None:
    for host in ("api.tengr.ai", "", "tengr.test"):
        response = client.request("GET", "/v2/artworks", headers={**KEY, "Host": host})

        assert response.status_code == 404
        assert "Nothing is served here" in response.json()["message"]


@pytest.mark.fidelity("tengr.host")
@pytest.mark.parametrize("settings", [Settings(options={"tengr.host": "Tengr.test"})])
@pytest.mark.parametrize("host", ["tengr.test", "TENGR.TEST:8080"])
def test_a_configured_host_is_the_vendors(configured_client: "TwinClient", host: str) -> None:
    response = configured_client.request("GET", "/v2/artworks", headers={**KEY, "Host": host})

    assert (response.status_code, response.json()) == (200, [])
    assert caller(configured_client)("GET", "/artworks").status_code == 200


@pytest.mark.fidelity("tengr.host")
@pytest.mark.slow
@pytest.mark.parametrize("chosen", [("--tengr-host", "tengr.test"), ("--set", "tengr.host=tengr.test")])
def test_the_command_has_an_option_for_the_host(chosen: tuple[str, str]) -> None:
    command = [sys.executable, "-m", "safelight_mock", "serve", "--port", "0", *chosen]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process, closing_down(process):
        assert process.stderr is not None
        result = dict(process.stderr.readline().strip().split(": ", 1) for _ in VENDORS)
        origin = result["tengr"].removesuffix("/tengr")
        response = httpx.get(f"{origin}/v2/artworks", headers={**KEY, "Host": "tengr.test"}, timeout=30)

    assert (response.status_code, response.json()) == (200, [])


@pytest.mark.fidelity("tengr:unknown-fields")
@pytest.mark.parametrize("settings", [Settings(strict=True)])
def test_in_strict_mode_there_are_five_fields(configured_client: "TwinClient") -> None:
    call = caller(configured_client)

    assert call("POST", DETAILER, json={"imageUrl": CAT}).json()["parameters"] == {
        "imageUrl": CAT,
        "scaleFactor": 2,
        "details": 2,
        "modification": 2,
    }
    for newer in ({"seed": 7}, {"outputFormat": "png"}, {"anything": "else"}):
        assert call("POST", DETAILER, json={"imageUrl": CAT, **newer}).status_code == 400


@pytest.mark.parametrize("settings", [Settings(job_speedup=1e300)])
def test_a_job_of_zero_duration_is_an_artwork(configured_client: "TwinClient") -> None:
    artwork = submitted(caller(configured_client), scaleFactor=1)

    assert [result["id"] for result in caller(configured_client)("GET", "/artworks").json()] == [artwork]
    assert read_artwork(caller(configured_client), artwork)["status"] == "succeeded"
