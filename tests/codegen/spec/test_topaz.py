"""What the effective Topaz document promises; each test holds one or more overlay actions in place."""

from itertools import pairwise
from typing import Any

import pytest

from safelight_codegen.documents import JSON
from safelight_codegen.spec import Effective
from safelight_codegen.spec.checks import complaints
from safelight_codegen.spec.instances import faults
from safelight_codegen.spec.operations import Operation
from safelight_codegen.spec.references import Node, node_at

PICTURE = "bytes"
ID = "d7b3b3b3-7b3b-4b3b-8b3b-3b3b3b3b3b3b"
ASYNC = [
    "postEnhanceAsync",
    "postEnhanceGenAsync",
    "postSharpen",
    "postSharpenGen",
    "postDenoise",
    "postRestoreGen",
    "postLighting",
    "postMatting",
    "postTool",
]
SYNC = ["postEnhanceSync", "postDenoiseSync", "postSharpenSync", "postLightingSync"]
SUBMITS = [*ASYNC, *SYNC]
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
SUBMIT_ERRORS = ["400", "401", "402", "403", "412", "413", "415", "422", "425", "429", "500"]
STATUS: Node = {
    "process_id": ID,
    "filename": "image.png",
    "input_format": "png",
    "input_height": 720,
    "input_width": 1280,
    "output_format": "jpeg",
    "output_height": 1080,
    "output_width": 1920,
    "category": "Denoise",
    "model_type": "GAN",
    "model": "Normal",
    "crop_to_fill": False,
    "status": "Completed",
    "progress": 100,
    "eta": 1617220000,
    "creation_time": 1633024800,
    "modification_time": 1633038400,
    "credits": 2,
}
NOTIFICATION: Node = {
    "notification_id": "01ARZ3NDEKTSV4RRFFQ69G5FAV",
    "process_id": ID,
    "status": "Processing",
    "creation_time": 1633024800,
    "modification_time": 1633038400,
    "progress": 40,
    "input_download_url": "https://files.example/in",
    "input_head_url": "https://files.example/in",
}


def schema(document: Node, name: str) -> dict[str, Any]:
    found = node_at(document, f"/components/schemas/{name}")
    assert isinstance(found, dict)
    return found


def is_valid(value: JSON, name: str, document: Node) -> bool:
    return not faults(value, schema(document, name), document)


def written(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Every operation as the document writes it."""
    members = (member for item in document["paths"].values() for member in item.values())
    return [member for member in members if isinstance(member, dict)]


def without(value: Node, *keys: str) -> Node:
    return {key: item for key, item in value.items() if key not in keys}


# The service


def test_the_document_is_image_api_1_2_0_in_openapi_3_1_2(truth: dict[str, Any]) -> None:
    info = node_at(truth, "/info")

    assert truth["openapi"] == "3.1.2"
    assert isinstance(info, dict)
    assert (info["title"], info["version"]) == ("Image API", "1.2.0")
    assert node_at(truth, "/servers/0/url") == "https://api.topazlabs.com/image/v1"


@pytest.mark.parametrize("layer", ["truth", "strict"])
def test_the_document_is_valid_its_links_resolve_and_its_examples_hold(topaz: Effective, layer: str) -> None:
    assert complaints(getattr(topaz, layer)) == []


def test_every_operation_is_there_under_its_name(known: dict[str, Operation]) -> None:
    assert {name: operation.place for name, operation in known.items()} == {
        "postEnhanceAsync": "POST /enhance/async",
        "postEnhanceSync": "POST /enhance",
        "postEnhanceGenAsync": "POST /enhance-gen/async",
        "getAllStatuses": "GET /status",
        "deleteAllStatuses": "DELETE /status",
        "getStatus": "GET /status/{process_id}",
        "deleteStatus": "DELETE /status/{process_id}",
        "getDownloadOutput": "GET /download/{process_id}",
        "getDownloadInput": "GET /download/input/{process_id}",
        "postEstimate": "POST /estimate",
        "postEstimateGen": "POST /estimate-gen",
        "cancelTask": "DELETE /cancel/{process_id}",
        "postMatting": "POST /matting/async",
        "postDenoise": "POST /denoise/async",
        "postSharpen": "POST /sharpen/async",
        "postSharpenGen": "POST /sharpen-gen/async",
        "postRestoreGen": "POST /restore-gen/async",
        "postLighting": "POST /lighting/async",
        "postTool": "POST /tool/async",
        "postDenoiseSync": "POST /denoise",
        "postSharpenSync": "POST /sharpen",
        "postLightingSync": "POST /lighting",
        "postEstimateBulk": "POST /estimate-bulk",
        "getCreditBalance": "GET /credits/balance",
    }


def test_every_operation_takes_a_key_or_a_legacy_bearer_token(truth: dict[str, Any]) -> None:
    assert truth["security"] == [{"apiKeyAuth": []}, {"legacyBearerAuth": []}]
    assert node_at(truth, "/components/securitySchemes/apiKeyAuth/name") == "X-API-Key"
    assert node_at(truth, "/components/securitySchemes/legacyBearerAuth/scheme") == "bearer"
    assert node_at(truth, "/components/securitySchemes/legacyBearerAuth/x-deprecated") is True


def test_every_tag_an_operation_has_is_described_once(truth: dict[str, Any]) -> None:
    names = [tag["name"] for tag in truth["tags"]]

    used = {tag for operation in written(truth) for tag in operation["tags"]}

    assert len(set(names)) == len(names)
    assert set(names) == used


def test_only_the_synchronous_calls_are_deprecated(truth: dict[str, Any]) -> None:
    deprecated = {operation["operationId"] for operation in written(truth) if operation.get("deprecated")}

    assert deprecated == set(SYNC)


def test_request_schemas_are_flat_and_each_has_one_name(truth: dict[str, Any]) -> None:
    schemas = truth["components"]["schemas"]

    assert sorted(schemas) == [
        "AsyncResponse",
        "CreditBalance",
        "DeletedStatuses",
        "DenoiseModel",
        "DenoiseRequest",
        "DownloadResponse",
        "EnhanceGenModel",
        "EnhanceGenRequest",
        "EnhanceModel",
        "EnhanceRequest",
        "Error",
        "EstimateBulkItem",
        "EstimateCategory",
        "EstimateImageTaskGenRequest",
        "EstimateImageTaskRequest",
        "EstimationBulkError",
        "EstimationBulkSuccess",
        "EstimationResponse",
        "JobStatusNotification",
        "LightingModel",
        "LightingRequest",
        "MattingModel",
        "MattingRequest",
        "RestoreGenModel",
        "RestoreGenRequest",
        "SharpenGenModel",
        "SharpenGenRequest",
        "SharpenModel",
        "SharpenRequest",
        "StatusPage",
        "StatusResponse",
        "SyncResponse",
        "ToolModel",
        "ToolRequest",
    ]
    assert [name for name in schemas if "allOf" in schema(truth, name)] == []


# Requests


@pytest.mark.parametrize("name", [*SUBMITS, *ESTIMATES])
def test_a_call_that_needs_a_body_says_so(known: dict[str, Operation], name: str) -> None:
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
def test_an_input_may_be_sent_or_named_and_a_webhook_asked_for(
    truth: dict[str, Any], name: str, body: Node
) -> None:
    properties = schema(truth, name)["properties"]

    assert is_valid(body, name, truth)
    assert {"image", "source_id", "source_url", "webhook_url", "model", "output_format"} <= set(properties)


@pytest.mark.parametrize("name", REQUESTS)
@pytest.mark.parametrize(
    "body", [{"source_id": 7}, {"webhook_url": 7}, {"sharpen": 0.5}, {"output_format": "gif"}]
)
def test_a_field_of_the_wrong_kind_is_no_request(truth: dict[str, Any], name: str, body: Node) -> None:
    assert not is_valid(body, name, truth)


@pytest.mark.parametrize("name", ["EnhanceRequest", "EnhanceGenRequest"])
def test_an_enhanced_picture_has_a_size_and_faces(truth: dict[str, Any], name: str) -> None:
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

    found = {
        key: one["default"] for key, one in properties.items() if isinstance(one, dict) and "default" in one
    }

    assert found == defaults


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
    truth: dict[str, Any], name: str, models: list[JSON]
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
    topaz: Effective, name: str, model: str
) -> None:
    size: Node = {"input_height": 1, "input_width": 1} if name.startswith("Estimate") else {}

    assert is_valid({**size, "model": "Wonder 3"}, name, topaz.truth)
    assert not is_valid({**size, "model": 3}, name, topaz.truth)
    assert not is_valid({**size, "model": "Wonder 3"}, name, topaz.strict)
    assert is_valid({**size, "model": model}, name, topaz.strict)


@pytest.mark.parametrize("name", REQUESTS)
def test_a_model_of_another_call_is_refused_strictly(topaz: Effective, name: str) -> None:
    others = {PUBLISHED[other] for other in REQUESTS if other != name}

    assert [model for model in others if is_valid({"model": model}, name, topaz.strict)] == []


def test_restoring_faces_is_refused_as_the_service_does(truth: dict[str, Any]) -> None:
    assert not is_valid({"model": "Faces"}, "RestoreGenRequest", truth)


@pytest.mark.parametrize("name", [name for name in PUBLISHED if "Enhance" in name or "Estimate" in name])
@pytest.mark.parametrize("side", ["output_height", "output_width"])
def test_an_output_size_of_zero_is_taken_by_default_and_refused_strictly(
    topaz: Effective, name: str, side: str
) -> None:
    body: Node = {"input_height": 1, "input_width": 1} if name.startswith("Estimate") else {}

    assert is_valid({**body, side: 0}, name, topaz.truth)
    assert not is_valid({**body, side: -1}, name, topaz.truth)
    assert not is_valid({**body, side: 0}, name, topaz.strict)
    assert is_valid({**body, side: 1}, name, topaz.strict)


# Answers


@pytest.mark.parametrize("name", SUBMITS)
def test_every_submit_answers_the_same_errors(known: dict[str, Operation], name: str) -> None:
    assert sorted(known[name].responses) == ["200", *SUBMIT_ERRORS]


def test_other_operations_answer_what_is_documented(known: dict[str, Operation]) -> None:
    assert {name: " ".join(sorted(one.responses)) for name, one in known.items() if name not in SUBMITS} == {
        "getAllStatuses": "200 400 401 403 429 500",
        "deleteAllStatuses": "200 401 403 429 500",
        "getStatus": "200 400 401 403 404 429 500",
        "deleteStatus": "204 400 401 403 404 409 429 500",
        "getDownloadOutput": "200 400 401 403 404 409 429 500",
        "getDownloadInput": "200 400 401 403 404 429 500",
        "postEstimate": "200 400 401 403 429 500",
        "postEstimateGen": "200 400 401 403 429 500",
        "postEstimateBulk": "200 400 401 403 429 500",
        "getCreditBalance": "200 401 403 429 500",
        "cancelTask": "204 400 401 403 404 409 429 500",
    }


def test_every_error_is_the_one_error_component(known: dict[str, Operation]) -> None:
    schemas = [
        node_at(response, "/content/application~1json/schema")
        for operation in known.values()
        for status, response in operation.responses.items()
        if not status.startswith("2")
    ]

    assert schemas
    assert [one for one in schemas if one != {"$ref": "#/components/schemas/Error"}] == []


def test_too_early_means_that_credits_are_being_bought(truth: dict[str, Any]) -> None:
    message = node_at(
        truth, "/components/responses/TooEarly/content/application~1json/examples/tooEarlyExample/value"
    )

    assert message == {
        "code": 425,
        "message": "Too early to reserve credits. An order for more credits is in progress.",
    }


@pytest.mark.parametrize("name", SUBMITS)
def test_every_submit_names_job_source_and_end_in_its_headers(
    known: dict[str, Operation], truth: dict[str, Any], name: str
) -> None:
    headers = known[name].responses["200"]["headers"]
    assert isinstance(headers, dict)

    assert sorted(headers) == ["X-ETA", "X-Process-ID", "X-Source-ID"]
    assert faults("not a uuid", node_at(headers, "/X-Process-ID/schema"), truth)
    assert faults(1, node_at(headers, "/X-Source-ID/schema"), truth)


def test_a_submitted_job_is_told_by_process_source_and_end(truth: dict[str, Any]) -> None:
    answer: Node = {"process_id": ID, "source_id": ID, "eta": 1617220000}

    assert is_valid(answer, "AsyncResponse", truth)
    for key in answer:
        assert not is_valid(without(answer, key), "AsyncResponse", truth)
    assert not is_valid({**answer, "process_id": "not a uuid"}, "AsyncResponse", truth)
    assert not is_valid({**answer, "source_id": 7}, "AsyncResponse", truth)


def test_a_status_has_what_every_kind_of_job_has(truth: dict[str, Any]) -> None:
    assert is_valid(STATUS, "StatusResponse", truth)
    for key in STATUS:
        assert not is_valid(without(STATUS, key), "StatusResponse", truth)
    assert not is_valid({**STATUS, "process_id": "not a uuid"}, "StatusResponse", truth)


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        ("source_id", ID, 7),
        ("category", "Enhance", 7),
        ("model_type", "GAN", 7),
        ("sync", False, "no"),
        ("face_enhancement", True, "yes"),
        ("face_enhancement_creativity", 0.5, 2),
        ("face_enhancement_strength", 0.8, 2),
        ("subject_detection", "All", 7),
        ("options_json", '{"creativity": 90}', {"creativity": 90}),
    ],
)
def test_a_status_may_say_more(truth: dict[str, Any], field: str, good: JSON, bad: JSON) -> None:
    assert is_valid({**STATUS, field: good}, "StatusResponse", truth)
    assert not is_valid({**STATUS, field: bad}, "StatusResponse", truth)


def test_the_example_of_options_json_is_json_in_a_string(truth: dict[str, Any]) -> None:
    assert node_at(truth, "/components/schemas/StatusResponse/properties/options_json/examples") == [
        '{"creativity": 90}'
    ]


def test_the_example_of_a_further_setting_is_a_string(truth: dict[str, Any]) -> None:
    assert node_at(truth, "/components/schemas/EnhanceGenRequest/additionalProperties/examples") == ["3"]


def test_the_list_is_an_array_or_a_page(known: dict[str, Operation], truth: dict[str, Any]) -> None:
    listing = node_at(known["getAllStatuses"].responses["200"], "/content/application~1json/schema")

    assert faults([STATUS], listing, truth) == []
    assert faults({"data": [STATUS], "pagination": {"has_next_page": False}}, listing, truth) == []
    assert (
        faults({"data": [], "pagination": {"has_next_page": True, "next_cursor": "x"}}, listing, truth) == []
    )
    assert faults({"data": []}, listing, truth)
    assert faults({"pagination": {"has_next_page": True}}, listing, truth)
    assert faults({"data": [], "pagination": {}}, listing, truth)
    assert faults({"data": [{}], "pagination": {"has_next_page": False}}, listing, truth)


def test_the_list_is_paged_on_request(known: dict[str, Operation]) -> None:
    parameters = {str(one["name"]): one["schema"] for one in known["getAllStatuses"].parameters}

    assert parameters == {
        "paginated": {"type": "boolean", "default": False},
        "limit": {"type": "integer", "minimum": 1, "maximum": 100, "default": 50},
        "cursor": {"type": "string"},
    }
    assert all(one["in"] == "query" for one in known["getAllStatuses"].parameters)


def test_deleting_every_status_says_how_many_there_were(
    known: dict[str, Operation], truth: dict[str, Any]
) -> None:
    answer = node_at(known["deleteAllStatuses"].responses["200"], "/content/application~1json/schema")

    assert faults({"deleted_count": 3}, answer, truth) == []
    assert faults({}, answer, truth) == []
    assert faults({"deleted_count": "3"}, answer, truth)


def test_an_estimate_always_names_its_credits(truth: dict[str, Any]) -> None:
    assert is_valid({"duration": 30, "credits": 2}, "EstimationResponse", truth)
    assert not is_valid({"duration": 30}, "EstimationResponse", truth)


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("/paths/~1download~1{process_id}/get/description", "7 days"),
        ("/paths/~1download~1input~1{process_id}/get/description", "7 days"),
        ("/paths/~1status/get/description", "7 days"),
    ],
)
def test_what_is_kept_is_kept_for_seven_days(truth: dict[str, Any], place: str, words: str) -> None:
    text = str(node_at(truth, place))

    assert words in text
    assert "24 hours" not in text


# Links


@pytest.mark.parametrize("name", SUBMITS)
def test_every_submit_leads_to_all_that_can_be_done_with_a_job(
    known: dict[str, Operation], name: str
) -> None:
    links = known[name].responses["200"]["links"]
    assert isinstance(links, dict)

    leads = {link["operationId"]: link["parameters"] for link in links.values() if isinstance(link, dict)}

    assert leads == {
        target: {"process_id": "$response.header.X-Process-ID"}
        for target in ("getStatus", "getDownloadInput", "getDownloadOutput", "cancelTask", "deleteStatus")
    }
    assert len(links) == len(leads)


@pytest.mark.parametrize(
    ("name", "status", "targets"),
    [
        ("getStatus", "200", {"getDownloadInput", "getDownloadOutput", "cancelTask", "deleteStatus"}),
        ("deleteStatus", "204", {"getStatus", "getDownloadOutput"}),
        ("cancelTask", "204", {"getStatus"}),
    ],
)
def test_what_follows_a_call_is_linked(
    known: dict[str, Operation], name: str, status: str, targets: set[str]
) -> None:
    links = known[name].responses[status]["links"]
    assert isinstance(links, dict)

    assert {link["operationId"] for link in links.values() if isinstance(link, dict)} == targets


# The webhook


def test_a_webhook_tells_of_a_change_in_a_jobs_status(truth: dict[str, Any]) -> None:
    body = node_at(truth, "/webhooks/jobStatusChanged/post/requestBody")
    assert isinstance(body, dict)

    assert body["required"] is True
    assert node_at(body, "/content/application~1json/schema") == {
        "$ref": "#/components/schemas/JobStatusNotification"
    }


def test_a_notification_has_ten_fields_of_which_two_come_with_the_result(truth: dict[str, Any]) -> None:
    done: Node = {
        **NOTIFICATION,
        "status": "Completed",
        "download_url": "https://files.example/out",
        "head_url": "https://files.example/out",
    }

    assert is_valid(NOTIFICATION, "JobStatusNotification", truth)
    assert is_valid(done, "JobStatusNotification", truth)
    assert set(done) == set(schema(truth, "JobStatusNotification")["properties"])
    for key in NOTIFICATION:
        assert not is_valid(without(NOTIFICATION, key), "JobStatusNotification", truth)


@pytest.mark.parametrize("value", ["", ID, "81ARZ3NDEKTSV4RRFFQ69G5FAV", "01ARZ3NDEKTSV4RRFFQ69G5FAI"])
def test_a_notification_id_is_a_ulid(truth: dict[str, Any], value: str) -> None:
    assert not is_valid({**NOTIFICATION, "notification_id": value}, "JobStatusNotification", truth)


# The lifecycle


def test_the_life_of_a_job_is_described_in_full(truth: dict[str, Any]) -> None:
    assert truth["x-async-jobs"] == {
        "image": {
            "submit": ASYNC,
            "sync": SYNC,
            "id": {"from": "$response.body#/process_id", "parameter": "process_id"},
            "read": {
                "operation": "getStatus",
                "state": "$response.body#/status",
                "progress": "$response.body#/progress",
                "eta": "$response.body#/eta",
            },
            "list": {"operation": "getAllStatuses", "each": "$[*]"},
            "cancel": {"operation": "cancelTask", "while": ["queued", "running"]},
            "forget": {"operation": "deleteStatus", "while": ["succeeded", "failed", "cancelled"]},
            "forget_all": {"operation": "deleteAllStatuses"},
            "result": {
                "operation": "getDownloadOutput",
                "while": ["succeeded"],
                "url": "$response.body#/download_url",
                "expires": "PT1H",
                "renew": True,
            },
            "input": {
                "operation": "getDownloadInput",
                "url": "$response.body#/download_url",
                "expires": "PT1H",
            },
            "states": {
                "Pending": "queued",
                "Processing": "running",
                "Completed": "succeeded",
                "Failed": "failed",
                "Cancelled": "cancelled",
            },
            "retention": "P7D",
            "deliver": {
                "webhook": "jobStatusChanged",
                "target": {"field": "webhook_url"},
                "retry": {"on": ["5xx", "network"], "first": "PT5S", "factor": 2, "ceiling": "PT15M"},
                "sign": "none",
                "on": ["running", "succeeded", "failed", "cancelled"],
            },
        }
    }


# The layers


def test_the_strict_document_differs_in_models_and_sizes_alone(topaz: Effective) -> None:
    def places(ours: JSON, theirs: JSON, where: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
        if isinstance(ours, dict) and isinstance(theirs, dict):
            keys = [*ours, *(key for key in theirs if key not in ours)]
            return [p for key in keys for p in places(ours.get(key), theirs.get(key), (*where, key))]
        return [] if ours == theirs else [where]

    changed = {place[4] for place in places(topaz.truth, topaz.strict)}

    assert changed == {"model", "output_height", "output_width"}


def test_every_action_says_where_its_fact_comes_from(topaz: Effective) -> None:
    marks = ("Documented S", "Documented later", "Observed", "Assumed", "Linked by us")

    unmarked = [
        (place, origin)
        for place, origin in topaz.provenance.items()
        if isinstance(origin, dict) and not str(origin["description"]).startswith(marks)
    ]

    assert unmarked == []


def test_what_is_ours_can_be_told_from_what_the_vendor_wrote(topaz: Effective) -> None:
    webhook, enum = "/webhooks", "/components/schemas/EnhanceModel/enum"

    assert webhook in topaz.provenance
    assert "/components/schemas/StatusResponse/properties/status" not in topaz.provenance
    assert enum in topaz.provenance
    assert all(one <= other for one, other in pairwise(topaz.provenance))
