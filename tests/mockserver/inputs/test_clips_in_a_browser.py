"""Videos and sounds that jobs give are played by a real browser, to their end."""

from collections.abc import Iterator
from typing import Any, Final

import httpx
import pytest
from selenium.webdriver import Chrome
from tests.browsing import chromium
from tests.examples.served import SPECS

from safelight_mock import ClockMode, MockServer, Settings

pytestmark = [pytest.mark.browser, pytest.mark.slow]

VOICE = {"type": "runway-preset", "presetId": "Maya"}

# Plays eight times as fast, then goes back to the second second, for which the browser requests a range.
PLAY: Final = """
    const [kind, url, done] = arguments;
    const player = document.createElement(kind);
    player.onerror = () => done(player.error.message);
    player.onended = () => {
      const {duration, videoWidth, videoHeight} = player;
      player.onseeked = () => done([duration, videoWidth, videoHeight, player.currentTime]);
      player.currentTime = 1;
    };
    player.playbackRate = 8;
    player.src = url;
    document.body.append(player);
    player.play().catch(error => done(String(error)));
"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    with chromium(tmp_path_factory.mktemp("profile")) as chrome:
        yield chrome


@pytest.fixture(scope="module")
def server() -> Iterator[MockServer]:
    with MockServer(Settings(clock=ClockMode.AUTO), specs=SPECS) as running:
        yield running


def played(browser: Chrome, kind: str, url: str) -> Any:  # noqa: ANN401 - what the page says
    browser.get(url.partition("/_")[0])  # any page that may load it
    result = browser.execute_async_script(PLAY, kind, url)
    assert isinstance(result, list), result
    return result


def test_a_video_of_the_requested_duration_is_played(server: MockServer, browser: Chrome) -> None:
    with httpx.Client(base_url=server.url("luma"), headers={"Authorization": "Bearer k"}) as client:
        made = client.post("/generations/video", json={"model": "ray-2", "duration": "5s"}).json()
        while (read := client.get(f"/generations/{made['id']}").json())["state"] != "completed":
            pass

    duration, *size, at = played(browser, "video", read["assets"]["video"])
    assert (duration, at) == (5, 1)
    assert all(size)


def test_a_sound_is_played(server: MockServer, browser: Chrome) -> None:
    headers = {"Authorization": "Bearer k", "X-Runway-Version": "2024-11-06"}
    speech = {"model": "eleven_multilingual_v2", "promptText": "Rain", "voice": VOICE}
    with httpx.Client(base_url=server.url("runway"), headers=headers) as client:
        made = client.post("/v1/text_to_speech", json=speech).json()
        while (read := client.get(f"/v1/tasks/{made['id']}").json())["status"] != "SUCCEEDED":
            pass

    duration, *_, at = played(browser, "audio", read["output"][0])
    assert duration == pytest.approx(2, abs=0.1)
    assert at == 1
