"""What the later documents added, through the generated client: each operation from request to result."""

from collections.abc import Callable
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from safelight_clients.topaz.api.account import get_credit_balance
from safelight_clients.topaz.api.denoise import post_denoise_sync
from safelight_clients.topaz.api.download import get_download_output
from safelight_clients.topaz.api.enhance import post_enhance_sync
from safelight_clients.topaz.api.enhance_generative import post_enhance_gen_async
from safelight_clients.topaz.api.estimate import post_estimate, post_estimate_bulk, post_estimate_gen
from safelight_clients.topaz.api.lighting import post_lighting, post_lighting_sync
from safelight_clients.topaz.api.restore import post_restore_gen
from safelight_clients.topaz.api.sharpen import post_sharpen, post_sharpen_gen, post_sharpen_sync
from safelight_clients.topaz.api.status import get_status
from safelight_clients.topaz.api.tool import post_tool
from safelight_clients.topaz.models import (
    AsyncResponse,
    CreditBalance,
    DenoiseRequest,
    DownloadResponse,
    EnhanceGenRequest,
    EnhanceRequest,
    Error,
    EstimateBulkItem,
    EstimateImageTaskGenRequest,
    EstimateImageTaskRequest,
    EstimationBulkError,
    EstimationBulkSuccess,
    EstimationResponse,
    LightingRequest,
    RestoreGenRequest,
    SharpenGenRequest,
    SharpenRequest,
    StatusResponse,
    ToolRequest,
)
from safelight_clients.topaz.types import File

if TYPE_CHECKING:
    from contract_tests.conftest import Bench

BROKEN = (
    "An internal server error occurred. Please try again later. If the problem persists, "
    "please contact support."
)
Submit = Callable[..., AsyncResponse | Error | None]
Synchronous = Callable[..., File | Error | None]


def image(content: bytes) -> File:
    return File(payload=BytesIO(content), file_name="dahlia.jpg", mime_type="image/jpeg")


@pytest.fixture(scope="module")
def small(photograph: bytes) -> bytes:
    """The photograph at a quarter of its size, as PNG: every operation takes it."""
    file = BytesIO()
    Image.open(BytesIO(photograph)).reduce(4).save(file, "PNG")
    return file.getvalue()


@pytest.mark.fidelity(
    "topaz/postEnhanceGenAsync",
    "topaz/postSharpen",
    "topaz/postSharpenGen",
    "topaz/postRestoreGen",
    "topaz/postLighting",
    "topaz/postTool",
)
@pytest.mark.parametrize(
    ("submit", "request_of", "category", "size", "form"),
    [
        (post_enhance_gen_async.sync, EnhanceGenRequest, "Enhance", (320, 214), "JPEG"),
        (post_sharpen.sync, SharpenRequest, "Sharpen", (160, 107), "JPEG"),
        (post_sharpen_gen.sync, SharpenGenRequest, "Sharpen", (160, 107), "JPEG"),
        (post_restore_gen.sync, RestoreGenRequest, "Restore", (160, 107), "JPEG"),
        (post_lighting.sync, LightingRequest, "Lighting", (160, 107), "JPEG"),
        (post_tool.sync, partial(ToolRequest, output_width=80), "Tool", (80, 54), "PNG"),
    ],
    ids=["enhance-gen", "sharpen", "sharpen-gen", "restore-gen", "lighting", "tool"],
)
def test_every_asynchronous_operation_returns_a_result(  # noqa: PLR0913, PLR0917 - one row, one journey
    bench: "Bench",
    small: bytes,
    submit: Submit,
    request_of: Callable[..., object],
    category: str,
    size: tuple[int, int],
    form: str,
) -> None:
    client = bench.client("k")

    taken = submit(client=client, body=request_of(image=image(small)))
    assert isinstance(taken, AsyncResponse)
    bench.advance(60)
    result = get_status.sync(taken.process_id, client=client)
    assert isinstance(result, StatusResponse)
    links = get_download_output.sync(taken.process_id, client=client)
    assert isinstance(links, DownloadResponse)
    picture = Image.open(BytesIO(bench.fetch(links.download_url).content))

    assert (result.category, result.status) == (category, "Completed")
    assert (picture.size, picture.format) == (size, form)
    assert (result.output_width, result.output_height) == size


@pytest.mark.fidelity(
    "topaz/postEnhanceSync", "topaz/postDenoiseSync", "topaz/postSharpenSync", "topaz/postLightingSync"
)
@pytest.mark.parametrize(
    ("call", "request_of"),
    [
        (post_enhance_sync.sync, partial(EnhanceRequest, output_width=160)),
        (post_sharpen_sync.sync, SharpenRequest),
        (post_denoise_sync.sync, DenoiseRequest),
        (post_lighting_sync.sync, LightingRequest),
    ],
    ids=["enhance", "sharpen", "denoise", "lighting"],
)
def test_every_synchronous_operation_returns_an_image(
    bench: "Bench", small: bytes, call: Synchronous, request_of: Callable[..., object]
) -> None:
    bench.advance(0)

    response = call(client=bench.client("k"), body=request_of(image=image(small)))

    assert isinstance(response, File)
    assert Image.open(response.payload).size == (160, 107)


@pytest.mark.fidelity("topaz/postEstimate", "topaz/postEstimateGen")
def test_estimates_are_higher_for_larger_results(bench: "Bench") -> None:
    client = bench.client("k")

    small = post_estimate.sync(
        client=client, body=EstimateImageTaskRequest(input_width=100, input_height=100)
    )
    large = post_estimate.sync(
        client=client, body=EstimateImageTaskRequest(input_width=100, input_height=100, output_width=10_000)
    )
    wonder = post_estimate_gen.sync(
        client=client,
        body=EstimateImageTaskGenRequest(
            input_width=100, input_height=100, output_width=2000, model="Wonder"
        ),
    )

    assert isinstance(small, EstimationResponse)
    assert isinstance(large, EstimationResponse)
    assert isinstance(wonder, EstimationResponse)
    assert (small.credits_, large.credits_, wonder.credits_) == (1, 5, 1)
    assert small.duration < large.duration


@pytest.mark.fidelity("topaz/postEstimateBulk")
def test_bulk_estimates_have_a_response_for_each_item(bench: "Bench") -> None:
    items = [
        EstimateBulkItem(input_width=100, input_height=100),
        EstimateBulkItem(input_width=100, input_height=100, output_width=32_000, output_height=32_000),
    ]

    result = post_estimate_bulk.sync(client=bench.client("k"), body=items)

    assert isinstance(result, list)
    assert [type(entry) for entry in result] == [EstimationBulkSuccess, EstimationBulkError]


@pytest.mark.fidelity("topaz/getCreditBalance")
@pytest.mark.live(cost=0)
def test_the_balance_is_returned(bench: "Bench") -> None:
    result = get_credit_balance.sync(client=bench.client("k"))

    assert isinstance(result, CreditBalance)
    assert result.available_credits == result.total_credits - result.reserved_credits


@pytest.mark.fidelity("topaz/402", "topaz/412", "topaz/425", "topaz/429", "topaz:key-prefixes")
@pytest.mark.parametrize(
    ("key", "status", "message"),
    [
        ("unfunded-1", 402, "Insufficient funds."),
        ("unsubscribed-1", 412, "Precondition Failed"),
        ("funding-1", 425, "Too early to reserve credits. An order for more credits is in progress."),
        ("limited-1", 429, "Too Many Requests"),
        ("invalid-1", 401, "Unauthorized"),
        ("forbidden-1", 403, "Forbidden"),
        ("broken-1", 500, BROKEN),
    ],
)
def test_magic_keys_trigger_every_error_of_an_account(
    bench: "Bench", small: bytes, key: str, status: int, message: str
) -> None:
    client = bench.client(key)

    response = post_sharpen.sync_detailed(client=client, body=SharpenRequest(image=image(small)))

    assert response.status_code == status
    assert isinstance(response.parsed, Error)
    assert response.parsed.message == message
