"""The lifecycles of this API's jobs, and how its operations are called."""

from collections.abc import Mapping
from typing import Final

from safelight_lifecycle import (
    ApiTable,
    BodyOf,
    DeliveryRule,
    JobIds,
    JobRead,
    JobResult,
    KeyLocation,
    Lifecycle,
    RequestTemplate,
    Secret,
    SecretSource,
    Signature,
    SignatureScheme,
    State,
    StateSet,
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
        deliver=(
            DeliveryRule(
                target=None,
                on=StateSet(states=frozenset([State.FAILED, State.SUCCEEDED])),
                sign=Signature(
                    scheme=SignatureScheme.HMAC_SHA256,
                    secret=Secret(source=SecretSource.ACCOUNT),
                    header="X-Claid-Hmac-SHA256",
                    format="sha256={hex}",
                ),
                body=BodyOf.READ,
            ),
        ),
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
        deliver=(
            DeliveryRule(
                target=None,
                on=StateSet(states=frozenset([State.FAILED, State.SUCCEEDED])),
                sign=Signature(
                    scheme=SignatureScheme.HMAC_SHA256,
                    secret=Secret(source=SecretSource.ACCOUNT),
                    header="X-Claid-Hmac-SHA256",
                    format="sha256={hex}",
                ),
                body=BodyOf.READ,
            ),
        ),
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
API: Final = ApiTable(
    lifecycles=LIFECYCLES,
    modules=OPERATIONS,
    requests={
        "editImageAsync": RequestTemplate(method="POST", path="/image/edit/async"),
        "editImageBatch": RequestTemplate(method="POST", path="/image/edit/batch"),
        "readBatch": RequestTemplate(method="GET", path="/image/edit/batch/{task_id}"),
        "readEdit": RequestTemplate(method="GET", path="/image/edit/async/{task_id}"),
    },
    server="https://api.claid.ai/v1",
    key=KeyLocation(prefix="Bearer "),
    messages=(
        parse_expression("$response.body#/error/message"),
        parse_expression("$response.body#/message"),
        parse_expression("$response.body#/detail"),
        parse_expression("$response.body#/error"),
        parse_expression("$response.body#/title"),
    ),
)
__all__ = ["API", "LIFECYCLES", "OPERATIONS"]
