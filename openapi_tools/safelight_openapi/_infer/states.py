"""What the words of a job mean, in the order in which it passes them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from safelight_lifecycle import State
from safelight_openapi._infer import lexicon
from safelight_openapi._infer.facts import Draft, Fact, doubtful, sure
from safelight_openapi._infer.reads import BOOLEANS, Read

_ASIDE = frozenset(
    {"waiting", "paused", "throttled", "onhold", "blocked", "delayed", "deferred", "suspended", "timingout"}
)
_CANCELLING = frozenset(
    {"cancelling", "canceling", "stopping", "aborting", "terminating", "cancelpending", "pendingcancel"}
    | {"cancelrequested", "cancellationrequested", "stoprequested", "cancelinprogress", "pendingcancellation"}
)
_DEADLINE = re.compile(r"deadline|time(?:s|d)? (?:out|limit)|in time|expired|maximum (?:time|duration)")
_MINOR = re.compile(r"(?:pre|post)[-_ ]?[a-z]+ing|finali[sz]ing|saving|uploading")
_OF_BOOLEANS = {
    "false": sure(State.RUNNING, "a job that is not done is running"),
    "true": sure(State.SUCCEEDED, "a job that is done is over"),
}
_ORDER = (State.QUEUED, State.RUNNING, State.SUCCEEDED, State.FAILED, State.CANCELLED)


@dataclass(frozen=True)
class Vocabulary:
    """The words of one kind of job with their states."""

    states: Mapping[str, Fact]  # word → State
    is_listed: bool

    def words(self, *states: State) -> tuple[str, ...]:
        """Return the words that mean one of these states."""
        return tuple(word for word, fact in self.states.items() if fact.value in states)

    @property
    def cancelling(self) -> str | None:
        """The word of a job that was cancelled and is not yet over."""
        return next((word for word in self.states if "".join(lexicon.parts(word)) in _CANCELLING), None)

    @property
    def cancelled(self) -> str | None:
        """The usual word of a cancelled job."""
        words = self.words(State.CANCELLED)
        spoken = [word for word in words if "".join(lexicon.parts(word)) in ("cancelled", "canceled")]
        return next(iter(spoken or words), None)

    @property
    def live(self) -> tuple[str, ...]:
        """The words of jobs that are not over and not being cancelled."""
        return tuple(word for word in self.words(State.QUEUED, State.RUNNING) if word != self.cancelling)


def vocabulary(words: Sequence[str], *, is_listed: bool) -> Vocabulary:
    """Return what these words mean; those that are not about a job, such as `Not found`, are left out."""
    own = [word for word in words if not lexicon.UNRELATED.fullmatch(" ".join(lexicon.parts(word)))]
    facts = {word: _state(word, own) for word in own} if set(own) != {*BOOLEANS} else _OF_BOOLEANS
    live = [word for word, fact in facts.items() if not State(str(fact.value)).is_over]
    if len(live) == 1 and facts[live[0]].value is State.QUEUED:
        reason = f"{live[0]} is the only word of a job that is not over"
        facts[live[0]] = Fact(value=State.RUNNING, reason=reason, is_doubtful=facts[live[0]].is_doubtful)
    if not is_listed:
        facts = {word: doubtful(fact.value, fact.reason) for word, fact in facts.items()}
    ordered = sorted(facts, key=lambda word: min(_ORDER.index(facts[word].value), 2))
    return Vocabulary(states={word: facts[word] for word in ordered}, is_listed=is_listed)


def refusals_of(reads: Iterable[Read]) -> dict[str, Draft]:
    """Return `refusals` if the only read says by a word of a successful response that the job is unknown.

    They are those of the whole API.
    """
    listed = list(reads)
    for read in listed if len(listed) == 1 else ():
        for word in read.words:
            if lexicon.UNRELATED.fullmatch(" ".join(lexicon.parts(word))) and read.state.words:
                why = f"{word} is a word of {read.operation.name} and none of a job"
                write: Draft = {read.state.pointer: sure(word, why)}
                return {"unknown": {"status": sure(200, why), "write": write}}
    return {}


def _state(word: str, words: Sequence[str]) -> Fact:
    known = lexicon.meaning(word)
    others = [one for one in words if one != word]
    if known is None:
        return _unknown(word, words)
    is_early = known.state is State.SUCCEEDED and known.is_doubtful and _succeeds(others)
    state = State.QUEUED if is_early else known.state
    reason = f"{word} is a usual word for {state}"
    return doubtful(state, f"{word} may mean {state}") if known.is_doubtful else sure(state, reason)


def _unknown(word: str, words: Sequence[str]) -> Fact:
    """Guess what a word means of which nothing is known, by its form and by the words around it."""
    states = [known.state for known in map(lexicon.meaning, words) if known]
    before = lexicon.meaning(words[words.index(word) - 1]) if words.index(word) else None
    if lexicon.is_unknown_participle(word) and State.SUCCEEDED not in states:
        return doubtful(State.SUCCEEDED, f"{word} is a participle, and no other word is one of success")
    if lexicon.is_unknown_participle(word) or (before and before.state.is_over):
        return doubtful(State.FAILED, f"nothing is known of {word}, which is among final words")
    return doubtful(State.RUNNING, f"nothing is known of the word {word}")


def _succeeds(words: Iterable[str]) -> bool:
    """Whether one of the words surely means that a job succeeded."""
    known = [lexicon.meaning(word) for word in words]
    return any(one and one.state is State.SUCCEEDED and not one.is_doubtful for one in known)


@dataclass(frozen=True)
class WordContext:
    """What the meaning of a word depends on, besides the other words."""

    targets: frozenset[object]  # words and states that moves give
    awaited: frozenset[object]  # words in which a job waits for a move to a live one
    text: str  # of the read
    has_deadline: bool  # whether a submission can say until when a job has to be over


def word_context(
    moves: Sequence[Mapping[str, Draft]], words: Vocabulary, text: str, *, has_deadline: bool
) -> WordContext:
    """Return what the meanings depend on."""
    targets = [(move, fact.value) for move in moves for fact in [move.get("to")] if isinstance(fact, Fact)]
    steps = [move for move, to in targets if to in words.live and "pause" not in str(to).lower()]
    listed = [one for move in steps for one in [move.get("while")] if isinstance(one, list)]
    awaited = {fact.value for facts in listed for fact in facts if isinstance(fact, Fact)}
    return WordContext(
        targets=frozenset(to for _, to in targets),
        awaited=frozenset(awaited & {*words.words(State.QUEUED)}),
        text=text,
        has_deadline=has_deadline,
    )


def states_draft(words: Vocabulary, around: WordContext) -> dict[str, Draft]:
    """Return `states`: each word with its meaning, its cause, and whether a job gets it only by a move."""
    paused = _paused_word(words, around.targets)
    return {word: _word(word, words, around, paused) for word in words.states}


def _paused_word(words: Vocabulary, targets: frozenset[object]) -> str | None:
    return next((word for word in words.live if word in targets and "pause" in word.lower()), None)


def _word(word: str, words: Vocabulary, around: WordContext, paused: str | None) -> Draft:
    meaning = words.states[word]
    state = State(str(meaning.value))
    means = Fact(value=str(state), reason=meaning.reason, is_doubtful=meaning.is_doubtful)
    if word == paused:
        why = "an operation pauses a job, and another resumes it"
        return {
            "means": doubtful("queued", why),
            "waits": doubtful(value=True, reason=why),
            "only": doubtful(value=True, reason=why),
        }
    if word == words.cancelling:
        final = words.cancelled or str(State.CANCELLED)
        why = f"{word} is followed by {final}"
        then = {"then": doubtful(final, why), "after": doubtful("PT5S", "a short while is likely")}
        return {
            "means": means,
            "only": sure(value=True, reason="a job gets it only when it is cancelled"),
            **then,
        }
    if state.is_over:
        return _final(word, state, means, words, around)
    return _live(word, state, means, words, around)


def _final(word: str, state: State, means: Fact, words: Vocabulary, around: WordContext) -> Draft:
    alike = words.words(state)
    cause = _cause(word, state, alike, around)
    if cause:
        return {"means": means, "cause": doubtful(cause, f"{word} says why it ended")}
    if state is State.CANCELLED and not around.targets & {*alike, State.CANCELLED, words.cancelling}:
        return {"means": means, "only": doubtful(value=True, reason="no operation cancels a job")}
    usual = [one for one in alike if not lexicon.cause(one) and not words.states[one].is_doubtful] or alike
    if word not in usual[:1] and word not in around.targets:
        return {
            "means": means,
            "only": doubtful(value=True, reason=f"{usual[0]} is the usual word for {state}"),
        }
    return _several_meanings(word, state, words, around) or means


def _several_meanings(word: str, state: State, words: Vocabulary, around: WordContext) -> "Draft | None":
    """Return the meanings of the only final word, or of that which a cancelled job gets instead."""
    ends = words.words(State.SUCCEEDED, State.FAILED, State.CANCELLED)
    cancelled = ["cancelled"] if around.targets & {State.CANCELLED, words.cancelling} - {None} else []
    if ends == (word,) and state is State.SUCCEEDED:
        listed = ("succeeded", "failed", *cancelled)
        return {"means": [doubtful(end, f"{word} is the only final word") for end in listed]}
    if cancelled and state is State.FAILED and not words.cancelled:
        why = f"there is no word for cancelled jobs, and {word} is the one for failed ones"
        return {"means": [doubtful(end, why) for end in ("failed", "cancelled")]}
    return None


def _cause(word: str, state: State, alike: Sequence[str], around: WordContext) -> str | None:
    """Return why a job ends with a word that is not the only one of its state."""
    if len(alike) == 1:
        return None
    cause = lexicon.cause(word) if state is State.FAILED else None
    by_text = _DEADLINE.search(_sentence(word, around.text))
    by_field = around.has_deadline and state is State.CANCELLED and around.targets & {*alike}
    return "deadline" if cause is None and word not in around.targets and (by_text or by_field) else cause


def _live(word: str, state: State, means: Fact, words: Vocabulary, around: WordContext) -> Draft:
    others = [one for one in words.words(state) if one != word]
    if word in around.awaited:
        waits = {"waits": doubtful(value=True, reason="an operation takes a job on from this word")}
        only = (
            {"only": doubtful(value=True, reason="an operation gives a job this word")}
            if word in around.targets
            else {}
        )
        return {"means": means, **waits, **only}
    if "".join(lexicon.parts(word)) in _ASIDE and others:
        return {
            "means": means,
            "only": doubtful(value=True, reason=f"a job passes {others[0]}, and is {word} at times"),
        }
    if _MINOR.fullmatch(word.lower()) and others:
        return {"means": means, "share": doubtful(0.1, f"{word} is short beside {others[0]}")}
    return means


def _sentence(word: str, text: str) -> str:
    """Return what a description says after a word in quotation marks, to the end of the line."""
    match = re.search(rf"[`'\"]{re.escape(word.lower())}[`'\"]([^\n]*)", text)
    return match[1] if match else ""
