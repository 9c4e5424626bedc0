"""Estimates and balances in the effective Topaz document."""

from typing import Any

import pytest

from safelight_openapi import (
    DocumentOperation,
    EffectiveDocuments,
    JSONValue,
    Node,
    node_at,
    schema_violations,
)

pytestmark = pytest.mark.slow

SIZE: Node = {"input_height": 1080, "input_width": 1920}
ITEMS = ["EstimateImageTaskRequest", "EstimateImageTaskGenRequest", "EstimateBulkItem"]
PLAIN = ["Text Refine", "Motion Blur", "Extreme", "Colorize", "Object", "Transparency Upscale"]
GENERATIVE = ["Wonder", "Super Focus V2", "Dust-Scratch V2"]


def wrong(value: JSONValue, name: str, document: Node) -> list[str]:
    return schema_violations(value, node_at(document, f"/components/schemas/{name}"), document)


def answer(operation: DocumentOperation) -> JSONValue:
    return node_at(operation.responses["200"], "/content/application~1json/schema")


@pytest.mark.parametrize("name", ["postEstimate", "postEstimateGen"])
def test_an_estimate_is_requested_by_a_form_or_by_json(
    known: dict[str, DocumentOperation], name: str
) -> None:
    content = known[name].body["content"]
    assert isinstance(content, dict)

    assert sorted(content) == ["application/json", "multipart/form-data"]
    assert content["application/json"] == content["multipart/form-data"]


@pytest.mark.parametrize("name", ITEMS)
@pytest.mark.parametrize(
    "category", ["Enhance", "Sharpen", "Denoise", "Restore", "Lighting", "Matting", "Tool"]
)
def test_an_estimate_is_for_a_category(truth: dict[str, Any], name: str, category: str) -> None:
    assert wrong({**SIZE, "category": category}, name, truth) == []
    assert wrong({**SIZE, "category": category.lower()}, name, truth)


@pytest.mark.parametrize(
    ("name", "models", "others"),
    [
        ("EstimateImageTaskRequest", PLAIN, GENERATIVE),
        ("EstimateImageTaskGenRequest", GENERATIVE, PLAIN),
        ("EstimateBulkItem", [*PLAIN, *GENERATIVE], []),
    ],
)
def test_every_model_can_be_estimated_where_it_belongs(
    topaz: EffectiveDocuments, name: str, models: list[str], others: list[str]
) -> None:
    checked = {model: wrong({**SIZE, "model": model}, name, topaz.strict) for model in [*models, *others]}

    assert [model for model, found in checked.items() if not found] == models


def test_many_estimates_are_requested_as_a_list(
    known: dict[str, DocumentOperation], truth: dict[str, Any]
) -> None:
    operation = known["postEstimateBulk"]
    listed = node_at(operation.body, "/content/application~1json/schema")

    assert operation.body["content"] == {"application/json": {"schema": listed}}
    assert schema_violations([SIZE, {**SIZE, "model": "Redefine", "creativity": "3"}], listed, truth) == []
    assert schema_violations(SIZE, listed, truth)
    assert schema_violations([{"input_height": 1080}], listed, truth)


def test_each_of_many_estimates_has_its_own_success_or_error(
    known: dict[str, DocumentOperation], truth: dict[str, Any]
) -> None:
    done: Node = {"status": "success", "duration": 30, "credits": 2}
    lost: Node = {"status": "error", "code": 413, "message": "Too large."}

    assert schema_violations([done, lost], answer(known["postEstimateBulk"]), truth) == []
    for one in (done, lost):
        for key in one:
            less = {name: value for name, value in one.items() if name != key}
            assert schema_violations([less], answer(known["postEstimateBulk"]), truth)


@pytest.mark.parametrize("entry", [{"status": "error", "duration": 30, "credits": 2}, {"status": "success"}])
def test_an_estimate_among_many_has_the_status_of_a_single_one(
    known: dict[str, DocumentOperation], truth: dict[str, Any], entry: Node
) -> None:
    assert schema_violations([entry], answer(known["postEstimateBulk"]), truth)


def test_the_published_error_of_an_estimate_among_many_is_described(truth: dict[str, Any]) -> None:
    content = node_at(truth, "/components/schemas/EstimationBulkError/properties")

    assert node_at(content, "/code/examples") == [413]
    assert node_at(content, "/message/examples") == [
        "Output image dimensions exceed maximum allowed of 256 MP."
    ]


def test_the_balance_is_that_of_the_account_in_credits(
    known: dict[str, DocumentOperation], truth: dict[str, Any]
) -> None:
    balance: Node = {"available_credits": 90, "reserved_credits": 10, "total_credits": 100}
    server = node_at(truth, "/paths/~1credits~1balance/servers/0/url")

    assert f"{server}{known['getCreditBalance'].path}" == (
        "https://api.topazlabs.com/account/v1/credits/balance"
    )
    assert schema_violations(balance, answer(known["getCreditBalance"]), truth) == []
    for key in balance:
        less = {name: value for name, value in balance.items() if name != key}
        assert schema_violations(less, answer(known["getCreditBalance"]), truth)
        assert schema_violations({**balance, key: "90"}, answer(known["getCreditBalance"]), truth)
