"""The text in docs/coverage.md is what a small suite covers."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from safelight_mock import ClockMode, Settings, Twin, TwinTransport, write_coverage

ROOT = Path(__file__).parents[2]
PHOTO = (ROOT / "docs/photograph/dahlia.jpg").read_bytes()
EXCERPT = ROOT / "contract_tests/howto/coverage.txt"
BASE = "http://twin/topaz/image/v1"


@pytest.fixture
def twin() -> Iterator[Twin]:
    with closing(Twin(Settings(clock=ClockMode.AUTO))) as twin:
        yield twin


def test_the_text_of_a_small_suite(twin: Twin, tmp_path: Path) -> None:
    with httpx.Client(transport=TwinTransport(twin), base_url=BASE, headers={"X-API-Key": "k"}) as api:
        done = submit(api, "/enhance/async", output_width="800")
        for _ in range(2):
            api.get(f"/status/{done}")
        api.get(f"/download/{done}")
        api.delete(f"/cancel/{submit(api, '/denoise/async')}")
        api.get("/status/00000000-0000-4000-8000-000000000000")
    write_coverage(twin.coverage(), tmp_path / "coverage.txt")

    first, _, _ = (tmp_path / "coverage.txt").read_text(encoding="utf-8").partition("\n\n")

    assert first + "\n" == EXCERPT.read_text(encoding="utf-8")


def submit(api: httpx.Client, path: str, **fields: str) -> str:
    response = api.post(path, files={"image": ("a.jpg", PHOTO)}, data=fields)
    return str(response.json()["process_id"])
