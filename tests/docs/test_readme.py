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

from safelight_mock import MockServer, Settings
from safelight_mock.core.clock import Mode

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


def test_the_first_example_makes_a_large_picture(folder: Path) -> None:
    told = run(folder, sys.executable, "-c", EXAMPLES[0])

    assert told.splitlines()[-2:] == ["Completed 100", "large.jpg"]
    assert width(folder / "large.jpg") == 2000


def test_the_second_example_needs_neither_socket_nor_patience(folder: Path) -> None:
    run(folder, sys.executable, "-c", EXAMPLES[1])


def test_the_third_example_waits_for_three_vendors(folder: Path) -> None:
    told = run(folder, sys.executable, "-c", EXAMPLES[2])

    files = ("quiet.jpg", "white.jpg", "shop/coffee.jpeg", "shop/chelsea.jpeg", "detailed.png", "now.jpg")
    assert [file for file in files if file not in told] == []
    assert [width(folder / file) for file in files] == [640, 800, 800, 800, 1200, 800]
    assert len(EXAMPLES) == 3, "a new example needs a test of its own"


def curl(folder: Path, line: str) -> str:
    """Do what curl does with the options the README uses; a machine may be without it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("-F", dest="parts", action="append", default=[])
    parser.add_argument("-d", dest="body")
    parser.add_argument("-H", dest="headers", action="append", default=[])
    parser.add_argument("-o", dest="output")
    parser.add_argument("-X", dest="method")
    parser.add_argument("url")
    asked = parser.parse_args(shlex.split(line)[1:])
    parts = dict(part.split("=", 1) for part in asked.parts)
    answer = httpx.request(
        asked.method or ("POST" if parts or asked.body else "GET"),
        asked.url,
        headers=dict(header.split(": ", 1) for header in asked.headers),
        content=asked.body,
        files={name: _part(folder, value) for name, value in parts.items()} or None,
    )
    assert answer.is_success, f"{line}: {answer.text}"
    if asked.output:
        (folder / asked.output).write_bytes(answer.content)
        return ""
    return answer.text


def _part(folder: Path, value: str) -> tuple[str | None, bytes]:
    if value.startswith("@"):
        return value[1:], (folder / value[1:]).read_bytes()
    return None, value.encode()


def test_the_calls_with_curl_end_with_a_picture(folder: Path) -> None:
    submit, status, download, fetch, *_ = CALLS
    with MockServer() as server:
        call = partial(_call, folder, server.origin)
        process_id = json.loads(call(submit))["process_id"]
        server.twin.advance(60, vendor="topaz", key="k")
        told = json.loads(call(status, PROCESS_ID=process_id))
        link = json.loads(call(download, PROCESS_ID=process_id))["download_url"]
        call(fetch, DOWNLOAD_URL=link)

    assert told["status"] == "Completed"
    assert width(folder / "large.jpg") == 2000


def test_the_command_does_what_the_calls_with_curl_do(folder: Path) -> None:
    (line,) = re.findall(r"^safelight .*$", README, re.MULTILINE)
    with MockServer(Settings(speed=10)) as server:
        command, *arguments = shlex.split(line.replace("http://127.0.0.1:4010", server.origin))
        run(folder, str(Path(sys.executable).with_name(command)), *arguments)

    assert width(folder / "large.jpg") == 2000


def test_the_calls_with_curl_can_be_followed_in_their_order(folder: Path) -> None:
    """By a reader who takes so long that a job is over before the next line is typed."""
    told: dict[str, str] = {}
    answers = []
    with MockServer(Settings(speed=1e6)) as server:
        for line in CALLS:
            text = _call(folder, server.origin, line, **told)
            answers.append(json.loads(text or "null"))
            names = {"PROCESS_ID": "process_id", "DOWNLOAD_URL": "download_url"}
            if isinstance(answers[-1], dict):
                told |= {name: answers[-1][key] for name, key in names.items() if key in answers[-1]}

    (move,) = (number for number, line in enumerate(CALLS) if line.endswith("/move"))
    submitted, (listed, *_), moved, status = answers[move - 2 : move + 2]
    assert {submitted["process_id"], listed["id"], moved["id"]} == {status["process_id"]}
    assert (listed["word"], moved["word"], status["status"]) == ("Pending", "Failed", "Failed")


def test_a_job_that_nobody_uploaded_is_over_at_once_with_curl(folder: Path) -> None:
    calls = re.findall(r"^curl .*$", (ROOT / "docs" / "control.md").read_text(), re.MULTILINE)
    with MockServer(Settings(clock=Mode.MANUAL)) as server:
        sandbox, job, advanced = (json.loads(_call(folder, server.origin, line)) for line in calls)

    assert (sandbox["label"], job["word"]) == ("shop", "Pending")
    assert [one["word"] for one in advanced["happened"]] == ["Processing", "Completed"]


def test_a_webhook_arrives_in_an_inbox_with_curl(folder: Path) -> None:
    *_, submit, look = CALLS
    with MockServer(Settings(clock=Mode.MANUAL)) as server:
        call = partial(_call, folder, server.origin)
        process_id = json.loads(call(submit))["process_id"]
        server.twin.advance(60, vendor="topaz", key="k")
        letters = json.loads(call(look))["letters"]

    told = [json.loads(letter["body"]) for letter in letters]
    assert [(one["process_id"], one["status"]) for one in told] == [
        (process_id, "Processing"),
        (process_id, "Completed"),
    ]


def _call(folder: Path, origin: str, line: str, **known: str) -> str:
    for placeholder, value in {"http://127.0.0.1:4010": origin, **known}.items():
        line = line.replace(placeholder, value)
    return curl(folder, line)
