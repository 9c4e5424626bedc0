"""Claid receives all fields that were set and no others, and only Claid receives the key."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import httpx
import pytest

from safelight import Claid, InvalidResponseError, JobFailedError, NoResultError
from safelight_clients.claid.models import (
    BackgroundOptions,
    BatchEditInputOptions,
    ImageOperations,
    ImageOutputOptions,
)

Connect = Callable[[Callable[[httpx.Request], httpx.Response]], Claid]

IMAGE = "https://shop.example/cat.jpg"
ELSEWHERE = "http://mirror.example/v1/image/edit/async/7"
FILE = "http://files.example/cat.jpeg"
SEEN = {"ext": "jpeg", "mps": 0.01, "mime": "image/jpeg", "format": "JPEG", "width": 100, "height": 100}


def accepted(_: httpx.Request) -> httpx.Response:
    content = {"id": 7, "status": "ACCEPTED", "result_url": ELSEWHERE, "request": {}}
    return httpx.Response(200, json={"data": {**content, "created_at": "2023-03-13T11:37:09.160554+00:00"}})


def edited(request: httpx.Request, **output: str | None) -> httpx.Response:
    if request.url.host == "files.example":
        return httpx.Response(200, content=b"picture")
    content = {"input": SEEN, "output": {**SEEN, "tmp_url": FILE, **output}}
    return httpx.Response(200, json={"data": content})


def status(vendor_state: str, **content: object) -> httpx.Response:
    created = "2023-03-13T11:37:09.160554+00:00"
    known = {"id": 7, "status": vendor_state, "created_at": created, "request": {}, "errors": []}
    return httpx.Response(200, json={"data": {**known, **content}})


@pytest.mark.parametrize(
    ("operations", "output", "body"),
    [
        (None, None, {"operations": {}}),
        ({}, "storage://shop/cats/", {"operations": {}, "output": "storage://shop/cats/"}),
        (
            {"restorations": {"upscale": None}, "novelty": {"of": [1, "day"]}},
            {"format": {"type": "webp"}},
            {
                "operations": {"restorations": {"upscale": None}, "novelty": {"of": [1, "day"]}},
                "output": {"format": {"type": "webp"}},
            },
        ),
        (
            ImageOperations(padding="5%"),
            ImageOutputOptions(destination="storage://shop/cats/"),
            {"operations": {"padding": "5%"}, "output": {"destination": "storage://shop/cats/"}},
        ),
        (
            {"background": BackgroundOptions(color="transparent")},
            None,
            {"operations": {"background": {"color": "transparent"}}},
        ),
    ],
    ids=["nothing", "an address", "dicts", "classes", "a class in a dict"],
)
def test_an_edit_is_sent_unchanged(
    connect_claid: Connect,
    sent: list[httpx.Request],
    operations: Mapping[str, object] | ImageOperations | None,
    output: Mapping[str, object] | ImageOutputOptions | str | None,
    body: Mapping[str, object],
) -> None:
    job = connect_claid(accepted).edit(IMAGE, operations=operations, output=output)

    assert job.id == "7"
    assert str(sent[0].url) == "https://api.claid.ai/v1/image/edit/async"
    assert json.loads(sent[0].content) == {"input": IMAGE, **body}
    assert sent[0].headers["Authorization"] == "Bearer sk-secret"


@pytest.mark.parametrize(
    ("images", "body"),
    [
        ([IMAGE, IMAGE], [IMAGE, IMAGE]),
        ((IMAGE,), [IMAGE]),
        ("storage://shop/cats/", "storage://shop/cats/"),
        ({"source": "storage://shop/", "recursive": True}, {"source": "storage://shop/", "recursive": True}),
        (BatchEditInputOptions(source="storage://shop/"), {"source": "storage://shop/"}),
    ],
)
def test_the_images_of_a_batch_are_a_list_or_a_folder(
    connect_claid: Connect, sent: list[httpx.Request], images: list[str], body: object
) -> None:
    connect_claid(accepted).edit_batch(images)

    assert str(sent[0].url) == "https://api.claid.ai/v1/image/edit/batch"
    assert json.loads(sent[0].content) == {"input": body, "operations": {}}


def test_an_upload_carries_the_file_and_its_edit(
    connect_claid: Connect, sent: list[httpx.Request], tmp_path: Path
) -> None:
    (tmp_path / "cat.jpg").write_bytes(b"\xff\xd8\xff\xe0")

    connect_claid(edited).upload(tmp_path / "cat.jpg", operations={"padding": "5%"})

    body = sent[0].content
    assert str(sent[0].url) == "https://api.claid.ai/v1/image/edit/upload"
    assert b'name="file"; filename="cat.jpg"\r\nContent-Type: image/jpeg\r\n\r\n\xff\xd8\xff\xe0\r\n' in body
    assert (
        b'name="data"\r\nContent-Type: application/json\r\n\r\n{"operations": {"padding": "5%"}}\r\n' in body
    )
    assert body.count(b"Content-Disposition") == 2


@pytest.mark.parametrize("value", [object(), {1, 2}, float("nan")])
def test_values_that_json_cannot_represent_are_not_sent(
    connect_claid: Connect, sent: list[httpx.Request], value: object
) -> None:
    with pytest.raises((TypeError, ValueError), match="JSON"):
        connect_claid(accepted).edit(IMAGE, operations={"padding": value})

    assert sent == []


def test_the_key_is_sent_neither_to_a_file_host_nor_to_a_result_url(
    connect_claid: Connect, sent: list[httpx.Request], tmp_path: Path
) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host == "files.example":
            return httpx.Response(200, content=b"picture")
        result = {"input_object": SEEN, "output_object": {**SEEN, "tmp_url": FILE}}
        return accepted(request) if request.method == "POST" else status("DONE", result=result)

    connect_claid(answer).edit(IMAGE).wait().save(tmp_path / "cat.jpg")

    hosts = {request.url.host for request in sent}
    keys = {request.url.host for request in sent if "sk-secret" in str(request.headers.raw)}
    assert (hosts, keys) == ({"api.claid.ai", "files.example"}, {"api.claid.ai"})


def test_a_result_is_saved_without_the_key_and_has_details(
    connect_claid: Connect, sent: list[httpx.Request], tmp_path: Path
) -> None:
    picture = connect_claid(edited).edit_now(IMAGE)

    saved = picture.save(tmp_path / "cat.jpg")

    assert (saved.read_bytes(), picture.url, picture.details["mime"]) == (b"picture", FILE, "image/jpeg")
    assert "authorization" not in sent[1].headers


def test_a_result_in_a_storage_cannot_be_saved(connect_claid: Connect, tmp_path: Path) -> None:
    claid = connect_claid(lambda request: edited(request, tmp_url=None, claid_storage_uri="storage://a/b"))

    picture = claid.edit_now(IMAGE, output="storage://a/")

    assert picture.details["claid_storage_uri"] == "storage://a/b"
    with pytest.raises(NoResultError, match="the image has no link"):
        picture.save(tmp_path / "cat.jpg")


@pytest.mark.parametrize("body", [{}, {"data": {}}, {"data": {"input": SEEN, "output": None}}, []])
def test_a_response_without_an_image_is_an_error(connect_claid: Connect, body: object) -> None:
    with pytest.raises(InvalidResponseError):
        connect_claid(lambda _: httpx.Response(200, json=body)).edit_now(IMAGE)


def test_a_failed_edit_repeats_each_of_its_reasons_once(connect_claid: Connect) -> None:
    errors = [
        {"error": error, "created_at": "2023-03-13T11:37:09.160554+00:00"}
        for error in ("Out of film.", "Out of film.", "Lens cap on.")
    ]

    job = connect_claid(lambda _: status("ERROR", errors=errors)).job(7)

    with pytest.raises(JobFailedError, match=r"^job 7 ended as ERROR: Out of film; Lens cap on\.$") as raised:
        job.wait()
    assert raised.value.reason == "Out of film; Lens cap on."
    assert job.status().reasons == ("Out of film.", "Out of film.", "Lens cap on.")
