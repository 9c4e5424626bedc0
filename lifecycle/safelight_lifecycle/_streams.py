"""Server-sent events while a job is live."""

from collections.abc import Mapping
from enum import StrEnum

from safelight_lifecycle._expressions import Expression
from safelight_lifecycle._record import Record


class StreamData(StrEnum):
    """What the data of an event is."""

    READ = "read"
    RESULT = "result"
    LOGS = "logs"
    ERROR = "error"
    DONE = "done"


class Stream(Record):
    """The operation that streams or, without one, the place of its address in a job; data by event name.

    The event without a name is `message`. `ids`: events have ids.
    """

    events: Mapping[str, StreamData]
    operation: str = ""
    follow: Expression | None = None
    ids: bool = False
