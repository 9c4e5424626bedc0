"""The lifecycles of this vendor's jobs, and the module that executes each operation."""

from collections.abc import Mapping
from typing import Final

from safelight_lifecycle import (
    JobIds,
    JobList,
    JobMove,
    JobRead,
    JobResult,
    Lifecycle,
    Removal,
    State,
    Submission,
    Word,
    Words,
    WordState,
    parse_expression,
)

LIFECYCLES: Final[Mapping[str, Lifecycle]] = {
    "image": Lifecycle(
        name="image",
        submit=(
            Submission(operation="postEnhanceAsync"),
            Submission(operation="postEnhanceGenAsync"),
            Submission(operation="postSharpen"),
            Submission(operation="postSharpenGen"),
            Submission(operation="postDenoise"),
            Submission(operation="postRestoreGen"),
            Submission(operation="postLighting"),
            Submission(operation="postMatting"),
            Submission(operation="postTool"),
        ),
        ids=JobIds(
            places=(
                parse_expression("$response.body#/process_id"),
                parse_expression("$response.header.x-process-id"),
            ),
            parameter="process_id",
        ),
        read=JobRead(
            operation="getStatus",
            state=(parse_expression("$response.body#/status"),),
            progress=(parse_expression("$response.body#/progress"),),
            eta=(parse_expression("$response.body#/eta"),),
        ),
        listing=JobList(operation="getAllStatuses", each="$[*]"),
        words=Words(
            listed=(
                Word(name="Pending", means=(State.QUEUED,)),
                Word(name="Processing", means=(State.RUNNING,)),
                Word(name="Completed", means=(State.SUCCEEDED,)),
                Word(name="Failed", means=(State.FAILED,)),
                Word(name="Cancelled", means=(State.CANCELLED,)),
            )
        ),
        moves=(
            JobMove(operation="cancelTask", to=WordState(word="Cancelled", state=State.CANCELLED)),
            JobMove(operation="deleteStatus", to=Removal.DELETED),
            JobMove(operation="deleteAllStatuses", to=Removal.DELETED, every=True),
        ),
        result=JobResult(
            places=(parse_expression("$response.body#/download_url"),),
            operation="getDownloadOutput",
            renew=True,
        ),
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
