"""Jobs, requests, deliveries and findings as a test reads them.

Times are Unix seconds of the sandbox's clock.
"""

import msgspec

from safelight_mock import State


class JobRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A job: its state by our name and by the API's, progress from 0 to 100, and when it was submitted.

    `since` is when it entered its state; `ends` when its work ends as planned, None if it waits for its
    client.
    """

    id: str
    vendor: str
    operation: str
    state: State
    vendor_state: str
    progress: int
    submitted: float
    since: float
    ends: float | None
    failure_reason: str = ""


class IgnoredFieldRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A field in the `query` or `body` that the API did not read."""

    location: str = msgspec.field(name="in")
    name: str


class RequestRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A request and its response, without keys and bodies.

    `at`: None if the request was refused before its key was read. `operation` is empty for a file and for an
    unknown path; `rule` names the rule of a scenario that applied, and `accepted` whether the request was
    carried out then.
    """

    vendor: str
    operation: str
    method: str
    path: str
    query: str
    status: int
    verdict: str
    reason: str
    job: str
    rule: str
    accepted: bool | None
    ignored_fields: tuple[IgnoredFieldRecord, ...]
    at: float | None = msgspec.field(name="now")


class AttemptRecord(msgspec.Struct, frozen=True, kw_only=True):
    """An attempt at a delivery: when, its outcome (`2xx`, `timeout`, `not-allowed`, …) and its status.

    The status is 0 without a response.
    """

    at: float
    outcome: str
    status: int


class DeliveryRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A webhook: what is sent where, and its attempts; `next_attempt` is None once it is over."""

    id: str
    vendor: str
    job: str
    state: State
    vendor_state: str
    at: float
    target: str
    headers: dict[str, str]
    body: str
    fault: str
    attempts: tuple[AttemptRecord, ...]
    next_attempt: float | None


class ConductRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Something that a client did wrong (`kind`), when, with which job if any, and how that shows."""

    kind: str
    at: float
    job: str
    evidence: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.evidence}"


class SandboxRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The sandbox of one API key: its name, its API, the time of its clock, and its credits."""

    name: str
    vendor: str
    now: float
    account: "AccountRecord"


class AccountRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Credits: what is left (None: unlimited), reserved for jobs in progress, and paid."""

    balance: int | None
    reserved: int
    paid: int
