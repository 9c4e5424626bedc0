"""Jobs without an operation to read them: the result is sent to a webhook that the request asks for."""

from collections.abc import Iterator, Mapping, Sequence

from safelight_openapi._infer.deliveries import target_of
from safelight_openapi._infer.facts import Draft, doubtful, sure
from safelight_openapi._infer.identifiers import OTHERS
from safelight_openapi._infer.lexicon import parts
from safelight_openapi._infer.operations import OperationView
from safelight_openapi._infer.schemas import Place

_RESULTS = ("results", "result", "output", "data", "transcript", "text")
_MAX_MEMBERS = 4


def unread_jobs(operations: Sequence[OperationView]) -> Iterator[tuple[str, Mapping[str, Draft]]]:
    """Yield noun and lifecycle of operations that take a callback and may respond with only an id."""
    for operation in operations:
        target = target_of(operation)
        if operation.method != "post" or target is None or "query" not in target:
            continue
        ids = list(_ids(operation))
        if ids:
            yield "_".join(parts(operation.name)[-1:]) or "job", _lifecycle(operation, target, ids[0])


def _ids(operation: OperationView) -> Iterator[Place]:
    """Yield the ids of a form of the response that has few members beside."""
    members = operation.reader.members(operation.response)
    for schema in operation.response.schemas:
        properties = schema.get("properties")
        listed = list(properties) if isinstance(properties, dict) else []
        named = [
            name for name in listed if parts(name)[-1:] == ("id",) and not set(parts(name)[:-1]) & OTHERS
        ]
        if 0 < len(listed) <= _MAX_MEMBERS and named:
            yield members[named[0]]


def _lifecycle(operation: OperationView, target: dict[str, Draft], place: Place) -> dict[str, Draft]:
    query = next(iter(target.values()))
    name = str(getattr(query, "value", ""))
    why = f"with an address for a callback, {operation.name} responds with only an id"
    results = [one for one in operation.places if one.depth == 1 and one.name in _RESULTS]
    result: dict[str, Draft] = {
        "as": sure("value", "it is in the response without a callback"),
        "operation": sure(operation.name, "without a callback it responds with the result"),
        "from": sure(results[0].expression, f"{results[0].name} is a usual name for it")
        if results
        else doubtful("$response.body", "the whole response may be the result"),
    }
    return {
        "submit": [
            {
                "operation": sure(operation.name, why),
                "when": {f"$request.query.{name}": sure(value=True, reason=why)},
            }
        ],
        "id": {"from": sure(place.expression, f"{place.name} is the only id")},
        **({"result": result} if results else {}),
        "deliver": {
            **({"body": sure("result", "the callback is for the result")} if results else {}),
            "target": target,
            "on": [sure("succeeded", "a callback is for the result")],
            "sign": sure("unverified", "the document says nothing of a signature"),
        },
    }
