"""A page of another origin submits a job and downloads its result, in a real browser."""

from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Final

import pytest
from selenium.webdriver import Chrome
from tests.browsing import chromium

from safelight_mock import ClockMode, MockServer, Settings

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# Every step that needs leave: preflights for keys and JSON, headers of responses, a file of another port.
JOURNEY: Final = """
    const [topaz, claid, done] = arguments;
    const key = {"X-API-Key": "k"};
    const bearer = {"Authorization": "Bearer k", "Content-Type": "application/json"};
    const journey = async () => {
      const canvas = new OffscreenCanvas(64, 48);
      canvas.getContext("2d").fillRect(0, 0, 32, 24);
      const form = new FormData();
      form.append("image", await canvas.convertToBlob(), "drawing.png");
      form.append("output_width", "128");
      form.append("output_format", "png");
      const taken = await fetch(`${topaz}/enhance/async`, {method: "POST", headers: key, body: form});
      const id = taken.headers.get("X-Process-ID");
      let status = {};
      for (let look = 0; look < 9 && status.status !== "Completed"; look++)
        status = await (await fetch(`${topaz}/status/${id}`, {headers: key})).json();
      const link = (await (await fetch(`${topaz}/download/${id}`, {headers: key})).json()).download_url;
      const file = await fetch(link);
      const picture = await createImageBitmap(await file.blob());
      const part = await fetch(link, {headers: {"Range": "bytes=0-9"}});
      const body = JSON.stringify({input: "safelight://coffee.jpg", operations: {}});
      const edit = await fetch(`${claid}/image/edit/async`, {method: "POST", headers: bearer, body});
      const wrong = await fetch(`${topaz}/status`, {headers: {"X-API-Key": "invalid"}});
      return {
        id: id === (await taken.json()).process_id, status: status.status, width: picture.width,
        part: [part.status, (await part.blob()).size, part.headers.get("Content-Range").split("/")[0]],
        edit: (await edit.json()).data.status, wrong: [wrong.status, typeof (await wrong.json()).message],
      };
    };
    journey().then(done, error => done(String(error)));
"""
CONTROL: Final = """
    const [url, done] = arguments;
    fetch(url, {method: "DELETE"}).then(answer => done(answer.status), error => done(String(error)));
"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    with chromium(tmp_path_factory.mktemp("profile")) as chrome:
        yield chrome


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The origin of a page that is not the mock server's."""
    folder = tmp_path_factory.mktemp("page")
    (folder / "index.html").write_text("<title>A program</title>", encoding="utf-8")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder)) as pages:
        thread = Thread(target=pages.serve_forever)
        thread.start()
        yield f"http://localhost:{pages.server_port}"
        pages.shutdown()
        thread.join()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def run(browser: Chrome, page: str, script: str, *provided: str) -> object:
    browser.get(page)
    return browser.execute_async_script(script, *provided)


@pytest.mark.fidelity("twin.cors_origins")
def test_a_page_of_an_allowed_origin_can_run_a_job(browser: Chrome, page: str) -> None:
    with MockServer(Settings(clock=ClockMode.AUTO, cors_origins=frozenset({page})), files_port=0) as server:
        result = run(browser, page, JOURNEY, server.url("topaz"), server.url("claid"))

    assert result == {
        "id": True,
        "status": "Completed",
        "width": 128,
        "part": [206, 10, "bytes 0-9"],
        "edit": "ACCEPTED",
        "wrong": [401, "string"],
    }


def test_a_page_of_another_origin_cannot_run_a_job(browser: Chrome, page: str) -> None:
    with MockServer(Settings(cors_origins=frozenset({"https://shop.test"}))) as server:
        result = run(browser, page, JOURNEY, server.url("topaz"), server.url("claid"))

    assert result == "TypeError: Failed to fetch"
    assert [entry.operation for entry in server.twin.request_log.entries() if entry.operation] == []


def test_no_page_can_use_the_control_plane(browser: Chrome, page: str) -> None:
    with MockServer(Settings(cors_origins=frozenset({"*", page}))) as server:
        result = run(browser, page, CONTROL, f"{server.origin}/_safelight/requests")

    assert result == "TypeError: Failed to fetch"
