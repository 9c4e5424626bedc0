"""The wheel works in fresh environments without the checkout."""

import os
import re
import shlex
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copy
from zipfile import ZipFile

import httpx
import pytest
from tests.packaging.conftest import Install, run

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
PHOTOGRAPH = ROOT / "tests" / "data" / "chelsea.jpg"
README = (ROOT / "README.md").read_text(encoding="utf-8")
LOCK = (ROOT / "locks" / "dev.txt").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```python\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
OVERLAY = ROOT / "overlays" / "topaz" / "truth" / "00-matting-page.overlay.yaml"
PACKAGES = (
    "safelight",
    "safelight_clients",
    "safelight_codegen",
    "safelight_lifecycle",
    "safelight_mock",
    "safelight_openapi",
    "safelight_specs",
    "safelight_testing",
)


def python(commands: Path, code: str, returns: int = 0, folder: Path | None = None) -> str:
    """Run code in an environment that sees nothing but what is installed there."""
    return run(commands / "python", "-I", "-c", code, returns=returns, folder=folder)


@contextmanager
def served(commands: Path) -> Iterator[str]:
    """Serve the twin; give the base URL it prints."""
    command = (commands / "safelight-mock", "serve", "--port", "0")
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as twin:
        try:
            line = twin.stderr.readline() if twin.stderr else ""
            assert line.startswith("topaz: http://127.0.0.1:")
            yield line.removeprefix("topaz: ").strip()
        finally:
            twin.terminate()


def test_the_wheel_holds_the_packages_and_nothing_beside_them(wheel: Path) -> None:
    names = ZipFile(wheel).namelist()

    tops = {name.partition("/")[0] for name in names}

    assert tops == {*PACKAGES, "safelight-0.1.0.dist-info"}
    assert not [name for name in names if re.search(r"\btests?[_/]|__pycache__|\.pyc$", name)]


@pytest.mark.parametrize(
    "name",
    [
        *(f"{package}/py.typed" for package in PACKAGES),
        "safelight_clients/topaz/client.py",
        "safelight_codegen/_generate/templates/openapi-python-client.yaml",
        "safelight_lifecycle/async-jobs.schema.json",
        "safelight_openapi/_overlay/overlay.schema.json",
        "safelight_specs/topaz.json",
        "safelight_specs/topaz.provenance.json",
        "safelight_specs/topaz.strict.json",
        "safelight-0.1.0.dist-info/licenses/LICENSE",
        "safelight-0.1.0.dist-info/licenses/NOTICE",
    ],
)
def test_the_wheel_holds(wheel: Path, name: str) -> None:
    assert name in ZipFile(wheel).namelist()


def test_the_client_alone_brings_nothing_that_only_an_extra_needs(install: Install) -> None:
    commands = install("")

    python(commands, "import safelight, safelight_clients.topaz")
    listed = "import importlib.metadata as m; print(*(d.name.lower() for d in m.distributions()))"
    installed = set(python(commands, listed).split())

    assert installed >= {"safelight", "attrs", "httpx"}
    assert not installed & only_in_extras()


def only_in_extras() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = (named for extra in project["optional-dependencies"].values() for named in extra)
    return {re.split(r"[^\w-]", named)[0] for named in extras} - {"safelight"}


@pytest.mark.parametrize(
    ("command", "extra"), [("safelight", "cli"), ("safelight-mock", "mock"), ("safelight-codegen", "codegen")]
)
def test_a_command_without_its_extra_says_which_one_to_install(
    install: Install, command: str, extra: str
) -> None:
    commands = install("")

    output = run(commands / command, "--help", returns=1)

    assert f"pip install 'safelight[{extra}]'" in output
    assert "Traceback" not in output


def test_with_the_extra_mock_the_server_runs_a_job(install: Install) -> None:
    commands = install("[mock]")

    with served(commands) as url, httpx.Client(headers={"X-API-Key": "k"}, trust_env=False) as client:
        taken = client.post(f"{url}/enhance/async", files={"image": ("cat.jpg", PHOTOGRAPH.read_bytes())})
        status = client.get(f"{url}/status/{taken.json()['process_id']}")

    assert (taken.status_code, status.status_code) == (200, 200)
    assert (status.json()["filename"], status.json()["input_format"]) == ("cat.jpg", "jpeg")


@pytest.mark.wheel
def test_the_examples_of_the_readme_run_in_a_folder_with_a_photograph(
    install: Install, tmp_path: Path
) -> None:
    commands = install("[mock]")
    copy(PHOTOGRAPH, tmp_path / "photo.jpg")

    outputs = [python(commands, example, folder=tmp_path) for example in EXAMPLES]

    assert "large.jpg" in outputs[0]
    assert {"large.jpg", "quiet.jpg", "now.jpg"} <= {path.name for path in tmp_path.iterdir()}


@pytest.mark.wheel
def test_from_an_empty_folder_to_a_green_test_as_the_readme_says(wheel: Path, tmp_path: Path) -> None:
    (told,) = re.findall(r"Run `(pip install '\.\[testing\]' requests)`, save this as\n`(\w+\.py)`", README)
    (tests,) = re.findall(r"^```py\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    commands, versions = tmp_path / "venv" / "bin", tmp_path / "versions.txt"
    versions.write_text("\n".join(re.findall(r"^[\w.-]+==\S+(?: ; [^\\\n]+)?", LOCK, re.MULTILINE)))
    copy(PHOTOGRAPH, tmp_path / "photo.jpg")
    began = time.monotonic()

    run(sys.executable, "-m", "venv", commands.parent)
    command, *arguments = shlex.split(told[0].replace(".[testing]", f"{wheel}[testing]"))
    run(commands / command, *arguments, variables={**os.environ, "PIP_CONSTRAINT": str(versions)})
    (tmp_path / told[1]).write_text(tests)
    output = run(commands / "pytest", "-q", folder=tmp_path)

    assert "2 passed" in output
    assert time.monotonic() - began < 120


def test_with_the_extra_codegen_overlays_can_be_checked(install: Install, tmp_path: Path) -> None:
    commands = install("[codegen]")
    broken = tmp_path / "broken.overlay.yaml"
    broken.write_text("overlay: 1.1.0\n")

    assert "overlay" in run(commands / "safelight-codegen", "--help")
    run(commands / "safelight-codegen", "overlay", "check", OVERLAY)
    assert "info is missing" in run(commands / "safelight-codegen", "overlay", "check", broken, returns=1)


def test_with_the_extra_openapi_lifecycles_can_be_checked(install: Install) -> None:
    commands = install("[openapi]")
    check = (
        "from safelight_openapi._checks.lifecycles import lifecycle_violations\n"
        "print(list(lifecycle_violations({'x-async-jobs': {'version': '2', 'colour': 'red'}})))"
    )

    assert "colour" in python(commands, check)
