"""The generated Claid client reads what the vendor's pages show, from a service that answers just that."""

import datetime as dt
import json
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx
import pytest

from safelight_clients.claid import AuthenticatedClient
from safelight_clients.claid.api.image import (
    edit_image,
    edit_image_async,
    edit_image_batch,
    read_batch,
    read_edit,
)
from safelight_clients.claid.models import (
    APIV1Status,
    AsyncAcceptedEnvelope,
    AsyncEditRequest,
    AsyncPipelineResultItem,
    AsyncResultEnvelope,
    BatchAcceptedEnvelope,
    BatchEditInputOptions,
    BatchEditRequest,
    BatchResultEnvelope,
    EditEnvelope,
    ErrorType,
    HttpErrorDetails,
    ImageOperations,
    NestedHttpErrorDetails,
    NoResult,
    OtherRequest,
    PipelineInputObjectInError,
    PipelineOutputObject,
)

PAGE = Path(__file__).parents[2] / "openapi" / "claid" / "pages" / "async-image-edit.md"
KEY = "key"
CREATED = dt.datetime(2023, 3, 13, 11, 37, 9, 160554, tzinfo=dt.UTC)
EDIT = AsyncEditRequest(input_="https://picsum.photos/200.jpg", operations=ImageOperations())
PICTURE = {"ext": "jpeg", "mps": 0.01, "mime": "image/jpeg", "format": "JPEG", "width": 100, "height": 100}


def example(text: str) -> dict[str, Any]:
    """The one example on the page that holds this text."""
    blocks = PAGE.read_text(encoding="utf-8").split("```json\n")[1:]
    (actual,) = [block.split("\n```")[0] for block in blocks if text in block.split("\n```")[0]]
    response: dict[str, Any] = json.loads(actual)
    return response


def client(response: Mapping[str, Any], status: int = 200) -> AuthenticatedClient:
    """A client of a service that has one answer."""
    transport = httpx.MockTransport(lambda _: httpx.Response(status, json=response))
    made = AuthenticatedClient("https://service.test/v1", token=KEY)
    return made.set_httpx_client(httpx.Client(base_url="https://service.test/v1", transport=transport))


def envelope(**changes: object) -> AsyncResultEnvelope:
    """What the client makes of the page's example of a result, with some of its members replaced."""
    response = example('"status": "DONE"')
    parsed = read_edit.sync(1, client=client({"data": {**response["data"], **changes}}))
    assert isinstance(parsed, AsyncResultEnvelope)
    return parsed


def test_an_accepted_edit_has_an_id_and_repeats_the_request() -> None:
    response = example('"status": "ACCEPTED"')

    accepted = edit_image_async.sync(client=client(response), body=EDIT)

    assert isinstance(accepted, AsyncAcceptedEnvelope)
    assert (accepted.data.id, accepted.data.status) == (1, APIV1Status.ACCEPTED)
    assert accepted.data.result_url == "https://api.claid.ai/v1/image/edit/async/1"
    assert accepted.data.created_at == CREATED
    assert isinstance(accepted.data.request, AsyncEditRequest)
    assert accepted.to_dict() == response


def test_a_finished_edit_has_the_url_of_its_result() -> None:
    done = envelope().data

    assert done.status is APIV1Status.DONE
    assert done.errors == []
    assert isinstance(done.request, AsyncEditRequest)
    assert isinstance(done.result, AsyncPipelineResultItem)
    assert (done.result.output_object.width, done.result.output_object.format_) == (1000, "JPEG")
    assert done.result.output_object.tmp_url == (
        "https://storage.googleapis.com/production-leapi-tmp-public/000/200.jpeg"
    )
    assert envelope().to_dict() == example('"status": "DONE"')


@pytest.mark.parametrize("state_name", ["WAITING", "PROCESSING", "PAUSED", "CANCELLED", "RESUMED"])
def test_a_running_edit_has_an_empty_result_and_may_have_an_unknown_state(state_name: str) -> None:
    going = envelope(status=state_name, result={}).data

    assert going.status == state_name
    assert isinstance(going.result, NoResult)


def test_a_failed_edit_has_reason_time_and_input() -> None:
    why = {"error": "no such image", "created_at": "2023-03-13T11:37:09.160554+00:00"}

    failed = envelope(
        status="ERROR", result=None, errors=[{**why, "input_object": PICTURE}, {**why, "input_object": None}]
    )

    assert failed.data.status is APIV1Status.ERROR
    assert failed.data.result is None
    assert isinstance(failed.data.errors, list)
    known, unknown = failed.data.errors
    assert (known.error, known.created_at) == ("no such image", CREATED)
    assert isinstance(known.input_object, PipelineInputObjectInError)
    assert unknown.input_object is None


def test_null_is_parsed_where_a_value_is_absent() -> None:
    absent = dict.fromkeys(["tmp_url", "object_key", "object_bucket", "object_uri", "claid_storage_uri"])
    pair = {"input_object": PICTURE, "output_object": {**PICTURE, **absent}}

    done = envelope(result_url=None, result=pair).data

    assert done.result_url is None
    assert isinstance(done.result, AsyncPipelineResultItem)
    assert done.result.output_object.tmp_url is None
    assert done.result.output_object.claid_storage_uri is None


def test_a_request_of_an_unknown_form_is_kept() -> None:
    request = envelope(request={"prompt": "a cat"}).data.request

    assert isinstance(request, OtherRequest)
    assert request.to_dict() == {"prompt": "a cat"}


def test_an_edit_at_once_has_input_and_output() -> None:
    response = {
        "data": {"input": PICTURE, "output": {**PICTURE, "tmp_url": "https://f.test/a"}, "profiling": None}
    }

    edited = edit_image.sync(client=client(response), body=EDIT)

    assert isinstance(edited, EditEnvelope)
    assert isinstance(edited.data.output, PipelineOutputObject)
    assert edited.data.output.tmp_url == "https://f.test/a"
    assert edited.to_dict() == response


@pytest.mark.parametrize(
    "provided", ["storage://shop/cats/", ["https://a.test/1.jpg"], {"source": "storage://shop/cats/"}]
)
def test_an_accepted_batch_repeats_its_own_kind_of_request(provided: object) -> None:
    task = {**example('"status": "ACCEPTED"')["data"], "request": {"input": provided, "operations": {}}}
    body = BatchEditRequest(
        input_=BatchEditInputOptions(source="storage://shop/cats/"), operations=ImageOperations()
    )

    accepted = edit_image_batch.sync(client=client({"data": task}), body=body)

    assert isinstance(accepted, BatchAcceptedEnvelope)
    assert isinstance(accepted.data.request, BatchEditRequest)
    assert accepted.data.request.to_dict() == task["request"]


def test_a_finished_batch_has_a_result_for_each_image() -> None:
    pairs = [
        {"input_object": PICTURE, "output_object": {**PICTURE, "tmp_url": f"https://f.test/{number}"}}
        for number in (1, 2)
    ]
    task = {key: value for key, value in example('"status": "DONE"')["data"].items() if key != "result"}

    done = read_batch.sync(1, client=client({"data": {**task, "results": pairs}}))

    assert isinstance(done, BatchResultEnvelope)
    assert isinstance(done.data.results, list)
    assert [pair.output_object.tmp_url for pair in done.data.results] == [
        "https://f.test/1",
        "https://f.test/2",
    ]


def test_a_validation_error_lists_each_field() -> None:
    refusal = {
        "error_code": "9000",
        "error_type": "validation",
        "error_message": "operations.padding: str type expected.",
        "error_details": {"operations.padding": ["str type expected"]},
    }

    response = edit_image_async.sync_detailed(client=client(refusal, 422), body=EDIT)

    assert response.status_code is HTTPStatus.UNPROCESSABLE_ENTITY
    assert isinstance(response.parsed, HttpErrorDetails)
    assert response.parsed.error_type is ErrorType.VALIDATION
    assert response.parsed.to_dict() == refusal


@pytest.mark.parametrize("status", [400, 401, 402, 403, 500])
def test_every_error_response_is_parsed_by_one_class(status: int) -> None:
    refusal = {"error_code": "1", "error_type": "weather", "error_message": "Rain."}

    response = edit_image.sync(client=client(refusal, status), body=EDIT)

    assert isinstance(response, HttpErrorDetails)
    assert (response.error_type, response.error_message) == ("weather", "Rain.")


def test_a_rate_limit_error_is_parsed_with_and_without_an_envelope() -> None:
    refusal = {"error_code": "2001", "error_type": "general", "error_message": "Too Many Requests."}

    flat = read_edit.sync(1, client=client(refusal, 429))
    nested = read_edit.sync(1, client=client({"detail": refusal}, 429))

    assert isinstance(flat, HttpErrorDetails)
    assert isinstance(nested, NestedHttpErrorDetails)
    assert nested.detail == flat
