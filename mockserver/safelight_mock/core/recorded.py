"""What a job was seen to do at a service, to be shown again: states, responses, files and deliveries.

It is part of a job's fault, and so of the job. Seconds are those since the job's submission.
"""

from collections.abc import Mapping

import msgspec


class JobStay(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A word or state, and how many seconds a job keeps it; None: until it is moved."""

    to: str
    lasts: float | None = None


class RecordedFile(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A file by its digest, and its name."""

    digest: str
    filename: str


class RecordedEvent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One event of a stream: when it comes, in seconds, its name, id and data, JSON if it `has_json`."""

    after: float
    event: str = ""
    id: str = ""
    has_json: bool = False
    json: object = None
    text: str = ""


class RecordedResponse(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an operation on a job responds `after` so many seconds, while the job has the word `state`.

    An empty `state` is any. The body is that of `json` if it `has_json`, of `text`, the `file` of that name,
    or a stream of `events`; JSON and headers have placeholders.
    """

    operation: str
    state: str = ""
    after: float = 0.0
    status: int = 200
    headers: Mapping[str, str] = msgspec.field(default_factory=dict)
    media_type: str = ""
    has_json: bool = False
    json: object = None
    text: str | None = None
    file: str = ""
    events: tuple[RecordedEvent, ...] = ()


class Recorded(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everything that was recorded of a job.

    - `stays`: the states that it passes, in place of its plan; `responses` of operations, by operation in
      the order of time; `files` by name; `deliveries`: the bodies of its webhooks by word; `delivered`:
      when they are sent, by word, where that is not at once; None: never
    """

    stays: tuple[JobStay, ...] = ()
    responses: tuple[RecordedResponse, ...] = ()
    files: Mapping[str, RecordedFile] = msgspec.field(default_factory=dict)
    deliveries: Mapping[str, object] = msgspec.field(default_factory=dict)
    delivered: Mapping[str, float | None] = msgspec.field(default_factory=dict)

    def response(self, operation: str, names: tuple[str, ...], age: float) -> RecordedResponse | None:
        """Return what an operation responds for a job of that age, in a state with these names.

        That is the last response that is due by then or, before all of them, the first. None if nothing was
        recorded of the operation in that state.
        """
        fitting = [one for one in self.responses if one.operation == operation and one.state in ("", *names)]
        due = [one for one in fitting if one.after <= age + EARLY]
        return due[-1] if due else next(iter(fitting), None)


EARLY = 1e-6  # seconds by which a sum of floating-point numbers may be too small
