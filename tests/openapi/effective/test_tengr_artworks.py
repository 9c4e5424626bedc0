"""Requests and responses of Tengr; each test fails without one or more overlay actions."""

from pathlib import Path
from typing import Any

import pytest
from tests.openapi.effective.validity import is_valid, schema

from safelight_openapi import (
    DocumentOperation,
    EffectiveDocuments,
    JSONValue,
    Node,
    build_effective,
    node_at,
    operations_by_id,
)

pytestmark = pytest.mark.slow

REQUEST: Node = {"imageUrl": "https://example.com/a.jpg"}
ARTWORK: Node = {
    "id": "3fa85f64-5717-4562-b3fc-2c963f66afa6",
    "artworkType": "detailer_upscaler",
    "parameters": {**REQUEST, "scaleFactor": 2, "details": 2, "modification": 2},
    "duration": 0,
    "results": [],
    "status": "starting",
    "createdAt": "2024-07-29T15:51:28.071Z",
}
DETAILER, UPSCALING = "CreateDetailerUpscalerArtworkRequest", "CreateUpscalingArtworkRequest"
RESPONSES = ["DetailerUpscalerArtworkResponse", "UpscalingArtworkResponse", "OtherArtworkResponse"]
KINDS = dict(zip(RESPONSES, ["detailer_upscaler", "upscaling_v2", "face_refiner"], strict=True))


@pytest.fixture(scope="module")
def tengr(root: Path) -> EffectiveDocuments:
    return build_effective("tengr", root)


@pytest.fixture(scope="module")
def document(tengr: EffectiveDocuments) -> dict[str, Any]:
    return tengr.truth


@pytest.fixture(scope="module")
def described(tengr: EffectiveDocuments) -> dict[str, DocumentOperation]:
    return operations_by_id(tengr.truth)


# Requests


def test_an_image_is_all_that_a_request_needs(document: dict[str, Any]) -> None:
    for name in (DETAILER, UPSCALING):
        assert is_valid(REQUEST, name, document)
        assert not is_valid({"scaleFactor": 2}, name, document)


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        ("imageUrl", ["https://example.com/a.png"], ["", "a.png", 7]),
        ("scaleFactor", [1, 2, 4, 8], [0, 3, 5, 16, 2.5, "2"]),
        ("details", [1, 2, 3], [0, 4, 1.5, "2"]),
        ("modification", [1, 2, 3], [0, 4, 1.5, "2"]),
        ("webhook", ["https://example.com/hook"], ["hook", 7]),
        ("seed", [1, 2_147_483_647], [0, 2_147_483_648, 1.5]),
        ("outputFormat", ["auto", "png", "webp"], ["jpeg", "PNG", 1]),
    ],
)
def test_a_detailer_request_has_seven_fields_with_their_bounds(
    document: dict[str, Any], field: str, good: list[JSONValue], bad: list[JSONValue]
) -> None:
    for value in good:
        assert is_valid({**REQUEST, field: value}, DETAILER, document)
        assert is_valid({**ARTWORK, "parameters": {**REQUEST, field: value}}, RESPONSES[0], document)
    for value in bad:
        assert not is_valid({**REQUEST, field: value}, DETAILER, document)
        assert not is_valid({**ARTWORK, "parameters": {**REQUEST, field: value}}, RESPONSES[0], document)


def test_a_detailer_requests_defaults_are_the_pages_and_auto(document: dict[str, Any]) -> None:
    fields = schema(document, DETAILER)["properties"]

    assert {name: field["default"] for name, field in fields.items() if "default" in field} == {
        "scaleFactor": 2,
        "details": 2,
        "modification": 2,
        "outputFormat": "auto",
    }
    assert "publicly routable" in fields["webhook"]["description"]


@pytest.mark.parametrize(("factor", "is_taken"), [(1, False), (2, True), (3, True), (8, True), (9, False)])
def test_an_upscaling_takes_a_range_of_factors(document: dict[str, Any], factor: int, is_taken: bool) -> None:  # noqa: FBT001 - a table's column
    assert is_valid({**REQUEST, "scaleFactor": factor}, UPSCALING, document) is is_taken
    assert schema(document, UPSCALING)["properties"]["scaleFactor"]["default"] == 2
    assert [*schema(document, UPSCALING)["properties"]] == ["imageUrl", "scaleFactor", "webhook"]


@pytest.mark.parametrize(
    ("name", "request_"),
    [("createDetailerUpscalerArtwork", DETAILER), ("createUpscalingArtwork", UPSCALING)],
)
def test_a_submission_sends_its_request_and_returns_its_artwork(
    described: dict[str, DocumentOperation], name: str, request_: str
) -> None:
    operation = described[name]
    response = request_.removeprefix("Create").replace("Request", "Response")

    assert operation.body["required"] is True
    assert node_at(operation.body, "/content/application~1json") == {
        "schema": {"$ref": f"#/components/schemas/{request_}"}
    }
    assert node_at(operation.responses["202"], "/content/application~1json") == {
        "schema": {"$ref": f"#/components/schemas/{response}"}
    }


# Artworks


@pytest.mark.parametrize("name", RESPONSES)
def test_every_field_of_an_artwork_is_always_there(document: dict[str, Any], name: str) -> None:
    artwork = {**ARTWORK, "artworkType": KINDS[name]}

    assert is_valid(artwork, name, document)
    for field in artwork:
        without = {key: value for key, value in artwork.items() if key != field}
        assert not is_valid(without, name, document)


@pytest.mark.parametrize("name", RESPONSES)
@pytest.mark.parametrize(
    ("field", "bad"),
    [
        ("id", "7"),
        ("createdAt", "yesterday"),
        ("status", "done"),
        ("parameters", []),
        ("results", "https://example.com/a.webp"),
        ("duration", "1"),
    ],
)
def test_an_artworks_fields_have_their_types(
    document: dict[str, Any], name: str, field: str, bad: JSONValue
) -> None:
    assert not is_valid({**ARTWORK, "artworkType": KINDS[name], field: bad}, name, document)


@pytest.mark.parametrize("name", RESPONSES[:2])
def test_results_are_addresses(document: dict[str, Any], name: str) -> None:
    artwork = {**ARTWORK, "artworkType": KINDS[name]}

    assert is_valid({**artwork, "results": ["https://example.com/a.webp"]}, name, document)
    assert not is_valid({**artwork, "results": ["a.webp"]}, name, document)


def test_an_artwork_is_of_one_kind_and_a_new_kind_is_one_too(document: dict[str, Any]) -> None:
    for kind in KINDS.values():
        artwork = {**ARTWORK, "artworkType": kind}

        assert is_valid(artwork, "Artwork", document)
        assert [name for name in RESPONSES if is_valid(artwork, name, document)] == [
            name for name in RESPONSES if KINDS[name] == kind
        ]


def test_what_is_read_and_listed_is_an_artwork(described: dict[str, DocumentOperation]) -> None:
    artwork = {"$ref": "#/components/schemas/Artwork"}
    read, listed = described["findArtworkByIdV2"], described["findAllArtworksV2"]

    assert node_at(read.responses["200"], "/content/application~1json/schema") == artwork
    assert node_at(listed.responses["200"], "/content/application~1json/schema") == {
        "type": "array",
        "items": artwork,
    }


def test_reading_takes_a_uuid_and_listing_an_offset_and_a_limit(
    described: dict[str, DocumentOperation],
) -> None:
    (one,) = described["findArtworkByIdV2"].parameters
    parameters = {str(each["name"]): each["schema"] for each in described["findAllArtworksV2"].parameters}

    assert (one["name"], one["in"], one["schema"]) == ("id", "path", {"type": "string", "format": "uuid"})
    assert parameters == {
        "offset": {"type": "integer", "minimum": 0, "default": 0},
        "limit": {"type": "integer", "minimum": 1, "maximum": 500, "default": 10},
    }


def test_statuses_are_distinguished_from_final_ones(document: dict[str, Any]) -> None:
    status = schema(document, "ArtworkStatus")

    assert status["enum"] == ["starting", "processing", "succeeded", "failed", "canceled"]
    assert "final" in status["description"]
    for name in RESPONSES:
        assert schema(document, name)["properties"]["status"] == {
            "$ref": "#/components/schemas/ArtworkStatus"
        }


def test_fields_say_what_they_hold(document: dict[str, Any]) -> None:
    for name in RESPONSES[:2]:
        fields = schema(document, name)["properties"]

        assert all("description" in fields[field] for field in ("id", "results", "duration", "createdAt"))


# Errors


@pytest.mark.parametrize(
    ("error", "is_one"),
    [
        ({"message": "Unauthorized", "statusCode": 401}, True),
        ({"message": "No such thing", "error": "Not Found", "statusCode": 404}, True),
        ({"message": ["one", "two"], "error": "Bad Request", "statusCode": 400}, True),
        ({"message": "Unauthorized"}, False),
        ({"statusCode": 401}, False),
        ({"message": 7, "statusCode": 400}, False),
        ({"message": "x", "statusCode": 400.5}, False),
        ({"message": "x", "statusCode": 400, "error": 7}, False),
    ],
)
def test_an_error_has_a_text_or_several_and_its_code(
    document: dict[str, Any],
    error: Node,
    is_one: bool,  # noqa: FBT001 - a table's column
) -> None:
    assert is_valid(error, "Error", document) is is_one


def test_every_error_has_an_example_of_its_own_code(document: dict[str, Any]) -> None:
    codes = {
        name: response["content"]["application/json"]["example"]["statusCode"]
        for name, response in document["components"]["responses"].items()
    }

    assert codes == {
        "BadRequest": 400,
        "Unauthorized": 401,
        "Forbidden": 403,
        "NotFound": 404,
        "TooManyRequests": 429,
        "InternalServerError": 500,
    }
