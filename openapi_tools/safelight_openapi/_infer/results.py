"""Where the result of a job is: in the response of the read, or of an operation of its own."""

from collections.abc import Mapping, Sequence

from safelight_openapi._infer.addresses import address_in, has_one, has_several, takes_one_file
from safelight_openapi._infer.facts import Draft, Fact, doubtful, sure
from safelight_openapi._infer.identifiers import job_urls
from safelight_openapi._infer.lexicon import parts
from safelight_openapi._infer.media import kind_of, kind_of_name, media_type
from safelight_openapi._infer.operations import OperationView
from safelight_openapi._infer.reads import Read
from safelight_openapi._infer.result_names import ASIDE, PLAIN, is_address, place_in_read, points_in_response
from safelight_openapi._infer.schemas import ITEM, Place
from safelight_openapi._infer.submits import SubmitCandidate
from safelight_openapi._infer.validity import validity

_ENDS = frozenset(
    {
        "content",
        "contents",
        "download",
        "result",
        "results",
        "output",
        "outputs",
        "file",
        "data",
        "artifact",
        "export",
    }
)
_PARTS = frozenset(
    {"status", "events", "logs", "log", "steps", "messages", "metrics", "history", "items", "usage"}
    | {"progress", "info", "state", "statuses", "errors"}
)
_CONTENT = frozenset({"content", "contents", "download"})


def result_of(
    read: Read, submissions: Sequence[SubmitCandidate], operations: Sequence[OperationView]
) -> dict[str, Draft] | None:
    """Return `result`; None if nothing looks like one."""
    if read.is_by_status:
        return None if not read.operation.media() else _by_operation(read.operation, submissions)
    best = place_in_read(read, submissions)
    own = _own_operation(read, operations)
    if own is not None and (best is None or best[0] < PLAIN):
        return _by_operation(own, submissions)
    if best is None:
        parts_of_job = [one for one in operations if one.method == "get" and _is_part(one, read)]
        return _by_operation(parts_of_job[0], submissions) if len(parts_of_job) == 1 else None
    return _file(best[1], operations) or _at(best[1], read.operation, submissions)


def of_submission(
    submission: SubmitCandidate, lifecycle: Mapping[str, Draft] | None, read: Read
) -> dict[str, Draft] | None:
    """Return the `result` of a submission that makes another kind of file than that of the lifecycle."""
    kind, usual = kind_of(submission.operation), _kind(lifecycle)
    if lifecycle is None or usual is None or kind in (None, usual) or submission.parent:
        return None
    kept = {key: value for key, value in lifecycle.items() if key != "media"}
    place = _of_kind(read, kind, lifecycle)
    if place is not None:
        key = "each" if "each" in lifecycle else "from"
        kept[key] = sure(place.query if key == "each" else place.expression, f"{place.name} is of the {kind}")
    why = f"its name says that it makes a file of this kind, {kind}"
    return {**kept, "media": doubtful(media_type(kind, [submission.operation]), why)}


def _kind(result: Mapping[str, Draft] | None) -> str | None:
    media = (result or {}).get("media")
    return str(media.value).partition("/")[0] if isinstance(media, Fact) else None


def _of_kind(read: Read, kind: str | None, lifecycle: Mapping[str, Draft]) -> Place | None:
    """Return the address beside that of the lifecycle whose name says this kind."""
    usual = [
        fact.value for key in ("each", "from") for fact in [lifecycle.get(key)] if isinstance(fact, Fact)
    ]
    beside = [one.tokens[:-1] for one in read.operation.places if {one.query, one.expression} & {*usual}]
    for place in read.operation.places:
        is_kind = kind_of_name(place.name) == kind and not set(parts(place.name)) & ASIDE
        if is_kind and is_address(place) and place.tokens[:-1] in beside:
            return place
    return None


def _own_operation(read: Read, operations: Sequence[OperationView]) -> OperationView | None:
    """Return the GET that takes a job's id and whose path says that it responds with the result."""
    ranked = [(_rank(one, read), one) for one in operations if one.name != read.operation.name]
    likely = [one for one in ranked if one[0] > 0]
    return max(likely, key=lambda one: (one[0], -len(one[1].segments)))[1] if likely else None


def _is_part(operation: OperationView, read: Read) -> bool:
    """Whether an operation reads a part of a job by its id alone: the only one may be the result."""
    begin = f"{read.base}/{{{read.parameter}}}/"
    is_below = (
        operation.path.startswith(begin) and operation.path_parameters == read.operation.path_parameters
    )
    return (
        is_below and operation.name != read.operation.name and not set(parts(operation.segments[-1])) & _PARTS
    )


def _rank(operation: OperationView, read: Read) -> int:
    literal = [one.lower() for one in operation.segments if "{" not in one]
    if (
        operation.method != "get"
        or operation.query != read.operation.query
        or {"input", "inputs"} & {*literal}
    ):
        return 0
    if {*operation.path_parameters} - {*read.operation.path_parameters, read.parameter}:
        return 0  # it needs the id of something else, too
    if operation.path.startswith(f"{read.base}/{{{read.parameter}}}"):
        is_end = operation.segments[-1].lower() in _ENDS
        return 3 if is_end else 1 if operation.path.endswith("}") and read.is_status else 0
    takes = operation.path_parameters[-1:] == (read.parameter,) and read.parameter.lower() != "id"
    return 2 if takes and {*literal[-2:]} & _ENDS else 0


def _by_operation(operation: OperationView, submissions: Sequence[SubmitCandidate]) -> dict[str, Draft]:
    name: dict[str, Draft] = {
        "operation": sure(
            operation.name, f"the path of {operation.name} says that it responds with the result"
        )
    }
    places = [place for place in operation.places if points_in_response(place)]
    media = [one for one in operation.media() if "json" not in one and "*" not in one]
    if places:
        place = max(places, key=lambda one: (points_in_response(one), -one.depth))
        draft = name | _at(place, operation, submissions)
    elif media or not operation.places:
        draft = {"as": sure("bytes", "its response is no JSON"), **name}
        draft |= {"media": sure(media[0], "the document says so")} if media else {}
    else:
        whole = doubtful("$response.body", "the whole response may be the result")
        draft = {"as": doubtful("value", "its response has no URL"), **name, "from": whole}
    urls = [place for one in submissions for place in job_urls(one.operation, "result")]
    return draft | ({"follow": sure(urls[0].expression, f"{urls[0].name} is its URL")} if urls else {})


def _file(place: Place, operations: Sequence[OperationView]) -> dict[str, Draft] | None:
    """Return the result if the place has the id of a file, and an operation responds with its bytes."""
    if parts(place.name)[-2:] != ("file", "id"):
        return None
    for operation in operations:
        names = operation.path_parameters
        is_file = operation.method == "get" and len(names) == 1 and "file" in parts(names[0])
        if is_file and operation.segments[-1].lower() in _CONTENT:
            why = "it responds with the content of a file"
            content: Draft = {"operation": sure(operation.name, why), "parameter": sure(names[0], why)}
            reason = f"{place.name} is the id of a file"
            return {"as": sure("file", reason), "from": sure(place.expression, reason), "content": content}
    return None


def _at(place: Place, source: OperationView, submissions: Sequence[SubmitCandidate]) -> dict[str, Draft]:
    """Return place and kind of a result that is an address, several, or a value."""
    reason = f"{place.name} is a usual name for a result"
    kind = kind_of(submissions[0].operation) if submissions else None
    address, is_many = address_in(place, source, kind)
    if address is None:
        make = sure if place.types else doubtful
        as_value = make("value", "the document does not say that it is an address")
        return {"as": as_value, "from": make(place.expression, reason)}
    where = (
        _several(address, source, submissions, reason)
        if is_many
        else {"from": sure(address.expression, reason)}
    )
    return {**where, **_media(address, kind, submissions), **_lasting(place, address, source)}


def _several(
    address: Place, source: OperationView, submissions: Sequence[SubmitCandidate], reason: str
) -> dict[str, Draft]:
    if has_several(address, source, submissions):
        return {"each": sure(address.query, f"{reason}, and there can be several")}
    if has_one(address, source):
        return {"from": sure(address.expression, f"{reason}, and examples have one")}
    if address.tokens[-1] == ITEM and takes_one_file(submissions):
        return {"from": doubtful(address.expression, f"{reason}, and a job is made from one file")}
    return {"each": doubtful(address.query, f"{reason}, and it is a list")}


def _media(address: Place, kind: str | None, submissions: Sequence[SubmitCandidate]) -> dict[str, Draft]:
    """Return the media type by the kind of file that the first submission or the place says."""
    kind = kind or next(filter(None, map(kind_of_name, reversed(address.tokens))), None)
    if kind is None:
        return {}
    media = media_type(kind, [one.operation for one in submissions])
    return {"media": doubtful(media, f"names say that a job makes a file of this kind, {kind}")}


def _lasting(place: Place, address: Place, source: OperationView) -> dict[str, Draft]:
    """Return how long an address works, by descriptions of it, of what is around it, and of the operation."""
    above = [one for one in source.places if one.tokens == address.tokens[: one.depth]]
    beside = [one for one in source.places if one.tokens[: place.depth] == place.tokens]
    return validity([one.text for one in (address, *reversed(above), *beside)], source.text)
