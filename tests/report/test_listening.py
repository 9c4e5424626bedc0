"""Whoever listens to tests hears every answer, and which keywords the calls exercised."""

import subprocess
import sys
from pathlib import Path

import pytest

from contract_tests.report.heard import Heard
from contract_tests.report.judges import DRIVEN, JOURNEYS

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
JOURNEY = """\
from contextlib import closing

import httpx

from safelight_mock import Twin, TwinTransport

OWN = {"X-API-Key": "k"}


def test_estimates():
    with closing(Twin()) as twin, httpx.Client(transport=TwinTransport(twin), base_url="http://t") as client:
        size = {"input_width": 100, "input_height": 100}
        assert client.post("/topaz/image/v1/estimate", json=size, headers=OWN).status_code == 200
        wrong = {**size, "input_width": "wide"}
        assert client.post("/topaz/image/v1/estimate", json=wrong, headers=OWN).status_code == 400
        both = {"input_width": "wide", "input_height": "high"}
        assert client.post("/topaz/image/v1/estimate", json=both, headers=OWN).status_code == 400
        for query in ("limit=-1", "offset=-1&limit=-1"):
            other = {"Authorization": "Bearer k"}
            assert client.get(f"/tengr/v2/artworks?{query}", headers=other).status_code == 400
        broken = {"X-API-Key": "broken"}
        assert client.get("/topaz/image/v1/status", headers=broken).status_code == 500


def test_a_sandbox_without_money():
    with closing(Twin()) as twin, httpx.Client(transport=TwinTransport(twin), base_url="http://t") as client:
        asked = {"vendor": "topaz", "key": "k"}
        name = client.post("/_safelight/sandboxes", json=asked).json()["name"]
        client.get("/topaz/image/v1/status", headers=OWN)
        client.patch(f"/_safelight/sandboxes/{name}/account", json={"credits": 0})
        client.get("/topaz/image/v1/status", headers=OWN)


def test_a_job_that_nobody_submitted():
    with closing(Twin()) as twin, httpx.Client(transport=TwinTransport(twin), base_url="http://t") as client:
        asked = {"vendor": "topaz", "key": "k"}
        name = client.post("/_safelight/sandboxes", json=asked).json()["name"]
        client.get("/_safelight/jobs")
        client.get("/topaz/image/v1/status", headers=OWN)
        made = {"operation": "postEnhanceAsync", "state": "failed"}
        assert client.post(f"/_safelight/sandboxes/{name}/jobs", json=made).is_success
        client.get("/topaz/image/v1/status", headers=OWN)
"""


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> Heard:
    folder = tmp_path_factory.mktemp("journey")
    (folder / "test_journey.py").write_text(JOURNEY)
    listening = ("-p", "contract_tests.report.listening", "--heard", folder)
    command = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *listening, folder)
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return Heard.read(folder)


def test_every_answer_is_heard_a_broken_twins_too(heard: Heard) -> None:
    told = {(one.operation, one.status): one.calls for one in heard.answers if one.judge == JOURNEYS.name}

    assert told == {
        ("postEstimate", 200): 1,
        ("postEstimate", 400): 2,
        ("getAllStatuses", 200): 2,
        ("getAllStatuses", 500): 1,
        ("findAllArtworksV2", 400): 2,
    }


def test_what_follows_a_call_that_forces_something_is_kept_apart(heard: Heard) -> None:
    told = [(one.operation, one.calls) for one in heard.answers if one.judge == DRIVEN.name]

    assert told == [("getAllStatuses", 2)]


def test_keywords_are_kept_by_what_succeeds_and_broken_by_what_is_refused_for_them_alone(
    heard: Heard,
) -> None:
    width = "/components/schemas/EstimateImageTaskRequest/properties/input_width"
    limit = "/paths/~1v2~1artworks/get/parameters/1/schema"

    kept = {one.keyword for one in heard.keywords if one.kept}
    broken = {one.keyword for one in heard.keywords if not one.kept}

    assert {f"{width}/type", f"{width}/minimum"} <= kept
    assert broken == {f"{width}/type", f"{limit}/minimum"}
