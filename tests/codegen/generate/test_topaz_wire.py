"""The generated Topaz client sends what its caller set, and nothing else."""

import asyncio
import io
import json
from email.message import Message
from email.parser import BytesParser
from importlib import import_module
from typing import get_type_hints
from uuid import UUID

import httpx
import pytest

from safelight_clients.topaz import AuthenticatedClient, models
from safelight_clients.topaz.api.account import get_credit_balance
from safelight_clients.topaz.api.enhance import post_enhance_async
from safelight_clients.topaz.api.estimate import post_estimate, post_estimate_bulk
from safelight_clients.topaz.api.status import get_all_statuses, get_status
from safelight_clients.topaz.async_jobs import LIFECYCLES, OPERATIONS
from safelight_clients.topaz.models import (
    AsyncResponse,
    CreditBalance,
    EnhanceModel,
    EnhanceRequest,
    EstimateBulkItem,
    EstimateCategory,
    EstimateImageTaskRequest,
    EstimationBulkError,
    EstimationBulkSuccess,
    SharpenModel,
)
from safelight_clients.topaz.types import File

pytestmark = pytest.mark.slow

JOB = "d7b3b3b3-7b3b-4b3b-8b3b-3b3b3b3b3b3b"
ACCEPTED = {"process_id": JOB, "source_id": JOB, "eta": 1617220000}


class Wire:
    """Records the request of a client and responds to it."""

    def __init__(self, answer: object = ACCEPTED, *, status: int = 200) -> None:
        self.answer = answer
        self.status = status
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return httpx.Response(self.status, json=self.answer)

    @property
    def client(self) -> AuthenticatedClient:
        transport = httpx.MockTransport(self)
        address = "https://twin.test/image/v1"
        client = AuthenticatedClient(address, token="")
        client.set_httpx_client(httpx.Client(base_url=address, transport=transport))
        return client.set_async_httpx_client(httpx.AsyncClient(base_url=address, transport=transport))

    def fields(self) -> list[Message]:
        (request,) = self.requests
        head = f"Content-Type: {request.headers['Content-Type']}\r\n\r\n".encode()
        return [
            part for part in BytesParser().parsebytes(head + request.read()).walk() if not part.is_multipart()
        ]


def names(fields: list[Message]) -> list[object]:
    return [field.get_param("name", header="Content-Disposition") for field in fields]


def picture() -> File:
    return File(payload=io.BytesIO(b"pixels"))


def test_fields_that_are_not_set_are_not_sent() -> None:
    wire = Wire()

    post_enhance_async.sync(client=wire.client, body=EnhanceRequest(image=picture()))

    assert names(wire.fields()) == ["image"]


def test_an_image_without_a_name_is_still_sent_as_a_file() -> None:
    wire = Wire()

    post_enhance_async.sync(client=wire.client, body=EnhanceRequest(image=picture()))

    (field,) = wire.fields()
    assert field.get_filename() == "file"
    assert field.get_content_type() == "application/octet-stream"
    assert field.get_payload(decode=True) == b"pixels"


def test_a_boolean_is_sent_as_true_or_false() -> None:
    wire = Wire()

    body = EnhanceRequest(source_id="s", crop_to_fill=True, face_enhancement=False)
    post_enhance_async.sync(client=wire.client, body=body)

    sent = {
        field.get_param("name", header="Content-Disposition"): field.get_payload() for field in wire.fields()
    }
    assert sent == {"source_id": "s", "crop_to_fill": "true", "face_enhancement": "false"}


@pytest.mark.parametrize("model", ["Standard V2", EnhanceModel("Standard V2"), "A model of tomorrow"])
def test_a_model_is_set_by_a_text_or_by_a_member(model: str) -> None:
    wire = Wire()

    post_enhance_async.sync(client=wire.client, body=EnhanceRequest(source_id="s", model=model))

    assert [field.get_payload() for field in wire.fields()] == ["s", str(model)]


def test_a_text_that_looks_like_a_boundary_injects_no_field() -> None:
    wire = Wire()
    body = EnhanceRequest(image=picture())
    trick = (
        'x\r\n--+++\r\nContent-Disposition: form-data; name="webhook_url"\r\n\r\nhttps://evil.test\r\n--+++--'
    )
    body["prompt"] = trick

    post_enhance_async.sync(client=wire.client, body=body)

    assert names(wire.fields()) == ["image", "prompt"]
    assert wire.fields()[1].get_payload(decode=True) == trick.encode()


def test_the_asynchronous_call_sends_the_same_and_reads_the_same() -> None:
    wire = Wire()

    answer = asyncio.run(post_enhance_async.asyncio(client=wire.client, body=EnhanceRequest(image=picture())))

    assert names(wire.fields()) == ["image"]
    assert answer == AsyncResponse.from_dict(ACCEPTED)


def test_the_id_of_a_submission_is_what_the_next_call_takes() -> None:
    wire = Wire()
    accepted = post_enhance_async.sync(client=wire.client, body=EnhanceRequest(source_id="s"))
    assert isinstance(accepted, AsyncResponse)

    status = Wire({"message": "gone"}, status=404)
    get_status.sync(accepted.process_id, client=status.client)

    assert accepted.process_id == UUID(JOB)
    assert status.requests[0].url == f"https://twin.test/image/v1/status/{JOB}"


def test_a_query_without_arguments_is_empty() -> None:
    wire = Wire([])

    get_all_statuses.sync(client=wire.client)

    assert wire.requests[0].url == "https://twin.test/image/v1/status"


def test_a_boolean_in_a_query_is_sent_as_true() -> None:
    wire = Wire([])

    get_all_statuses.sync(client=wire.client, paginated=True)

    assert wire.requests[0].url.query == b"paginated=true"


def test_an_estimate_is_sent_as_a_form_and_nothing_else() -> None:
    wire = Wire({"duration": 30, "credits": 2})

    body = EstimateImageTaskRequest(
        input_height=1080, input_width=1920, category=EstimateCategory.SHARPEN, model=SharpenModel.STRONG
    )
    post_estimate.sync(client=wire.client, body=body)

    assert [field.get_payload() for field in wire.fields()] == ["1080", "1920", "Strong", "Sharpen"]


def test_many_estimates_go_out_as_a_list_and_each_comes_back_for_itself() -> None:
    done = {"status": "success", "duration": 30, "credits": 2}
    wire = Wire([done, {"status": "error", "code": 413, "message": "Too large."}])

    body = [EstimateBulkItem(input_height=1, input_width=2), EstimateBulkItem(input_height=3, input_width=4)]
    parsed = post_estimate_bulk.sync(client=wire.client, body=body)

    assert json.loads(wire.requests[0].content) == [
        {"input_height": 1, "input_width": 2},
        {"input_height": 3, "input_width": 4},
    ]
    assert parsed == [
        EstimationBulkSuccess(status="success", duration=30, credits_=2),
        EstimationBulkError(status="error", code=413, message="Too large."),
    ]


def test_the_balance_is_requested_beside_the_image_api() -> None:
    balance = {"available_credits": 90, "reserved_credits": 10, "total_credits": 100}
    wire = Wire(balance)

    parsed = get_credit_balance.sync(client=wire.client)

    assert wire.requests[0].url == "https://twin.test/account/v1/credits/balance"
    assert parsed == CreditBalance.from_dict(balance)


@pytest.mark.parametrize(
    ("operation", "request_class"),
    [
        ("postEnhanceSync", "EnhanceRequest"),
        ("postDenoiseSync", "DenoiseRequest"),
        ("postSharpenSync", "SharpenRequest"),
        ("postLightingSync", "LightingRequest"),
    ],
)
@pytest.mark.parametrize("media_type", ["image/jpeg", "image/png", "image/tiff"])
def test_an_image_in_a_response_is_a_file(operation: str, request_class: str, media_type: str) -> None:
    answer = httpx.Response(200, content=b"pixels", headers={"Content-Type": media_type})
    client = AuthenticatedClient("https://twin.test", token="")
    client.set_httpx_client(
        httpx.Client(base_url="https://twin.test", transport=httpx.MockTransport(lambda _: answer))
    )

    request = getattr(models, request_class)(source_id="s")
    result = import_module(OPERATIONS[operation]).sync(client=client, body=request)

    assert isinstance(result, File)
    assert result.payload.read() == b"pixels"


@pytest.mark.parametrize("operation", OPERATIONS)
def test_no_operation_takes_a_client_without_a_key(operation: str) -> None:
    module = import_module(OPERATIONS[operation])

    assert get_type_hints(module.sync_detailed)["client"] is AuthenticatedClient
    assert get_type_hints(module.asyncio_detailed)["client"] is AuthenticatedClient


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_operation_can_be_called_and_awaited(operation: str) -> None:
    module = import_module(OPERATIONS[operation])

    assert callable(module.sync_detailed)
    assert asyncio.iscoroutinefunction(module.asyncio_detailed)


def test_the_table_of_jobs_has_all_nine_submit_operations() -> None:
    submissions = {one.operation for lifecycle in LIFECYCLES.values() for one in lifecycle.submit}

    assert submissions == {
        "postEnhanceAsync",
        "postEnhanceGenAsync",
        "postSharpen",
        "postSharpenGen",
        "postDenoise",
        "postRestoreGen",
        "postLighting",
        "postMatting",
        "postTool",
    }
