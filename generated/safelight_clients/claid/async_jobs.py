"""The lifecycles of this vendor's jobs, and the module that executes each operation."""

from collections.abc import Mapping
from typing import Final

from safelight_lifecycle import (
    FileLink,
    FileLinks,
    JobId,
    JobLifecycle,
    ReadOperation,
    State,
)

LIFECYCLES: Final[Mapping[str, JobLifecycle]] = {
    "edit": JobLifecycle(
        name="edit",
        submit=("editImageAsync",),
        id=JobId(
            expression="$response.body#/data/id",
            parameter="task_id",
            urls=("$response.body#/data/result_url",),
            path="/image/edit/async/{task_id}",
        ),
        read=ReadOperation(operation="readEdit", state="$response.body#/data/status"),
        states={
            "ACCEPTED": State.QUEUED,
            "WAITING": State.QUEUED,
            "PROCESSING": State.RUNNING,
            "PAUSED": State.RUNNING,
            "DONE": State.SUCCEEDED,
            "ERROR": State.FAILED,
            "CANCELLED": State.CANCELLED,
        },
        result=FileLink(
            url="$response.body#/data/result/output_object/tmp_url",
            allowed=frozenset([State.SUCCEEDED]),
            expires=86400.0,
        ),
        errors="$response.body#/data/errors",
    ),
    "batch": JobLifecycle(
        name="batch",
        submit=("editImageBatch",),
        id=JobId(
            expression="$response.body#/data/id",
            parameter="task_id",
            urls=("$response.body#/data/result_url",),
            path="/image/edit/batch/{task_id}",
        ),
        read=ReadOperation(operation="readBatch", state="$response.body#/data/status"),
        states={
            "ACCEPTED": State.QUEUED,
            "WAITING": State.QUEUED,
            "PROCESSING": State.RUNNING,
            "PAUSED": State.RUNNING,
            "DONE": State.SUCCEEDED,
            "ERROR": State.FAILED,
            "CANCELLED": State.CANCELLED,
        },
        results=FileLinks(
            each="$.data.results[*].output_object.tmp_url",
            allowed=frozenset([State.SUCCEEDED]),
            expires=86400.0,
        ),
        errors="$response.body#/data/errors",
    ),
}
OPERATIONS: Final[Mapping[str, str]] = {
    "editImage": "safelight_clients.claid.api.image.edit_image",
    "editImageAsync": "safelight_clients.claid.api.image.edit_image_async",
    "editImageBatch": "safelight_clients.claid.api.image.edit_image_batch",
    "editUploadedImage": "safelight_clients.claid.api.image.edit_uploaded_image",
    "readBatch": "safelight_clients.claid.api.image.read_batch",
    "readEdit": "safelight_clients.claid.api.image.read_edit",
}
__all__ = ["LIFECYCLES", "OPERATIONS"]
