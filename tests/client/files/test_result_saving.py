"""A result is saved completely or not at all, with a renewed link if it has expired, and without the key."""

import os
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from safelight import ApiError, DownloadError, EditResult, InvalidResponseError, NetworkError, Topaz

Connect = Callable[[Callable[[httpx.Request], httpx.Response]], Topaz]

SERVICE = "api.topazlabs.com"
OLD = "https://files.example/old?signature=abc"
FRESH = "https://files.example/fresh?signature=def"
PICTURE = b"picture" * 1000


def link(url: str) -> httpx.Response:
    return httpx.Response(200, json={"download_url": url, "head_url": url, "expiry": 1795260311})


def test_a_result_is_saved_and_its_path_returned(connect: Connect, tmp_path: Path) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return link(FRESH) if request.url.host == SERVICE else httpx.Response(200, content=PICTURE)

    saved = connect(answer).job("a-job").save(tmp_path / "large.jpg")

    assert saved == tmp_path / "large.jpg"
    assert saved.read_bytes() == PICTURE
    assert list(tmp_path.iterdir()) == [saved]


def test_a_result_replaces_only_regular_files(connect: Connect, tmp_path: Path) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return link(FRESH) if request.url.host == SERVICE else httpx.Response(200, content=PICTURE)

    device, other, file = tmp_path / "device", tmp_path / "other", tmp_path / "file"
    os.mkfifo(device)
    file.touch()
    other.symlink_to(file)

    for special in (device, other, tmp_path):  # as /dev/null, and as /dev/stdout, which is a link
        with pytest.raises(FileExistsError, match=f"{special.name} is not a regular file"):
            connect(answer).job("a-job").save(special)

    assert device.is_fifo()
    assert other.is_symlink()
    assert {*tmp_path.iterdir()} == {device, other, file}


def test_the_key_is_sent_to_the_service_and_not_to_the_host_of_the_file(
    connect: Connect, sent: list[httpx.Request], tmp_path: Path
) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return link(FRESH) if request.url.host == SERVICE else httpx.Response(200, content=PICTURE)

    connect(answer).job("a-job").save(tmp_path / "large.jpg")

    to_service, to_files = sent
    assert to_service.headers["X-API-Key"] == "sk-secret"
    assert "sk-secret" not in str(to_files.headers.raw) + str(to_files.url)
    assert not {"x-api-key", "authorization"} & to_files.headers.keys()


def test_a_link_that_has_expired_is_renewed_once(connect: Connect, tmp_path: Path) -> None:
    links = iter([OLD, FRESH])

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host == SERVICE:
            return link(next(links))
        return httpx.Response(403) if request.url == OLD else httpx.Response(200, content=PICTURE)

    saved = connect(answer).job("a-job").save(tmp_path / "large.jpg")

    assert saved.read_bytes() == PICTURE


def test_a_link_is_renewed_only_once(connect: Connect, sent: list[httpx.Request], tmp_path: Path) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return link(OLD) if request.url.host == SERVICE else httpx.Response(403, text="<Error/>")

    with pytest.raises(ApiError, match=r"GET https://files\.example/old returned 403: Forbidden"):
        connect(answer).job("a-job").save(tmp_path / "large.jpg")

    assert len(sent) == 4


def test_a_file_shorter_than_announced_is_not_saved(connect: Connect, tmp_path: Path) -> None:
    older = tmp_path / "large.jpg"
    older.write_bytes(b"older")

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host == SERVICE:
            return link(FRESH)
        return httpx.Response(200, content=PICTURE, headers={"Content-Length": "9999"})

    with pytest.raises(DownloadError, match="announced 9999 bytes, and 7000 were received"):
        connect(answer).job("a-job").save(older)

    assert older.read_bytes() == b"older"
    assert list(tmp_path.iterdir()) == [older]


def test_a_download_that_breaks_off_leaves_nothing_behind(connect: Connect, tmp_path: Path) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host == SERVICE:
            return link(FRESH)
        return httpx.Response(200, stream=Torn())

    with pytest.raises(NetworkError, match="peer closed"):
        connect(answer).job("a-job").save(tmp_path / "large.jpg")

    assert list(tmp_path.iterdir()) == []


def test_a_job_without_a_result_yet_saves_nothing(connect: Connect, tmp_path: Path) -> None:
    job = connect(lambda _: httpx.Response(409, json={"message": "Not ready."})).job("a-job")

    with pytest.raises(ApiError, match=r"returned 409: Not ready\."):
        job.save(tmp_path / "large.jpg")

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "url",
    [
        "https://\N{SNOWMAN}..example/a?sig=abc",
        "https://f.example/\n?sig=abc",
        pytest.param("https://f.example/" + "a" * 70_000, id="long"),
    ],
)
def test_a_link_that_cannot_be_used_is_not_called_again(connect: Connect, tmp_path: Path, url: str) -> None:
    with pytest.raises(InvalidResponseError, match="a URL is invalid: ") as raised:
        connect(lambda _: link(url)).job("a-job").save(tmp_path / "large.jpg")

    assert not raised.value.is_retryable
    assert "sig=abc" not in "".join(traceback.format_exception(raised.value))
    assert list(tmp_path.iterdir()) == []


def test_a_link_of_another_protocol_is_not_called_again(tmp_path: Path) -> None:
    with Topaz(api_key="k") as topaz, pytest.raises(InvalidResponseError, match="unsupported protocol"):
        EditResult(
            url="ftp://files.example/a", details={}, _session=topaz.job("a-job")._client.operations.session
        ).save(tmp_path / "a")


def test_a_folder_that_does_not_exist_is_an_os_error(connect: Connect, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"large.jpg: the folder .*missing does not exist; create it"):
        connect(lambda _: link(FRESH)).job("a-job").save(tmp_path / "missing" / "large.jpg")


class Torn(httpx.SyncByteStream):
    """A stream whose peer closes the connection half-way."""

    def __iter__(self) -> Iterator[bytes]:
        yield b"half"
        raise httpx.RemoteProtocolError("peer closed connection")
