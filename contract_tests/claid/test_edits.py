"""Journeys through Claid's generated client: what a user of it may rely on."""

from io import BytesIO
from typing import TYPE_CHECKING, cast

import pytest
from PIL import Image

from safelight_clients.claid import AuthenticatedClient
from safelight_clients.claid.api.image import (
    edit_image,
    edit_image_async,
    edit_image_batch,
    edit_uploaded_image,
    read_batch,
    read_edit,
)
from safelight_clients.claid.models import (
    AdjustmentsOptions,
    APIV1Status,
    AsyncAcceptedEnvelope,
    AsyncEditRequest,
    AsyncPipelineResultItem,
    AsyncResultEnvelope,
    AsyncResultResponse,
    BackgroundEnum,
    BackgroundOptions,
    BatchAcceptedEnvelope,
    BatchEditRequest,
    BatchResultEnvelope,
    EditEnvelope,
    EditUploadOptions,
    EditUploadRequest,
    ErrorType,
    FitEnum,
    FormatEnum,
    HttpErrorDetails,
    ImageOperations,
    ImageOutputOptions,
    NestedHttpErrorDetails,
    NoResult,
    PipelineOutputObject,
    ResizingOptions,
)
from safelight_clients.claid.types import File

if TYPE_CHECKING:
    from contract_tests.claid.conftest import Bench

COFFEE, DAMAGED, TEXT = "safelight://coffee.jpg", "safelight://damaged.jpg", "safelight://text.txt"
HALF = ImageOperations(resizing=ResizingOptions(width="50%", height="50%"))
PNG = ImageOutputOptions(format_=FormatEnum.PNG)
UNKNOWN = 1


def submit(client: AuthenticatedClient, image: str = COFFEE, operations: ImageOperations = HALF) -> int:
    accepted = edit_image_async.sync(
        client=client, body=AsyncEditRequest(input_=image, operations=operations)
    )
    assert isinstance(accepted, AsyncAcceptedEnvelope)
    return accepted.data.id


def edit_status(client: AuthenticatedClient, edit: int) -> AsyncResultResponse:
    outcome = read_edit.sync(edit, client=client)
    assert isinstance(outcome, AsyncResultEnvelope)
    return outcome.data


def fetched(claid: "Bench", output: PipelineOutputObject) -> Image.Image:
    return Image.open(BytesIO(claid.fetch(cast("str", output.tmp_url)).content))


@pytest.mark.fidelity("claid/editImageAsync", "claid/readEdit")
def test_an_edit_from_request_to_pixels(claid: "Bench") -> None:
    client = claid.client("k")
    operations = ImageOperations(
        resizing=ResizingOptions(width=300, height=300, fit=FitEnum.CANVAS),
        background=BackgroundOptions(color="#ff0000"),
        adjustments=AdjustmentsOptions(saturation=-100),
    )
    wanted = AsyncEditRequest(input_=COFFEE, operations=operations, output=PNG)

    accepted = edit_image_async.sync(client=client, body=wanted)
    assert isinstance(accepted, AsyncAcceptedEnvelope)
    assert accepted.data.status is APIV1Status.ACCEPTED
    assert isinstance(accepted.data.request, AsyncEditRequest)
    assert accepted.data.request == wanted
    claid.advance(1)
    working = edit_status(client, accepted.data.id)
    assert (working.status, type(working.result)) == (APIV1Status.PROCESSING, NoResult)
    claid.advance(60)
    done = edit_status(client, accepted.data.id)

    assert (done.status, done.errors) == (APIV1Status.DONE, [])
    assert isinstance(done.result, AsyncPipelineResultItem)
    output = done.result.output_object
    picture = fetched(claid, output)
    assert (
        (picture.format, picture.size)
        == (output.format_, (output.width, output.height))
        == ("PNG", (300, 300))
    )
    assert picture.getpixel((150, 5)) == (255, 0, 0)
    red, green, blue = cast("tuple[int, int, int]", picture.getpixel((150, 150)))
    assert max(red, green, blue) - min(red, green, blue) <= 2


@pytest.mark.fidelity("claid:resizing")
def test_the_pages_own_example_makes_a_square_of_a_square(claid: "Bench") -> None:
    square = BytesIO()
    Image.new("RGB", (128, 128), "teal").save(square, "JPEG")
    square.seek(0)
    operations = ImageOperations(
        resizing=ResizingOptions(width=1000), background=BackgroundOptions(remove=False)
    )
    claid.advance(0)

    outcome = edit_uploaded_image.sync(
        client=claid.client("k"),
        body=EditUploadRequest(
            file=File(payload=square, file_name="200.jpg", mime_type="image/jpeg"),
            data=EditUploadOptions(operations=operations),
        ),
    )

    assert isinstance(outcome, EditEnvelope)
    output = outcome.data.output
    assert (output.width, output.height, output.mps, output.ext) == (1000, 1000, 1.0, "jpeg")
    assert fetched(claid, output).size == (1000, 1000)


@pytest.mark.fidelity("claid/editImage")
def test_a_synchronous_edit_returns_its_result(claid: "Bench") -> None:
    wanted = AsyncEditRequest(input_=COFFEE, operations=HALF, output=PNG)

    outcome = edit_image.sync(client=claid.client("k"), body=wanted)

    assert isinstance(outcome, EditEnvelope)
    assert (outcome.data.input_.width, outcome.data.output.width) == (600, 300)
    assert fetched(claid, outcome.data.output).size == (300, 200)


@pytest.mark.fidelity("claid/editUploadedImage")
def test_an_uploaded_photograph_comes_back_edited(claid: "Bench", photograph: bytes) -> None:
    operations = ImageOperations(background=BackgroundOptions(remove=True, color=BackgroundEnum.TRANSPARENT))
    wanted = EditUploadRequest(
        file=File(payload=BytesIO(photograph), file_name="dahlia.jpg", mime_type="image/jpeg"),
        data=EditUploadOptions(operations=operations, output=PNG),
    )

    outcome = edit_uploaded_image.sync(client=claid.client("k"), body=wanted)

    assert isinstance(outcome, EditEnvelope)
    assert "/dahlia.png?" in cast("str", outcome.data.output.tmp_url)
    cut = fetched(claid, outcome.data.output)
    assert cut.mode == "RGBA"
    assert cut.getchannel("A").getextrema() == (0, 255)


@pytest.mark.fidelity("claid/editImageBatch", "claid/readBatch")
def test_a_batch_with_an_image_that_fails(claid: "Bench") -> None:
    client = claid.client("k")
    wanted = BatchEditRequest(input_=[COFFEE, TEXT], operations=HALF)

    accepted = edit_image_batch.sync(client=client, body=wanted)
    assert isinstance(accepted, BatchAcceptedEnvelope)
    claid.advance(60)
    done = read_batch.sync(accepted.data.id, client=client)

    assert isinstance(done, BatchResultEnvelope)
    assert done.data.status is APIV1Status.DONE
    assert isinstance(done.data.results, list)
    assert isinstance(done.data.errors, list)
    (pair,), (error,) = done.data.results, done.data.errors
    assert fetched(claid, pair.output_object).size == (300, 200)
    assert (error.error, error.input_object) == ("Input file is not an image.", None)


@pytest.mark.fidelity("claid:failed-inputs")
@pytest.mark.parametrize(
    ("image", "message"),
    [
        (TEXT, "Input file is not an image."),
        (DAMAGED, "Input image is damaged."),
        ("storage://shop/cup.png", "Unable to find the storage of the input image."),
    ],
)
def test_an_edit_of_a_file_that_is_not_an_image_fails_with_a_reason(
    claid: "Bench", image: str, message: str
) -> None:
    client = claid.client("k")
    edit = submit(client, image)
    claid.advance(60)

    failed = edit_status(client, edit)

    assert (failed.status, type(failed.result)) == (APIV1Status.ERROR, NoResult)
    assert isinstance(failed.errors, list)
    assert [error.error for error in failed.errors] == [message]


@pytest.mark.fidelity("claid/404")
def test_an_unknown_edit_is_404(claid: "Bench") -> None:
    edit = submit(claid.client("other"))

    for outcome in (
        read_edit.sync(UNKNOWN, client=claid.client("k")),
        read_edit.sync(edit, client=claid.client("k")),
        read_batch.sync(edit, client=claid.client("other")),
    ):
        assert isinstance(outcome, HttpErrorDetails)
        assert outcome.error_message == "Batch image edit pipeline not found."


@pytest.mark.fidelity("claid/401", "claid/429")
@pytest.mark.parametrize(
    ("key", "status", "code", "type_"),
    [
        ("invalid-1", 401, "111", ErrorType.AUTH),
        ("forbidden-1", 403, "403", ErrorType.AUTH),
        ("unfunded-1", 402, "402", ErrorType.BILLING),
        ("broken-1", 500, "500", ErrorType.GENERAL),
    ],
)
def test_magic_keys_trigger_every_error_of_a_key(
    claid: "Bench", key: str, status: int, code: str, type_: ErrorType
) -> None:
    wanted = AsyncEditRequest(input_=COFFEE, operations=HALF)

    response = edit_image_async.sync_detailed(client=claid.client(key), body=wanted)
    limited = edit_image_async.sync_detailed(client=claid.client("limited-1"), body=wanted)

    assert response.status_code == status
    assert isinstance(response.parsed, HttpErrorDetails)
    assert (response.parsed.error_code, response.parsed.error_type) == (code, type_)
    assert limited.status_code == 429
    assert isinstance(limited.parsed, NestedHttpErrorDetails)
    assert limited.parsed.detail.error_code == "2001"


@pytest.mark.fidelity("claid/403")
def test_a_key_needs_the_permission_to_edit(claid: "Bench") -> None:
    opened = claid.served.sandbox("claid", "k")
    claid.served.plane.patch(f"sandboxes/{opened}/account", json={"scopes": ["storage"]}).raise_for_status()

    wanted = AsyncEditRequest(input_=COFFEE, operations=HALF)
    refused = edit_image_async.sync_detailed(client=claid.client("k"), body=wanted)

    assert refused.status_code == 403
    assert isinstance(refused.parsed, HttpErrorDetails)
    assert refused.parsed.error_message == "Not enough permissions."


@pytest.mark.fidelity("claid/422")
@pytest.mark.wrong
def test_a_bad_request_is_rejected_with_the_names_of_its_fields(claid: "Bench") -> None:
    operations = ImageOperations(resizing=ResizingOptions(width=-1), padding="much")

    outcome = edit_image_async.sync(
        client=claid.client("k"), body=AsyncEditRequest(input_="cup.jpg", operations=operations)
    )

    assert isinstance(outcome, HttpErrorDetails)
    assert (outcome.error_code, outcome.error_type) == ("9000", ErrorType.VALIDATION)
    assert outcome.error_details is not None
    assert "input" in outcome.error_message
