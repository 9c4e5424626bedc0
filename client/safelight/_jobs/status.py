"""The status of a job in a response, independent of the vendor's names."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from safelight._errors import JobCancelledError, JobEndedError, JobFailedError
from safelight._http.messages import join_messages
from safelight._http.response import ApiResponse
from safelight_lifecycle import JSON, Lifecycle, Places, State, first_value, value_at

# The errors for jobs that ended without a result.
TERMINAL_ERRORS: Mapping[State, type[JobEndedError]] = {
    State.FAILED: JobFailedError,
    State.CANCELLED: JobCancelledError,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class JobStatus:
    """The status of a job.

    `state` is one of five states, the same for every vendor; `vendor_state` is the vendor's name of it. An
    unknown name counts as queued, so that waiting continues. `progress` is in percent, `eta` a Unix time in
    seconds; each is None if the service does not say. `retry_after` is how many seconds it asks to wait
    before the next request, 0 if it does not say. `reasons` are the service's explanations of failures; a job
    with several results may succeed and have some. `details` is the complete response.
    """

    state: State
    vendor_state: str
    progress: float | None = None
    eta: float | None = None
    retry_after: float = 0.0
    reasons: tuple[str, ...] = ()
    details: Mapping[str, JSON] = field(default_factory=dict, repr=False)


def read_status(response: ApiResponse, lifecycle: Lifecycle, *, error_message: str = "") -> JobStatus:
    """Return the status in a response of the read operation.

    `error_message` is a JSON Pointer from each of its errors to the error's text. Raises InvalidResponseError
    if the response has no state.
    """
    read = lifecycle.read
    current = lifecycle.state_in(response.value, response.status)
    if read is None or current is None:
        raise response.invalid(f"it has no {join_places(read.state if read else ())}")
    progress = _number(read.progress, response)
    return JobStatus(
        state=current.state,
        vendor_state=current.word,
        progress=None if progress is None else _percent(progress, read.progress_max),
        eta=_number(read.eta, response),
        retry_after=response.retry_after,
        reasons=_reasons(lifecycle.errors, error_message, response),
        details=response.body,
    )


def is_over(job_id: str, status: JobStatus) -> bool:
    """Whether a job is over; raises JobFailedError or JobCancelledError if it ended without a result."""
    error = TERMINAL_ERRORS.get(status.state)
    if error is not None:
        raise error(job_id, status.vendor_state, join_messages([*dict.fromkeys(status.reasons)]))
    return status.state.is_over


def join_places(places: Places) -> str:
    """Return places as a text."""
    return " or ".join(map(str, places)) or "state"


def _reasons(places: Places, error_message: str, response: ApiResponse) -> tuple[str, ...]:
    value = first_value(places, response.value)
    errors = value if isinstance(value, list) else [value]
    texts = (join_messages(value_at(error_message, error)) for error in errors)
    return tuple(filter(None, map(response.redacted, texts)))


def _number(places: Places, response: ApiResponse) -> float | None:
    value = first_value(places, response.value)
    return value if isinstance(value, int | float) else None


def _percent(progress: float, most: float) -> float:
    """Return a progress in percent; as the vendor wrote it, if that is percent already."""
    return progress if most == 100 else progress * 100 / most  # noqa: PLR2004 - percent
