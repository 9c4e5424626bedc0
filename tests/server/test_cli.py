"""The command tells what it does and, in one line, what was wrong."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from safelight_mock.server.cli import main


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["serve", "--port", "70000"], "70000 is not in the range 0<=x<=65535"),
        (["serve", "--speed", "0"], "0.0 is not in the range x>0"),
        (["serve", "--set", "topaz.colour=1"], "no setting is called 'topaz.colour'; there are: topaz."),
        (["serve", "--set", "topaz.automatic_scale=big"], "topaz.automatic_scale: 'big' is no float"),
        (["serve", "--speed", "nan"], "speed must be a number above zero, not nan"),
        (["serve", "--body-timeout", "inf"], "body_timeout must be a number above zero, not inf"),
        (["dance"], "No such command 'dance'"),
    ],
)
def test_a_wrong_argument_is_one_clear_line(arguments: list[str], said: str) -> None:
    told = CliRunner().invoke(main, arguments)

    assert told.exit_code == 2
    assert said in told.stderr
    assert "Traceback" not in told.output


def test_a_port_in_use_is_one_clear_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        told = CliRunner().invoke(main, ["serve", "--port", str(taken.getsockname()[1])])

    assert told.exit_code == 1
    assert told.stderr.startswith("Error: cannot listen on 127.0.0.1:")
    assert "choose another --port" in told.stderr


def test_settings_are_listed_with_what_they_mean() -> None:
    told = CliRunner().invoke(main, ["settings"])

    assert told.exit_code == 0
    assert "topaz.automatic_scale=2.0" in told.output


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "70000"),
        ("SPEED", "-7"),
        ("BODY_TIMEOUT", "soon"),
        ("SET", "topaz.automatic_scale=2 topaz.hue=1"),
    ],
)
def test_the_environment_sets_every_option(name: str, value: str) -> None:
    told = CliRunner().invoke(main, ["serve"], env={f"SAFELIGHT_MOCK_{name}": value})

    assert told.exit_code == 2
    assert value.rsplit(" ", maxsplit=1)[-1].partition("=")[0] in told.stderr


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
def test_a_served_twin_says_where_it_is_answers_and_leaves_nothing(
    tmp_path: Path, told: signal.Signals
) -> None:
    command = [sys.executable, "-m", "safelight_mock", "serve", "--port", "0", "--api-key", "right"]
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, env={**os.environ, "TMPDIR": str(tmp_path)}
    ) as process:
        assert process.stderr is not None
        line = process.stderr.readline()
        url = line.removeprefix("topaz: ").strip()

        refused = httpx.get(f"{url}/status", headers={"X-API-Key": "wrong"})
        answer = httpx.get(f"{url}/status", headers={"X-API-Key": "right"})
        process.send_signal(told)
        rest = process.stderr.read()

    assert line.startswith("topaz: http://127.0.0.1:")
    assert (refused.status_code, answer.status_code) == (401, 200)
    assert "right" not in rest
    assert "Traceback" not in rest
    assert rest == "GET /topaz/image/v1/status 401: Unauthorized\nGET /topaz/image/v1/status 200\n"
    assert process.returncode == 0
    assert list(tmp_path.iterdir()) == []
