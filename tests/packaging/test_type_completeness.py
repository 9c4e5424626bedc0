"""Users' type checkers know the types of everything that a package exports."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.types, pytest.mark.slow]

PYRIGHT = Path(__file__).parents[1] / "generators" / "node_modules" / ".bin" / "pyright"
PACKAGES = [
    "safelight",
    "safelight_clients",
    "safelight_codegen",
    "safelight_lifecycle",
    "safelight_mock",
    "safelight_openapi",
    "safelight_specs",
    "safelight_testing",
]


@pytest.fixture(scope="module")
def pyright() -> str:
    """Return the command; it may be missing on a machine of a developer, but not in CI."""
    if PYRIGHT.is_file() and shutil.which("node"):
        return str(PYRIGHT)
    reason = "pyright is not installed; `make test-slow` installs it"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.mark.parametrize("package", PACKAGES)
def test_the_types_of_a_package_are_complete(pyright: str, package: str) -> None:
    command = [pyright, "--verifytypes", package, "--ignoreexternal", "--outputjson"]

    done = subprocess.run(
        [*command, "--pythonpath", sys.executable],
        env={**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    report = json.loads(done.stdout)["typeCompleteness"]
    problems = [
        f"{symbol['name']}: {one['message']}"
        for symbol in report["symbols"]
        for one in symbol["diagnostics"]
        if symbol["isExported"]
    ]
    assert report["completenessScore"] >= 0.99, problems
