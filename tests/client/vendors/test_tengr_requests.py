"""What goes to Tengr: all that was given, by the service's names, and nothing else."""

import json
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from safelight import ApiError, JobFailedError, Tengr
from safelight_clients.tengr.models import ArtworkFormat

Connect = Callable[[Callable[[httpx.Request], httpx.Response]], Tengr]

IMAGE = "https://shop.example/cat.jpg"
ID = "5f0c9f5a-7d4e-4b8e-9a55-6a3f0d1c2b10"


def artwork(word: str, *results: str, kind: str = "detailer_upscaler") -> dict[str, object]:
    told = {"artworkType": kind, "parameters": {"imageUrl": IMAGE}, "duration": 0}
    created = "2024-07-29T15:51:28.071Z"
    return {"id": ID, "status": word, "results": [*results], "createdAt": created, **told}


def started(request: httpx.Request) -> httpx.Response:
    kind = "upscaling_v2" if request.url.path.endswith("upscaling") else "detailer_upscaler"
    return httpx.Response(202, json=artwork("starting", kind=kind))


def test_a_detail_is_sent_as_it_was_given(connect_tengr: Connect, sent: list[httpx.Request]) -> None:
    tengr = connect_tengr(started)

    job = tengr.detail(
        IMAGE,
        scale_factor=4,
        details=3,
        modification=1,
        seed=7,
        output_format=ArtworkFormat.PNG,
        webhook="https://shop.example/hook",
        grainSize=2,
    )

    assert job.id == ID
    assert str(sent[0].url) == "https://tengr.example/v2/artworks/detailer-upscaler"
    assert sent[0].headers["Authorization"] == "Bearer sk-secret"
    assert json.loads(sent[0].content) == {
        "imageUrl": IMAGE,
        "scaleFactor": 4,
        "details": 3,
        "modification": 1,
        "seed": 7,
        "outputFormat": "png",
        "webhook": "https://shop.example/hook",
        "grainSize": 2,
    }


def test_what_was_not_given_is_not_sent(connect_tengr: Connect, sent: list[httpx.Request]) -> None:
    connect_tengr(started).detail(IMAGE)
    connect_tengr(started).upscale(IMAGE, scale_factor=8, webhook="https://shop.example/hook")

    assert [json.loads(request.content) for request in sent] == [
        {"imageUrl": IMAGE},
        {"imageUrl": IMAGE, "scaleFactor": 8, "webhook": "https://shop.example/hook"},
    ]
    assert sent[1].url.path == "/v2/artworks/upscaling"


@pytest.mark.parametrize(
    ("page", "query"), [({}, ""), ({"limit": 500}, "limit=500"), ({"offset": 20}, "offset=20")]
)
def test_a_page_of_jobs_is_asked_for_by_its_place(
    connect_tengr: Connect, sent: list[httpx.Request], page: dict[str, int], query: str
) -> None:
    jobs = connect_tengr(lambda _: httpx.Response(200, json=[artwork("processing")])).jobs(**page)

    assert [(job.id, job.last_status and job.last_status.vendor_state) for job in jobs] == [
        (ID, "processing")
    ]
    assert sent[0].url.query.decode() == query


def test_a_link_that_has_expired_is_read_anew_once(connect_tengr: Connect, tmp_path: Path) -> None:
    links = iter(["https://files.example/old", "https://files.example/fresh"])

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host == "tengr.example":
            return httpx.Response(200, json=artwork("succeeded", next(links)))
        return httpx.Response(410) if request.url.path == "/old" else httpx.Response(200, content=b"picture")

    saved = connect_tengr(answer).job(ID).save(tmp_path / "large.webp")

    assert saved.read_bytes() == b"picture"


def test_a_job_that_was_deleted_meanwhile_is_asked_for_once(
    connect_tengr: Connect, sent: list[httpx.Request], tmp_path: Path
) -> None:
    told = {"message": "Artwork not found", "error": "Not Found", "statusCode": 404}

    with pytest.raises(ApiError, match="returned 404: Artwork not found"):
        connect_tengr(lambda _: httpx.Response(404, json=told)).job(ID).save(tmp_path / "large.webp")

    assert len(sent) == 1


def test_a_failed_job_has_no_result_even_if_a_link_is_told(connect_tengr: Connect, tmp_path: Path) -> None:
    told = artwork("failed", "https://files.example/half")

    with pytest.raises(JobFailedError, match=f"^job {ID} ended as failed$"):
        connect_tengr(lambda _: httpx.Response(200, json=told)).job(ID).save(tmp_path / "large.webp")
