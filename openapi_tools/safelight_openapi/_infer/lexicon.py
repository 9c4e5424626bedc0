"""Which state a word means, by a list of words that many APIs use.

A word is compared by its parts: `IN_PROGRESS`, `inProgress` and `in progress` are the same.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from safelight_lifecycle import State

_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")

_SURE: Mapping[State, str] = {
    State.QUEUED: "queued inqueue enqueued queue pending waiting accepted submitted scheduled notstarted "
    "starting initializing initialising initialized requested received "
    "throttled preparing validating ratelimited",
    State.RUNNING: "running processing inprogress progress inprocess executing generating rendering working "
    "preprocessing postprocessing finalizing finalising training transcribing encoding transcoding analyzing "
    "analysing converting computing building provisioning cancelling canceling stopping aborting terminating "
    "cancelpending pendingcancel cancelrequested cancellationrequested stoprequested cancelinprogress "
    "pendingcancellation",
    State.SUCCEEDED: "succeeded succeed success successful completed complete done finished",
    State.FAILED: "failed failure fail error errored timedout timeout rejected",
    State.CANCELLED: "cancelled canceled aborted terminated",
}
_LIKELY: Mapping[State, str] = {
    State.QUEUED: "created waitingforinput onhold blocked delayed deferred initial queueing",
    State.RUNNING: "started active partial init ongoing busy paused suspended saving uploading downloading "
    "retrying",
    State.SUCCEEDED: "ready ok processed succeededwitherrors partiallycompleted partiallysucceeded "
    "ended passed completedwitherrors",
    State.FAILED: "expired incomplete moderated invalid unknown dead crashed deadletter blockedbymoderation "
    "unspecified denied unavailable nsfw flagged refused requestmoderated contentmoderated exceeded "
    "failedwitherrors",
    State.CANCELLED: "skipped stopped revoked interrupted killed superseded withdrawn discarded "
    "deleted removed archived",
}
_ENDINGS: Mapping[str, State] = {  # of the last part, where the whole word is not in a list
    "failed": State.FAILED,
    "error": State.FAILED,
    "moderated": State.FAILED,
    "rejected": State.FAILED,
    "completed": State.SUCCEEDED,
    "succeeded": State.SUCCEEDED,
    "done": State.SUCCEEDED,
    "ready": State.SUCCEEDED,
    "cancelled": State.CANCELLED,
    "canceled": State.CANCELLED,
    "queued": State.QUEUED,
    "pending": State.QUEUED,
}
_CAUSES = {
    "deadline": re.compile(r"expired|timed ?out|timeout"),
    "moderation": re.compile(r"moderat|nsfw|flagged|safety"),
}
_JOB_NOUNS = (
    "job task run execution operation process generation render rendering export import batch conversion "
    "scan transcription transcript analysis crawl build training query extraction prediction inference"
)
JOB_NOUNS = frozenset(_JOB_NOUNS.split())
UNRELATED = re.compile(  # of words that say that there is no such job
    r"(?:(?:task|job|request|id|run|operation) )?(?:not ?found|does ?not ?exist)|unknown (?:id|job|task)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """The state that a word means, and whether only a weak rule says so."""

    state: State
    is_doubtful: bool


def parts(word: str) -> tuple[str, ...]:
    """Return the parts of a name in lower case: `inProgress` has `in` and `progress`."""
    return tuple(part.lower() for part in _PARTS.findall(word))


def meaning(word: str) -> Meaning | None:
    """Return what a word means; None if nothing is known of it."""
    listed = _telling(word)
    whole = "".join(listed)
    for words, is_doubtful in ((_SURE, False), (_LIKELY, True)):
        for state, known in words.items():
            if whole in known.split():
                return Meaning(state=state, is_doubtful=is_doubtful)
    last = listed[-1:]
    if last and listed[0] not in ("not", "un", "no") and last[0] in _ENDINGS:
        return Meaning(state=_ENDINGS[last[0]], is_doubtful=True)
    if listed[:1] == ("not",):  # `not ready`
        return Meaning(state=State.QUEUED, is_doubtful=True)
    first = meaning(listed[0]) if len(listed) > 1 else None
    if first and not first.state.is_over:  # `validating files`
        return Meaning(state=first.state, is_doubtful=True)
    if last and len(last[0]) > len("being") and last[0].endswith("ing"):
        return Meaning(state=State.RUNNING, is_doubtful=True)
    return None


def _telling(word: str) -> tuple[str, ...]:
    """Return the parts of a word without those of its list: of `JOB_STATE_DONE` the last one."""
    listed = parts(word)
    marks = [n for n, part in enumerate(listed[:-1]) if part in ("status", "state")]
    return listed[marks[-1] + 1 :] if marks else listed


def cause(word: str) -> str | None:
    """Return the cause of a final word: `deadline`, `moderation` or `input`; None for the usual one."""
    text = " ".join(parts(word))
    name = next((name for name, pattern in _CAUSES.items() if pattern.search(text)), None)
    return "input" if name == "moderation" and re.search("request|input|prompt", text) else name


def covers_a_life(words: Iterable[str]) -> bool:
    """Whether words are those of a job: one is live, and another means success.

    The one that is live is certain, or those of success and failure are. Beside certain words success may be
    a participle of which nothing is known.
    """
    listed = list(words)
    known = [one for one in map(meaning, listed) if one]
    states, sure = {one.state for one in known}, {one.state for one in known if not one.is_doubtful}
    live = {State.QUEUED, State.RUNNING}
    by_form = State.FAILED in sure and bool(sure & live) and any(map(is_unknown_participle, listed))
    succeeds = State.SUCCEEDED in states and bool(sure & live or {State.SUCCEEDED, State.FAILED} <= sure)
    return (succeeds or by_form) and bool(states & live)


def is_unknown_participle(word: str) -> bool:
    """Whether nothing is known of a word that is a participle, perhaps of what a job does: `transcribed`."""
    return meaning(word) is None and parts(word)[-1:] != () and parts(word)[-1].endswith("ed")
