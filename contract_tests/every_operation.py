"""One call of each operation, as the generated clients make it: what a judge of single calls is shown."""

from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from io import BytesIO
from typing import Any, Protocol
from uuid import UUID

from safelight_clients import claid, tengr, topaz
from safelight_clients.claid import async_jobs as claid_jobs
from safelight_clients.claid import models as claid_models
from safelight_clients.claid import types as claid_types
from safelight_clients.tengr import async_jobs as tengr_jobs
from safelight_clients.tengr import models as tengr_models
from safelight_clients.topaz import async_jobs as topaz_jobs
from safelight_clients.topaz import models as topaz_models
from safelight_clients.topaz import types as topaz_types

JOB = UUID("d7b3b3b3-7b3b-4b3b-8b3b-3b3b3b3b3b3b")
CUP = "https://shop.test/cup.jpg"
OPERATIONS: Mapping[str, Mapping[str, str]] = {
    "topaz": topaz_jobs.OPERATIONS,
    "claid": claid_jobs.OPERATIONS,
    "tengr": tengr_jobs.OPERATIONS,
}
CLIENTS: Mapping[str, Callable[..., Any]] = {
    "topaz": partial(topaz.AuthenticatedClient, prefix="", auth_header_name="X-API-Key"),
    "claid": claid.AuthenticatedClient,
    "tengr": tengr.AuthenticatedClient,
}


class Answer(Protocol):
    """What a generated client returns: the status, and what it read the answer as."""

    status_code: int
    parsed: object
    content: bytes


def arguments(vendor: str, picture: bytes) -> Mapping[str, Mapping[str, object]]:
    """Return what each operation of a vendor is called with, by operationId."""
    return {"topaz": _topaz, "claid": _claid, "tengr": _tengr}[vendor](picture)


def call(vendor: str, operation: str, client: object, arguments: Mapping[str, object]) -> Answer:
    """Call an operation of a vendor."""
    response: Answer = import_module(OPERATIONS[vendor][operation]).sync_detailed(client=client, **arguments)
    return response


def _topaz(picture: bytes) -> Mapping[str, Mapping[str, object]]:
    models = topaz_models
    image = topaz_types.File(payload=BytesIO(picture), file_name="cup.tif", mime_type="image/tiff")
    job = {"process_id": JOB}
    uploads = {
        "postEnhanceAsync": models.EnhanceRequest(image=image, output_width=100, crop_to_fill=True),
        "postEnhanceSync": models.EnhanceRequest(image=image, output_width=100),
        "postEnhanceGenAsync": models.EnhanceGenRequest(image=image),
        "postMatting": models.MattingRequest(image=image),
        "postDenoise": models.DenoiseRequest(image=image),
        "postDenoiseSync": models.DenoiseRequest(image=image),
        "postSharpen": models.SharpenRequest(image=image),
        "postSharpenSync": models.SharpenRequest(image=image),
        "postSharpenGen": models.SharpenGenRequest(image=image),
        "postRestoreGen": models.RestoreGenRequest(image=image),
        "postLighting": models.LightingRequest(image=image),
        "postLightingSync": models.LightingRequest(image=image),
        "postTool": models.ToolRequest(image=image, output_width=80),
        "postEstimate": models.EstimateImageTaskRequest(input_width=100, input_height=100),
        "postEstimateGen": models.EstimateImageTaskGenRequest(input_width=100, input_height=100),
        "postEstimateBulk": [models.EstimateBulkItem(input_width=100, input_height=100)],
    }
    return {
        **{operation: {"body": body} for operation, body in uploads.items()},
        **dict.fromkeys(["getStatus", "getDownloadOutput", "getDownloadInput", "cancelTask"], job),
        "deleteStatus": job,
        "getAllStatuses": {"paginated": True, "limit": 2},
        "deleteAllStatuses": {},
        "getCreditBalance": {},
    }


def _claid(picture: bytes) -> Mapping[str, Mapping[str, object]]:
    models = claid_models
    image = claid_types.File(payload=BytesIO(picture), file_name="cup.tif", mime_type="image/tiff")
    operations = models.ImageOperations(resizing=models.ResizingOptions(width=100))
    return {
        "editImage": {"body": models.AsyncEditRequest(input_=CUP, operations=operations)},
        "editImageAsync": {"body": models.AsyncEditRequest(input_=CUP, operations=operations)},
        "editImageBatch": {"body": models.BatchEditRequest(input_=[CUP], operations=operations)},
        "editUploadedImage": {
            "body": models.EditUploadRequest(file=image, data=models.EditUploadOptions(operations=operations))
        },
        "readEdit": {"task_id": 1},
        "readBatch": {"task_id": 1},
    }


def _tengr(_: bytes) -> Mapping[str, Mapping[str, object]]:
    models = tengr_models
    detail = models.CreateDetailerUpscalerArtworkRequest(image_url=CUP, scale_factor=2)
    return {
        "createDetailerUpscalerArtwork": {"body": detail},
        "createUpscalingArtwork": {"body": models.CreateUpscalingArtworkRequest(image_url=CUP)},
        "findArtworkByIdV2": {"id": JOB},
        "findAllArtworksV2": {"offset": 0, "limit": 2},
        "rotateOrganizationWebhookSecret": {"org_id": "acme"},
    }
