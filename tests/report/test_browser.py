"""The report in a browser, at the width of a desk and of a phone."""

from collections.abc import Iterator
from typing import Final

import pytest
from selenium.webdriver import Chrome
from tests.browsing import chromium

from contract_tests.report.model import Report
from contract_tests.report.page import page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WIDTHS: Final = {"desktop": (1280, 900), "phone": (390, 844)}
OVERFLOWING: Final = """
    document.querySelectorAll("details").forEach(one => one.open = true);
    const edge = document.documentElement.clientWidth;
    const scrolled = one => one.closest(".scroll") && !one.matches(".scroll");
    return [...document.querySelectorAll("body *")]
      .filter(one => !scrolled(one) && one.getBoundingClientRect().right > edge + 1)
      .map(one => one.tagName + " " + one.textContent.slice(0, 60));
"""
SIDEWAYS: Final = "scrollTo(1000, 0); return [innerWidth, scrollX];"


@pytest.fixture(scope="module")
def address(reported: Report, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page, as a file."""
    path = tmp_path_factory.mktemp("page") / "index.html"
    path.write_text(page(reported), encoding="utf-8")
    return path.as_uri()


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    with chromium(tmp_path_factory.mktemp("profile")) as chrome:
        yield chrome


@pytest.fixture(params=WIDTHS)
def opened(request: pytest.FixtureRequest, browser: Chrome, address: str) -> tuple[Chrome, int]:
    """The page at a width; windows cannot be as narrow as phones, screens can be said to be."""
    width, height = WIDTHS[request.param]
    screen = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": request.param == "phone"}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    browser.get(address)
    return browser, width


def test_the_page_never_scrolls_sideways(opened: tuple[Chrome, int]) -> None:
    browser, width = opened

    overflowing = browser.execute_script(OVERFLOWING)

    assert overflowing == []
    assert browser.execute_script(SIDEWAYS) == [width, 0]


def test_the_console_stays_empty(opened: tuple[Chrome, int]) -> None:
    browser, _ = opened

    assert browser.get_log("browser") == []  # type: ignore[no-untyped-call] # selenium does not say


def test_a_link_to_an_overlay_action_shows_it(opened: tuple[Chrome, int]) -> None:
    browser, _ = opened
    action = "topaz-truth-66-account-2"

    browser.execute_script("""document.querySelector(`a[href="#${arguments[0]}"]`).click()""", action)

    shown = browser.execute_script(
        "return document.getElementById(arguments[0]).closest('details').open", action
    )
    assert shown is True


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(browser: Chrome, address: str, scheme: str) -> None:
    """4.5 to 1, as WCAG 2.2 asks for (1.4.3)."""
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    browser.get(address)

    told = browser.execute_script(CONTRASTS)

    assert told["count"] > 500
    assert told["weak"] == []


CONTRASTS: Final = """
    document.querySelectorAll("details").forEach(one => one.open = true);
    const light = colour => {
      const parts = colour.match(/[\\d.]+/g).slice(0, 3).map(Number).map(part => part / 255)
        .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
      return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
    };
    const ground = one => {
      for (; one; one = one.parentElement) {
        const colour = getComputedStyle(one).backgroundColor;
        if (colour !== "rgba(0, 0, 0, 0)") return colour;
      }
    };
    const shown = [...document.querySelectorAll("body *")]
      .filter(one => [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim()));
    const weak = shown.filter(one => {
      const [a, b] = [light(getComputedStyle(one).color), light(ground(one))];
      return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) < 4.5;
    });
    return {count: shown.length, weak: weak.map(one => one.outerHTML.slice(0, 100)).slice(0, 5)};
"""
