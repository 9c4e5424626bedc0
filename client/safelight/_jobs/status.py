"""How a job is doing, whatever words its vendor has for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from safelight._errors import JobCancelledError, JobEndedError, JobFailedError
from safelight._http.messages import said
from safelight._http.response import JSON, Answer
from safelight_lifecycle import JobLifecycle, State, value_at

# What waiting raises for a job that is over.
ENDS: Mapping[State, type[JobEndedError]] = {
    State.FAILED: JobFailedError,
    State.CANCELLED: JobCancelledError,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """How a job is doing.

    `state` is one of the five states every vendor's words are mapped to, `word` the vendor's own; a word that
    is not in the table counts as queued. `progress` is in percent, `eta` a Unix time in seconds; both may be
    None. `reasons` are the service's sentences on what failed, if it has any; a job of several results may
    succeed with some. `details` is the vendor's whole answer.
    """

    state: State
    word: str
    progress: float | None = None
    eta: float | None = None
    reasons: tuple[str, ...] = ()
    details: Mapping[str, JSON] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, answer: Answer, lifecycle: JobLifecycle, *, sentence: str = "") -> "Status":
        """Read a status off the answer of the read operation; `sentence` leads into each of its errors."""
        read = lifecycle.read
        word = told(read.state, answer)
        return cls(
            state=lifecycle.states.get(word, State.QUEUED),
            word=word,
            progress=_number(read.progress, answer),
            eta=_number(read.eta, answer),
            reasons=_reasons(lifecycle.errors, sentence, answer),
            details=answer.body,
        )


def told(expression: str, answer: Answer) -> str:
    """Return the text or whole number an answer must hold; raises UnexpectedAnswerError when it does not."""
    value = answer.value(expression)
    if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
        raise answer.unexpected(f"it holds no {expression}")
    return str(value)


def _reasons(expression: str | None, sentence: str, answer: Answer) -> tuple[str, ...]:
    found = answer.value(expression) if expression else None
    errors = found if isinstance(found, list) else [found]
    return tuple(filter(None, (answer.shown(said(value_at(sentence, error))) for error in errors)))


def _number(expression: str | None, answer: Answer) -> float | None:
    value = answer.value(expression) if expression else None
    return value if isinstance(value, int | float) else None
