"""What the generated Tengr client sends, and how it parses responses."""

import json
from importlib import import_module
from typing import Any, get_type_hints
from uuid import UUID

import httpx
import pytest

from safelight_clients.tengr import AuthenticatedClient
from safelight_clients.tengr.api.artworks import (
    create_detailer_upscaler_artwork,
    find_all_artworks_v2,
    find_artwork_by_id_v2,
)
from safelight_clients.tengr.async_jobs import LIFECYCLES, OPERATIONS
from safelight_clients.tengr.models import (
    ArtworkFormat,
    ArtworkStatus,
    CreateDetailerUpscalerArtworkRequest,
    DetailerUpscalerArtworkResponse,
    Error,
    OtherArtworkResponse,
    UpscalingArtworkResponse,
)

pytestmark = pytest.mark.slow

KEY = "k"
IMAGE = "https://example.com/a.jpg"
ARTWORK: dict[str, Any] = {
    "id": "3fa85f64-5717-4562-b3fc-2c963f66afa6",
    "artworkType": "detailer_upscaler",
    "parameters": {"imageUrl": IMAGE, "scaleFactor": 2, "details": 2, "modification": 2},
    "duration": 0,
    "results": [],
    "status": "starting",
    "createdAt": "2024-07-29T15:51:28.071Z",
}


class Wire:
    """Records the request of a client and responds to it."""

    def __init__(self, answer: object, *, status: int = 200) -> None:
        self.answer = answer
        self.status = status
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return httpx.Response(self.status, json=self.answer)

    @property
    def client(self) -> AuthenticatedClient:
        transport = httpx.MockTransport(self)
        return AuthenticatedClient("https://twin.test", KEY, httpx_args={"transport": transport})

    def body(self) -> object:
        (request,) = self.requests
        return json.loads(request.content)


def test_fields_that_are_not_set_are_not_sent() -> None:
    wire = Wire(ARTWORK, status=202)

    create_detailer_upscaler_artwork.sync(
        client=wire.client, body=CreateDetailerUpscalerArtworkRequest(image_url=IMAGE)
    )

    assert wire.body() == {"imageUrl": IMAGE}
    assert wire.requests[0].headers["Authorization"] == f"Bearer {KEY}"
    assert wire.requests[0].url == "https://twin.test/v2/artworks/detailer-upscaler"


@pytest.mark.parametrize("output_format", ["png", ArtworkFormat.PNG])
def test_numbers_and_texts_are_returned_unchanged(output_format: str) -> None:
    wire = Wire(ARTWORK, status=202)
    wanted = CreateDetailerUpscalerArtworkRequest(
        image_url=IMAGE, scale_factor=8, details=3, modification=1, seed=7, output_format=output_format
    )

    create_detailer_upscaler_artwork.sync(client=wire.client, body=wanted)

    assert wire.body() == {
        "imageUrl": IMAGE,
        "scaleFactor": 8,
        "details": 3,
        "modification": 1,
        "seed": 7,
        "outputFormat": "png",
    }


@pytest.mark.parametrize(
    ("kind", "class_"),
    [
        ("detailer_upscaler", DetailerUpscalerArtworkResponse),
        ("upscaling_v2", UpscalingArtworkResponse),
        ("face_refiner", OtherArtworkResponse),
    ],
)
def test_an_artwork_is_read_as_what_it_is(kind: str, class_: type[object]) -> None:
    artwork = {**ARTWORK, "artworkType": kind}

    one = find_artwork_by_id_v2.sync(UUID(ARTWORK["id"]), client=Wire(artwork).client)
    many = find_all_artworks_v2.sync(client=Wire([artwork]).client)

    assert type(one) is class_
    assert many == [one]


def test_a_status_this_client_does_not_know_is_kept_as_it_is() -> None:
    parsed = find_artwork_by_id_v2.sync(
        UUID(ARTWORK["id"]), client=Wire({**ARTWORK, "status": "resting"}).client
    )

    assert isinstance(parsed, DetailerUpscalerArtworkResponse)
    assert parsed.status == "resting"
    assert parsed.status not in list(ArtworkStatus)


@pytest.mark.parametrize("message", ["details must not be greater than 3", ["one", "two"]])
def test_a_message_is_a_text_or_several(message: object) -> None:
    wire = Wire({"message": message, "error": "Bad Request", "statusCode": 400}, status=400)

    parsed = find_all_artworks_v2.sync(client=wire.client)

    assert isinstance(parsed, Error)
    assert parsed.message == message


def test_a_query_without_arguments_is_empty() -> None:
    wire = Wire([])

    find_all_artworks_v2.sync(client=wire.client)

    assert wire.requests[0].url == "https://twin.test/v2/artworks"


@pytest.mark.parametrize("operation", OPERATIONS)
def test_no_operation_of_tengrs_takes_a_client_without_a_key(operation: str) -> None:
    module = import_module(OPERATIONS[operation])

    assert get_type_hints(module.sync_detailed)["client"] is AuthenticatedClient
    assert get_type_hints(module.asyncio_detailed)["client"] is AuthenticatedClient


def test_the_table_of_jobs_has_both_submit_operations_and_no_cancel() -> None:
    (artwork,) = LIFECYCLES.values()

    assert [*artwork.submissions] == ["createDetailerUpscalerArtwork", "createUpscalingArtwork"]
    assert artwork.moves == ()
    assert artwork.result is not None
    assert [*map(str, artwork.result.places)] == ["$response.body#/results/0"]
