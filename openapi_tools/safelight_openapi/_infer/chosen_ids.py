"""Submissions of jobs whose id the client chooses: in the path, or in a field of the request."""

from collections.abc import Iterator, Sequence

from safelight_openapi._infer.evidence import MARKS
from safelight_openapi._infer.identifiers import IdPlace
from safelight_openapi._infer.lexicon import parts
from safelight_openapi._infer.operations import OperationView, letters_of
from safelight_openapi._infer.reads import Read

_STARTS = frozenset(
    {"start", "run", "initiate", "trigger", "execute", "submit", "launch", "begin", "schedule"}
)
_CREATES = frozenset({"create", "start", "submit"})
_NAMES = ("id", "name")
CHOSEN = "the client chooses the id of its job"


def chosen_ids(operation: OperationView, read: Read) -> tuple[tuple[IdPlace, ...], bool]:
    """Return where a request that starts a job has the id that its client chooses; and whether that is sure.

    It is in the path of a PUT to the job, or of a POST that starts it by a verb; or a required field of a
    POST to the collection whose response has no body. The response may have it, too.
    """
    path = read.operation.path
    if operation.query != read.operation.query or read.is_by_status:
        return (), False
    if operation.method == "put" and operation.path == path:
        is_sure = bool({"201", "202"} & operation.responses.keys()) or _is_marked(operation)
        if not is_sure and not operation.words & _CREATES:
            return (), False  # it updates a job
        return (_in_path(read), *_in_response(operation, read)), is_sure
    verbs = {*parts(operation.path.rpartition("/")[2])[:1]}
    if operation.method == "post" and operation.path.rpartition("/")[0] == path and verbs & _STARTS:
        return (_in_path(read), *_in_response(operation, read)), False
    if operation.method == "post" and operation.path == read.base and not operation.places:
        return tuple(_in_fields(operation, read))[:1], True
    return (), False


def _is_marked(operation: OperationView) -> bool:
    return any(operation.node.get(mark) for mark in MARKS)


def _in_path(read: Read) -> IdPlace:
    name = read.parameter
    return IdPlace(name=name, expression=f"$request.path.{name}", is_exact=True, rank=12)


def _in_response(operation: OperationView, read: Read) -> Iterator[IdPlace]:
    """Yield the member of the response that has the name of the parameter, or the last word of that."""
    wanted = (letters_of(read.parameter), *(one for one in parts(read.parameter)[-1:] if one in _NAMES))
    named = {letters_of(place.name): place for place in reversed(operation.places) if place.depth == 1}
    for place in [named[one] for one in wanted if one in named][:1]:
        yield IdPlace(name=place.name, expression=place.expression, is_exact=True, rank=12)


def _in_fields(operation: OperationView, read: Read) -> Iterator[IdPlace]:
    wanted = {letters_of(read.parameter), *(one for one in parts(read.parameter)[-1:] if one in _NAMES)}
    required = {name for schema in operation.request.schemas for name in _required(schema)}
    for place in operation.fields:
        if place.depth == 1 and letters_of(place.name) in wanted and place.name in required:
            expression = f"$request.body#{place.pointer}"
            yield IdPlace(name=place.name, expression=expression, is_exact=True, rank=12)


def _required(schema: object) -> Sequence[str]:
    listed = schema.get("required") if isinstance(schema, dict) else None
    return [one for one in listed if isinstance(one, str)] if isinstance(listed, list) else []
