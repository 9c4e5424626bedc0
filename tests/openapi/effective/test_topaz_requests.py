"""Requests to Topaz; each test fails without one or more overlay actions."""

from typing import Any

import pytest
from tests.openapi.effective.topaz import ID, SUBMITS
from tests.openapi.effective.validity import is_valid, schema, without

from safelight_openapi import DocumentOperation, EffectiveDocuments, JSONValue, Node

pytestmark = pytest.mark.slow

PICTURE = "bytes"
ESTIMATES = ["postEstimate", "postEstimateGen", "postEstimateBulk"]
SIZED = ["EnhanceRequest", "EnhanceGenRequest", "ToolRequest"]
UNSIZED = [
    "SharpenRequest",
    "SharpenGenRequest",
    "DenoiseRequest",
    "RestoreGenRequest",
    "LightingRequest",
    "MattingRequest",
]
REQUESTS = [*SIZED, *UNSIZED]


@pytest.mark.parametrize("name", [*SUBMITS, *ESTIMATES])
def test_a_request_that_needs_a_body_requires_it(known: dict[str, DocumentOperation], name: str) -> None:
    assert known[name].body["required"] is True


@pytest.mark.parametrize("name", REQUESTS)
@pytest.mark.parametrize(
    "body",
    [
        {"image": PICTURE},
        {"source_id": ID},
        {"source_url": "https://example.com/image.jpg"},
        {"source_id": ID, "webhook_url": "https://example.com/webhook", "sharpen": "0.5"},
        {},
    ],
)
def test_an_input_may_be_sent_or_named_and_a_webhook_requested(
    truth: dict[str, Any], name: str, body: Node
) -> None:
    properties = schema(truth, name)["properties"]

    assert is_valid(body, name, truth)
    assert {"image", "source_id", "source_url", "webhook_url", "model", "output_format"} <= set(properties)


@pytest.mark.parametrize("name", REQUESTS)
@pytest.mark.parametrize(
    "body", [{"source_id": 7}, {"webhook_url": 7}, {"sharpen": 0.5}, {"output_format": "gif"}]
)
def test_a_field_of_the_wrong_type_is_invalid(truth: dict[str, Any], name: str, body: Node) -> None:
    assert not is_valid(body, name, truth)


@pytest.mark.parametrize("name", ["EnhanceRequest", "EnhanceGenRequest"])
def test_an_enhanced_image_has_a_size_and_faces(truth: dict[str, Any], name: str) -> None:
    body: Node = {
        "image": PICTURE,
        "output_height": 1080,
        "output_width": 1920,
        "output_format": "tif",
        "crop_to_fill": True,
        "face_enhancement": True,
        "face_enhancement_creativity": 0.5,
    }

    assert is_valid(body, name, truth)
    assert not is_valid({**body, "output_width": 32001}, name, truth)
    assert not is_valid({**body, "face_enhancement_creativity": 1.5}, name, truth)


@pytest.mark.parametrize("name", UNSIZED)
def test_what_does_not_enlarge_knows_no_output_size(truth: dict[str, Any], name: str) -> None:
    properties = schema(truth, name)["properties"]

    assert not {"output_height", "output_width", "crop_to_fill"} & set(properties)


def test_only_matting_has_a_mode(truth: dict[str, Any]) -> None:
    assert is_valid({"mode": "alpha"}, "MattingRequest", truth)
    assert not is_valid({"mode": "outline"}, "MattingRequest", truth)
    assert [name for name in REQUESTS if "mode" in schema(truth, name)["properties"]] == ["MattingRequest"]


@pytest.mark.parametrize("name", REQUESTS)
def test_matting_and_tools_give_png_alone_and_the_others_jpeg_too(truth: dict[str, Any], name: str) -> None:
    assert is_valid({"output_format": "png"}, name, truth)
    assert is_valid({"output_format": "jpeg"}, name, truth) is (name not in ("MattingRequest", "ToolRequest"))


def test_a_tool_takes_png_alone_and_gives_a_size(truth: dict[str, Any]) -> None:
    body: Node = {"image": PICTURE, "output_height": 1080, "output_width": 1920, "crop_to_fill": True}
    image = schema(truth, "ToolRequest")["properties"]["image"]["description"]

    assert is_valid(body, "ToolRequest", truth)
    assert not is_valid({**body, "output_width": 32001}, "ToolRequest", truth)
    assert not is_valid({**body, "output_height": 0}, "ToolRequest", truth)
    assert "png" in image
    assert "jpeg" not in image


@pytest.mark.parametrize(
    "name", ["EstimateImageTaskRequest", "EstimateImageTaskGenRequest", "EstimateBulkItem"]
)
def test_an_estimate_needs_the_size_of_the_input(truth: dict[str, Any], name: str) -> None:
    body: Node = {"input_height": 1080, "input_width": 1920, "output_height": 2160, "creativity": "3"}

    assert is_valid(body, name, truth)
    assert not is_valid(without(body, "input_height"), name, truth)
    assert not is_valid({**body, "input_width": 0}, name, truth)


@pytest.mark.parametrize(
    ("name", "defaults"),
    [
        (
            "EnhanceRequest",
            {
                "model": "Standard V2",
                "output_format": "jpeg",
                "crop_to_fill": False,
                "face_enhancement": True,
                "face_enhancement_creativity": 0,
            },
        ),
        (
            "EnhanceGenRequest",
            {
                "model": "Redefine",
                "output_format": "jpeg",
                "crop_to_fill": False,
                "face_enhancement": True,
                "face_enhancement_creativity": 0,
            },
        ),
        ("EstimateImageTaskRequest", {"model": "Standard V2", "category": "Enhance"}),
        ("EstimateImageTaskGenRequest", {"model": "Redefine", "category": "Enhance"}),
        ("EstimateBulkItem", {"model": "Standard V2", "category": "Enhance"}),
        ("SharpenRequest", {"model": "Standard", "output_format": "jpeg"}),
        ("SharpenGenRequest", {"model": "Super Focus V2", "output_format": "jpeg"}),
        ("RestoreGenRequest", {"model": "Dust-Scratch", "output_format": "jpeg"}),
        ("LightingRequest", {"model": "Adjust", "output_format": "jpeg"}),
        ("ToolRequest", {"model": "Transparency Upscale", "output_format": "png", "crop_to_fill": False}),
        ("DenoiseRequest", {"model": "Normal", "output_format": "jpeg"}),
        ("MattingRequest", {"model": "Object", "output_format": "png", "mode": "segmentation"}),
    ],
)
def test_what_is_not_sent_has_a_documented_default(truth: dict[str, Any], name: str, defaults: Node) -> None:
    properties = schema(truth, name)["properties"]
    assert isinstance(properties, dict)

    actual = {
        key: one["default"] for key, one in properties.items() if isinstance(one, dict) and "default" in one
    }

    assert actual == defaults


@pytest.mark.parametrize(
    ("name", "models"),
    [
        ("EnhanceModel", ["Standard V2", "Low Resolution V2", "CGI", "High Fidelity V2", "Text Refine"]),
        ("EnhanceGenModel", ["Recovery", "Redefine", "Recovery V2", "Standard MAX", "Wonder"]),
        ("DenoiseModel", ["Normal", "Strong", "Extreme"]),
        ("MattingModel", ["Object"]),
        (
            "SharpenModel",
            [
                "Standard",
                "Strong",
                "Lens Blur",
                "Lens Blur V2",
                "Motion Blur",
                "Natural",
                "Refocus",
                "Wildlife",
                "Portrait",
            ],
        ),
        ("SharpenGenModel", ["Super Focus V2"]),
        ("RestoreGenModel", ["Dust-Scratch", "Dust-Scratch V2"]),
        ("LightingModel", ["Adjust", "Adjust V2", "White Balance", "Colorize"]),
        ("ToolModel", ["Transparency Upscale"]),
    ],
)
def test_the_published_models_are_listed_without_a_default_of_their_own(
    truth: dict[str, Any], name: str, models: list[JSONValue]
) -> None:
    assert schema(truth, name)["enum"] == models
    assert "default" not in schema(truth, name)


PUBLISHED = {
    "EnhanceRequest": "Text Refine",
    "EnhanceGenRequest": "Wonder",
    "EstimateImageTaskRequest": "CGI",
    "EstimateImageTaskGenRequest": "Recovery",
    "DenoiseRequest": "Extreme",
    "MattingRequest": "Object",
    "SharpenRequest": "Motion Blur",
    "SharpenGenRequest": "Super Focus V2",
    "RestoreGenRequest": "Dust-Scratch V2",
    "LightingRequest": "Colorize",
    "ToolRequest": "Transparency Upscale",
    "EstimateBulkItem": "High Fidelity V2",
}


@pytest.mark.parametrize(("name", "model"), PUBLISHED.items())
def test_any_model_is_taken_by_default_and_only_published_ones_strictly(
    topaz: EffectiveDocuments, name: str, model: str
) -> None:
    size: Node = {"input_height": 1, "input_width": 1} if name.startswith("Estimate") else {}

    assert is_valid({**size, "model": "Wonder 3"}, name, topaz.truth)
    assert not is_valid({**size, "model": 3}, name, topaz.truth)
    assert not is_valid({**size, "model": "Wonder 3"}, name, topaz.strict)
    assert is_valid({**size, "model": model}, name, topaz.strict)


@pytest.mark.parametrize("name", REQUESTS)
def test_a_model_of_another_operation_is_rejected_in_strict_mode(
    topaz: EffectiveDocuments, name: str
) -> None:
    others = {PUBLISHED[other] for other in REQUESTS if other != name}

    assert [model for model in others if is_valid({"model": model}, name, topaz.strict)] == []


def test_restoring_faces_is_rejected_as_by_the_service(truth: dict[str, Any]) -> None:
    assert not is_valid({"model": "Faces"}, "RestoreGenRequest", truth)


@pytest.mark.parametrize("name", [name for name in PUBLISHED if "Enhance" in name or "Estimate" in name])
@pytest.mark.parametrize("side", ["output_height", "output_width"])
def test_an_output_size_of_zero_is_accepted_by_default_and_rejected_in_strict_mode(
    topaz: EffectiveDocuments, name: str, side: str
) -> None:
    body: Node = {"input_height": 1, "input_width": 1} if name.startswith("Estimate") else {}

    assert is_valid({**body, side: 0}, name, topaz.truth)
    assert not is_valid({**body, side: -1}, name, topaz.truth)
    assert not is_valid({**body, side: 0}, name, topaz.strict)
    assert is_valid({**body, side: 1}, name, topaz.strict)
