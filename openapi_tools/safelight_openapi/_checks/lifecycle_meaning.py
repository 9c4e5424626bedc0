"""Whether the keys of a lifecycle, each valid by itself, mean something together."""

from collections.abc import Iterator

from safelight_lifecycle import BodyOf, Lifecycle, State, Word, WordState, format_pointer, read_async_jobs
from safelight_openapi._checks.lifecycle_parts import ROOT, Location
from safelight_openapi._findings.finding import Finding, FindingCode
from safelight_openapi._structure.references import Node


def meaning_findings(document: Node) -> Iterator[Finding]:
    """Yield what contradicts itself in lifecycles whose form, names and places are valid."""
    try:
        lifecycles = read_async_jobs(document).lifecycles
    except (LookupError, ValueError) as error:
        yield _finding(ROOT, str(error))
        return
    for lifecycle in lifecycles.values():
        at = (*ROOT, "lifecycles", lifecycle.name)
        for word in lifecycle.words.listed:
            yield from _word_findings((*at, "states", word.name), word)
        yield from _limit_findings(at, lifecycle)
        yield from _body_findings(at, lifecycle)


def _word_findings(at: Location, word: Word) -> Iterator[Finding]:
    is_over = all(state.is_over for state in word.means)
    if word.cause and not is_over:
        yield _finding(at, f"{word.name} has a cause, and is no end; only final words have one")
    if is_over and (word.waits or word.then):
        yield _finding(at, f"{word.name} is final, so a job neither waits under it nor gets another word")
    if word.waits and word.then:
        yield _finding(at, f"{word.name} waits, and is followed by {word.then}; remove one of these")


def _limit_findings(at: Location, lifecycle: Lifecycle) -> Iterator[Finding]:
    deadline, concurrency = lifecycle.deadline, lifecycle.concurrency
    ends: list[WordState] = [] if deadline is None else [*deadline.words.values()]
    ends += [deadline.word] if deadline is not None and deadline.word is not None else []
    for end in [end for end in ends if not end.state.is_over]:
        yield _finding((*at, "deadline", "word"), f"{end.word} is no final word, and a deadline ends a job")
    word = "" if concurrency is None else concurrency.word
    if word and lifecycle.words.reference(word).state is not State.QUEUED:
        yield _finding((*at, "concurrency", "word"), f"{word} does not mean queued, as jobs are that wait")


def _body_findings(at: Location, lifecycle: Lifecycle) -> Iterator[Finding]:
    for delivery in lifecycle.deliver:
        result = lifecycle.result
        if delivery.body is BodyOf.READ and lifecycle.read is None:
            yield _finding((*at, "deliver"), "the body is that of `read`, which the lifecycle does not have")
        if delivery.body is BodyOf.RESULT and (result is None or not result.operation):
            yield _finding((*at, "deliver"), "the body is that of the operation of `result`, which it lacks")


def _finding(at: Location, message: str) -> Finding:
    return Finding(code=FindingCode.INVALID_LIFECYCLE, message=message, pointer=format_pointer(at))
