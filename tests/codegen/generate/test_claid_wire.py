"""The generated Claid client sends what its caller set, and nothing else."""

import asyncio
import inspect
import io
import json
from email.parser import BytesParser
from importlib import import_module

import httpx
import pytest

from safelight_clients.claid import AuthenticatedClient, models
from safelight_clients.claid.api.image import edit_image_async, edit_uploaded_image, read_batch, read_edit
from safelight_clients.claid.async_jobs import LIFECYCLES, OPERATIONS
from safelight_clients.claid.models import (
    AsyncEditRequest,
    BackgroundOptions,
    CropOptions,
    DecompressEnum,
    EditUploadOptions,
    EditUploadRequest,
    FitCropEnum,
    FormatJpegOptions,
    HdrOptions,
    ImageOperations,
    ImageOutputOptions,
    ResizingOptions,
    RestorationsOptions,
    UpscalePhotoOptions,
)
from safelight_clients.claid.types import UNSET, File
from safelight_lifecycle import schema_example
from safelight_specs import read_spec

pytestmark = pytest.mark.slow

KEY = "key"
DOCUMENT = read_spec("claid")
BODIES = {name for name in models.__all__ if hasattr(getattr(models, name), "from_dict")} - {
    "EditUploadRequest"
}
INPUT = "https://example.com/cat.jpg"


class Wire:
    """Records the request of a client and rejects it."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        refusal = {"error_code": "1", "error_type": "general", "error_message": "No."}
        return httpx.Response(500, json=refusal)

    @property
    def client(self) -> AuthenticatedClient:
        transport = httpx.MockTransport(self)
        address = "https://twin.test/v1-beta1"
        client = AuthenticatedClient(address, token=KEY)
        client.set_httpx_client(httpx.Client(base_url=address, transport=transport))
        return client.set_async_httpx_client(httpx.AsyncClient(base_url=address, transport=transport))

    @property
    def request(self) -> httpx.Request:
        (request,) = self.requests
        return request


def sent(body: AsyncEditRequest) -> object:
    wire = Wire()
    edit_image_async.sync(client=wire.client, body=body)
    return json.loads(wire.request.read())


def edit(**operations: object) -> AsyncEditRequest:
    return AsyncEditRequest(input_=INPUT, operations=ImageOperations.from_dict(operations))


def test_fields_that_are_not_set_are_not_sent() -> None:
    assert sent(edit()) == {"input": INPUT, "operations": {}}


def test_an_option_that_was_set_is_sent_alone() -> None:
    body = AsyncEditRequest(
        input_=INPUT,
        operations=ImageOperations(
            resizing=ResizingOptions(width="200%", fit=CropOptions(type_="crop", crop=FitCropEnum.SMART)),
            restorations=RestorationsOptions(decompress=DecompressEnum.AUTO),
        ),
        output=ImageOutputOptions(format_=FormatJpegOptions(type_="jpeg", quality=90)),
    )

    assert sent(body) == {
        "input": INPUT,
        "operations": {
            "resizing": {"width": "200%", "fit": {"type": "crop", "crop": "smart"}},
            "restorations": {"decompress": "auto"},
        },
        "output": {"format": {"type": "jpeg", "quality": 90}},
    }


def test_null_is_sent_if_it_was_set() -> None:
    body = AsyncEditRequest(
        input_=INPUT,
        operations=ImageOperations(
            resizing=None, padding=None, restorations=RestorationsOptions(decompress=None)
        ),
        output=None,
    )

    assert sent(body) == {
        "input": INPUT,
        "operations": {"resizing": None, "padding": None, "restorations": {"decompress": None}},
        "output": None,
    }


@pytest.mark.parametrize(
    "operations",
    [
        {"resizing": {"width": 500, "height": "auto", "fit": "outpaint"}},
        {"resizing": {"fit": {"type": "outpaint", "feathering": "15%", "outpaint_by": "5% 0%"}}},
        {"resizing": {"fit": {"type": "canvas"}}},
        {"adjustments": {"hdr": 50, "exposure": -10}},
        {"adjustments": {"hdr": {"stitching": True}}},
        {"background": {"remove": {"category": "cars", "clipping": True}, "color": "transparent"}},
        {"background": {"remove": True, "color": "#ffffff", "blur": {"type": "lens", "level": "high"}}},
        {"restorations": {"upscale": {"type": "photo", "version": "2"}, "polish": True}},
        {"padding": "0px 400px 0px 0px", "privacy": {"blur_car_plate": True}},
        {"generative": {"style_transfer": {"style_reference_image": INPUT, "style_strength": 0.5}}},
    ],
    ids=json.dumps,
)
def test_operations_go_out_as_they_are_written_down(operations: dict[str, object]) -> None:
    assert sent(edit(**operations)) == {"input": INPUT, "operations": operations}


@pytest.mark.parametrize(
    "output",
    [
        "storage://shop/cats/a.jpeg",
        {"format": "tiff"},
        {"format": {"type": "webp", "compression": {"type": "lossy", "quality": 60}}},
        {"format": {"type": "avif", "compression": "lossless"}},
        {"format": {"type": "png", "compression": "best"}, "metadata": {"dpi": 300}},
        {"metadata": {"color_space": {"type": "CMYK", "color_profile": "ISO_Coated"}}},
    ],
    ids=json.dumps,
)
def test_an_output_goes_out_as_it_is_written_down(output: object) -> None:
    body = AsyncEditRequest.from_dict({"input": INPUT, "operations": {}, "output": output})

    assert sent(body) == {"input": INPUT, "operations": {}, "output": output}


def test_a_constant_is_its_value() -> None:
    assert CropOptions(type_="crop").to_dict() == {"type": "crop"}
    with pytest.raises(ValueError, match="type must match const 'crop', got 'cover'"):
        CropOptions.from_dict({"type": "cover"})


def test_a_choice_is_read_as_the_one_it_is() -> None:
    operations = ImageOperations.from_dict(
        {
            "background": {"remove": False},
            "adjustments": {"hdr": {}},
            "restorations": {"upscale": {"type": "photo", "version": "3"}},
            "resizing": {"fit": {"type": "crop"}},
        }
    )

    assert isinstance(operations.background, BackgroundOptions)
    assert operations.background.remove is False
    assert operations.background.blur is UNSET
    assert isinstance(operations.adjustments, models.AdjustmentsOptions)
    assert isinstance(operations.adjustments.hdr, HdrOptions)
    assert isinstance(operations.restorations, RestorationsOptions)
    assert isinstance(operations.restorations.upscale, UpscalePhotoOptions)
    assert isinstance(operations.resizing, ResizingOptions)
    assert isinstance(operations.resizing.fit, CropOptions)


def test_an_upload_is_a_file_with_its_name_and_json() -> None:
    wire = Wire()
    picture = File(payload=io.BytesIO(b"pixels"), file_name="cat.jpg", mime_type="image/jpeg")
    data = EditUploadOptions(operations=ImageOperations(padding="10%"))

    edit_uploaded_image.sync(client=wire.client, body=EditUploadRequest(file=picture, data=data))

    head = f"Content-Type: {wire.request.headers['Content-Type']}\r\n\r\n".encode()
    file, content = (
        part
        for part in BytesParser().parsebytes(head + wire.request.read()).walk()
        if not part.is_multipart()
    )
    assert (file.get_filename(), file.get_content_type()) == ("cat.jpg", "image/jpeg")
    assert file.get_payload(decode=True) == b"pixels"
    assert content.get_param("name", header="Content-Disposition") == "data"
    assert content.get_content_type() == "application/json"
    assert content.get_payload(decode=True) == b'{"operations": {"padding": "10%"}}'


def test_the_key_goes_as_a_bearer_token_to_the_url_the_client_has() -> None:
    wire = Wire()
    client = AuthenticatedClient(
        "https://twin.test/v1-beta1", token=KEY, httpx_args={"transport": httpx.MockTransport(wire)}
    )

    read_edit.sync(7, client=client)

    assert wire.request.headers["Authorization"] == "Bearer key"
    assert str(wire.request.url) == "https://twin.test/v1-beta1/image/edit/async/7"


def test_a_call_can_be_awaited() -> None:
    wire = Wire()

    answer = asyncio.run(read_batch.asyncio(7, client=wire.client))

    assert isinstance(answer, models.HttpErrorDetails)
    assert wire.request.url.path == "/v1-beta1/image/edit/batch/7"


def test_every_operation_has_a_function_with_a_human_name() -> None:
    names = {name: module.rpartition(".")[2] for name, module in OPERATIONS.items()}

    assert names == {
        "editImage": "edit_image",
        "editImageAsync": "edit_image_async",
        "editImageBatch": "edit_image_batch",
        "editUploadedImage": "edit_uploaded_image",
        "readBatch": "read_batch",
        "readEdit": "read_edit",
    }
    assert all(inspect.isfunction(import_module(module).sync) for module in OPERATIONS.values())


def test_no_model_of_the_document_was_dropped() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    choices = [name for name, schema in schemas.items() if "anyOf" in schema]

    assert choices == ["RateLimitError"]
    assert {"".join(name.lower().split("_")) for name in schemas} - {"ratelimiterror"} <= {
        name.lower() for name in models.__all__
    }


@pytest.mark.parametrize("required_only", [True, False])
@pytest.mark.parametrize("name", sorted(BODIES))
def test_a_class_serialises_what_it_parses(name: str, *, required_only: bool) -> None:
    made = schema_example({"$ref": f"#/components/schemas/{name}"}, DOCUMENT, required_only=required_only)
    content = json.loads(json.dumps(made).replace("00Z", "00+00:00"))

    read = getattr(models, name).from_dict(content)

    assert read.to_dict() == content


def test_an_edit_has_one_result_and_a_batch_several_and_both_have_errors() -> None:
    edit_life, batch_life = LIFECYCLES["edit"], LIFECYCLES["batch"]

    assert edit_life.result is not None
    assert [*map(str, edit_life.result.places)] == ["$response.body#/data/result/output_object/tmp_url"]
    assert batch_life.result is not None
    assert batch_life.result.each == "$.data.results[*].output_object.tmp_url"
    assert edit_life.errors == batch_life.errors
    assert [*map(str, edit_life.errors)] == ["$response.body#/data/errors"]
