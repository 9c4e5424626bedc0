"""Several results are saved to one folder, each under its own name."""

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from safelight import ApiError, Claid, NoResultError
from safelight._files.downloads import file_names

Connect = Callable[[Callable[[httpx.Request], httpx.Response]], Claid]

SEEN = {"ext": "jpeg", "mps": 0.01, "mime": "image/jpeg", "format": "JPEG", "width": 100, "height": 100}


def service(*urls: str | None, vendor_state: str = "DONE") -> Callable[[httpx.Request], httpx.Response]:
    """A service with one batch of these results; a file contains its own URL."""
    results = [{"input_object": SEEN, "output_object": {**SEEN, "tmp_url": url}} for url in urls]
    content = {
        "id": 7,
        "status": vendor_state,
        "created_at": "2023-03-13T11:37:09.160554+00:00",
        "request": {},
    }

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host == "api.claid.ai":
            return httpx.Response(200, json={"data": {**content, "errors": [], "results": results}})
        exists = "missing" not in request.url.path
        return httpx.Response(200 if exists else 404, content=request.url.raw_path)

    return answer


@pytest.mark.parametrize(
    ("paths", "wanted"),
    [
        (["a/cat.jpeg", "b/dog.jpeg"], ["cat.jpeg", "dog.jpeg"]),
        (["a/cat.jpeg", "b/cat.jpeg", "c/CAT.jpeg"], ["cat.jpeg", "cat-2.jpeg", "CAT-3.jpeg"]),
        (["a/cat-2.jpeg", "b/cat.jpeg", "c/cat.jpeg"], ["cat-2.jpeg", "cat.jpeg", "cat-3.jpeg"]),
        (["a/cat.jpeg?signature=b/c.png"], ["cat.jpeg"]),
        (["a/gr%C3%BC%C3%9Fe%20an%20dich.png"], ["grüße an dich.png"]),
        (["", "a/", "a/..", "a/%2e%2e"], ["result", "result-2", "result-3", "result-4"]),
        (
            ["a/..%2F..%2Fetc%2Fpasswd", "a/C:%5Cboot.ini", "a/x%00.jpg"],
            ["_.._etc_passwd", "C__boot.ini", "x_.jpg"],
        ),
        (["a/" + 300 * "%E2%98%83" + ".png"], [65 * "☃" + ".png"]),
    ],
)
def test_a_file_is_named_by_its_link_safely_and_once(paths: list[str], wanted: list[str]) -> None:
    assert list(file_names(f"https://files.example/{path}" for path in paths)) == wanted


def test_every_file_holds_the_result_it_is_named_after(connect_claid: Connect, tmp_path: Path) -> None:
    answer = service("https://files.example/a/cat.jpeg", "https://files.example/b/cat.jpeg")

    saved = connect_claid(answer).batch(7).save_all(tmp_path / "edited" / "cats")

    assert {path.name: path.read_bytes() for path in saved} == {
        "cat.jpeg": b"/a/cat.jpeg",
        "cat-2.jpeg": b"/b/cat.jpeg",
    }


def test_saving_again_replaces_what_was_saved(connect_claid: Connect, tmp_path: Path) -> None:
    batch = connect_claid(service("https://files.example/cat.jpeg")).batch(7)

    first, second = batch.save_all(tmp_path), batch.save_all(tmp_path)

    assert first == second == [*tmp_path.iterdir()]


def test_a_missing_file_is_an_error_and_the_files_before_it_stay(
    connect_claid: Connect, tmp_path: Path
) -> None:
    answer = service("https://files.example/cat.jpeg", "https://files.example/missing.jpeg")

    with pytest.raises(ApiError, match=r"/missing\.jpeg returned 404"):
        connect_claid(answer).batch(7).save_all(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["cat.jpeg"]


@pytest.mark.parametrize(("urls", "vendor_state"), [([None], "DONE"), ([], "DONE"), ([], "PROCESSING")])
def test_a_batch_without_links_makes_no_folder(
    connect_claid: Connect, tmp_path: Path, urls: list[str | None], vendor_state: str
) -> None:
    with pytest.raises(NoResultError, match=rf"^job 7 \({vendor_state}\) has no result to download$"):
        connect_claid(service(*urls, vendor_state=vendor_state)).batch(7).save_all(tmp_path / "edited")

    assert list(tmp_path.iterdir()) == []
