"""Responses, webhooks and lifecycles of the effective Claid document; each test needs overlay actions."""

from typing import Any

import pytest
from tests.openapi.effective.validity import is_valid, schema

from safelight_openapi import (
    DocumentOperation,
    EffectiveDocuments,
    JSONValue,
    Node,
    node_at,
    operations_by_id,
    resolve,
    schema_violations,
)

pytestmark = pytest.mark.slow

EDITS = ["editImage", "editImageAsync", "editUploadedImage", "editImageBatch"]
READS = ["readEdit", "readBatch"]
INPUT = "https://example.com/cat.jpg"
PICTURE: Node = {
    "ext": "jpeg",
    "mps": 0.016384,
    "mime": "image/jpeg",
    "format": "JPEG",
    "width": 128,
    "height": 128,
}
PAIR: Node = {
    "input_object": PICTURE,
    "output_object": {**PICTURE, "tmp_url": "https://files.example/cat.jpeg"},
}
TASK: Node = {
    "id": 1,
    "status": "DONE",
    "created_at": "2023-03-13T11:37:09.160554+00:00",
    "request": {"input": INPUT, "operations": {}},
}
ACCEPTED: Node = {**TASK, "status": "ACCEPTED", "result_url": "https://api.claid.ai/v1/image/edit/async/1"}
ERROR: Node = {"error_code": "9000", "error_type": "validation", "error_message": "input: field required"}


@pytest.fixture(scope="module")
def document(claid: EffectiveDocuments) -> dict[str, Any]:
    return claid.truth


@pytest.fixture(scope="module")
def described(claid: EffectiveDocuments) -> dict[str, DocumentOperation]:
    return operations_by_id(claid.truth)


def answered(operation: DocumentOperation, status: str = "200") -> Node:
    node = node_at(operation.responses[status], "/content/application~1json/schema")
    assert isinstance(node, dict)
    return node


# Answers


def test_the_pages_examples_are_valid_responses(document: dict[str, Any], claid_page: list[Any]) -> None:
    accepted, done = claid_page

    assert is_valid(accepted, "AsyncAcceptedEnvelope", document)
    assert is_valid(done, "AsyncResultEnvelope", document)


def test_the_examples_are_the_pages_own_but_for_a_slip(
    described: dict[str, DocumentOperation], claid_page: list[Any]
) -> None:
    accepted, done = claid_page
    done["data"]["result"]["input_object"]["ext"] = "jpeg"
    where = "/content/application~1json/examples"

    assert node_at(described["editImageAsync"].responses["200"], f"{where}/accepted/value") == accepted
    assert node_at(described["readEdit"].responses["200"], f"{where}/done/value") == done


@pytest.mark.parametrize(
    ("name", "envelope"),
    [
        ("editImage", "EditEnvelope"),
        ("editUploadedImage", "EditEnvelope"),
        ("editImageAsync", "AsyncAcceptedEnvelope"),
        ("editImageBatch", "BatchAcceptedEnvelope"),
        ("readEdit", "AsyncResultEnvelope"),
        ("readBatch", "BatchResultEnvelope"),
    ],
)
def test_a_successful_response_is_its_data(
    document: dict[str, Any], described: dict[str, DocumentOperation], name: str, envelope: str
) -> None:
    assert [status for status, _ in described[name].success_responses()] == ["200"]
    assert answered(described[name]) == {"$ref": f"#/components/schemas/{envelope}"}
    assert not is_valid({}, envelope, document)


def test_no_schema_has_a_name_only_a_machine_would_give(document: dict[str, Any]) -> None:
    assert [name for name in document["components"]["schemas"] if not name.isalnum()] == []


@pytest.mark.parametrize("result", [PAIR, {}, None])
@pytest.mark.parametrize("name", ["AsyncAcceptedResponse", "AsyncResultResponse"])
def test_a_result_may_be_empty_or_null(document: dict[str, Any], name: str, result: JSONValue) -> None:
    assert "default" not in schema(document, name)["properties"]["result"]
    assert is_valid({**ACCEPTED, "result": result}, name, document)
    assert not is_valid({**ACCEPTED, "result": {"input_object": PICTURE}}, name, document)


@pytest.mark.parametrize("key", ["tmp_url", "object_key", "object_bucket", "object_uri", "claid_storage_uri"])
def test_the_url_of_a_result_is_a_text_or_null(document: dict[str, Any], key: str) -> None:
    assert is_valid({**PICTURE, key: None}, "PipelineOutputObject", document)
    assert is_valid({**PICTURE, key: "text"}, "PipelineOutputObject", document)
    assert not is_valid({**PICTURE, key: 7}, "PipelineOutputObject", document)


@pytest.mark.parametrize("name", ["AsyncResultResponse", "BatchResultResponse"])
def test_a_result_may_have_no_url(document: dict[str, Any], name: str) -> None:
    assert is_valid(TASK, name, document)
    assert is_valid({**TASK, "result_url": None}, name, document)
    assert not is_valid({**TASK, "result_url": 7}, name, document)


@pytest.mark.parametrize("name", ["AsyncAcceptedResponse", "BatchAcceptedResponse"])
def test_an_accepted_job_has_the_url_of_its_status(document: dict[str, Any], name: str) -> None:
    assert is_valid(ACCEPTED, name, document)
    assert not is_valid(TASK, name, document)


@pytest.mark.parametrize("value", [PICTURE, None])
def test_an_error_has_a_time_and_the_input_if_it_was_known(
    document: dict[str, Any], value: JSONValue
) -> None:
    error: Node = {"error": "no such image", "created_at": "2023-03-13T11:37:09+00:00", "input_object": value}

    assert is_valid(error, "BatchPipelineError", document)
    assert not is_valid({**error, "created_at": "yesterday"}, "BatchPipelineError", document)
    assert not is_valid({**error, "created_at": 1678707429}, "BatchPipelineError", document)
    assert not is_valid({**error, "input_object": "cat.jpg"}, "BatchPipelineError", document)


@pytest.mark.parametrize(
    "name", ["PipelineInputObject", "PipelineOutputObject", "PipelineInputObjectInError"]
)
def test_formats_are_open_and_shown_as_the_examples_have_them(document: dict[str, Any], name: str) -> None:
    properties = schema(document, name)["properties"]

    assert is_valid({**PICTURE, "ext": "heic", "format": "HEIC"}, name, document)
    assert properties["ext"]["examples"] == ["jpeg"]
    assert properties["format"]["examples"] == ["JPEG"]
    assert "TIFF" in properties["format"]["description"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("AsyncAcceptedResponse", "AsyncEditRequest"),
        ("AsyncResultResponse", "AsyncEditRequest"),
        ("BatchAcceptedResponse", "BatchEditRequest"),
        ("BatchResultResponse", "BatchEditRequest"),
    ],
)
def test_the_request_in_a_response_has_its_schema(document: dict[str, Any], name: str, kind: str) -> None:
    content = schema(document, name)["properties"]["request"]

    assert [member["$ref"].rpartition("/")[2] for member in content["anyOf"]] == [kind, "OtherRequest"]
    assert is_valid({**ACCEPTED, "request": {"anything": 1}}, name, document)
    assert not is_valid({**ACCEPTED, "request": "anything"}, name, document)


@pytest.mark.parametrize("name", ["BatchAcceptedResponse", "BatchResultResponse"])
def test_a_batch_has_results_and_no_result(document: dict[str, Any], name: str) -> None:
    properties = schema(document, name)["properties"]

    assert "result" not in properties
    assert "title" not in schema(document, name)
    assert is_valid({**ACCEPTED, "results": [PAIR, PAIR]}, name, document)
    assert not is_valid({**ACCEPTED, "results": [{}]}, name, document)


@pytest.mark.parametrize("profiling", [None, {"total": 1.5}])
def test_an_edit_done_at_once_has_input_and_output(document: dict[str, Any], profiling: JSONValue) -> None:
    answer: Node = {"data": {"input": PICTURE, "output": PICTURE, "profiling": profiling}}

    assert is_valid(answer, "EditEnvelope", document)
    assert is_valid({"data": {"input": PICTURE, "output": PICTURE}}, "EditEnvelope", document)
    assert not is_valid({"data": {"input": PICTURE}}, "EditEnvelope", document)
    assert not is_valid({"data": {"input": PICTURE, "output": {}}}, "EditEnvelope", document)
    assert not is_valid({"data": {"input": {}, "output": PICTURE}}, "EditEnvelope", document)


# Errors


@pytest.mark.parametrize("name", [*EDITS, *READS])
def test_every_operation_has_error_responses(described: dict[str, DocumentOperation], name: str) -> None:
    own = ["402"] if name in EDITS else ["404"]

    assert sorted(described[name].responses) == sorted(
        ["200", "400", "401", "403", *own, "422", "429", "500"]
    )


@pytest.mark.parametrize("name", [*EDITS, *READS])
@pytest.mark.parametrize("status", ["400", "401", "422", "500"])
def test_every_error_has_the_same_schema(
    described: dict[str, DocumentOperation], name: str, status: str
) -> None:
    assert answered(described[name], status) == {"$ref": "#/components/schemas/HttpErrorDetails"}


@pytest.mark.parametrize("name", [*EDITS, *READS])
def test_the_rate_limit_has_one_of_two_forms(
    document: dict[str, Any], described: dict[str, DocumentOperation], name: str
) -> None:
    refusal = answered(described[name], "429")

    assert schema_violations(ERROR, refusal, document) == []
    assert schema_violations({"detail": ERROR}, refusal, document) == []
    assert schema_violations({"detail": "slow down"}, refusal, document) != []
    assert node_at(
        described[name].responses["429"],
        "/content/application~1json/examples/tooManyRequests/value/detail/error_code",
    ) == ("2001")


def test_details_name_fields_with_what_is_wrong(document: dict[str, Any]) -> None:
    assert is_valid({**ERROR, "error_details": {"input": ["field required"]}}, "HttpErrorDetails", document)
    assert is_valid({**ERROR, "error_details": {}}, "HttpErrorDetails", document)
    assert not is_valid({**ERROR, "error_details": {"input": "missing"}}, "HttpErrorDetails", document)
    assert not is_valid({**ERROR, "error_type": "weather"}, "HttpErrorDetails", document)
    assert schema(document, "HttpErrorDetails")["properties"]["error_details"]["default"] == {}
    assert schema(document, "ErrorType")["description"] == "Which part of the service an error is of."


@pytest.mark.parametrize("name", [*EDITS, *READS])
@pytest.mark.parametrize(("status", "code"), [("401", "111"), ("422", "9000")])
def test_the_codes_that_are_published_are_shown(
    described: dict[str, DocumentOperation], name: str, status: str, code: str
) -> None:
    shown: Any = node_at(described[name].responses[status], "/content/application~1json/examples")

    assert [example["value"]["error_code"] for example in shown.values()] == [code]


# Headers, links and the webhook


@pytest.mark.parametrize("name", [*EDITS, *READS])
def test_every_response_has_the_id_of_its_request(
    document: dict[str, Any], described: dict[str, DocumentOperation], name: str
) -> None:
    content = [node_at(one, "/headers/x-request-id") for one in described[name].responses.values()]

    formats = {node_at(resolve(one, document), "/schema/format") for one in content}

    assert formats == {"uuid"}


@pytest.mark.parametrize("name", EDITS)
@pytest.mark.parametrize("status", ["200", "429"])
def test_an_edit_has_the_rest_of_the_limit(
    document: dict[str, Any], described: dict[str, DocumentOperation], name: str, status: str
) -> None:
    headers = described[name].responses[status]["headers"]
    assert isinstance(headers, dict)

    kinds = {
        key: node_at(resolve(one, document), "/schema/type")
        for key, one in headers.items()
        if key.startswith("RateLimit-")
    }

    assert kinds == {
        "RateLimit-Limit": "string",
        "RateLimit-Remaining": "integer",
        "RateLimit-Reset": "integer",
    }


@pytest.mark.parametrize(
    ("submit", "read"), [("editImageAsync", "readEdit"), ("editImageBatch", "readBatch")]
)
def test_a_submission_leads_to_its_result(
    described: dict[str, DocumentOperation], submit: str, read: str
) -> None:
    links: Any = described[submit].responses["200"]["links"]

    followed = [(link["operationId"], link["parameters"]) for link in links.values()]

    assert followed == [(read, {"task_id": "$response.body#/data/id"})]


@pytest.mark.parametrize("name", READS)
def test_a_task_is_read_by_an_integer(described: dict[str, DocumentOperation], name: str) -> None:
    parameter = described[name].parameter("task_id", "path")

    assert parameter is not None
    assert node_at(parameter, "/schema/type") == "integer"


@pytest.mark.parametrize(
    ("webhook", "payload"),
    [("imageEditFinished", "AsyncResultEnvelope"), ("batchEditFinished", "BatchResultEnvelope")],
)
def test_the_webhook_of_a_task_has_result_and_signature(
    document: dict[str, Any], webhook: str, payload: str
) -> None:
    content = document["webhooks"][webhook]["post"]
    (signature,) = content["parameters"]

    assert content["requestBody"]["content"] == {
        "application/json": {"schema": {"$ref": f"#/components/schemas/{payload}"}}
    }
    assert [*content["responses"]] == ["2XX", "5XX", "4XX"]
    assert (signature["name"], signature["in"], signature["required"]) == (
        "X-Claid-Hmac-SHA256",
        "header",
        False,
    )
    assert schema_violations("sha256=" + 64 * "a", signature["schema"], document) == []
    assert schema_violations(64 * "a", signature["schema"], document) != []


# Lifecycles


def test_edits_and_batches_have_the_same_lifecycle_but_for_their_results(document: dict[str, Any]) -> None:
    edit, batch = (document["x-async-jobs"]["lifecycles"][name] for name in ("edit", "batch"))

    assert edit["result"] == {
        "from": "$response.body#/data/result/output_object/tmp_url",
        "expires": "P1D",
    }
    assert batch["result"] == {
        "each": "$.data.results[*].output_object.tmp_url",
        "expires": "P1D",
    }
    assert [edit[key] for key in ("id", "errors", "states")] == [
        batch[key] for key in ("id", "errors", "states")
    ]
    assert (edit["submit"], edit["read"]["operation"]) == (["editImageAsync"], "readEdit")
    assert (batch["submit"], batch["read"]["operation"]) == (["editImageBatch"], "readBatch")


def test_all_seven_vendor_states_are_mapped(document: dict[str, Any]) -> None:
    states = document["x-async-jobs"]["lifecycles"]["edit"]["states"]

    assert sorted(states) == sorted(schema(document, "APIV1Status")["enum"])
    assert next(vendor_state for vendor_state, state in states.items() if state == "queued") == "ACCEPTED"
    assert next(vendor_state for vendor_state, state in states.items() if state == "running") == "PROCESSING"


@pytest.mark.parametrize(("name", "webhook"), [("edit", "imageEditFinished"), ("batch", "batchEditFinished")])
def test_the_webhook_is_delivered_as_on_the_page(document: dict[str, Any], name: str, webhook: str) -> None:
    assert document["x-async-jobs"]["lifecycles"][name]["deliver"] == {
        "webhook": webhook,
        "body": "read",
        "target": {"account": True},
        "on": ["succeeded", "failed"],
        "retry": {
            "on": ["5xx", "timeout", "network"],
            "waits": ["PT3S", "PT6S", "PT12S"],
            "timeout": "PT30S",
        },
        "sign": {
            "scheme": "hmac-sha256",
            "header": "X-Claid-Hmac-SHA256",
            "format": "sha256={hex}",
            "secret": {"account": True},
        },
    }
