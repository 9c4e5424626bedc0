"""How far a call came: for which operation, in whose sandbox, at what time there, and how it was answered."""

from enum import StrEnum

import msgspec

LONGEST = 2_000  # characters of a text, and
MOST = 100  # names that had no effect, that are kept of a call: both may be as long as its body


class Verdict(StrEnum):
    """How a call was answered, in a word."""

    OK = "ok"
    REFUSED = "refused"
    MISCONDUCT = "misconduct"  # the answer says nothing of it
    BROKEN = "broken"  # a bug of the twin


class IgnoredFields(msgspec.Struct, frozen=True):
    """A name in a call's `query` or `body` that had no effect; one within a document has its whole path."""

    place: str
    name: str


class Trace(msgspec.Struct, kw_only=True):
    """What is known of a call, written down as it goes on; every copy of the call has the same one.

    What is not known is empty: `sandbox` and `now` (its time) until the key is, `job` if there is none.
    `awaits` is the job that the call is held for, once that is kept. `why` it was refused is said in the
    twin's words or the vendor's, cut where that goes on for long.
    """

    vendor: str = ""
    operation: str = ""
    sandbox: str = ""
    now: float | None = None
    job: str = ""
    awaits: str = ""
    verdict: Verdict = Verdict.OK
    why: str = ""
    unread: tuple[IgnoredFields, ...] = ()
