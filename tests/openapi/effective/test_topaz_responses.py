"""Responses of Topaz; each test fails without one or more overlay actions."""

from typing import Any

import pytest
from tests.openapi.effective.topaz import ID, SUBMITS
from tests.openapi.effective.validity import is_valid, without

from safelight_openapi import DocumentOperation, JSONValue, Node, node_at, schema_violations

pytestmark = pytest.mark.slow

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


@pytest.mark.parametrize("name", SUBMITS)
def test_every_submit_operation_has_the_same_errors(known: dict[str, DocumentOperation], name: str) -> None:
    assert sorted(known[name].responses) == ["200", *SUBMIT_ERRORS]


def test_other_operations_return_what_is_documented(known: dict[str, DocumentOperation]) -> None:
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


def test_every_error_is_the_one_error_component(known: dict[str, DocumentOperation]) -> None:
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
    known: dict[str, DocumentOperation], truth: dict[str, Any], name: str
) -> None:
    headers = known[name].responses["200"]["headers"]
    assert isinstance(headers, dict)

    assert sorted(headers) == ["X-ETA", "X-Process-ID", "X-Source-ID"]
    assert schema_violations("not a uuid", node_at(headers, "/X-Process-ID/schema"), truth)
    assert schema_violations(1, node_at(headers, "/X-Source-ID/schema"), truth)


def test_a_submitted_job_has_process_source_and_eta(truth: dict[str, Any]) -> None:
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
def test_a_status_may_say_more(truth: dict[str, Any], field: str, good: JSONValue, bad: JSONValue) -> None:
    assert is_valid({**STATUS, field: good}, "StatusResponse", truth)
    assert not is_valid({**STATUS, field: bad}, "StatusResponse", truth)


def test_the_example_of_options_json_is_json_in_a_string(truth: dict[str, Any]) -> None:
    assert node_at(truth, "/components/schemas/StatusResponse/properties/options_json/examples") == [
        '{"creativity": 90}'
    ]


def test_the_example_of_a_further_setting_is_a_string(truth: dict[str, Any]) -> None:
    assert node_at(truth, "/components/schemas/EnhanceGenRequest/additionalProperties/examples") == ["3"]


def test_the_list_is_an_array_or_a_page(known: dict[str, DocumentOperation], truth: dict[str, Any]) -> None:
    listing = node_at(known["getAllStatuses"].responses["200"], "/content/application~1json/schema")

    assert schema_violations([STATUS], listing, truth) == []
    assert schema_violations({"data": [STATUS], "pagination": {"has_next_page": False}}, listing, truth) == []
    assert (
        schema_violations(
            {"data": [], "pagination": {"has_next_page": True, "next_cursor": "x"}}, listing, truth
        )
        == []
    )
    assert schema_violations({"data": []}, listing, truth)
    assert schema_violations({"pagination": {"has_next_page": True}}, listing, truth)
    assert schema_violations({"data": [], "pagination": {}}, listing, truth)
    assert schema_violations({"data": [{}], "pagination": {"has_next_page": False}}, listing, truth)


def test_the_list_is_paged_on_request(known: dict[str, DocumentOperation]) -> None:
    parameters = {str(one["name"]): one["schema"] for one in known["getAllStatuses"].parameters}

    assert parameters == {
        "paginated": {"type": "boolean", "default": False},
        "limit": {"type": "integer", "minimum": 1, "maximum": 100, "default": 50},
        "cursor": {"type": "string"},
    }
    assert all(one["in"] == "query" for one in known["getAllStatuses"].parameters)


def test_deleting_every_status_returns_their_number(
    known: dict[str, DocumentOperation], truth: dict[str, Any]
) -> None:
    answer = node_at(known["deleteAllStatuses"].responses["200"], "/content/application~1json/schema")

    assert schema_violations({"deleted_count": 3}, answer, truth) == []
    assert schema_violations({}, answer, truth) == []
    assert schema_violations({"deleted_count": "3"}, answer, truth)


def test_an_estimate_always_names_its_credits(truth: dict[str, Any]) -> None:
    assert is_valid({"duration": 30, "credits": 2}, "EstimationResponse", truth)
    assert not is_valid({"duration": 30}, "EstimationResponse", truth)


@pytest.mark.parametrize(
    ("pointer", "text_pattern"),
    [
        ("/paths/~1download~1{process_id}/get/description", "7 days"),
        ("/paths/~1download~1input~1{process_id}/get/description", "7 days"),
        ("/paths/~1status/get/description", "7 days"),
    ],
)
def test_files_are_kept_for_seven_days(truth: dict[str, Any], pointer: str, text_pattern: str) -> None:
    text = str(node_at(truth, pointer))

    assert text_pattern in text
    assert "24 hours" not in text
