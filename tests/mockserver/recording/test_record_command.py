"""The command `safelight-mock record`."""

import re
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner
from tests.mockserver.processes import closing_down
from tests.mockserver.recording.sessions import KEY, Client, served
from tests.mockserver.recording.test_sessions import luma

from safelight_mock.adapters.cli import main

COMMAND = [sys.executable, "-m", "safelight_mock", "record"]


@pytest.mark.slow
def test_a_session_with_a_document_is_recorded_until_it_is_interrupted(tmp_path: Path) -> None:
    document = [
        "examples/luma/openapi.yaml",
        "--lifecycle",
        "examples/luma/lifecycle.overlay.yaml",
        "--name",
        "luma",
    ]
    with served("luma") as upstream:
        options = [*document, "--upstream", upstream.url("luma"), "-o", str(tmp_path), "--port", "0"]
        process = subprocess.Popen(
            [*COMMAND, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        with closing_down(process):
            assert process.stderr is not None
            match = re.search(r"at (\S+);", process.stderr.readline())
            assert match is not None
            with Client(match[1], {"authorization": f"Bearer {KEY}"}) as client:
                luma(client)
            process.send_signal(signal.SIGINT)
            out, _ = process.communicate(timeout=20)

    assert process.returncode == 0
    assert f"safelight-mock serve --scenario {tmp_path / 'luma.yaml'}" in out
    assert re.search(r"^\d+ requests, \d+ observations: ", out)
    assert (tmp_path / "luma.yaml").exists()
    assert len([*(tmp_path / "files").iterdir()]) == 1


WRONG = [
    ([], "give the OpenAPI document of the service, or --vendor NAME for a built-in API"),
    (["api.yaml", "--vendor", "topaz"], "give the OpenAPI document of the service, or --vendor NAME"),
    (["--vendor", "nobody"], "unknown vendor 'nobody'; use one of"),
    (["--vendor", "topaz", "--upstream", "nowhere"], "'nowhere' is not a base URL; use https://host"),
    (["missing.yaml"], "missing.yaml"),
    (
        ["a.yaml", "--upstream", "http://me:pass@a.example"],
        "'--upstream': 'http://***@a.example' is not a base",
    ),
    (["a.yaml", "--public-url", "nowhere"], "'--public-url': 'nowhere' is not a base URL; use https://host"),
    (["a.yaml", "--allow-webhook-host", "http://a.example"], "'http://a.example' is not a host; use a name"),
    (["a.yaml", "--account-webhook", "here"], "'here' is not the URL of a webhook; use https://host/path"),
    (["a.yaml", "--idle", "soon"], "'--idle': 'soon' is not a number above zero"),
]


@pytest.mark.parametrize(("options", "sentence"), WRONG, ids=[sentence[:30] for _, sentence in WRONG])
def test_what_is_wrong_is_said_in_a_sentence(tmp_path: Path, options: list[str], sentence: str) -> None:
    needed = [] if "--upstream" in options else ["--upstream", "http://127.0.0.1:1"]

    result = CliRunner().invoke(
        main, ["record", *options, *needed, "-o", str(tmp_path / "out"), "--port", "0"]
    )

    assert result.exit_code in (1, 2)
    assert sentence in result.output
    assert "Traceback" not in result.output


def test_a_port_in_use_is_said_in_a_sentence(tmp_path: Path) -> None:
    with served("topaz") as upstream:
        port = httpx.URL(upstream.origin).port
        options = [
            "--vendor",
            "topaz",
            "--upstream",
            upstream.origin,
            "-o",
            str(tmp_path),
            "--port",
            str(port),
        ]
        result = CliRunner().invoke(main, ["record", *options])

    assert (result.exit_code, result.output) == (
        1,
        f"Error: cannot use port {port}: Address already in use; choose another --port\n",
    )
