"""The commands and examples of the README run, and so do the curl calls of docs/control.md."""

import argparse
import json
import re
import shlex
import subprocess
import sys
from functools import partial
from pathlib import Path
from shutil import copy

import httpx
import pytest
from PIL import Image

from safelight_mock import ClockMode, MockServer, Settings

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()
CALLS = re.findall(r"^curl .*$", README, re.MULTILINE)
EXAMPLES = re.findall(r"^```python\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a photo.jpg in it."""
    copy(ROOT / "docs" / "photograph" / "dahlia.jpg", tmp_path / "photo.jpg")
    return tmp_path


def run(folder: Path, *command: str) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def width(file: Path) -> int:
    with Image.open(file) as picture:
        return picture.width


def test_the_first_example_enlarges_an_image(folder: Path) -> None:
    output = run(folder, sys.executable, "-c", EXAMPLES[0])

    assert output.splitlines()[-2:] == ["Completed 100", "large.jpg"]
    assert width(folder / "large.jpg") == 2000


def test_the_second_example_runs_without_a_server(folder: Path) -> None:
    run(folder, sys.executable, "-c", EXAMPLES[1])


def test_the_third_example_finds_the_job_whose_response_was_lost(folder: Path) -> None:
    assert run(folder, sys.executable, "-c", EXAMPLES[2]) == "1 job\n"


def test_the_fourth_example_waits_for_three_vendors(folder: Path) -> None:
    output = run(folder, sys.executable, "-c", EXAMPLES[3])

    files = ("quiet.jpg", "white.jpg", "shop/coffee.jpeg", "shop/chelsea.jpeg", "detailed.png", "now.jpg")
    assert [file for file in files if file not in output] == []
    assert [width(folder / file) for file in files] == [640, 800, 800, 800, 1200, 800]
    assert len(EXAMPLES) == 4, "a new example needs its own test"


def curl(folder: Path, line: str) -> str:
    """Run a curl command with the options that the README uses; curl need not be installed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("-F", dest="parts", action="append", default=[])
    parser.add_argument("-d", dest="body")
    parser.add_argument("-H", dest="headers", action="append", default=[])
    parser.add_argument("-o", dest="output")
    parser.add_argument("-X", dest="method")
    parser.add_argument("url")
    options = parser.parse_args(shlex.split(line)[1:])
    parts = dict(part.split("=", 1) for part in options.parts)
    response = httpx.request(
        options.method or ("POST" if parts or options.body else "GET"),
        options.url,
        headers=dict(header.split(": ", 1) for header in options.headers),
        content=options.body,
        files={name: _part(folder, value) for name, value in parts.items()} or None,
    )
    assert response.is_success, f"{line}: {response.text}"
    if options.output:
        (folder / options.output).write_bytes(response.content)
        return ""
    return response.text


def _part(folder: Path, value: str) -> tuple[str | None, bytes]:
    if value.startswith("@"):
        return value[1:], (folder / value[1:]).read_bytes()
    return None, value.encode()


def test_the_curl_calls_download_a_result(folder: Path) -> None:
    submit, status, download, fetch, *_ = CALLS
    with MockServer() as server:
        call = partial(_call, folder, server.origin)
        process_id = json.loads(call(submit))["process_id"]
        server.twin.advance(60, vendor="topaz", key="k")
        shown = json.loads(call(status, PROCESS_ID=process_id))
        link = json.loads(call(download, PROCESS_ID=process_id))["download_url"]
        call(fetch, DOWNLOAD_URL=link)

    assert shown["status"] == "Completed"
    assert width(folder / "large.jpg") == 2000


def test_the_command_does_the_same_as_the_curl_calls(folder: Path) -> None:
    (line,) = re.findall(r"^safelight .*$", README, re.MULTILINE)
    with MockServer(Settings(job_speedup=10)) as server:
        command, *arguments = shlex.split(line.replace("http://127.0.0.1:4010", server.origin))
        run(folder, str(Path(sys.executable).with_name(command)), *arguments)

    assert width(folder / "large.jpg") == 2000


def test_the_curl_calls_work_in_their_order(folder: Path) -> None:
    """Also if a job finishes before the reader types the next line."""
    ids: dict[str, str] = {}
    responses = []
    with MockServer(Settings(job_speedup=1e6)) as server:
        for line in CALLS:
            text = _call(folder, server.origin, line, **ids)
            responses.append(json.loads(text or "null"))
            names = {"PROCESS_ID": "process_id", "DOWNLOAD_URL": "download_url"}
            if isinstance(responses[-1], dict):
                ids |= {name: responses[-1][key] for name, key in names.items() if key in responses[-1]}

    (move,) = (number for number, line in enumerate(CALLS) if line.endswith("/move"))
    submitted, (listed, *_), moved, status = responses[move - 2 : move + 2]
    assert {submitted["process_id"], listed["id"], moved["id"]} == {status["process_id"]}
    assert (listed["vendor_state"], moved["vendor_state"], status["status"]) == (
        "Pending",
        "Failed",
        "Failed",
    )


def test_the_curl_calls_create_a_job_without_an_upload(folder: Path) -> None:
    calls = re.findall(r"^curl .*$", (ROOT / "docs" / "control.md").read_text(), re.MULTILINE)
    with MockServer(Settings(clock=ClockMode.MANUAL)) as server:
        sandbox, job, advanced = (json.loads(_call(folder, server.origin, line)) for line in calls)

    assert (sandbox["label"], job["vendor_state"]) == ("shop", "Pending")
    assert [one["vendor_state"] for one in advanced["events"]] == ["Processing", "Completed"]


def test_the_curl_calls_capture_a_webhook(folder: Path) -> None:
    *_, submit, look = CALLS
    with MockServer(Settings(clock=ClockMode.MANUAL)) as server:
        call = partial(_call, folder, server.origin)
        process_id = json.loads(call(submit))["process_id"]
        server.twin.advance(60, vendor="topaz", key="k")
        messages = json.loads(call(look))["messages"]

    events = [json.loads(message["body"]) for message in messages]
    assert [(one["process_id"], one["status"]) for one in events] == [
        (process_id, "Processing"),
        (process_id, "Completed"),
    ]


def _call(folder: Path, origin: str, line: str, **known: str) -> str:
    for placeholder, value in {"http://127.0.0.1:4010": origin, **known}.items():
        line = line.replace(placeholder, value)
    return curl(folder, line)
