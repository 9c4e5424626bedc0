"""The wheel, built once, and environments in which it is installed."""

import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from uv import find_uv_bin

ROOT = Path(__file__).parents[2]
SECONDS = 600  # for a slow package index

Install = Callable[..., Path]


def run(
    *command: str | Path,
    returns: int = 0,
    folder: Path | None = None,
    variables: Mapping[str, str] | None = None,
) -> str:
    """Run a command; return what it says."""
    done = subprocess.run(
        command, capture_output=True, check=False, text=True, timeout=SECONDS, cwd=folder, env=variables
    )
    assert done.returncode == returns, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout + done.stderr


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    into = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", into, ROOT)
    (built,) = into.iterdir()
    return built


@pytest.fixture
def install(wheel: Path, tmp_path: Path) -> Install:
    """Return what installs the wheel, with extras, in a new environment and gives its folder of commands.

    Further packages have the versions of `locks/dev.txt`.
    """

    def install(extras: str, *others: str) -> Path:
        commands = tmp_path / "venv" / "bin"
        uv = find_uv_bin()
        run(uv, "venv", "--quiet", "--python", sys.executable, commands.parent)
        into = (uv, "pip", "install", "--quiet", "--python", commands / "python")
        ours = f"safelight{extras} @ {wheel.as_uri()}"
        run(*into, "--constraint", ROOT / "locks" / "dev.txt", ours, *others)
        return commands

    return install
