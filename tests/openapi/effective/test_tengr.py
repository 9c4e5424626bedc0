"""The effective Tengr document; each test fails without one or more overlay actions."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from tests.openapi.effective.validity import is_valid, schema

from safelight_openapi import (
    DocumentOperation,
    EffectiveDocuments,
    Node,
    build_effective,
    digest_mismatches,
    extract_documents,
    find_violations,
    node_at,
    operations_by_id,
    read_document,
    read_source,
)

pytestmark = pytest.mark.slow

REQUEST: Node = {"imageUrl": "https://example.com/a.jpg"}
DETAILER, UPSCALING = "CreateDetailerUpscalerArtworkRequest", "CreateUpscalingArtworkRequest"
RESPONSES = ["DetailerUpscalerArtworkResponse", "UpscalingArtworkResponse", "OtherArtworkResponse"]


@pytest.fixture(scope="module")
def tengr(root: Path) -> EffectiveDocuments:
    return build_effective("tengr", root)


@pytest.fixture(scope="module")
def document(tengr: EffectiveDocuments) -> dict[str, Any]:
    return tengr.truth


@pytest.fixture(scope="module")
def described(tengr: EffectiveDocuments) -> dict[str, DocumentOperation]:
    return operations_by_id(tengr.truth)


# The vendored page


def test_what_is_transcribed_holds_every_sentence_of_its_page(root: Path) -> None:
    page = (root / "openapi/tengr/pages/detailer-upscaler.txt").read_text(encoding="utf-8")
    transcribed = " ".join(
        (root / "openapi/tengr/detailer-upscaler.yaml").read_text(encoding="utf-8").split()
    )

    sentences = {line for line in page.splitlines() if line.endswith(".")}

    assert len(sentences) == 8
    assert [sentence for sentence in sentences if sentence not in transcribed] == []


def test_the_page_has_five_fields_and_nothing_newer(root: Path) -> None:
    transcribed = read_document(root / "openapi/tengr/detailer-upscaler.yaml")
    post = node_at(transcribed, "/paths/~1v2~1artworks~1detailer-upscaler/post")
    assert isinstance(post, dict)

    fields = node_at(post, "/requestBody/content/application~1json/schema/properties")
    example = node_at(post, "/responses/202/content/application~1json/example/parameters")

    assert isinstance(transcribed, dict)
    assert isinstance(fields, dict)
    assert isinstance(example, dict)
    assert [*fields] == [*example] == ["imageUrl", "scaleFactor", "details", "modification", "webhook"]
    assert "operationId" not in post
    assert "servers" not in transcribed


def test_a_transcribed_document_is_not_extracted_but_checked_by_its_digest(
    root: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "openapi" / "tengr"
    shutil.copytree(root / "openapi" / "tengr", folder)
    (document,) = read_source(tmp_path, "tengr").documents

    assert digest_mismatches(document) == []
    assert extract_documents(tmp_path, "tengr") == []
    document.file.write_bytes(document.file.read_bytes() + b"# edited\n")
    assert [change.partition(" has ")[0] for change in digest_mismatches(document)] == [str(document.file)]


# The service


@pytest.mark.parametrize("layer", ["truth", "strict"])
def test_the_document_is_valid_and_its_examples_hold(tengr: EffectiveDocuments, layer: str) -> None:
    assert find_violations(getattr(tengr, layer)) == []


def test_the_document_is_tengrs_and_names_no_host(document: dict[str, Any]) -> None:
    assert (document["info"]["title"], document["info"]["version"]) == ("Tengr.ai API", "2.2.0")
    assert [server["url"] for server in document["servers"]] == ["/"]


def test_every_operation_is_there_under_its_name_and_tag(document: dict[str, Any]) -> None:
    actual = {
        operation["operationId"]: (method, path, operation["tags"])
        for path, item in document["paths"].items()
        for method, operation in item.items()
    }

    assert actual == {
        "createDetailerUpscalerArtwork": ("post", "/v2/artworks/detailer-upscaler", ["Artworks"]),
        "createUpscalingArtwork": ("post", "/v2/artworks/upscaling", ["Artworks"]),
        "findArtworkByIdV2": ("get", "/v2/artworks/{id}", ["Artworks"]),
        "findAllArtworksV2": ("get", "/v2/artworks", ["Artworks"]),
        "rotateOrganizationWebhookSecret": (
            "post",
            "/v2/organizations/{orgId}/webhook-secret",
            ["Organizations"],
        ),
    }
    assert [tag["name"] for tag in document["tags"]] == ["Artworks", "Organizations", "Webhooks"]


def test_a_key_is_a_bearer_token_everywhere(document: dict[str, Any]) -> None:
    scheme = document["components"]["securitySchemes"]["bearerAuth"]

    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
    assert document["security"] == [{"bearerAuth": []}]


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("createDetailerUpscalerArtwork", ["202", "400", "401", "403", "429", "500"]),
        ("createUpscalingArtwork", ["202", "400", "401", "403", "429", "500"]),
        ("findArtworkByIdV2", ["200", "400", "401", "403", "404", "429", "500"]),
        ("findAllArtworksV2", ["200", "400", "401", "403", "429", "500"]),
        ("rotateOrganizationWebhookSecret", ["200", "401", "403", "404", "429", "500"]),
    ],
)
def test_every_response_is_described_and_every_error_is_one_schema(
    described: dict[str, DocumentOperation], name: str, codes: list[str]
) -> None:
    responses = described[name].responses

    assert sorted(responses) == codes
    for code in codes[1:]:
        assert (
            node_at(responses[code], "/content/application~1json/schema/$ref") == "#/components/schemas/Error"
        )


# The organization


@pytest.mark.parametrize(
    ("secret", "is_one"), [("0a" * 32, True), ("0A" * 32, False), ("0a" * 31 + "0", False), ("", False)]
)
def test_a_secret_is_64_hexadecimal_digits(document: dict[str, Any], secret: str, is_one: bool) -> None:  # noqa: FBT001 - a table's column
    assert is_valid({"secret": secret}, "WebhookSecret", document) is is_one
    assert not is_valid({}, "WebhookSecret", document)


def test_rotating_returns_a_secret(described: dict[str, DocumentOperation]) -> None:
    rotate = described["rotateOrganizationWebhookSecret"]

    assert node_at(rotate.responses["200"], "/content/application~1json/schema/$ref") == (
        "#/components/schemas/WebhookSecret"
    )
    assert [(each["name"], each["in"]) for each in rotate.parameters] == [("orgId", "path")]
    assert rotate.body == {}


# The webhook and the lifecycle


def test_the_webhook_brings_the_artwork_and_its_signature_is_marked_as_unverified(
    document: dict[str, Any],
) -> None:
    post = document["webhooks"]["artworkFinished"]["post"]

    assert post["security"] == []
    assert post["requestBody"]["required"] is True
    assert post["requestBody"]["content"]["application/json"]["schema"] == {
        "$ref": "#/components/schemas/Artwork"
    }
    (header,) = post["parameters"]
    assert (header["in"], header["x-unverified"], header.get("required", False)) == ("header", True, False)
    assert header["name"].startswith("X-Safelight-")


def test_what_is_refused_is_in_the_errors_of_the_document(document: dict[str, Any]) -> None:
    refusals = document["x-async-jobs"]["refusals"]
    properties = document["components"]["schemas"]["Error"]["properties"]

    assert {refusals["message"], refusals["phrase"]} <= {f"/{name}" for name in properties}
    assert {one["status"] for one in refusals.values() if isinstance(one, dict) and "status" in one} == {
        400,
        403,
        404,
        429,
    }


def test_the_lifecycle_of_an_artwork_is_complete(document: dict[str, Any]) -> None:
    assert document["x-async-jobs"]["version"] == "2"
    assert document["x-async-jobs"]["lifecycles"] == {
        "artwork": {
            "submit": ["createDetailerUpscalerArtwork", "createUpscalingArtwork"],
            "id": {"from": "$response.body#/id", "parameter": "id"},
            "read": {"operation": "findArtworkByIdV2", "state": "$response.body#/status"},
            "list": {
                "operation": "findAllArtworksV2",
                "each": "$[*]",
                "paging": {"by": "offset", "at": "offset", "limit": "limit"},
            },
            "result": {"from": "$response.body#/results/0", "expires": "P8D", "media": "image/webp"},
            "scale": "$request.body#/scaleFactor",
            "accepts": {
                "from": "$request.body#/imageUrl",
                "media": ["image/jpeg", "image/png", "image/webp"],
                "pixels": 1_478_656,
            },
            "price": 1,
            "states": {
                "starting": "queued",
                "processing": "running",
                "succeeded": "succeeded",
                "failed": "failed",
                "canceled": {"means": "cancelled", "only": True},
            },
            "reports": {
                "$response.body#/createdAt": "submitted",
                "$response.body#/duration": "took",
                "$response.body#/parameters": "$request.body",
            },
            "retention": "P8D",
            "deliver": {
                "webhook": "artworkFinished",
                "body": "read",
                "target": {"field": "webhook"},
                "public": True,
                "on": ["succeeded", "failed", "cancelled"],
                "sign": {
                    "scheme": "unverified",
                    "secret": {
                        "operation": "rotateOrganizationWebhookSecret",
                        "from": "$response.body#/secret",
                        "rotates": True,
                    },
                },
            },
        }
    }


# The layers


def test_the_strict_document_has_the_fields_of_the_page_and_no_others(tengr: EffectiveDocuments) -> None:
    page = ["imageUrl", "scaleFactor", "details", "modification", "webhook"]
    request = schema(tengr.strict, DETAILER)
    echo = schema(tengr.strict, RESPONSES[0])["properties"]["parameters"]

    assert sorted(request["properties"]) == sorted(echo["properties"]) == sorted(page)
    assert not is_valid({**REQUEST, "seed": 7}, DETAILER, tengr.strict)
    assert not is_valid({**REQUEST, "other": 7}, UPSCALING, tengr.strict)
    assert is_valid({**REQUEST, "other": 7}, DETAILER, tengr.truth)
    assert not is_valid({"message": ["a"], "statusCode": 400}, "Error", tengr.strict)


def test_every_action_of_tengr_names_its_source(tengr: EffectiveDocuments) -> None:
    marks = ("Documented", "Documented later", "Assumed", "Ours")

    unmarked = [
        (pointer, origin)
        for pointer, origin in tengr.provenance.items()
        if isinstance(origin, dict) and not str(origin["description"]).startswith(marks)
    ]

    assert tengr.provenance
    assert unmarked == []
