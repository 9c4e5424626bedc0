"""Infers `moves`: operations that change a job.

These cancel, delete, pause or resume it, or the job waits for them, as for the end of an upload.
"""

import re
from collections.abc import Iterator, Sequence

from safelight_lifecycle import State
from safelight_openapi._infer.facts import Draft, Fact, doubtful, sure
from safelight_openapi._infer.identifiers import job_urls
from safelight_openapi._infer.lexicon import parts
from safelight_openapi._infer.operations import OperationView
from safelight_openapi._infer.reads import Read
from safelight_openapi._infer.schemas import same_schemas
from safelight_openapi._infer.states import Vocabulary
from safelight_openapi._infer.submits import SubmitCandidate

# Words in names and paths that say what an operation does.
_CANCEL = frozenset({"cancel", "abort", "stop", "terminate", "kill", "cancellation"})
_PAUSE = frozenset({"pause", "suspend"})
_RESUME = frozenset({"resume", "unpause", "continue"})
_DELETE = frozenset({"delete", "remove", "destroy", "purge"})
# A description that allows deletion of ended jobs only.
_FINAL = re.compile(
    r"(?:completed|finished|succeeded|done) (?:or|and) (?:failed|errored)|finished|that (?:is|are) over"
)
# A description that says that nothing happens in other states.
_NO_EFFECT = re.compile(r"no effect|is ignored|unchanged|does nothing")
_LIVE_STATES = ["queued", "running"]
_FINAL_STATES = ["succeeded", "failed", "cancelled"]

Move = dict[str, Draft]
"""One entry of `moves`: its keys, with facts as values."""


def moves_of(
    read: Read,
    reads: Sequence[Read],
    submissions: Sequence[SubmitCandidate],
    operations: Sequence[OperationView],
    words: Vocabulary,
) -> list[Move]:
    """Return `moves` for the jobs of one `read`, in the document's order.

    `reads` are those of all kinds of jobs: what lies below another one's path is not ours. An operation that
    does two things has two entries.
    """
    submitting = {one.operation.name for one in submissions}
    other_paths = tuple(f"{one.base}/{{" for one in reads if one.base != read.base)
    candidates = [
        one for one in operations if one.name not in submitting and not one.path.startswith(other_paths)
    ]
    about_job = [one for one in candidates if _is_about(one, read, operations)]
    moves = [move for one in about_job for move in _moves(one, read, submissions, words)]
    if not any("every" in move for move in moves):
        moves += _of_all(read, operations, moves)
    return moves


def _is_about(operation: OperationView, read: Read, operations: Sequence[OperationView]) -> bool:
    """Whether the operation takes the id of a job, and no further id."""
    if operation.method not in ("post", "put", "patch", "delete") or operation.query != read.operation.query:
        return False
    is_below = operation.path.startswith(f"{read.base}/{{{read.parameter}}}")
    # Such a name may be the id of anything, so that the path has to tell.
    is_vague = read.parameter.lower() in ("id", "uuid")
    if not is_below and any(one.path == _item(operation, read) and one.method == "get" for one in operations):
        return False  # it is about what another operation reads
    named = operation.path_parameters[-1:] == (read.parameter,) or read.parameter in operation.named("query")
    same = operation.path_parameters == read.operation.path_parameters
    # It takes the same id below another path, as `/cancellations/{render_id}`.
    is_beside = named and (not is_vague or not read.operation.path_parameters)
    return same and (is_below or is_beside)


def _item(operation: OperationView, read: Read) -> str:
    """Return a path up to and with the parameter of the read, `/v1/jobs/{id}`; empty if it has none."""
    name = f"{{{read.parameter}}}"
    return f"{operation.path.partition(name)[0]}{name}" if name in operation.path else ""


def _moves(
    operation: OperationView, read: Read, submissions: Sequence[SubmitCandidate], words: Vocabulary
) -> Iterator[Move]:
    verbs = _verbs(operation)
    if verbs & _CANCEL or (operation.method == "delete" and re.search(r"\bcancel", operation.text)):
        yield from _cancels(operation, submissions, words)
        both = operation.method == "delete" and re.search(r"\b(?:delete|remove)", operation.text)
        if both and not _is_cancel_only(operation, verbs):
            yield _delete(operation, read, while_=None)
    elif verbs & _PAUSE:
        yield from _pause(operation, words)
    elif verbs & _RESUME:
        yield from _resume(operation, words)
    elif verbs & _DELETE or operation.method == "delete":
        yield _delete(operation, read, while_=_delete_states(operation))
    else:
        yield from _step(operation, words, verbs)


def _is_cancel_only(operation: OperationView, verbs: frozenset[str]) -> bool:
    """Whether its name says cancel and its summary not delete: then it does not delete ended jobs."""
    summary = str(operation.node.get("summary", "")).lower()
    return bool(verbs & _CANCEL) and not re.search(r"delete|remove", summary)


def _verbs(operation: OperationView) -> frozenset[str]:
    """Return the words in its operationId, and in the path after its last parameter.

    If the path ends with a parameter, they are those in the segment before.
    """
    after = operation.path.rpartition("}")[2] or operation.path
    named = "" if operation.name.startswith(operation.method.upper() + " ") else operation.name
    before = [segment for segment in operation.segments if "{" not in segment][-1:]
    texts = (named, after if "{" not in after else "", *(before if operation.path.endswith("}") else ()))
    return frozenset(part for text in texts for part in parts(text))


def _cancels(
    operation: OperationView, submissions: Sequence[SubmitCandidate], words: Vocabulary
) -> Iterator[Move]:
    """Yield the entries for cancelling.

    If the API has a word for jobs that are being cancelled, queued jobs have an entry of their own: they are
    cancelled at once.
    """
    whole = _cancel(operation, submissions, words)
    queued, running = words.words(State.QUEUED), words.words(State.RUNNING)
    # The description says itself that jobs get that word.
    is_named = words.cancelling is not None and words.cancelling.lower() in operation.text
    if not (words.cancelling and words.cancelled and queued) or is_named:
        yield whole
        return
    why = f"a job in the queue is cancelled at once, and is never {words.cancelling}"
    to = doubtful(words.cancelled, why)
    name: Draft = doubtful(operation.name, why)
    yield whole | {"while": [doubtful(word, why) for word in queued], "to": to}
    listed = [doubtful(word, why) for word in running if word != words.cancelling]
    yield whole | {"operation": name, "while": listed}


def _cancel(operation: OperationView, submissions: Sequence[SubmitCandidate], words: Vocabulary) -> Move:
    why = f"name, path or description of {operation.name} says that it cancels"
    move: Move = {"operation": sure(operation.name, why)}
    if words.cancelling:
        already = f"a job that is {words.cancelling} is being cancelled already"
        target = doubtful(words.cancelling, f"{words.cancelling} is a word of its own")
        move |= {"while": [doubtful(word, already) for word in words.live], "to": target}
    else:
        live = [sure(state, "what is over cannot be cancelled") for state in _LIVE_STATES]
        move |= {"while": live, "to": _end(operation, words)}
    if _NO_EFFECT.search(operation.text):
        move["otherwise"] = sure("ignore", "its description says that it has no effect then")
    places = [place for one in submissions for place in job_urls(one.operation, "cancel")]
    if places and operation.path.startswith(submissions[0].read.base):
        move["follow"] = sure(places[0].expression, f"{places[0].name} is the URL to cancel")
    return move


def _end(operation: OperationView, words: Vocabulary) -> Fact:
    """Return what a cancelled job becomes: the word for it or, of a DELETE at an API without one, deleted."""
    if words.cancelled:
        return sure(words.cancelled, f"{words.cancelled} is the word for cancelled jobs")
    if operation.method == "delete" and words.words(State.FAILED):
        return doubtful("deleted", "there is no word for cancelled jobs")
    return doubtful("cancelled", "there is no word for cancelled jobs")


def _delete(operation: OperationView, read: Read, *, while_: list[Draft] | None) -> Move:
    below = operation.path.rpartition("}")[2].strip("/")
    stays = same_schemas(operation.response.schemas, read.operation.response.schemas)
    if stays:
        to = sure("purged", "it responds with the job, which is still there")
    elif below and not set(parts(below)) & {"status", "delete", "remove"}:
        to = sure("purged", f"it deletes the {below} of a job")
    else:
        to = sure("deleted", "it deletes the job")
    move: Move = {"operation": sure(operation.name, f"{operation.name} deletes a job or what belongs to it")}
    return move | ({"while": while_} if while_ else {}) | {"to": to}


def _delete_states(operation: OperationView) -> list[Draft] | None:
    match = _FINAL.search(operation.text)
    if not match:
        return None
    both = "failed" in match[0] or "errored" in match[0]
    listed = _FINAL_STATES[:2] if both else _FINAL_STATES
    return [doubtful(state, f"its description says {match[0]}") for state in listed]


def _of_all(read: Read, operations: Sequence[OperationView], moves: Sequence[Move]) -> Iterator[Move]:
    """Yield the entry of an operation that deletes all jobs, in the states in which one may be deleted."""
    for operation in operations:
        if (
            operation.method != "delete"
            or operation.path != read.base
            or operation.path == read.operation.path
        ):
            continue
        single = [move for move in moves if isinstance(move["to"], Fact) and move["to"].value == "deleted"]
        while_ = {"while": single[0]["while"]} if single and "while" in single[0] else {}
        why = f"{operation.name} deletes the whole collection"
        yield {
            "operation": sure(operation.name, why),
            **while_,
            "to": sure("deleted", why),
            "every": sure(value=True, reason=why),
        }


def _pause(operation: OperationView, words: Vocabulary) -> Iterator[Move]:
    target = next(
        (word for word in words.states if "pause" in word.lower() or "suspend" in word.lower()), None
    )
    if target:
        why = f"the name of {operation.name} says that it pauses a job"
        to = sure(target, f"{target} is the word for it")
        yield {"operation": sure(operation.name, why), "while": [doubtful("running", why)], "to": to}


def _resume(operation: OperationView, words: Vocabulary) -> Iterator[Move]:
    source = next(
        (word for word in words.states if "pause" in word.lower() or "suspend" in word.lower()), None
    )
    if source:
        why = f"the name of {operation.name} says that it resumes a job"
        to = doubtful("queued", "a job that is resumed waits for its turn")
        yield {"operation": sure(operation.name, why), "while": [sure(source, why)], "to": to}


def _step(operation: OperationView, words: Vocabulary, verbs: frozenset[str]) -> Iterator[Move]:
    """Yield a move to the word that is the operation's verb in the past, or to the one after an upload."""
    live = list(words.live)
    for position, word in enumerate(live):
        # `approve` and `approved`, `confirm` and `confirmed`: the verb with or without its e.
        stem = "".join(parts(word)).removesuffix("ed")
        if position and word.lower().endswith("ed") and any(verb in (stem, f"{stem}e") for verb in verbs):
            why = f"the name of {operation.name} has the verb of {word}"
            before = [doubtful(live[position - 1], f"{live[position - 1]} is the word before {word}")]
            yield {"operation": sure(operation.name, why), "while": before, "to": sure(word, why)}
            return
    begins = re.search(r"(?:begin|start)s? (?:the )?(?:process|render|run|execut|train)", operation.text)
    if begins and {"complete", "start", "upload", "submit", "run", "begin"} & verbs and len(live) > 1:
        yield _begin(operation, words, live)


def _begin(operation: OperationView, words: Vocabulary, live: list[str]) -> Move:
    """Return the move that begins the processing.

    It leads from the last queued word in -ed (`created`, `uploaded`) to the word after it.
    """
    waiting = [
        n
        for n, word in enumerate(live[:-1])
        if word.lower().endswith("ed") and word in words.words(State.QUEUED)
    ]
    at = waiting[-1] if waiting else 0
    why = f"the description of {operation.name} says that it begins the processing"
    return {
        "operation": sure(operation.name, why),
        "while": [doubtful(live[at], why)],
        "to": doubtful(live[at + 1], f"{live[at + 1]} is the word after {live[at]}"),
    }
