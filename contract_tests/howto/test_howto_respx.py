"""Shown in docs/respx.md."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import requests
from PIL import Image
from respx import MockRouter

from safelight import ApiError, Topaz
from safelight_mock import ClockMode, MockServer, Settings, Twin
from safelight_testing import RefusedConnectionError, WrongRequestError, respx_routes

PHOTO = Path("docs/photograph/dahlia.jpg")


def enlarge(photo: Path, into: Path) -> Path:
    """Program under test."""
    with Topaz(api_key="k") as topaz:
        return topaz.enhance(photo, output_width=1000).wait().save(into / "large.jpg")


@pytest.fixture
def topaz_api() -> Iterator[MockRouter]:
    with respx_routes("topaz") as routes:
        yield routes


def test_responses_are_the_documents_examples(topaz_api: MockRouter, tmp_path: Path) -> None:
    assert enlarge(PHOTO, tmp_path).exists()

    assert topaz_api["postEnhanceAsync"].call_count == 1
    assert not topaz_api["cancelTask"].called


def test_a_response_is_replaced(topaz_api: MockRouter, tmp_path: Path) -> None:
    no_credits = httpx.Response(402, json={"code": 402, "message": "Insufficient funds."})
    topaz_api["postEnhanceAsync"].mock(return_value=no_credits)

    with pytest.raises(ApiError, match="returned 402: Insufficient funds"):
        enlarge(PHOTO, tmp_path)


@pytest.mark.usefixtures("topaz_api")
def test_an_invalid_request_fails_the_test() -> None:
    with pytest.raises(WrongRequestError, match='output_width: "wide" is not of type "integer"'):
        httpx.post(
            "https://api.topazlabs.com/image/v1/enhance/async",
            headers={"X-API-Key": "k"},
            files={"image": PHOTO.read_bytes()},
            data={"output_width": "wide"},
        )


def test_responses_come_from_a_mock_server(tmp_path: Path) -> None:
    twin = Twin(Settings(clock=ClockMode.AUTO))

    with respx_routes("topaz", twin=twin) as routes:
        large = enlarge(PHOTO, tmp_path)

        assert routes["files"].call_count == 1
    with Image.open(large) as picture:
        assert picture.width == 1000
    twin.close()


def test_other_libraries_cannot_reach_a_vendor() -> None:
    with (
        pytest.raises(RefusedConnectionError, match=r"a connection to api\.topazlabs\.com from"),
        respx_routes("topaz"),
    ):
        requests.get("https://api.topazlabs.com/image/v1/status", timeout=9)


def test_other_libraries_call_a_mock_server() -> None:
    with MockServer() as server, respx_routes("topaz"):
        response = requests.get(f"{server.url('topaz')}/status", headers={"X-API-Key": "k"}, timeout=9)

    assert response.json() == []
