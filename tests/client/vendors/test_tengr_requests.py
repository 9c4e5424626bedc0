"""Tengr receives all fields that were set, by the service's names, and no others."""

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


def artwork(vendor_state: str, *results: str, kind: str = "detailer_upscaler") -> dict[str, object]:
    content = {"artworkType": kind, "parameters": {"imageUrl": IMAGE}, "duration": 0}
    created = "2024-07-29T15:51:28.071Z"
    return {"id": ID, "status": vendor_state, "results": [*results], "createdAt": created, **content}


def started(request: httpx.Request) -> httpx.Response:
    kind = "upscaling_v2" if request.url.path.endswith("upscaling") else "detailer_upscaler"
    return httpx.Response(202, json=artwork("starting", kind=kind))


def test_a_detail_is_sent_unchanged(connect_tengr: Connect, sent: list[httpx.Request]) -> None:
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


def test_fields_that_are_not_set_are_not_sent(connect_tengr: Connect, sent: list[httpx.Request]) -> None:
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
def test_a_page_of_jobs_is_requested_by_its_offset(
    connect_tengr: Connect, sent: list[httpx.Request], page: dict[str, int], query: str
) -> None:
    jobs = connect_tengr(lambda _: httpx.Response(200, json=[artwork("processing")])).jobs(**page)

    assert [(job.id, job.last_status and job.last_status.vendor_state) for job in jobs] == [
        (ID, "processing")
    ]
    assert sent[0].url.query.decode() == query


def test_an_expired_link_is_not_requested_again_because_it_would_be_the_same(
    connect_tengr: Connect, sent: list[httpx.Request], tmp_path: Path
) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host == "tengr.example":
            return httpx.Response(200, json=artwork("succeeded", "https://files.example/old"))
        return httpx.Response(410)

    with pytest.raises(ApiError, match="returned 410"):
        connect_tengr(answer).job(ID).save(tmp_path / "large.webp")

    assert [request.url.host for request in sent] == ["tengr.example", "files.example"]


def test_a_job_that_was_deleted_meanwhile_is_polled_once(
    connect_tengr: Connect, sent: list[httpx.Request], tmp_path: Path
) -> None:
    content = {"message": "Artwork not found", "error": "Not Found", "statusCode": 404}

    with pytest.raises(ApiError, match="returned 404: Artwork not found"):
        connect_tengr(lambda _: httpx.Response(404, json=content)).job(ID).save(tmp_path / "large.webp")

    assert len(sent) == 1


def test_a_failed_job_has_no_result_even_if_the_response_has_a_link(
    connect_tengr: Connect, tmp_path: Path
) -> None:
    content = artwork("failed", "https://files.example/half")

    with pytest.raises(JobFailedError, match=f"^job {ID} ended as failed$"):
        connect_tengr(lambda _: httpx.Response(200, json=content)).job(ID).save(tmp_path / "large.webp")
