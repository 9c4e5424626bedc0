"""The lifecycles of this API's jobs, and how its operations are called."""

from collections.abc import Mapping
from typing import Final

from safelight_lifecycle import (
    ApiTable,
    DeliveryRule,
    JobIds,
    JobList,
    JobMove,
    JobRead,
    JobResult,
    JobValue,
    KeyLocation,
    Lifecycle,
    Removal,
    RequestTemplate,
    State,
    StateSet,
    Submission,
    Unsigned,
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
        sync=(
            "postEnhanceSync",
            "postDenoiseSync",
            "postSharpenSync",
            "postLightingSync",
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
            JobMove(
                operation="cancelTask",
                to=WordState(word="Cancelled", state=State.CANCELLED),
                allowed=StateSet(states=frozenset([State.QUEUED, State.RUNNING])),
            ),
            JobMove(
                operation="deleteStatus",
                to=Removal.DELETED,
                allowed=StateSet(states=frozenset([State.CANCELLED, State.FAILED, State.SUCCEEDED])),
            ),
            JobMove(
                operation="deleteAllStatuses",
                to=Removal.DELETED,
                allowed=StateSet(states=frozenset([State.CANCELLED, State.FAILED, State.SUCCEEDED])),
                every=True,
            ),
        ),
        result=JobResult(
            places=(parse_expression("$response.body#/download_url"),),
            operation="getDownloadOutput",
            renew=True,
        ),
        deliver=(
            DeliveryRule(
                target=parse_expression("$request.body#/webhook_url"),
                on=StateSet(
                    states=frozenset([State.CANCELLED, State.FAILED, State.RUNNING, State.SUCCEEDED])
                ),
                sign=Unsigned.NONE,
                body={
                    ("notification_id",): JobValue.DELIVERY,
                    ("process_id",): JobValue.ID,
                    ("status",): JobValue.STATE,
                    ("creation_time",): JobValue.SUBMITTED,
                    ("modification_time",): JobValue.UPDATED,
                    ("progress",): JobValue.PROGRESS,
                    ("download_url",): JobValue.RESULT,
                },
            ),
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
API: Final = ApiTable(
    lifecycles=LIFECYCLES,
    modules=OPERATIONS,
    requests={
        "cancelTask": RequestTemplate(method="DELETE", path="/cancel/{process_id}"),
        "deleteAllStatuses": RequestTemplate(method="DELETE", path="/status"),
        "deleteStatus": RequestTemplate(method="DELETE", path="/status/{process_id}"),
        "getAllStatuses": RequestTemplate(method="GET", path="/status"),
        "getDownloadInput": RequestTemplate(method="GET", path="/download/input/{process_id}"),
        "getDownloadOutput": RequestTemplate(method="GET", path="/download/{process_id}"),
        "getStatus": RequestTemplate(method="GET", path="/status/{process_id}"),
        "postDenoise": RequestTemplate(method="POST", path="/denoise/async"),
        "postDenoiseSync": RequestTemplate(method="POST", path="/denoise"),
        "postEnhanceAsync": RequestTemplate(method="POST", path="/enhance/async"),
        "postEnhanceGenAsync": RequestTemplate(method="POST", path="/enhance-gen/async"),
        "postEnhanceSync": RequestTemplate(method="POST", path="/enhance"),
        "postLighting": RequestTemplate(method="POST", path="/lighting/async"),
        "postLightingSync": RequestTemplate(method="POST", path="/lighting"),
        "postMatting": RequestTemplate(method="POST", path="/matting/async"),
        "postRestoreGen": RequestTemplate(method="POST", path="/restore-gen/async"),
        "postSharpen": RequestTemplate(method="POST", path="/sharpen/async"),
        "postSharpenGen": RequestTemplate(method="POST", path="/sharpen-gen/async"),
        "postSharpenSync": RequestTemplate(method="POST", path="/sharpen"),
        "postTool": RequestTemplate(method="POST", path="/tool/async"),
    },
    server="https://api.topazlabs.com/image/v1",
    key=KeyLocation(name="X-API-Key"),
    messages=(
        parse_expression("$response.body#/error/message"),
        parse_expression("$response.body#/message"),
        parse_expression("$response.body#/detail"),
        parse_expression("$response.body#/error"),
        parse_expression("$response.body#/title"),
    ),
)
__all__ = ["API", "LIFECYCLES", "OPERATIONS"]
