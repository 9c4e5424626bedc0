"""The lifecycles of this vendor's jobs, and the module that executes each operation."""

from collections.abc import Mapping
from typing import Final

from safelight_lifecycle import (
    JobIds,
    JobRead,
    JobResult,
    Lifecycle,
    State,
    Submission,
    Word,
    Words,
    parse_expression,
)

LIFECYCLES: Final[Mapping[str, Lifecycle]] = {
    "edit": Lifecycle(
        name="edit",
        submit=(Submission(operation="editImageAsync"),),
        ids=JobIds(
            places=(parse_expression("$response.body#/data/id"),),
            urls=(parse_expression("$response.body#/data/result_url"),),
            parameter="task_id",
            template="/image/edit/async/{task_id}",
        ),
        read=JobRead(operation="readEdit", state=(parse_expression("$response.body#/data/status"),)),
        words=Words(
            listed=(
                Word(name="ACCEPTED", means=(State.QUEUED,)),
                Word(name="WAITING", means=(State.QUEUED,)),
                Word(name="PROCESSING", means=(State.RUNNING,)),
                Word(name="PAUSED", means=(State.RUNNING,)),
                Word(name="DONE", means=(State.SUCCEEDED,)),
                Word(name="ERROR", means=(State.FAILED,)),
                Word(name="CANCELLED", means=(State.CANCELLED,)),
            )
        ),
        result=JobResult(places=(parse_expression("$response.body#/data/result/output_object/tmp_url"),)),
        errors=(parse_expression("$response.body#/data/errors"),),
    ),
    "batch": Lifecycle(
        name="batch",
        submit=(Submission(operation="editImageBatch"),),
        ids=JobIds(
            places=(parse_expression("$response.body#/data/id"),),
            urls=(parse_expression("$response.body#/data/result_url"),),
            parameter="task_id",
            template="/image/edit/batch/{task_id}",
        ),
        read=JobRead(operation="readBatch", state=(parse_expression("$response.body#/data/status"),)),
        words=Words(
            listed=(
                Word(name="ACCEPTED", means=(State.QUEUED,)),
                Word(name="WAITING", means=(State.QUEUED,)),
                Word(name="PROCESSING", means=(State.RUNNING,)),
                Word(name="PAUSED", means=(State.RUNNING,)),
                Word(name="DONE", means=(State.SUCCEEDED,)),
                Word(name="ERROR", means=(State.FAILED,)),
                Word(name="CANCELLED", means=(State.CANCELLED,)),
            )
        ),
        result=JobResult(each="$.data.results[*].output_object.tmp_url"),
        errors=(parse_expression("$response.body#/data/errors"),),
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
