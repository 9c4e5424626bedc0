"""The effective Claid document; each test fails without one or more overlay actions."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.openapi.effective.validity import is_valid, schema

from safelight_openapi import (
    DocumentOperation,
    EffectiveDocuments,
    JSONValue,
    Node,
    find_violations,
    node_at,
    operations_by_id,
    read_document,
    walk_objects,
)

pytestmark = pytest.mark.slow

EDITS = ["editImage", "editImageAsync", "editUploadedImage", "editImageBatch"]
READS = ["readEdit", "readBatch"]
INPUT = "https://example.com/cat.jpg"


@pytest.fixture(scope="module")
def document(claid: EffectiveDocuments) -> dict[str, Any]:
    return claid.truth


@pytest.fixture(scope="module")
def described(claid: EffectiveDocuments) -> dict[str, DocumentOperation]:
    return operations_by_id(claid.truth)


def request(**operations: JSONValue) -> Node:
    return {"input": INPUT, "operations": operations}


# The vendored documents


def test_both_fragments_have_the_same_61_schemas(root: Path) -> None:
    edit, result = (
        read_document(root / "openapi/claid" / name)
        for name in ("async-image-edit.openapi.json", "async-image-edit-result.openapi.json")
    )

    ones, others = (node_at(one, "/components/schemas") for one in (edit, result))

    assert isinstance(ones, dict)
    assert isinstance(others, dict)
    assert len(ones.keys() & others.keys()) == 61
    assert all(ones[name] == others[name] for name in ones.keys() & others.keys())


# The service


@pytest.mark.parametrize("layer", ["truth", "strict"])
def test_the_document_is_valid_its_links_resolve_and_its_examples_hold(
    claid: EffectiveDocuments, layer: str
) -> None:
    assert find_violations(getattr(claid, layer)) == []


def test_every_operation_is_there_under_its_name(described: dict[str, DocumentOperation]) -> None:
    assert {name: operation.label for name, operation in described.items()} == {
        "editImage": "POST /image/edit",
        "editImageAsync": "POST /image/edit/async",
        "readEdit": "GET /image/edit/async/{task_id}",
        "editImageBatch": "POST /image/edit/batch",
        "readBatch": "GET /image/edit/batch/{task_id}",
        "editUploadedImage": "POST /image/edit/upload",
    }


def test_every_operation_keeps_the_vendors_own_name(document: dict[str, Any]) -> None:
    kept = [one["x-vendor-operation-id"] for item in document["paths"].values() for one in item.values()]

    assert sorted(kept) == [
        "async_image_edit_result_v1_image_edit_async__task_id__get",
        "async_image_edit_v1_image_edit_async_post",
        "image_edit_batch_async_results_v1_image_edit_batch__task_id__get",
        "image_edit_upload_v1_image_edit_upload_post",
        "image_edit_v1_image_edit_post",
        "process_batch_image_edit_v1_image_edit_batch_post",
    ]


def test_the_service_has_an_older_name(document: dict[str, Any]) -> None:
    assert [server["url"] for server in document["servers"]] == [
        "https://api.claid.ai/v1",
        "https://api.claid.ai/v1-beta1",
    ]


def test_a_key_goes_as_a_bearer_token_and_needs_a_permission(document: dict[str, Any]) -> None:
    written = [one for item in document["paths"].values() for one in item.values()]

    assert document["security"] == [{"apiKeyBearer": []}]
    assert [*document["components"]["securitySchemes"]] == ["apiKeyBearer"]
    assert node_at(document, "/components/securitySchemes/apiKeyBearer/scheme") == "bearer"
    assert [one["x-claid-scopes"] for one in written] == [["image_editing"]] * 6
    assert not any("security" in one for one in written)


def test_every_operation_parameter_and_list_of_words_is_described(document: dict[str, Any]) -> None:
    bare = [
        located.pointer
        for located in walk_objects(document)
        if located.kind in ("operation", "parameter") and not located.node.get("description")
    ]

    assert bare == []


@pytest.mark.parametrize(
    "contradiction",
    [
        "512 characters",
        "null",
        "av1",
        "pnj",
        "only works for",
        "Is used by default",
        "denoising strength determines the degree of overall",
        "fit.width",
        "both operations",
        '`"avif"`. Selecting',
        "height&width separately",
        '`"jpeg"`, `"png"`, `"avif"`',
        '`"jpg"`, `"png"`, `"avif"`',
        "An enumeration",
        "Response[",
    ],
)
def test_no_description_contradicts_its_schema(document: dict[str, Any], contradiction: str) -> None:
    allowed = {"null": ("DecompressEnum", "UpscaleEnum", "decompress", "profiling")}.get(contradiction, ())
    texts = {
        located.pointer: f"{located.node.get('description', '')} {located.node.get('title', '')}"
        for located in walk_objects(document)
        if not located.pointer.startswith("/components/schemas/Async") or contradiction != "Response["
    }

    guilty = [where for where, text in texts.items() if contradiction in text and not where.endswith(allowed)]

    assert guilty == []


# Requests


def test_the_pages_own_request_is_one(
    document: dict[str, Any], described: dict[str, DocumentOperation], claid_page: list[Any]
) -> None:
    content = claid_page[0]["data"]["request"]
    shown = node_at(described["editImageAsync"].body, "/content/application~1json/examples/resize/value")

    assert is_valid(content, "AsyncEditRequest", document)
    assert shown == content


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_needs_a_body(described: dict[str, DocumentOperation], name: str) -> None:
    assert described[name].body["required"] is True


@pytest.mark.parametrize("body", [{"input": INPUT}, {"operations": {}}, {**request(), "webhook": INPUT}])
def test_an_edit_takes_input_operations_and_output_alone(document: dict[str, Any], body: Node) -> None:
    assert is_valid(request(), "AsyncEditRequest", document)
    assert not is_valid(body, "AsyncEditRequest", document)


NULLABLE = [
    request(restorations={"decompress": None}),
    request(restorations={"upscale": None}),
    request(resizing=None),
    request(resizing={"width": None}),
    request(resizing={"height": None}),
    request(adjustments=None),
    request(background=None),
    request(padding=None),
    {**request(), "output": None},
    {**request(), "output": {"destination": None}},
    {**request(), "output": {"metadata": None}},
    {**request(), "output": {"metadata": {"dpi": None}}},
]


@pytest.mark.parametrize("body", NULLABLE, ids=json.dumps)
@pytest.mark.parametrize("name", ["AsyncEditRequest", "BatchEditRequest"])
def test_null_counts_as_absent_unless_strict(claid: EffectiveDocuments, name: str, body: Node) -> None:
    assert is_valid(body, name, claid.truth)
    assert not is_valid(body, name, claid.strict)


@pytest.mark.parametrize(
    "body",
    [
        request(privacy=None),
        request(generative=None),
        request(restorations=None),
        request(restorations={"polish": None}),
        request(resizing={"fit": None}),
        {**request(), "output": {"format": None}},
    ],
    ids=json.dumps,
)
def test_null_is_rejected_where_no_page_has_it(document: dict[str, Any], body: Node) -> None:
    assert not is_valid(body, "AsyncEditRequest", document)


@pytest.mark.parametrize(
    "body",
    [
        request(restorations={"decompress": "auto", "upscale": {"type": "photo", "version": "2"}}),
        request(resizing={"width": 500, "height": "150%", "fit": {"type": "crop", "crop": "smart"}}),
        request(adjustments={"hdr": {"intensity": 50}}, background={"remove": True, "color": "transparent"}),
        {**request(padding="10%"), "output": {"metadata": {"dpi": 300}}},
        {**request(), "output": {"destination": "storage://shop/a.jpeg"}},
        {**request(), "output": "storage://shop/a.jpeg"},
    ],
    ids=json.dumps,
)
def test_what_may_be_null_may_still_be_itself(claid: EffectiveDocuments, body: Node) -> None:
    assert is_valid(body, "AsyncEditRequest", claid.truth)
    assert is_valid(body, "AsyncEditRequest", claid.strict)


@pytest.mark.parametrize(
    "body",
    [
        request(restorations={"decompress": "weak"}),
        request(resizing={"width": 1.5}),
        request(resizing=[]),
        request(adjustments={"exposure": 101}),
        request(background={"use_original_alpha": False}),
        request(padding=10),
        {**request(), "output": {"destination": "not an address"}},
        {**request(), "output": {"destination": ""}},
        {**request(), "output": {"metadata": {"dpi": "300"}}},
        {**request(), "output": {"metadata": {"size": 1}}},
    ],
    ids=json.dumps,
)
def test_what_may_be_null_may_not_be_anything(document: dict[str, Any], body: Node) -> None:
    assert not is_valid(body, "AsyncEditRequest", document)


@pytest.mark.parametrize("padding", ["10%", "400px", "5% 25%", "10px 0px", "0px 400px 0px 0px"])
def test_padding_is_one_two_or_four_values(document: dict[str, Any], padding: str) -> None:
    assert is_valid(request(padding=padding), "AsyncEditRequest", document)


@pytest.mark.parametrize(
    "padding", ["", "10", "10% ", "1% 2% 3%", "1% 2% 3% 4%", "1px 2px 3px", "-1px", "all"]
)
def test_padding_of_another_form_is_rejected(document: dict[str, Any], padding: str) -> None:
    assert not is_valid(request(padding=padding), "AsyncEditRequest", document)


@pytest.mark.parametrize(
    ("fit", "layers"),
    [
        ({"type": "crop", "crop": "smart"}, {"truth", "strict"}),
        ({"type": "crop"}, {"truth", "strict"}),
        ({"crop": "smart"}, {"truth"}),
        ({"crop": "none"}, set()),
        ({}, set()),
    ],
)
def test_a_kind_of_crop_needs_no_type_unless_strict(
    claid: EffectiveDocuments, fit: Node, layers: set[str]
) -> None:
    documents = {"truth": claid.truth, "strict": claid.strict}

    taken = {name for name, document in documents.items() if is_valid(fit, "CropOptions", document)}

    assert taken == layers


def test_default_edits_are_described(document: dict[str, Any]) -> None:
    properties = schema(document, "ImageOperations")["properties"]

    assert properties["background"]["default"] == {"remove": False, "blur": False}
    assert properties["resizing"]["default"] == {"width": "auto", "height": "auto", "fit": "crop"}
    assert (
        schema(document, "CMYKColorSpaceOptions")["properties"]["color_profile"]["default"] == "USWeb_Coated"
    )


def test_an_upload_is_a_file_and_json_without_an_input(
    document: dict[str, Any], described: dict[str, DocumentOperation]
) -> None:
    form = node_at(described["editUploadedImage"].body, "/content/multipart~1form-data")
    upload = schema(document, "EditUploadRequest")

    assert isinstance(form, dict)
    assert form["schema"] == {"$ref": "#/components/schemas/EditUploadRequest"}
    assert form["encoding"] == {"data": {"contentType": "application/json"}}
    assert upload["required"] == ["file", "data"]
    assert upload["properties"]["file"]["contentMediaType"] == "application/octet-stream"
    assert is_valid(
        {"operations": {"resizing": {"width": 1000}}, "output": None}, "EditUploadOptions", document
    )
    assert not is_valid({"operations": {}, "input": INPUT}, "EditUploadOptions", document)
    assert not is_valid({"operations": {"resizing": {"width": 1.5}}}, "EditUploadOptions", document)
    assert not is_valid({"operations": {}, "output": 7}, "EditUploadOptions", document)
    assert is_valid({}, "EditUploadOptions", document)  # observed: public clients send it for a link


@pytest.mark.parametrize(
    "value", [[INPUT], "storage://shop/folder/", {"source": "storage://shop/a/", "recursive": True}]
)
def test_a_batch_takes_a_folder_or_a_list(document: dict[str, Any], value: JSONValue) -> None:
    assert is_valid({"input": value, "operations": {}}, "BatchEditRequest", document)
    assert not is_valid({"input": [], "operations": {}}, "BatchEditRequest", document)
