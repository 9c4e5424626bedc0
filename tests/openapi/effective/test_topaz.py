"""The effective Topaz document; each test fails without one or more overlay actions."""

from itertools import pairwise
from typing import Any

import pytest
from tests.openapi.effective.topaz import ASYNC, SYNC
from tests.openapi.effective.validity import schema

from safelight_openapi import DocumentOperation, EffectiveDocuments, JSONValue, find_violations, node_at

pytestmark = pytest.mark.slow


def written(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Every operation by operationId."""
    members = (member for item in document["paths"].values() for member in item.values())
    return [member for member in members if isinstance(member, dict)]


# The service


def test_the_document_is_image_api_1_2_0_in_openapi_3_1_2(truth: dict[str, Any]) -> None:
    info = node_at(truth, "/info")

    assert truth["openapi"] == "3.1.2"
    assert isinstance(info, dict)
    assert (info["title"], info["version"]) == ("Image API", "1.2.0")
    assert node_at(truth, "/servers/0/url") == "https://api.topazlabs.com/image/v1"


@pytest.mark.parametrize("layer", ["truth", "strict"])
def test_the_document_is_valid_its_links_resolve_and_its_examples_hold(
    topaz: EffectiveDocuments, layer: str
) -> None:
    assert find_violations(getattr(topaz, layer)) == []


def test_every_operation_is_there_under_its_name(known: dict[str, DocumentOperation]) -> None:
    assert {name: operation.label for name, operation in known.items()} == {
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
    assert set(names) == used | {"Webhooks"}


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


# The lifecycle


OVER = ["succeeded", "failed", "cancelled"]


def test_the_lifecycle_of_a_job_is_complete(truth: dict[str, Any]) -> None:
    assert truth["x-async-jobs"]["version"] == "2"
    assert truth["x-async-jobs"]["lifecycles"] == {
        "image": {
            "submit": ASYNC,
            "sync": SYNC,
            "id": {
                "from": ["$response.body#/process_id", "$response.header.X-Process-ID"],
                "parameter": "process_id",
            },
            "read": {
                "operation": "getStatus",
                "state": "$response.body#/status",
                "progress": "$response.body#/progress",
                "eta": "$response.body#/eta",
            },
            "list": {"operation": "getAllStatuses", "each": "$[*]"},
            "states": {
                "Pending": "queued",
                "Processing": "running",
                "Completed": "succeeded",
                "Failed": "failed",
                "Cancelled": "cancelled",
            },
            "moves": [
                {"operation": "cancelTask", "while": ["queued", "running"], "to": "cancelled"},
                {"operation": "deleteStatus", "while": OVER, "to": "deleted"},
                {"operation": "deleteAllStatuses", "while": OVER, "to": "deleted", "every": True},
            ],
            "result": {
                "operation": "getDownloadOutput",
                "from": "$response.body#/download_url",
                "expires": "PT1H",
                "renew": True,
            },
            "input": {
                "operation": "getDownloadInput",
                "url": "$response.body#/download_url",
                "expires": "PT1H",
            },
            "reports": {
                "$response.body#/creation_time": "submitted",
                "$response.body#/modification_time": "updated",
                "$response.body#/credits": "price",
            },
            "retention": "P7D",
            "deliver": {
                "webhook": "jobStatusChanged",
                "body": {
                    "/notification_id": "delivery",
                    "/process_id": "id",
                    "/status": "state",
                    "/creation_time": "submitted",
                    "/modification_time": "updated",
                    "/progress": "progress",
                    "/download_url": "result",
                },
                "target": {"field": "webhook_url"},
                "retry": {
                    "on": ["5xx", "network"],
                    "first": "PT5S",
                    "factor": 2,
                    "ceiling": "PT15M",
                    "attempts": 20,
                    "timeout": "PT30S",
                },
                "sign": "none",
                "on": ["running", *OVER],
            },
        }
    }


# The layers


@pytest.mark.fidelity("twin.strict")
def test_the_strict_document_differs_in_models_sizes_and_the_age_of_links_alone(
    topaz: EffectiveDocuments,
) -> None:
    def changed_pointers(
        ours: JSONValue, theirs: JSONValue, where: tuple[str, ...] = ()
    ) -> list[tuple[str, ...]]:
        if isinstance(ours, dict) and isinstance(theirs, dict):
            keys = [*ours, *(key for key in theirs if key not in ours)]
            return [
                p for key in keys for p in changed_pointers(ours.get(key), theirs.get(key), (*where, key))
            ]
        return [] if ours == theirs else [where]

    changed = changed_pointers(topaz.truth, topaz.strict)

    fields = {pointer[4] for pointer in changed if pointer[0] == "components"}
    assert fields == {"model", "output_height", "output_width"}
    assert [pointer for pointer in changed if pointer[0] != "components"] == [
        ("paths", "/download/{process_id}", "get", "description"),
        ("x-async-jobs", "lifecycles", "image", "result", "within"),
    ]


def test_every_action_names_its_source(topaz: EffectiveDocuments) -> None:
    marks = ("Documented S", "Documented later", "Observed", "Assumed", "Linked by us")

    unmarked = [
        (pointer, origin)
        for pointer, origin in topaz.provenance.items()
        if isinstance(origin, dict) and not str(origin["description"]).startswith(marks)
    ]

    assert unmarked == []


def test_added_parts_can_be_distinguished_from_the_vendors(topaz: EffectiveDocuments) -> None:
    webhook, enum = "/webhooks", "/components/schemas/EnhanceModel/enum"

    assert webhook in topaz.provenance
    assert "/components/schemas/StatusResponse/properties/status" not in topaz.provenance
    assert enum in topaz.provenance
    assert all(one <= other for one, other in pairwise(topaz.provenance))
