"""Tests of `intercept` with other versions of HTTP libraries, and with more of them."""

import subprocess
import sysconfig
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = [pytest.mark.sdks, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
# The environment's own packages come first; what it lacks, such as pytest, is found after them.
PROGRAM = """
import site, sys
site.addsitedir(SITE)
import aiohttp, pytest, urllib3
assert (aiohttp.__version__[:4], urllib3.__version__[:5]) == ("3.9.", "1.26.")
sys.exit(pytest.main(["-q", "-p", "no:cacheprovider", *sys.argv[1:]]))
"""
LIBRARIES = "urllib3 or requests or botocore or httplib2 or aiohttp"


@pytest.mark.parametrize("module", ["test_libraries.py", "test_connection_faults.py"])
def test_older_versions_are_served(python: Callable[[str], Path], module: str) -> None:
    program = PROGRAM.replace("SITE", repr(sysconfig.get_path("purelib")))
    chosen = (f"tests/testing/intercept/{module}", "-k", LIBRARIES)
    done = subprocess.run(
        [python("older-clients"), "-s", "-c", program, *chosen],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={"NO_PROXY": "*"},
    )

    assert done.returncode == 0, done.stdout[-5000:] + done.stderr
