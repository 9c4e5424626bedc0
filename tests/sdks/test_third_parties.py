"""Third-party clients with hard-coded hosts, unmodified, over `intercept`."""

from collections.abc import Callable
from pathlib import Path
from shutil import copy

import pytest
from tests.sdks.conftest import PHOTOGRAPH, Example, Run, intercepted

pytestmark = [pytest.mark.sdks, pytest.mark.slow]

RunProgram = Callable[..., Run]


@pytest.fixture(scope="module")
def run(python: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> RunProgram:
    """Return what runs a program with the packages of a lock, while these APIs are served."""

    def run(lock: str, program: str, *names: str) -> Run:
        folder = tmp_path_factory.mktemp(lock)
        copy(PHOTOGRAPH, folder / "photograph.jpg")
        examples = [Example(name, {}) for name in names]
        return intercepted((python(lock), "-s"), program, folder, examples)

    return run


def test_fal_client(run: RunProgram) -> None:
    seen = run("fal", "fal_sdk.py", "fal").seen

    assert seen["events"][-1] == "Completed"
    for name in ("result", "subscribed", "asynchronous"):
        assert seen[name]["images"][0]["url"].startswith("https://queue.fal.run/")
    assert seen["cancelled"] == seen["failed"] == seen["invalid"] == "FalClientHTTPError"


def test_claidai(run: RunProgram) -> None:
    seen = run("claidai", "claidai_sdk.py").seen

    assert seen["link"].startswith("https://dl.claid.ai/")
    assert seen["is_png"]
    assert seen["sizes"] == [451, 902]
    assert seen["wrong"]


def test_litellm(run: RunProgram) -> None:
    seen = run("litellm", "litellm_sdk.py", "openai", "runway").seen

    assert seen["synchronous"]["status"] == seen["asynchronous"]["status"] == "completed"
    assert min(seen["synchronous"]["size"], seen["asynchronous"]["size"]) > 1000
    assert seen["runway"] == "queued"
    assert seen["refused"] == "AuthenticationError"


def test_openai_over_aiohttp(run: RunProgram) -> None:
    seen = run("openai", "openai_aiohttp.py", "openai").seen

    assert seen["video"]["status"] == "completed"
    assert seen["video"]["size"] > 1000
