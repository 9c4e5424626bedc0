"""Infers lifecycles: reads, their submissions, and what else the document says of the jobs."""

import re
from collections.abc import Mapping, Sequence

from safelight_openapi._infer.chosen_ids import CHOSEN
from safelight_openapi._infer.deliveries import delivery_of
from safelight_openapi._infer.errors import error_of
from safelight_openapi._infer.evidence import LITTLE
from safelight_openapi._infer.facts import (
    Draft,
    Fact,
    Inference,
    doubtful,
    inference,
    leaves,
    sure,
    with_doubt,
)
from safelight_openapi._infer.identifiers import job_urls, url_headers
from safelight_openapi._infer.lexicon import parts
from safelight_openapi._infer.lists import list_of
from safelight_openapi._infer.moves import moves_of
from safelight_openapi._infer.operations import OperationView, operations_of
from safelight_openapi._infer.progress import progress_of
from safelight_openapi._infer.reads import Read, reads_of
from safelight_openapi._infer.results import of_submission, result_of
from safelight_openapi._infer.schemas import NEAR, SchemaReader
from safelight_openapi._infer.states import Vocabulary, refusals_of, states_draft, vocabulary, word_context
from safelight_openapi._infer.submits import SubmitCandidate, by_read, submissions_of
from safelight_openapi._infer.unread import unread_jobs
from safelight_openapi._reading.documents import JSONValue
from safelight_openapi._structure.references import Node

_DEADLINE = re.compile(
    r"deadline|cancel_after|expires?_(?:in|after)|completion_window|max_(?:run_?time|duration)|ttl"
)
_USUAL = ("queued", "running", "succeeded", "failed")


def infer_lifecycles(document: dict[str, JSONValue]) -> Inference:
    """Return the lifecycles that an OpenAPI 3.1 document most likely has; `x-async-jobs` of it is not read.

    The result depends on the document alone. Takes about 0.1 s for 50 operations and 2 s for a document of
    3 MB.
    """
    operations = operations_of(document, SchemaReader(document))
    reads = reads_of(operations)
    submissions = by_read(submissions_of(operations, reads, document))
    drafts: dict[str, Mapping[str, Draft]] = {}
    for read in reads:
        own = submissions.get(read.operation.name, [])
        if all(one.parent for one in own):
            continue  # nothing makes the first job
        if read.words or _is_asynchronous(read, own):
            drafts[_name(read.noun, drafts)] = _lifecycle(read, reads, own, operations, document)
    claimed = {one.operation.name for listed in submissions.values() for one in listed}
    for noun, draft in unread_jobs([one for one in operations if one.name not in claimed]):
        drafts[_name(noun, drafts)] = draft
    claimed_reads = [read for read in reads if read.operation.name in submissions]
    others = [read for read in reads if read.operation.name not in submissions and read.is_listed]
    return inference(drafts, refusals_of(claimed_reads), tuple(read.operation.name for read in others))


def _is_asynchronous(read: Read, submissions: Sequence[SubmitCandidate]) -> bool:
    """Whether more than names says that jobs are started, for reads without words in the document.

    That it responds with little more than an id says so of what has the name of a job only.
    """
    strong = (
        "202",
        "long-running",
        "webhook",
        "URL to poll",
        "header",
        *([LITTLE] if read.is_of_jobs else []),
    )
    return any(word in reason for one in submissions for reason in one.reasons for word in strong)


def _name(noun: str, known: Mapping[str, object]) -> str:
    name = noun if noun[:1].isalpha() else f"job_{noun}"
    return (
        name if name not in known else next(f"{name}_{n}" for n in range(2, 99) if f"{name}_{n}" not in known)
    )


def _lifecycle(
    read: Read,
    reads: Sequence[Read],
    submissions: Sequence[SubmitCandidate],
    operations: Sequence[OperationView],
    document: Node,
) -> dict[str, Draft]:
    words = vocabulary(read.words or _USUAL, is_listed=read.is_listed)
    moves = moves_of(read, reads, submissions, operations, words)
    around = word_context(moves, words, read.operation.text, has_deadline=_has_deadline(submissions))
    result = result_of(read, submissions, operations)
    is_doubtful = not read.words or all(one.is_doubtful for one in submissions)
    listing = list_of(read, reads, operations, words)
    delivery = delivery_of(read, submissions, words, document)
    error = error_of(read)
    draft: dict[str, Draft] = {
        "submit": _submit(submissions, result, read),
        "id": _id(read, submissions, result),
        "read": with_doubt(_read(read, submissions, words), is_doubtful=is_doubtful),
        **({"list": listing} if listing else {}),
        **({} if read.is_by_status else {"states": states_draft(words, around)}),
        **({"moves": list(moves)} if moves else {}),
        **({"result": result} if result else {}),
        **({"errors": error} if error else {}),
        **({"deliver": delivery} if delivery else {}),
    }
    return draft


def _submit(
    submissions: Sequence[SubmitCandidate], result: Mapping[str, Draft] | None, read: Read
) -> list[Draft]:
    common = _common_id(submissions)
    return [_submission(one, common, result, read) for one in submissions]


def _submission(
    one: SubmitCandidate, common: list[str], result: Mapping[str, Draft] | None, read: Read
) -> Draft:
    make = doubtful if one.is_doubtful else sure
    operation = make(one.operation.name, f"{one.operation.name} starts a job: {', '.join(one.reasons)}")
    places = [place.expression for place in one.ids if place.expression]
    extra: dict[str, Draft] = {}
    if places and places != common:
        extra["id"] = {
            "from": _from([make(place, "it is where its response has the id") for place in places])
        }
    if one.flag:
        extra["when"] = {one.flag: sure(value=True, reason="the field says that the caller does not wait")}
    if one.parent:
        extra["of"] = make(f"$request.path.{one.parent}", "its path has the id of another job")
    own = of_submission(one, result, read)
    if own:
        extra["result"] = own
    return {"operation": operation, **extra} if extra else operation


def _from(facts: list[Fact]) -> Draft:
    return facts[0] if len(facts) == 1 else list(facts)


def _common_id(submissions: Sequence[SubmitCandidate]) -> list[str]:
    """Return the places of the id of what creates items of the collection, or the most frequent ones."""
    lists = [[place.expression for place in one.ids if place.expression] for one in submissions]
    at_base = [
        places
        for one, places in zip(submissions, lists, strict=True)
        if one.operation.path == one.read.base and places
    ]
    counted = sorted(filter(None, lists), key=lambda places: -lists.count(places))
    return at_base[0] if at_base else counted[0] if counted else []


def _id(
    read: Read, submissions: Sequence[SubmitCandidate], result: Mapping[str, Draft] | None
) -> dict[str, Draft]:
    draft: dict[str, Draft] = {}
    common = _common_id(submissions)
    if common:
        ranks = {place.expression: place.rank for one in submissions for place in one.ids}
        draft["from"] = _from([_id_fact(place, ranks[place]) for place in common])
    urls = _urls(submissions, result)
    if urls:
        draft["urls"] = urls
    draft["parameter"] = sure(read.parameter, f"{read.operation.name} takes it")
    together = dict(_with(read, submissions))
    return draft | ({"with": together} if together else {})


def _id_fact(place: str, rank: int) -> Fact:
    if place.startswith("$request."):
        return sure(place, CHOSEN)
    if rank == 0:
        return doubtful(place, f"{place} is the only text of the response")
    return sure(place, f"{place} has the name of the parameter, or of an id")


def _urls(submissions: Sequence[SubmitCandidate], result: Mapping[str, Draft] | None) -> Fact | None:
    first = submissions[0].operation
    own = _job_url(submissions[0])
    if own is not None:
        return sure(own[1], f"{own[0]} is the URL of the read")
    for place in job_urls(first):
        if place.depth == 1 or place.name.lower() != "get":
            return sure(place.expression, f"{place.name} is the URL of the read")
    for place in job_urls(first, "result"):
        is_result = any(fact.value == place.expression for _, fact in leaves(result or {}))
        if not is_result and (not result or "operation" not in result):
            return doubtful(
                place.expression,
                f"{place.name} may be the URL of the read, as no other operation has results",
            )
    return None


def _with(read: Read, submissions: Sequence[SubmitCandidate]) -> list[tuple[str, Draft]]:
    """Return the other parameters of the read, as far as a submission has them."""
    others = [name for name in read.operation.path_parameters if name != read.parameter]
    query = read.operation.named("query")
    others += [name for name, node in query.items() if node.get("required") and name != read.parameter]
    rows: list[tuple[str, Draft]] = []
    for name in others:
        for location in ("path", "query"):
            if all(name in one.operation.named(location) for one in submissions):
                rows.append((name, sure(f"$request.{location}.{name}", f"the submission has {name}, too")))
                break
        else:
            bodies = [
                place
                for place in submissions[0].operation.places
                if place.name == name and place.depth <= NEAR
            ]
            rows += [(name, doubtful(place.expression, "its response has this name")) for place in bodies[:1]]
    return rows


def _read(read: Read, submissions: Sequence[SubmitCandidate], words: Vocabulary) -> dict[str, Draft]:
    why = f"{read.operation.name} takes an id, and its response has a state with words of a job"
    if read.is_by_status:
        return _read_by_status(read, submissions)
    draft: dict[str, Draft] = {
        "operation": sure(read.operation.name, why),
        "state": sure(read.state.expression, f"{read.state.name} has words of a job"),
    }
    follow = _follow(submissions)
    if follow:
        draft["follow"] = follow
    statuses = [status for status in read.operation.responses if status in ("200", "202")]
    if len(statuses) > 1:
        final = [word for word in words.states if word not in words.live and word != words.cancelling]
        why = "the read documents both statuses"
        listed = {"202": words.live, "200": final}
        draft["by_status"] = {code: [doubtful(word, why) for word in named] for code, named in listed.items()}
    draft |= progress_of(read)
    headers = (*read.operation.headers, *submissions[0].operation.headers)
    if any(name.lower() == "retry-after" for name in headers):
        draft["retry_after"] = doubtful("PT1S", "its response has the header Retry-After")
    return draft


def _read_by_status(read: Read, submissions: Sequence[SubmitCandidate]) -> dict[str, Draft]:
    over = next(code for code in ("200", "204") if code in read.operation.responses)
    why = f"{read.operation.name} responds with 202 and with {over}"
    live = [sure(state, f"{why}: 202 is of a job that is not over") for state in ("queued", "running")]
    by_status: Draft = {"202": live, over: [sure("succeeded", why)]}
    follow = _follow(submissions)
    return {
        "operation": sure(read.operation.name, why),
        "by_status": by_status,
        **({"follow": follow} if follow else {}),
    }


def _has_deadline(submissions: Sequence[SubmitCandidate]) -> bool:
    """Whether a request can say until when the job has to be over."""
    for one in submissions:
        names = [*one.operation.named("header"), *one.operation.named("query")]
        names += [place.name for place in one.operation.fields if place.depth == 1]
        if any(_DEADLINE.search("_".join(parts(name))) for name in names):
            return True
    return False


def _job_url(submission: SubmitCandidate) -> tuple[str, str] | None:
    """Return name and place of the URL of the job that its response has, in a header or instead of an id."""
    own = [(name, f"$response.header.{name}") for name in url_headers(submission.operation)]
    return next(iter([*own, *((place.name, place.url) for place in submission.ids if place.url)]), None)


def _follow(submissions: Sequence[SubmitCandidate]) -> Fact | None:
    first = submissions[0].operation
    own = _job_url(submissions[0])
    if own is not None:
        return sure(own[1], f"{own[0]} is the URL to call")
    for place in job_urls(first):
        return sure(place.expression, f"{place.name} is the URL to call")
    return None
