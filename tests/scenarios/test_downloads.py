"""Scenarios of the library that go wrong while a result is fetched: a naive client, and one that is right."""

from io import BytesIO
from pathlib import Path

import httpx
import pytest
from PIL import Image
from tests.scenarios.clients import DONE, Api, Open, state


def finished(api: Api) -> str:
    """Submit a job, and wait until it has succeeded."""
    job = str(api.submit(output_format="png").json()["process_id"])  # which has checksums
    while state(api.read(job)) not in DONE:
        api.pause(1)
    return job


def link(api: Api, job: str) -> str:
    return str(api.link(job).raise_for_status().json()["download_url"])


def save(api: Api, url: str, to: Path) -> None:
    """Write what comes; whether it is whole, and what it is, is not looked at."""
    with to.open("wb") as file:
        for chunk in api.get(url).raise_for_status().iter_bytes():
            file.write(chunk)


def save_whole(api: Api, job: str, to: Path) -> None:
    """Write the file once it has come whole and is an image, with a fresh link for each of three attempts."""
    for _ in range(3):
        try:
            content = api.get(link(api, job)).raise_for_status().content
            Image.open(BytesIO(content)).load()
        except (httpx.HTTPError, OSError, SyntaxError):
            continue
        to.write_bytes(content)
        return
    raise TimeoutError


def is_image(file: Path) -> bool:
    try:
        Image.open(file).load()
    except (OSError, SyntaxError):  # PIL's own for a wrong checksum
        return False
    return True


def test_flaky_download(opened: Open, tmp_path: Path) -> None:
    """A client that does not retry loses the result of a job that it has paid for."""
    naive, right, file = opened("flaky-download"), opened("flaky-download"), tmp_path / "a.png"

    with pytest.raises(httpx.HTTPStatusError, match="500"):
        save(naive, link(naive, finished(naive)), file)
    save_whole(right, finished(right), file)
    assert is_image(file)


@pytest.mark.parametrize("scenario", ["truncated-download", "corrupt-download", "html-download"])
def test_a_file_is_wrong(opened: Open, tmp_path: Path, scenario: str) -> None:
    """A client that saves the body unchecked gets a file that is not an image."""
    naive, right = opened(scenario), opened(scenario)
    wrong, good = tmp_path / "wrong.png", tmp_path / "good.png"

    job = finished(naive)
    try:
        save(naive, link(naive, job), wrong)
    except httpx.RemoteProtocolError:
        assert wrong.exists()  # half a file, under its final name
    save_whole(right, finished(right), good)

    assert is_image(good)
    assert not is_image(wrong)


def test_expired_link(opened: Open, tmp_path: Path) -> None:
    """A client that keeps a link for later gets an error before the expiry that the link announces."""
    naive, right, file = opened("expired-link"), opened("expired-link"), tmp_path / "a.png"

    kept = link(naive, finished(naive))
    naive.pause(60)
    with pytest.raises(httpx.HTTPStatusError, match="403"):
        save(naive, kept, file)

    job = finished(right)
    right.pause(60)
    save_whole(right, job, file)
    assert is_image(file)


def test_without_result(opened: Open, tmp_path: Path) -> None:
    """A client that takes any response after success for the result saves an error message as an image."""

    def naive(api: Api, job: str, to: Path) -> None:
        to.write_bytes(api.link(job).content)

    def right(api: Api, job: str) -> None:
        if api.link(job).status_code == 404:
            raise LookupError(f"{job} has no result")

    api, careful = opened("without-result"), opened("without-result")

    naive(api, finished(api), tmp_path / "a.png")
    assert not is_image(tmp_path / "a.png")
    with pytest.raises(LookupError, match="has no result"):
        right(careful, finished(careful))
