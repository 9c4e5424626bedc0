"""The same journeys at a remote mock server, and at one in place of the vendors' own services."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from contract_tests.targets.served import Served

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
KEY = "sk-very-secret"
JOURNEYS = (
    "contract_tests/topaz/test_client_journey.py",
    "contract_tests/claid/test_client_journey_claid.py",
    "contract_tests/tengr/test_client_journey_tengr.py",
)


@contextmanager
def serve(*options: str) -> Iterator[str]:
    """Run a twin in a process of its own; give its origin."""
    command = (str(Path(sys.executable).with_name("safelight-mock")), "serve", "--port", "0", *options)
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as twin:
        try:
            line = twin.stderr.readline() if twin.stderr else ""
            yield line.removeprefix("topaz: ").partition("/topaz")[0]
        finally:
            twin.terminate()


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[str]:
    """The origin of a mock server with short jobs, in place of the vendors."""
    with serve("--job-speedup", "20") as origin:
        yield origin


def run(*arguments: str, environment: Mapping[str, str] | None = None) -> tuple[int, str]:
    """Run journeys in a process of their own; return its exit code and output."""
    plain = {
        name: value for name, value in os.environ.items() if not name.startswith(("SAFELIGHT", "PYTEST"))
    }
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-rs", "-p", "no:cacheprovider", *arguments],
        cwd=ROOT,
        env={**plain, **(environment or {})},
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )
    return done.returncode, done.stdout + done.stderr


def account(origin: str, vendor: str) -> Mapping[str, str]:
    """Settings for one vendor's service."""
    base = {"topaz": "/topaz/image/v1", "claid": "/claid/v1", "tengr": "/tengr"}[vendor]
    name = f"SAFELIGHT_{vendor.upper()}"
    return {f"{name}_API_KEY": KEY, f"{name}_BASE_URL": f"{origin}{base}"}


def test_journeys_run_repeatedly_against_a_remote_twin() -> None:
    with serve() as origin:
        first = run(JOURNEYS[2], "--target", origin)
        second = run(JOURNEYS[2], "--target", origin)

    assert (first[0], second[0]) == (0, 0), first[1] + second[1]
    assert "skipped" not in first[1]


def test_a_journey_is_skipped_with_a_reason_where_the_target_lacks_something() -> None:
    with pytest.raises(pytest.skip.Exception, match="needs a twin in this process"):
        _ = Served(origin="http://127.0.0.1:4010").twin
    with pytest.raises(pytest.skip.Exception, match="needs the control plane of a twin"):
        Served(is_live=True).move("7", "failed")


def test_live_journeys_run_only_after_consent_to_their_cost(elsewhere: str) -> None:
    code, message = run(JOURNEYS[0], "--target", "live", environment=account(elsewhere, "topaz"))

    assert code == pytest.ExitCode.USAGE_ERROR
    assert f"topaz at {elsewhere}/topaz/image/v1: at most 2 credits" in message
    assert "Say yes by --spend" in message
    assert "passed" not in message


def test_live_journeys_need_a_key() -> None:
    code, message = run(JOURNEYS[2], "--target", "live", "--spend")

    assert code == pytest.ExitCode.USAGE_ERROR
    assert "set one of SAFELIGHT_TOPAZ_API_KEY" in message


def test_live_journeys_record_responses_without_secrets(elsewhere: str, tmp_path: Path) -> None:
    notes = tmp_path / "observations.json"
    both = {**account(elsewhere, "topaz"), **account(elsewhere, "tengr")}

    code, message = run(
        *JOURNEYS, "--target", "live", "--spend", "--observations", str(notes), environment=both
    )

    assert code == 0, message
    assert "at most 2 credits" in message
    assert "needs SAFELIGHT_CLAID_API_KEY" in message
    text = notes.read_text()
    observed = json.loads(text)["observations"]
    assert KEY not in text
    assert "http" not in text
    assert {(entry["vendor"], entry["operation"], entry["status"]) for entry in observed} == {
        ("topaz", "postEnhanceAsync", 200),
        ("topaz", "postDenoise", 200),
        ("topaz", "postMatting", 415),
        ("topaz", "getStatus", 200),
        ("topaz", "getStatus", 404),
        ("topaz", "getDownloadOutput", 200),
        ("topaz", "postEnhanceAsync", 401),
        ("tengr", "findArtworkByIdV2", 404),
        ("tengr", "createDetailerUpscalerArtwork", 401),
    }
    assert {state_name for entry in observed for state_name in entry["vendor_states"]} >= {"Completed"}
    assert {rule for entry in observed for rule in entry["undocumented"]} == set()
    polled = next(entry for entry in observed if entry["operation"] == "getStatus" and entry["status"] == 200)
    assert polled["fields"][:3] == ["/category", "/creation_time", "/credits"]
    assert polled["media_type"] == "application/json"
    assert "content-length" in polled["headers"]
    assert 0 < polled["seconds"] < 10


def test_an_invalid_target_is_rejected() -> None:
    code, message = run(JOURNEYS[0], "--target", "moon")

    assert code == pytest.ExitCode.USAGE_ERROR
    assert "--target is twin, prism, live or the URL of a twin, not 'moon'" in message


@pytest.mark.parametrize(
    ("path", "result"),
    [("", "no mock server responds at "), ("/topaz/image/v1", "is not the address of a mock server")],
)
def test_without_a_reachable_twin_no_journey_runs(elsewhere: str, path: str, result: str) -> None:
    target = f"{elsewhere}{path}" if path else "http://127.0.0.1:9"

    code, message = run(JOURNEYS[0], "--target", target, "-n", "2")

    assert code == pytest.ExitCode.USAGE_ERROR
    assert result in message
    assert "failed" not in message


def test_a_twin_that_requires_a_token_is_not_tried_without_it() -> None:
    with serve("--control-token", "sesame") as origin:
        without = run(JOURNEYS[2], "--target", origin)
        result = run(JOURNEYS[2], "--target", origin, environment={"SAFELIGHT_MOCK_CONTROL_TOKEN": "sesame"})

    assert without[0] == pytest.ExitCode.USAGE_ERROR
    assert "wants its --control-token in SAFELIGHT_MOCK_CONTROL_TOKEN" in without[1]
    assert result[0] == 0, result[1]
    assert "skipped" not in result[1]
