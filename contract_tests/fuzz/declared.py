"""Complaints about examples that are no defects: their lifecycles declare what their documents lack."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from jsonschema_rs import Draft202012Validator
from schemathesis import Response

from contract_tests.fuzz.apis import async_jobs
from contract_tests.fuzz.document import API, Call, document, operations
from contract_tests.fuzz.explained import ACCEPTED, Explained
from safelight_lifecycle import RefusalKind, Removal, follow_tokens

# What a refusal is answered with where neither document nor lifecycle says it.
USUAL: Final[Mapping[RefusalKind, int]] = {
    RefusalKind.EARLY: 404,
    RefusalKind.LATE: 404,
    RefusalKind.FAILED: 422,
    RefusalKind.MOVED: 409,
    RefusalKind.LIMITED: 429,
    RefusalKind.UNPAID: 402,
}
OF_STATES: Final = (RefusalKind.EARLY, RefusalKind.LATE, RefusalKind.FAILED, RefusalKind.MOVED)
JSON_TYPE: Final = "application/json"


def _api(case: Call) -> str:
    return str(case.operation.schema.raw_schema[API])


def _operation_id(case: Call) -> str:
    return str(case.operation.definition.raw["operationId"])


@cache
def _error_schemas(api: str) -> tuple[Draft202012Validator, ...]:
    """Return how error bodies are described, anywhere in the document."""
    spec = document(api, strict=False)
    return tuple(
        Draft202012Validator({**response["content"][JSON_TYPE]["schema"], "components": spec["components"]})
        for operation in operations(spec).values()
        for code, response in operation["responses"].items()
        if code[0] in "4d" and JSON_TYPE in response.get("content", {})
    )


def _has_the_shape_of_errors(case: Call, response: Response) -> bool:
    """Return whether a body is an error of the API: by a schema, else by where its message is."""
    body, schemas = response.json(), _error_schemas(_api(case))
    message = async_jobs(_api(case)).refusals.message or ("message",)
    return (
        any(one.is_valid(body) for one in schemas)
        if schemas
        else isinstance(follow_tokens(message, body), str)
    )


def _statuses(api: str) -> Iterator[int]:
    jobs = async_jobs(api)
    yield from {**USUAL, **{kind: refusal.status for kind, refusal in jobs.refusals.kinds.items()}}.values()
    rules = (lifecycle.idempotency for lifecycle in jobs.lifecycles.values())
    yield from (rule.conflict for rule in rules if rule is not None and rule.conflict is not None)


def _is_declared_refusal(case: Call, response: Response) -> bool:
    declared = {*_statuses(_api(case))}
    return response.status_code in declared and _has_the_shape_of_errors(case, response)


def _depends_on_the_state(case: Call, response: Response) -> bool:
    """Return whether a move or a result of a job is refused as the lifecycle says for other states."""
    jobs, operation = async_jobs(_api(case)), _operation_id(case)
    lifecycle = jobs.lifecycle_of(operation)
    if lifecycle is None or operation in lifecycle.submissions:
        return False
    declared = jobs.refusals.kinds
    statuses = {declared[kind].status if kind in declared else USUAL[kind] for kind in OF_STATES}
    return response.status_code in statuses


def _is_no_position(case: Call, response: Response) -> bool:
    lifecycle = async_jobs(_api(case)).lifecycle_of(_operation_id(case))
    paging = lifecycle.listing.paging if lifecycle and lifecycle.listing else None
    return paging is not None and paging.at in case.query and "no such position" in response.text


def _removes_no_job(case: Call, _response: Response) -> bool:
    """Return whether the API has a DELETE that cancels jobs, or removes what they gave."""
    lifecycle = async_jobs(_api(case)).lifecycle_of(_operation_id(case))
    named = {
        operation["operationId"]: label
        for label, operation in operations(case.operation.schema.raw_schema).items()
    }
    moves = lifecycle.moves if lifecycle else ()
    return any(
        named[move.operation].startswith("DELETE") and move.to is not Removal.DELETED for move in moves
    )


DECLARED: Final = (
    Explained(
        check="status_code_conformance",
        why="the lifecycle declares how requests are refused; the body is as the document has errors",
        holds=_is_declared_refusal,
    ),
    Explained(
        check=ACCEPTED,
        why="a move that is too late and a result that is not there are refused, as the lifecycle declares",
        holds=_depends_on_the_state,
    ),
    Explained(
        check=ACCEPTED,
        why="the position of a page is what an earlier page had; one made up is none",
        holds=_is_no_position,
    ),
    Explained(
        check=ACCEPTED,
        why="a required body of no bytes is one that is missing",
        holds=lambda case, _: case.media_type != JSON_TYPE and case.body in (b"", ""),
    ),
    Explained(
        check="use_after_free",
        why="by the lifecycle, DELETE cancels the job or removes its data, and it can still be read",
        holds=_removes_no_job,
    ),
    Explained(
        check="response_schema_conformance",
        why="in OpenAPI 3.1 the schema of an event stream is that of its whole text, not of an event",
        holds=lambda _, response: response.headers["content-type"][0].startswith("text/event-stream"),
    ),
)
