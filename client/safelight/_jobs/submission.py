"""Sends a submission: with an idempotency key or a nonce, so that a lost response is not paid for twice."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from math import inf
from uuid import uuid4

from safelight._errors import ApiError, NotConnectedError, SafelightError, UnknownOutcomeError
from safelight._http.response import ApiResponse
from safelight._jobs.operations import OperationClient, Request
from safelight._jobs.polling import Polling
from safelight_lifecycle import (
    Expression,
    ExpressionSource,
    Lifecycle,
    RequestParts,
    follow_tokens,
    with_value_at,
)

ATTEMPTS = 4  # to send a submission with an idempotency key
LONGEST_PAUSE = 60.0  # seconds that a service may ask for between two of them


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedSubmission:
    """A submission that is about to be sent.

    `key` is its idempotency key. `nonce` is a text in the request that responses repeat, by which the job can
    be found. Both are empty if the API takes none.
    """

    operation: str
    request: Request
    parts: RequestParts
    key: str = ""
    nonce: str = ""


def prepare(
    lifecycle: Lifecycle,
    operations: OperationClient,
    operation: str,
    key: str | None,
    arguments: Mapping[str, object],
) -> PreparedSubmission:
    """Return a submission with an idempotency key and a nonce, each that of the caller if there is one.

    Raises ValueError for a key that the API does not take, and for a request that starts no job.
    """
    headers = _key_header(lifecycle, key)
    request = operations.submission(operation, headers, **arguments)
    request, nonce = _with_nonce(lifecycle.nonce, request)
    parts = operations.parts(operation, request)
    if operation in lifecycle.sync:
        raise ValueError(f"{operation} waits for the end of its job; use run for the result")
    if not starts_job(lifecycle, operation, parts):
        wanted = ", ".join(str(place) for place, _ in lifecycle.submissions[operation].when.wanted)
        raise ValueError(f"{operation} starts a job only with {wanted}; use run for its result")
    return PreparedSubmission(
        operation=operation, request=request, parts=parts, key=_key_of(headers, parts), nonce=nonce
    )


def starts_job(lifecycle: Lifecycle, operation: str, parts: RequestParts) -> bool:
    """Whether a request starts a job, and is not responded to with the result."""
    submission = lifecycle.submissions.get(operation)
    return submission is not None and submission.when.holds(parts.value)


def send(
    lifecycle: Lifecycle,
    operations: OperationClient,
    polling: Polling,
    prepared: PreparedSubmission,
    advice: str,
) -> ApiResponse:
    """Send a submission once; with an idempotency key again after temporary errors, since that is safe."""
    ids = lifecycle.ids_of(prepared.operation)
    held = lifecycle.wait.seconds(prepared.parts.value) if lifecycle.wait else None

    def call() -> ApiResponse:
        return operations.call_once(
            prepared.request, ids=ids, sent=prepared.parts.value, advice=advice, more_time=held or 0.0
        )

    for delay in islice(polling.delays(), ATTEMPTS - 1 if prepared.key else 0):
        try:
            return call()
        except (ApiError, NotConnectedError, UnknownOutcomeError) as error:
            if not _may_be_sent_again(error):
                raise
            polling.wait(delay, at_least=error.retry_after, deadline=inf)
    return call()


def _may_be_sent_again(error: SafelightError) -> bool:
    is_temporary = error.is_retryable or isinstance(error, UnknownOutcomeError)
    return is_temporary and error.retry_after <= LONGEST_PAUSE


def _key_header(lifecycle: Lifecycle, key: str | None) -> Mapping[str, str]:
    """Return the header of an idempotency key; none if the API takes none."""
    if lifecycle.idempotency is not None:
        return {lifecycle.idempotency.header: key or str(uuid4())}
    if key is not None:
        raise ValueError("this service takes no idempotency key")
    return {}


def _key_of(headers: Mapping[str, str], parts: RequestParts) -> str:
    """Return the key that is sent, which an argument of the operation may have set."""
    return next((parts.headers[name.lower()] for name in headers), "")


def _with_nonce(place: Expression | None, request: Request) -> tuple[Request, str]:
    body = request.get("json")
    if place is None or place.part is not ExpressionSource.BODY or not isinstance(body, dict):
        return request, ""
    current = follow_tokens(place.pointer, body)
    nonce = current if isinstance(current, str) and current else str(uuid4())
    return request | {"json": with_value_at(place.pointer, body, nonce)}, nonce
