"""A recorder notes every response of every mock server, and which keywords the requests exercised."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from safelight_mock import MockServer, Twin, TwinTransport
from safelight_specs import read_spec
from safelight_testing.coverage import Recorder, Summary, summarise

ESTIMATE = "/topaz/image/v1/estimate"
STATUSES = "/topaz/image/v1/status"
KEY = {"X-API-Key": "k"}
SIZE = {"input_width": 100, "input_height": 100}
FIELDS = "/components/schemas/EstimateImageTaskRequest/properties"
LIMIT = "/paths/~1v2~1artworks/get/parameters/1/schema"


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    recorder = Recorder()
    with recorder.recording():
        yield recorder


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with closing(Twin()) as twin, httpx.Client(transport=TwinTransport(twin), base_url="http://t") as client:
        yield client


def test_every_response_is_recorded_errors_of_the_server_too(
    recorder: Recorder, client: httpx.Client
) -> None:
    client.post(ESTIMATE, json=SIZE, headers=KEY)
    client.get(STATUSES, headers=KEY)
    client.get(STATUSES, headers=KEY)
    client.get(STATUSES, headers={"X-API-Key": "broken"})

    assert recorder.responses == {
        ("topaz", "postEstimate", 200): 1,
        ("topaz", "getAllStatuses", 200): 2,
        ("topaz", "getAllStatuses", 500): 1,
    }


@pytest.mark.slow
def test_a_server_behind_a_socket_is_recorded(recorder: Recorder) -> None:
    with MockServer() as server:
        httpx.get(f"{server.url('topaz')}/status", headers=KEY)

    assert recorder.responses == {("topaz", "getAllStatuses", 200): 1}


def test_what_succeeds_satisfies_keywords(recorder: Recorder, client: httpx.Client) -> None:
    client.post(ESTIMATE, json=SIZE, headers=KEY)

    assert {
        ("topaz", "postEstimate", f"{FIELDS}/input_width/type"),
        ("topaz", "postEstimate", f"{FIELDS}/input_width/minimum"),
    } <= recorder.satisfied
    assert recorder.violated == set()


def test_what_is_rejected_for_one_keyword_alone_violates_it(recorder: Recorder, client: httpx.Client) -> None:
    bearer = {"Authorization": "Bearer k"}

    client.post(ESTIMATE, json={**SIZE, "input_width": "wide"}, headers=KEY)
    client.post(ESTIMATE, json={"input_width": "wide", "input_height": "high"}, headers=KEY)
    client.get("/tengr/v2/artworks?limit=-1", headers=bearer)
    client.get("/tengr/v2/artworks?offset=-1&limit=-1", headers=bearer)

    assert recorder.satisfied == set()
    assert recorder.violated == {
        ("topaz", "postEstimate", f"{FIELDS}/input_width/type"),
        ("tengr", "findAllArtworksV2", f"{LIMIT}/minimum"),
    }


def test_nothing_is_recorded_once_the_recorder_is_closed(client: httpx.Client) -> None:
    recorder = Recorder()
    with recorder.recording():
        pass

    client.get(STATUSES, headers=KEY)

    assert not recorder.responses


def test_a_summary_counts_what_was_reached_and_names_the_rest() -> None:
    kiln = {
        "paths": {
            "/fire": {
                "post": {
                    "operationId": "fire",
                    "parameters": [
                        {"name": "heat", "in": "query", "schema": {"type": "integer", "maximum": 1300}}
                    ],
                    "responses": {"200": {}, "4XX": {}, "default": {}},
                }
            },
            "/look": {"get": {"operationId": "look", "responses": {"200": {}}}},
        }
    }
    heat = "/paths/~1fire/post/parameters/0/schema"
    recorder = Recorder()
    recorder.responses.update({("kiln", "fire", 200): 2, ("kiln", "fire", 422): 1, ("oven", "look", 200): 1})
    recorder.satisfied.add(("kiln", "fire", f"{heat}/type"))

    summary = summarise("kiln", kiln, recorder)

    assert summary.responses == {"fire": {"200": 2, "4XX": 1, "default": 0}, "look": {"200": 0}}
    assert summary.missing == ["fire/default", "look/200"]
    assert summary.untouched == {"fire": {f"{heat}/maximum"}}
    assert summary.unviolated == {"fire": {f"{heat}/type"}}
    assert str(summary) == (
        "kiln: 1 of 2 operations succeeded, 2 of 4 documented responses received; "
        "1 of 2 schema keywords exercised, 0 violated"
    )


def test_a_violated_keyword_counts_as_exercised() -> None:
    recorder = Recorder()
    recorder.violated.add(("topaz", "postEstimate", f"{FIELDS}/input_width/type"))

    summary: Summary = summarise("topaz", read_spec("topaz"), recorder)

    assert f"{FIELDS}/input_width/type" not in summary.untouched["postEstimate"]
    assert str(summary).endswith(" 1 violated")


@pytest.mark.slow
@pytest.mark.parametrize("jobs", ["0", "1"])
def test_pytest_writes_what_all_its_processes_recorded(tmp_path: Path, jobs: str) -> None:
    (tmp_path / "test_program.py").write_text(
        "import httpx, pytest\n"
        "from safelight_mock import MockServer\n"
        "@pytest.mark.parametrize('key', ['k', 'invalid'])\n"
        "def test_listing(key):\n"
        "    with MockServer() as server:\n"
        "        httpx.get(f'{server.url(\"topaz\")}/status', headers={'X-API-Key': key})\n"
    )
    options = ("-q", "-n", jobs, "-p", "safelight_testing.coverage", "--document-coverage", "coverage.json")
    command = (sys.executable, "-m", "pytest", *options)

    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^topaz: 1 of \d+ operations succeeded, 2 of \d+ documented", done.stdout, re.MULTILINE)
    written = json.loads((tmp_path / "coverage.json").read_text())
    assert written["topaz"]["responses"]["getAllStatuses"] == {
        "200": 1,
        "400": 0,
        "401": 1,
        "403": 0,
        "429": 0,
        "500": 0,
    }
