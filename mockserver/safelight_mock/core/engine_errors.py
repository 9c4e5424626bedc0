"""Why an engine does not do what a client wants."""

from safelight_mock.core.job import State


class UnknownJobError(LookupError):
    """The sandbox has no such job: it was never submitted, was removed, or is past its retention."""

    template = "no job {} in this sandbox"

    def __init__(self, job_id: str) -> None:
        super().__init__(self.template.format(job_id))


class MissingResultError(UnknownJobError):
    """The job has succeeded, and its fault is that nothing came of it."""

    template = "job {} has no result"


class ResultExpiredError(UnknownJobError):
    """The job is known, but no new links to its result are made any more."""

    template = "no new links to the result of job {}: it ended too long ago"


class InvalidTransitionError(Exception):
    """The job's `state` does not allow the `action`: `cancel`, an operationId, `change` to a state `to`."""

    def __init__(self, action: str, state: State, *, to: str = "") -> None:
        super().__init__(f"cannot {action} a {state} job{to and f' to {to}'}")
        self.action = action
        self.state = state


class InsufficientCreditsError(Exception):
    """There are not enough credits left to set aside what a job costs."""

    def __init__(self, price: int) -> None:
        super().__init__(f"insufficient credits: {price} required")
