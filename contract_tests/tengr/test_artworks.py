"""Journeys through Tengr's generated client: what a user of it may rely on."""

from io import BytesIO
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from PIL import Image

from safelight_clients.tengr.api.artworks import (
    create_detailer_upscaler_artwork,
    create_upscaling_artwork,
    find_all_artworks_v2,
    find_artwork_by_id_v2,
)
from safelight_clients.tengr.api.organizations import rotate_organization_webhook_secret
from safelight_clients.tengr.client import AuthenticatedClient
from safelight_clients.tengr.models import (
    ArtworkFormat,
    ArtworkStatus,
    CreateDetailerUpscalerArtworkRequest,
    CreateUpscalingArtworkRequest,
    DetailerUpscalerArtworkResponse,
    Error,
    UpscalingArtworkResponse,
    WebhookSecret,
)

if TYPE_CHECKING:
    from contract_tests.tengr.conftest import Bench

COFFEE = "safelight://coffee.jpg"  # 600 by 400
UNKNOWN = UUID("00000000-0000-4000-8000-000000000000")


def detailed(client: AuthenticatedClient, image: str = COFFEE) -> UUID:
    wanted = CreateDetailerUpscalerArtworkRequest(image_url=image, scale_factor=1)
    accepted = create_detailer_upscaler_artwork.sync(client=client, body=wanted)
    assert isinstance(accepted, DetailerUpscalerArtworkResponse)
    return accepted.id


def read_artwork(client: AuthenticatedClient, artwork: UUID) -> DetailerUpscalerArtworkResponse:
    result = find_artwork_by_id_v2.sync(artwork, client=client)
    assert isinstance(result, DetailerUpscalerArtworkResponse)
    return result


@pytest.mark.fidelity("tengr/createDetailerUpscalerArtwork", "tengr/findArtworkByIdV2")
def test_a_detailer_job_from_request_to_pixels(tengr: "Bench") -> None:
    client = tengr.client("k")
    wanted = CreateDetailerUpscalerArtworkRequest(
        image_url=COFFEE, scale_factor=2, details=3, modification=1, seed=7, output_format="png"
    )

    accepted = create_detailer_upscaler_artwork.sync(client=client, body=wanted)
    assert isinstance(accepted, DetailerUpscalerArtworkResponse)
    assert accepted.status == ArtworkStatus.STARTING
    tengr.advance(1)
    assert read_artwork(client, accepted.id).status == ArtworkStatus.PROCESSING
    tengr.advance(60)
    result = read_artwork(client, accepted.id)
    picture = Image.open(BytesIO(tengr.fetch(result.results[0]).content))

    assert result.status == ArtworkStatus.SUCCEEDED
    assert (picture.format, picture.size) == ("PNG", (1200, 800))
    assert result.parameters.to_dict() == wanted.to_dict()
    assert result.parameters.output_format is ArtworkFormat.PNG
    assert result.created_at == accepted.created_at
    assert result.duration > 0


@pytest.mark.fidelity("tengr/createUpscalingArtwork")
def test_an_upscaler_job_from_request_to_pixels(tengr: "Bench") -> None:
    client = tengr.client("k")

    accepted = create_upscaling_artwork.sync(
        client=client, body=CreateUpscalingArtworkRequest(image_url=COFFEE, scale_factor=3)
    )
    assert isinstance(accepted, UpscalingArtworkResponse)
    tengr.advance(60)
    result = find_artwork_by_id_v2.sync(accepted.id, client=client)
    assert isinstance(result, UpscalingArtworkResponse)
    picture = Image.open(BytesIO(tengr.fetch(result.results[0]).content))

    assert (result.artwork_type, result.parameters.scale_factor) == ("upscaling_v2", 3)
    assert (picture.format, picture.size) == ("WEBP", (1800, 1200))


@pytest.mark.fidelity("tengr:damage")
def test_a_job_with_a_damaged_image_fails_without_a_result(tengr: "Bench") -> None:
    client = tengr.client("k")

    artwork = detailed(client, "safelight://damaged.jpg")
    tengr.advance(60)
    result = read_artwork(client, artwork)

    assert (result.status, result.results) == (ArtworkStatus.FAILED, [])


@pytest.mark.fidelity("tengr/findAllArtworksV2")
def test_the_list_has_both_kinds_of_artworks(tengr: "Bench") -> None:
    client = tengr.client("k")
    first = detailed(client)
    second = create_upscaling_artwork.sync(
        client=client, body=CreateUpscalingArtworkRequest(image_url=COFFEE)
    )
    assert isinstance(second, UpscalingArtworkResponse)

    every = find_all_artworks_v2.sync(client=client)
    oldest = find_all_artworks_v2.sync(client=client, offset=1, limit=1)

    assert isinstance(every, list)
    assert isinstance(oldest, list)
    assert [type(result) for result in every] == [UpscalingArtworkResponse, DetailerUpscalerArtworkResponse]
    assert [result.id for result in every] == [second.id, first]
    assert [result.id for result in oldest] == [first]


@pytest.mark.fidelity("tengr/404")
def test_an_unknown_artwork_is_404(tengr: "Bench") -> None:
    response = find_artwork_by_id_v2.sync_detailed(UNKNOWN, client=tengr.client("k"))

    assert response.status_code == 404
    assert response.parsed == Error(message="Artwork not found", error="Not Found", status_code=404)


@pytest.mark.fidelity("tengr/404", "tengr:retention")
def test_an_artwork_is_deleted_after_eight_days(tengr: "Bench") -> None:
    client = tengr.client("k")
    artwork = detailed(client)

    tengr.advance(8 * 86_400)
    assert find_artwork_by_id_v2.sync_detailed(artwork, client=client).status_code == 200
    tengr.advance(60)

    assert find_artwork_by_id_v2.sync_detailed(artwork, client=client).status_code == 404


@pytest.mark.fidelity("tengr/400-id")
@pytest.mark.wrong
def test_an_id_that_is_not_a_uuid_is_rejected(tengr: "Bench") -> None:
    response = tengr.client("k").get_httpx_client().get("/v2/artworks/7")

    assert Error.from_dict(response.json()) == Error(
        message="Validation failed (uuid is expected)", error="Bad Request", status_code=400
    )


@pytest.mark.fidelity("tengr/401", "tengr/403", "tengr/429", "tengr/500", "tengr:key-prefixes")
@pytest.mark.parametrize(
    ("key", "status", "message"),
    [
        ("invalid-1", 401, "Unauthorized"),
        ("forbidden-1", 403, "Forbidden resource"),
        ("unfunded-1", 403, "Not enough credits"),
        ("limited-1", 429, "ThrottlerException: Too Many Requests"),
        ("broken-1", 500, "Internal Server Error"),
    ],
)
def test_magic_keys_trigger_every_error_of_a_key(tengr: "Bench", key: str, status: int, message: str) -> None:
    wanted = CreateDetailerUpscalerArtworkRequest(image_url=COFFEE)

    response = create_detailer_upscaler_artwork.sync_detailed(client=tengr.client(key), body=wanted)

    assert response.status_code == status
    assert isinstance(response.parsed, Error)
    assert (response.parsed.message, response.parsed.status_code) == (message, status)


@pytest.mark.fidelity("tengr/400")
@pytest.mark.parametrize(
    ("body", "location"),
    [
        (CreateDetailerUpscalerArtworkRequest(image_url="no address"), "imageUrl"),
        (CreateDetailerUpscalerArtworkRequest(image_url="safelight://text.txt"), "imageUrl"),
        (CreateDetailerUpscalerArtworkRequest(image_url=COFFEE, scale_factor=3), "scaleFactor"),
        (CreateDetailerUpscalerArtworkRequest(image_url=COFFEE, details=10**30), "details"),
        (CreateDetailerUpscalerArtworkRequest(image_url=COFFEE, output_format="bmp"), "outputFormat"),
        (CreateDetailerUpscalerArtworkRequest(image_url=COFFEE, webhook="nowhere"), "webhook"),
    ],
    ids=["address", "no image", "factor", "huge", "format", "webhook"],
)
@pytest.mark.wrong
def test_a_rejected_request_creates_no_job(
    tengr: "Bench", body: CreateDetailerUpscalerArtworkRequest, location: str
) -> None:
    client = tengr.client("k")

    refused = create_detailer_upscaler_artwork.sync(client=client, body=body)

    assert isinstance(refused, Error)
    assert isinstance(refused.message, str)
    assert refused.message.startswith(f"{location}: ")
    assert (refused.error, refused.status_code) == ("Bad Request", 400)
    assert find_all_artworks_v2.sync(client=client) == []


@pytest.mark.fidelity("tengr/rotateOrganizationWebhookSecret", "tengr:key-prefixes")
def test_a_manager_key_can_rotate_the_secret_and_a_generator_key_cannot(tengr: "Bench") -> None:
    made = rotate_organization_webhook_secret.sync("acme", client=tengr.client("manager-1"))
    refused = rotate_organization_webhook_secret.sync("acme", client=tengr.client("generator-1"))

    assert isinstance(made, WebhookSecret)
    assert len(bytes.fromhex(made.secret)) == 32
    assert refused == Error(message="Forbidden resource", error="Forbidden", status_code=403)
