"""The command explains its options, and reports an error in one line."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner
from tests.mockserver.processes import closing_down

from safelight_mock import ClockMode, Settings
from safelight_mock.adapters.cli import main, serve
from safelight_mock.adapters.grouped_options import GroupedOption
from safelight_mock.vendors import VENDORS

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["serve", "--port", "70000"], "'70000' is not a port: a number from 0 to 65535"),
        (["serve", "--port", "abc"], "'abc' is not a port: a number from 0 to 65535"),
        (["serve", "--max-jobs", "abc"], "'abc' is not a whole number from 1"),
        (["serve", "--job-speedup", "0"], "'0' is not a number above zero"),
        (
            ["serve", "--set", "topaz"],
            "'topaz' is not NAME=VALUE, such as topaz.credits=100; `safelight-mock",
        ),
        (["serve", "--api-key", ""], "it is empty; give a value, or leave the option out"),
        (
            ["serve", "--control-token", ""],
            "--control-token: it is empty; give a value, or leave the option",
        ),
        (["serve", "--tengr-host", "a b"], "--tengr-host: 'a b' is not a host; use a name or an IP address"),
        (["serve", "--clock-rate", "5"], "--clock-rate has no effect with --clock real; add --clock scaled"),
        (
            ["serve", "--durability", "full"],
            "--durability full has no effect without --data-dir PATH; add it",
        ),
        (["serve", "--vendors", "topas"], "--vendors: unknown vendor 'topas'; did you mean 'topaz'?"),
        (
            ["serve", "--scenario", "flaky-submti"],
            "unknown scenario 'flaky-submti'; did you mean 'flaky-submit'?",
        ),
        (
            ["serve", "--set", "topaz.colour=1"],
            "unknown setting 'topaz.colour'; ",
        ),
        (["serve", "--set", "topaz.automatic_scale=big"], "topaz.automatic_scale: 'big' is not a number"),
        (["serve", "--job-speedup", "nan"], "--job-speedup must be a number above zero, not nan"),
        (["serve", "--body-timeout", "inf"], "--body-timeout must be a number above zero, not inf"),
        (["serve", "--files-port", "-1"], "'-1' is not a port: a number from 0 to 65535"),
        (
            ["serve", "--retention", "soon"],
            "'soon' is not a duration; use a number and a unit, such as 90s, 24h or 7d",
        ),
        (["serve", "--retention", "0h"], "retention must be a positive duration"),
        (["serve", "--shutdown-timeout", "-1"], "'-1' is not a number from zero"),
        (["serve", "--public-url", "here"], "'here' is not a base URL"),
        (["serve", "--files-url", "http://h?q"], "'http://h?q' is not a base URL"),
        (["serve", "--files-url", "acme=http://h"], "unknown vendor 'acme'; use one of topaz, claid, tengr"),
        (
            ["serve", "--files-url", "topaz=http://h?q"],
            "'http://h?q' is not a base URL",
        ),
        (["serve", "--cors-origin", "http://h/"], "'http://h/' is not an origin; use scheme://host or"),
        (["serve", "--trust-proxy", "nginx"], "'nginx' is not an IP address or network; use one such as"),
        (["dance"], "No such command 'dance'"),
    ],
)
def test_a_wrong_argument_is_one_clear_line(arguments: list[str], message: str) -> None:
    outcome = CliRunner().invoke(main, arguments)

    assert outcome.exit_code == 2
    assert message in outcome.stderr
    assert "Traceback" not in outcome.output


def test_an_unknown_setting_is_rejected_with_the_most_similar_name() -> None:
    result = CliRunner().invoke(main, ["serve", "--set", "topaz.credit=1"])

    assert result.stderr.splitlines()[-1].endswith(
        "unknown setting 'topaz.credit'; did you mean 'topaz.credits'? `safelight-mock settings` lists all"
    )


def test_the_help_lists_each_option_in_a_group_with_its_variable() -> None:
    lines = CliRunner().invoke(main, ["serve", "--help"], terminal_width=200).output.splitlines()

    titles = [line for line in lines if line.endswith(":") and not line.startswith(" ")]
    assert titles == [
        "Documents:",
        "Addresses and links:",
        "Time:",
        "API behaviour:",
        "Input URLs and webhooks:",
        "Storage:",
        "Limits and timeouts:",
        "Control plane and log:",
        "Other:",
    ]
    options = [option for option in serve.params if isinstance(option, GroupedOption)]
    assert [param.name for param in serve.params if param not in options] == ["documents"]
    for option in options:
        assert any(f"[env var: {option.variable}" in line for line in lines), option.name
        assert (option.help or "").count(". ") == 0, "one sentence each"


def test_each_setting_has_an_option_of_its_name() -> None:
    assert {*Settings.__struct_fields__} <= {option.name for option in serve.params}


@pytest.mark.parametrize("option", ["--port", "--files-port"])
def test_a_port_in_use_is_one_clear_line(option: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        outcome = CliRunner().invoke(main, ["serve", "--port", "0", option, str(taken.getsockname()[1])])

    assert outcome.exit_code == 1
    assert outcome.stderr.startswith("Error: cannot listen on 127.0.0.1:")
    assert f"Address already in use; choose another {option}, or 0 for any\n" in outcome.stderr


def test_settings_are_listed_with_what_they_mean() -> None:
    outcome = CliRunner().invoke(main, ["settings"])

    assert outcome.exit_code == 0
    assert "topaz.automatic_scale=2.0\n" in outcome.output


def test_settings_that_a_document_declares_are_listed_as_it_has_them() -> None:
    outcome = CliRunner().invoke(main, ["settings"]).output

    assert "topaz.webhook_retried=5xx,network\n" in outcome
    assert "topaz.webhook_attempts=20\n" in outcome
    assert "topaz.webhook_timeout=30.0\n" in outcome
    assert "topaz.link_hours=168.0\n" in outcome


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "70000"),
        ("JOB_SPEEDUP", "-7"),
        ("BODY_TIMEOUT", "soon"),
        ("RETENTION", "later"),
        ("SHUTDOWN_TIMEOUT", "little"),
        ("FILES_PORT", "other"),
        ("FILES_URL", "topaz=http://h ftp://files"),
        ("TRUST_PROXY", "10.0.0.1 nginx"),
        ("CORS_ORIGIN", "http://a http://b/c"),
        ("SET", "topaz.automatic_scale=2 topaz.hue=1"),
        ("START", "yesterday"),
        ("SCENARIO", "stukc"),
        ("SCENARIO_FILE", "/nowhere/none.yaml"),
        ("COVERAGE", "covered.pdf"),
    ],
)
def test_the_environment_sets_every_option(name: str, value: str) -> None:
    outcome = CliRunner().invoke(main, ["serve"], env={f"SAFELIGHT_MOCK_{name}": value})

    assert outcome.exit_code == 2
    assert value.rsplit(" ", maxsplit=1)[-1].partition("=")[0] in outcome.stderr


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("PORT", "70000", "'70000' is not a port: a number from 0 to 65535"),
        ("CLOCK", "fast", "'fast' is not one of 'real', 'scaled', 'manual', 'auto'."),
        ("JOB_SPEEDUP", "nan", "job_speedup must be a number above zero, not nan"),
        ("INPUT_TIMEOUT", "inf", "input_timeout must be a number above zero, not inf"),
        ("PUBLIC_URL", "here", "'here' is not a base URL;"),
        ("FILES_URL", "http://h topaz=there", "'there' is not a base URL;"),
        ("CONTROL_TOKEN", "two words", "control_token must be visible ASCII characters"),
        ("SET", "topaz.hue=1", "unknown setting 'topaz.hue'; "),
        ("HOST", "0.0.0.0", "--host 0.0.0.0 can be reached from other machines, "),  # noqa: S104 - it is refused
        ("DATA_DIR", __file__, f"--data-dir {__file__} is a file; choose a folder"),
        ("SCENARIO", "stukc", "unknown scenario 'stukc'; did you mean 'stuck'?"),
        ("COVERAGE", "covered", "--coverage covered has no format; let its name end with .json, .txt, "),
    ],
)
def test_a_wrong_value_from_the_environment_names_its_variable(name: str, value: str, message: str) -> None:
    outcome = CliRunner().invoke(main, ["serve"], env={f"SAFELIGHT_MOCK_{name}": value})

    assert outcome.exit_code == 2
    assert outcome.stderr.splitlines()[-1].startswith(f"Error: SAFELIGHT_MOCK_{name}: {message}")


def test_a_wrong_option_is_not_blamed_on_the_environment() -> None:
    environment = {"SAFELIGHT_MOCK_JOB_SPEEDUP": "2", "SAFELIGHT_MOCK_PUBLIC_URL": "https://mock.test"}

    outcome = CliRunner().invoke(main, ["serve", "--job-speedup", "nan"], env=environment)

    assert outcome.stderr.splitlines()[-1] == "Error: --job-speedup must be a number above zero, not nan"


def test_a_port_in_use_from_the_environment_names_its_variable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        environment = {"SAFELIGHT_MOCK_PORT": str(taken.getsockname()[1])}
        outcome = CliRunner().invoke(main, ["serve"], env=environment)

    assert outcome.exit_code == 1
    assert outcome.stderr.startswith("Error: SAFELIGHT_MOCK_PORT: cannot listen on 127.0.0.1:")


@pytest.mark.parametrize("host", ["203.0.113.9", "here.invalid"])
def test_an_unknown_host_from_the_environment_names_its_variable(host: str) -> None:
    environment = {"SAFELIGHT_MOCK_HOST": host, "SAFELIGHT_MOCK_CONTROL_TOKEN": "t"}

    outcome = CliRunner().invoke(main, ["serve", "--port", "0"], env=environment)

    assert outcome.exit_code == 1
    assert outcome.stderr.startswith(f"Error: SAFELIGHT_MOCK_HOST: cannot listen on {host}:0: ")
    assert outcome.stderr.endswith("; choose another --host\n")


def test_an_unusable_data_dir_from_the_environment_names_its_variable() -> None:
    environment = {"SAFELIGHT_MOCK_DATA_DIR": f"{__file__}/below"}

    outcome = CliRunner().invoke(main, ["serve", "--port", "0"], env=environment)

    assert outcome.exit_code == 1
    assert outcome.stderr.startswith("Error: SAFELIGHT_MOCK_DATA_DIR: cannot use data directory ")


@pytest.mark.parametrize("mode", ClockMode)
def test_every_clock_mode_of_the_readme_is_an_option_value(mode: ClockMode) -> None:
    served = main.commands["serve"].make_context("serve", ["--clock", mode.value])

    assert served.params["clock"] is mode


@pytest.mark.fidelity("twin:plain-http")
@pytest.mark.parametrize("outcome", [signal.SIGINT, signal.SIGTERM])
def test_the_command_prints_its_urls_serves_and_leaves_no_files(
    tmp_path: Path, outcome: signal.Signals
) -> None:
    command = [sys.executable, "-m", "safelight_mock", "serve", "--port", "0", "--api-key", "right"]
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    with (
        subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as process,
        closing_down(process),
    ):
        assert process.stderr is not None
        addresses = dict(process.stderr.readline().strip().split(": ") for _ in VENDORS)
        url = addresses["topaz"]

        refused = httpx.get(f"{url}/status", headers={"X-API-Key": "wrong"}, timeout=30)
        response = httpx.get(f"{url}/status", headers={"X-API-Key": "right"}, timeout=30)
        process.send_signal(outcome)
        rest = process.stderr.read()

    assert url.startswith("http://127.0.0.1:")
    assert (refused.status_code, response.status_code) == (401, 200)
    assert "right" not in rest
    assert "Traceback" not in rest
    why = "the key is not one of --api-key (Settings.api_keys)"
    assert rest == f"GET /topaz/image/v1/status 401: Unauthorized; {why}\nGET /topaz/image/v1/status 200\n"
    assert process.returncode == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.fidelity("twin.public_url", "twin.files_url")
@pytest.mark.parametrize(
    ("chosen", "outcome"),
    [
        ((), ["topaz: http://127.0.0.1:{port}/topaz/image/v1", "files: http://127.0.0.1:{files}/files/"]),
        (
            ("--public-url", "https://mock.example/below/", "--retention", "24h"),
            [
                "topaz: https://mock.example/below/topaz/image/v1",
                "files: https://mock.example:{files}/files/",
            ],
        ),
        (
            ("--public-url", "https://mock.example", "--files-url", "https://files.example"),
            ["topaz: https://mock.example/topaz/image/v1", "files: https://files.example/files/"],
        ),
    ],
)
def test_the_command_prints_the_configured_urls(chosen: tuple[str, ...], outcome: list[str]) -> None:
    with free_port() as port, free_port() as files:
        pass
    command = [
        sys.executable,
        "-m",
        "safelight_mock",
        "serve",
        "--port",
        f"{port}",
        "--files-port",
        f"{files}",
    ]
    with (
        subprocess.Popen([*command, *chosen], stderr=subprocess.PIPE, text=True) as process,
        closing_down(process),
    ):
        assert process.stderr is not None
        lines = [process.stderr.readline().strip() for _ in (*VENDORS, "files")]

    assert process.returncode == 0
    assert {line.format(port=port, files=files) for line in outcome} <= set(lines)


@contextmanager
def free_port() -> Iterator[int]:
    """A port that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        yield probe.getsockname()[1]


def test_scenarios_are_listed_with_what_they_do_and_one_is_printed() -> None:
    listed, stuck, wrong = (
        CliRunner().invoke(main, ["scenarios", *name]) for name in ([], ["stuck"], ["stukc"])
    )

    assert re.search("^stuck +Jobs stay in progress forever.$", listed.output, re.MULTILINE)
    assert stuck.output.startswith('version: "1"\n')
    assert (wrong.exit_code, "did you mean 'stuck'?" in wrong.output) == (2, True)
