"""Libraries with connections of their own are refused inside `intercept`, aloud."""

import json
import subprocess
import sysconfig
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = [pytest.mark.sdks, pytest.mark.slow]

PROGRAM = Path(__file__).parent / "programs" / "native_clients.py"
LIBRARIES = ["pycurl", "grpc", "grpc.aio", "curl_cffi", "tornado", "niquests", "niquests, asyncio"]


@pytest.fixture(scope="module")
def sentences(python: Callable[[str], Path]) -> dict[str, str]:
    done = subprocess.run(
        [python("native-clients"), "-s", PROGRAM, sysconfig.get_path("purelib")],
        capture_output=True,
        text=True,
        check=False,
        env={"NO_PROXY": "*"},
    )
    assert done.returncode == 0, done.stderr
    report: dict[str, str] = json.loads(done.stdout)
    return report


@pytest.mark.parametrize("library", LIBRARIES)
def test_the_block_ends_with_a_sentence_that_names_the_place(sentences: dict[str, str], library: str) -> None:
    assert sentences[library].startswith(f"a connection to api.topazlabs.com from {PROGRAM}:")
    assert "but not to what connects here; give that the base URL of a MockServer" in sentences[library]
