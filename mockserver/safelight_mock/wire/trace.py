"""What the request log records of a request: operation, sandbox, its time, job, and how it was answered."""

from enum import StrEnum

import msgspec

# Both may be as long as the body of the request.
LONGEST = 2_000  # characters of a text
MOST = 100  # ignored fields


class Verdict(StrEnum):
    """How a request was answered."""

    OK = "ok"
    REJECTED = "rejected"
    CREDENTIAL_LEAK = "credential-leak"  # the response shows no error
    INTERNAL_ERROR = "internal-error"  # a bug of the mock server


class IgnoredField(msgspec.Struct, frozen=True):
    """A name in the `query` or `body` of a request that had no effect; within a body, its whole path."""

    location: str
    name: str


class Trace(msgspec.Struct, kw_only=True):
    """Filled in while a request is handled; all copies of the request share it.

    Unknown parts are empty: `sandbox` and `now` (its time) until the key is read, `job` without one.
    `awaits` is the job that the request is held for, once that job is stored; `sandbox_number` tells the
    sandbox that it waits in from later ones of the same name. `reason`: why it was rejected, by the
    vendor's message or ours, at most LONGEST characters; `input_error`: why the first input that could not be
    loaded was not. `made_up` are the JSON pointers of the values in
    the body of the response that only the types of its schema describe. `rule` is that of the scenario
    which decided what went wrong, after its source; `is_accepted`: whether the request was carried out,
    None if no rule applied. `retry_after`: the seconds that the response tells to wait; `is_lost`: the
    response did not arrive whole, by a rule.
    """

    vendor: str = ""
    operation: str = ""
    sandbox: str = ""
    now: float | None = None
    job: str = ""
    awaits: str = ""
    sandbox_number: int = 0
    verdict: Verdict = Verdict.OK
    reason: str = ""
    input_error: str = ""
    ignored_fields: tuple[IgnoredField, ...] = ()
    made_up: tuple[str, ...] = ()
    retry_after: float | None = None
    is_lost: bool = False
    rule: str = ""
    is_accepted: bool | None = None
