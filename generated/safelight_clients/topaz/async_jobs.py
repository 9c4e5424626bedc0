"""The lifecycles of this vendor's jobs, and the module that executes each operation."""

from collections.abc import Mapping
from typing import Final

from safelight_lifecycle import (
    FileLink,
    JobId,
    JobLifecycle,
    ListOperation,
    ReadOperation,
    RestrictedOperation,
    State,
)

LIFECYCLES: Final[Mapping[str, JobLifecycle]] = {
    "image": JobLifecycle(
        name="image",
        submit=(
            "postEnhanceAsync",
            "postEnhanceGenAsync",
            "postSharpen",
            "postSharpenGen",
            "postDenoise",
            "postRestoreGen",
            "postLighting",
            "postMatting",
            "postTool",
        ),
        id=JobId(
            expression="$response.body#/process_id",
            parameter="process_id",
            also=("$response.header.X-Process-ID",),
        ),
        read=ReadOperation(
            operation="getStatus",
            state="$response.body#/status",
            progress="$response.body#/progress",
            eta="$response.body#/eta",
        ),
        states={
            "Pending": State.QUEUED,
            "Processing": State.RUNNING,
            "Completed": State.SUCCEEDED,
            "Failed": State.FAILED,
            "Cancelled": State.CANCELLED,
        },
        listing=ListOperation(operation="getAllStatuses", each="$[*]"),
        cancel=RestrictedOperation(operation="cancelTask", allowed=frozenset([State.QUEUED, State.RUNNING])),
        delete=RestrictedOperation(
            operation="deleteStatus", allowed=frozenset([State.SUCCEEDED, State.FAILED, State.CANCELLED])
        ),
        result=FileLink(
            url="$response.body#/download_url",
            operation="getDownloadOutput",
            allowed=frozenset([State.SUCCEEDED]),
            expires=3600.0,
            renew=True,
        ),
        input=FileLink(url="$response.body#/download_url", operation="getDownloadInput", expires=3600.0),
    )
}
OPERATIONS: Final[Mapping[str, str]] = {
    "cancelTask": "safelight_clients.topaz.api.cancel.cancel_task",
    "deleteAllStatuses": "safelight_clients.topaz.api.status.delete_all_statuses",
    "deleteStatus": "safelight_clients.topaz.api.status.delete_status",
    "getAllStatuses": "safelight_clients.topaz.api.status.get_all_statuses",
    "getCreditBalance": "safelight_clients.topaz.api.account.get_credit_balance",
    "getDownloadInput": "safelight_clients.topaz.api.download.get_download_input",
    "getDownloadOutput": "safelight_clients.topaz.api.download.get_download_output",
    "getStatus": "safelight_clients.topaz.api.status.get_status",
    "postDenoise": "safelight_clients.topaz.api.denoise.post_denoise",
    "postDenoiseSync": "safelight_clients.topaz.api.denoise.post_denoise_sync",
    "postEnhanceAsync": "safelight_clients.topaz.api.enhance.post_enhance_async",
    "postEnhanceGenAsync": "safelight_clients.topaz.api.enhance_generative.post_enhance_gen_async",
    "postEnhanceSync": "safelight_clients.topaz.api.enhance.post_enhance_sync",
    "postEstimate": "safelight_clients.topaz.api.estimate.post_estimate",
    "postEstimateBulk": "safelight_clients.topaz.api.estimate.post_estimate_bulk",
    "postEstimateGen": "safelight_clients.topaz.api.estimate.post_estimate_gen",
    "postLighting": "safelight_clients.topaz.api.lighting.post_lighting",
    "postLightingSync": "safelight_clients.topaz.api.lighting.post_lighting_sync",
    "postMatting": "safelight_clients.topaz.api.matting.post_matting",
    "postRestoreGen": "safelight_clients.topaz.api.restore.post_restore_gen",
    "postSharpen": "safelight_clients.topaz.api.sharpen.post_sharpen",
    "postSharpenGen": "safelight_clients.topaz.api.sharpen.post_sharpen_gen",
    "postSharpenSync": "safelight_clients.topaz.api.sharpen.post_sharpen_sync",
    "postTool": "safelight_clients.topaz.api.tool.post_tool",
}
__all__ = ["LIFECYCLES", "OPERATIONS"]
