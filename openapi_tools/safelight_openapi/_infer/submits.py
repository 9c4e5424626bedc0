"""Operations that start a job, each with the read that it belongs to."""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from safelight_openapi._infer.chosen_ids import CHOSEN, chosen_ids
from safelight_openapi._infer.evidence import LINK, LITTLE, SCHEMA, begins, evidence, of_protocol
from safelight_openapi._infer.identifiers import IdPlace, id_places, url_headers
from safelight_openapi._infer.lexicon import meaning, parts
from safelight_openapi._infer.operations import OperationView
from safelight_openapi._infer.reads import Read
from safelight_openapi._infer.schemas import same_schemas
from safelight_openapi._structure.references import Node

# Verbs of operations that start no job.
_NEVER = frozenset(
    {
        "cancel",
        "pause",
        "resume",
        "stop",
        "abort",
        "terminate",
        "delete",
        "remove",
        "estimate",
        "calculate",
        "verify",
    }
    | {
        "validate",
        "search",
        "query",
        "archive",
        "activate",
        "deactivate",
        "enable",
        "disable",
        "test",
        "login",
    }
    | {
        "refresh",
        "rename",
        "reorder",
        "cost",
        "price",
        "pricing",
        "feedback",
        "rate",
        "list",
        "find",
        "get",
        "count",
    }
)
# Verbs of operations that change something, if their path has a parameter.
_CHANGES = frozenset(
    {
        "update",
        "modify",
        "complete",
        "accept",
        "reject",
        "approve",
        "confirm",
        "edit",
        "patch",
        "submit",
        "rotate",
    }
)
_FLAG_NAMES = frozenset({"background", "async", "asynchronous", "isasync", "runasync", "inbackground"})
SURE = 25  # points; fewer are doubtful, and fewer than POSSIBLE none
POSSIBLE = 21


@dataclass(frozen=True)
class SubmitCandidate:
    """An operation that starts jobs which `read` reads, with the reasons for it."""

    operation: OperationView
    read: Read
    ids: tuple[IdPlace, ...]
    points: int
    reasons: tuple[str, ...]
    is_chosen: bool = False  # whether the client chooses the id

    @property
    def is_doubtful(self) -> bool:
        """Whether only weak rules speak for it."""
        return self.points < SURE

    @cached_property
    def parent(self) -> str | None:
        """The parameter that has the id of the job which this one is made from."""
        operation, read = self.operation, self.read
        below = operation.path.startswith(f"{read.base}/{{{read.parameter}}}/")
        is_another = below and operation.path != read.operation.path and not self.is_chosen
        return read.parameter if is_another else None

    @cached_property
    def flag(self) -> str | None:
        """The place of the request field that makes the operation asynchronous."""
        for place in self.operation.fields:
            if place.depth == 1 and "".join(parts(place.name)) in _FLAG_NAMES and "boolean" in place.types:
                return None if True in place.values("default") else f"$request.body#{place.pointer}"
        return None


def submissions_of(
    operations: Sequence[OperationView], reads: Sequence[Read], document: Node
) -> list[SubmitCandidate]:
    """Return the operations that start jobs, each with its most likely read, in the document's order."""
    rows = {
        operation.name: list(_submissions(operation, reads, operations, document)) for operation in operations
    }
    best = {name: max(row, key=_likelihood) for name, row in rows.items() if row}
    likely = {name: one for name, one in best.items() if one.points >= POSSIBLE}
    alike = {
        name: one
        for name, row in rows.items()
        if name not in likely
        for one in row
        if _is_like_others(one, list(likely.values()))
    }
    rest = {name: row for name, row in rows.items() if name not in {**likely, **alike}}
    chosen = {**likely, **alike, **_orphans(rest, reads, [*likely.values(), *alike.values()], operations)}
    started = {one.read.operation.name for one in chosen.values() if not one.parent}
    others = [read for read in reads if read.operation.name not in started]
    free = [one for one in operations if one.name not in chosen]
    chosen |= {one.operation.name: one for read in others for one in _with_chosen_ids(read, free, document)}
    whole = {one.read.operation.name for one in chosen.values() if SCHEMA in one.reasons}
    return [_beside(chosen[operation.name], whole) for operation in operations if operation.name in chosen]


def _with_chosen_ids(
    read: Read, operations: Sequence[OperationView], document: Node
) -> list[SubmitCandidate]:
    """Return the operations that start jobs of which the client chooses the id: the certain ones, if any."""
    chosen: list[SubmitCandidate] = []
    for operation in operations:
        ids, is_sure = chosen_ids(operation, read)
        if not ids or _has_other_words(operation, read):
            continue
        protocol = list(of_protocol(operation))
        reasons = (CHOSEN, *dict(evidence(operation, read, ids, document, protocol)))
        points = SURE if is_sure and read.is_listed else POSSIBLE
        chosen.append(
            SubmitCandidate(
                operation=operation, read=read, ids=ids, points=points, reasons=reasons, is_chosen=True
            )
        )
    certain = [one for one in chosen if not one.is_doubtful]
    return certain or [one for one in chosen if _creates(one.operation)]


def _creates(operation: OperationView) -> bool:
    """Whether an operation on an item does not only change it, by its name."""
    return "create" in operation.words or not _CHANGES & operation.words


def _beside(one: SubmitCandidate, whole: Container[str]) -> SubmitCandidate:
    """Return a submission, with doubt if others of its read respond with the job, and it does not."""
    is_other = one.read.operation.name in whole and not {SCHEMA, LINK, LITTLE} & {*one.reasons}
    return replace(one, points=min(one.points, POSSIBLE)) if is_other else one


def _likelihood(one: SubmitCandidate) -> tuple[int, tuple[int, bool]]:
    return one.points, _closeness(one)


def _is_like_others(submission: SubmitCandidate, others: Sequence[SubmitCandidate]) -> bool:
    """Whether its response has exactly the members that those of two other submissions of the read have."""
    members = {place.pointer for place in submission.operation.places}
    alike = [
        one
        for one in others
        if one.read is submission.read and {place.pointer for place in one.operation.places} == members
    ]
    return len(alike) > 1


def _orphans(
    rows: Mapping[str, Sequence[SubmitCandidate]],
    reads: Sequence[Read],
    others: Sequence[SubmitCandidate],
    operations: Sequence[OperationView],
) -> dict[str, SubmitCandidate]:
    """Return the operations by whose id nothing can be read, with the only read that has no submission.

    It is certain if the document has no other read.
    """
    claimed = [one.read for one in others]
    unclaimed = [read for read in reads if read.is_listed and read not in claimed]
    if len(unclaimed) != 1:
        return {}
    points = SURE if len(reads) == 1 else POSSIBLE
    reason = "it responds with an id, and one read alone has no other submission"
    return {
        name: replace(one, points=points, reasons=(*one.reasons, reason))
        for name, row in rows.items()
        for one in row
        if one.read is unclaimed[0] and _is_orphan(one, operations)
    }


def _is_orphan(submission: SubmitCandidate, operations: Sequence[OperationView]) -> bool:
    """Whether it responds with little more than an id by which nothing else is read.

    Other parameters of the read have to be its own, too.
    """
    read, operation = submission.read, submission.operation
    others = [name for name in read.operation.path_parameters if name != read.parameter]
    has_all = all(name in operation.named("path") for name in others)
    is_little = LITTLE in submission.reasons and not any(place.words for place in operation.places)
    return has_all and is_little and not _is_anothers(operation, read, operations)


def _closeness(one: SubmitCandidate) -> tuple[int, bool]:
    """Sort key among reads with equal points: the common begin of the paths, then reads of a status."""
    pairs = zip(one.operation.path.split("/"), one.read.operation.path.split("/"), strict=False)
    common = next((n for n, (left, right) in enumerate(pairs) if left != right), 99)
    return common, one.read.is_status


def _submissions(
    operation: OperationView, reads: Sequence[Read], operations: Sequence[OperationView], document: Node
) -> Iterator[SubmitCandidate]:
    if operation.method not in ("post", "put"):
        return
    protocol = list(of_protocol(operation))
    for read in reads:
        if _may_start(operation, read):
            yield from _submission(operation, read, operations, document, protocol)


def _submission(
    operation: OperationView,
    read: Read,
    operations: Sequence[OperationView],
    document: Node,
    protocol: Sequence[tuple[str, int]],
) -> Iterator[SubmitCandidate]:
    ids = tuple(id_places(operation, read, document))
    if not ids or _changes_an_item(operation, operations) or _has_other_words(operation, read):
        return
    anothers = _is_anothers(operation, read, operations)
    reasons = dict(evidence(operation, read, ids, document, protocol))
    if not anothers:
        reasons["no other operation reads what it creates"] = 4
    points = sum(reasons.values())
    if ids[0].url.startswith("$response.header.") and not url_headers(operation):
        reasons["the job is read near it, and the document forgets how it responds"] = 4
        points = min(sum(reasons.values()), POSSIBLE)
    if anothers and (points < SURE or not {LINK, SCHEMA} & reasons.keys()):
        return
    yield SubmitCandidate(operation=operation, read=read, ids=ids, points=points, reasons=tuple(reasons))


def _may_start(operation: OperationView, read: Read) -> bool:
    if operation.path == read.operation.path or operation.query != read.operation.query:
        return False
    literal = [one for one in operation.segments if "{" not in one]
    verbs = {*parts(literal[-1] if literal else "")[:1], *parts(operation.name)[:1]}
    is_item = operation.path.endswith("}") or operation.path.startswith(f"{read.base}/{{")
    changes = _CHANGES if is_item else frozenset()
    return not verbs & (_NEVER | changes) and not _is_synchronous(operation)


def _is_synchronous(operation: OperationView) -> bool:
    """Whether the operation responds with the result: with a body other than JSON."""
    media = operation.media()
    return bool(media) and not any("json" in name or name.startswith("*") for name in media)


def _is_anothers(operation: OperationView, read: Read, operations: Sequence[OperationView]) -> bool:
    """Whether the operation is in a collection that another GET reads one by one."""
    collection = read.base.rpartition("/")[2]
    literal = [one for one in operation.segments if "{" not in one]
    is_near = operation.path.rpartition("/")[0].startswith(read.base.rpartition("/")[0])
    if literal and is_near and begins(collection, literal[-1]):
        return False
    others = [one.path for one in operations if one.method == "get" and one.path.endswith("}")]
    collections = {path.rpartition("/")[0] for path in others if path != read.operation.path}
    around = {one for one in collections if f"{operation.path}/".startswith(f"{one}/")}
    return operation.path in around or any(not f"{read.base}/".startswith(f"{one}/") for one in around)


def _changes_an_item(operation: OperationView, operations: Sequence[OperationView]) -> bool:
    """Whether a GET of the same path responds with the same object: the operation updates it."""
    return any(
        other.method == "get"
        and other.path == operation.path
        and same_schemas(other.response.schemas, operation.response.schemas)
        for other in operations
    )


def _has_other_words(operation: OperationView, read: Read) -> bool:
    """Whether its response has a state of its own, with words that the read does not have."""
    states = operation.worded.get(read.state.name, ())
    known = set(read.words)
    return bool(states and known) and not any(_is_part(set(place.words), known) for place in states)


def _is_part(words: set[str], known: set[str]) -> bool:
    """Whether one of two sets of words is a part of the other, live words at least."""
    live = {word for word in words if not _is_over(word)}
    return bool(live & known) and (live <= known or known <= words)


def _is_over(word: str) -> bool:
    known = meaning(word)
    return known is not None and known.state.is_over


def by_read(submissions: Sequence[SubmitCandidate]) -> Mapping[str, list[SubmitCandidate]]:
    """Return the submissions of each read, by the name of its operation."""
    grouped: dict[str, list[SubmitCandidate]] = {}
    for one in submissions:
        grouped.setdefault(one.read.operation.name, []).append(one)
    return grouped
