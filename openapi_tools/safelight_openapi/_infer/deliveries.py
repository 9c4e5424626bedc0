"""Webhooks: where a submission says the address, and which events the document has."""

import re
from collections.abc import Iterator, Sequence

from safelight_lifecycle import State
from safelight_openapi._infer.facts import Draft, doubtful, sure
from safelight_openapi._infer.lexicon import parts
from safelight_openapi._infer.operations import OperationView, singular
from safelight_openapi._infer.reads import Read
from safelight_openapi._infer.schemas import ITEM, Place
from safelight_openapi._infer.states import Vocabulary
from safelight_openapi._infer.submits import SubmitCandidate
from safelight_openapi._structure.operations import as_mapping
from safelight_openapi._structure.references import Node, resolve

_TARGET = re.compile(
    r"(?i)(?:.*_)?(?:web_?hook|call_?back|notify|notification)(?:_?(?:ur[li]|endpoint|address))?|hook_?url"
)
_JSONP = re.compile(r"(?i)\bjsonp\b")  # the name of a function, and no address
_DEPTH = 2


def delivery_of(
    read: Read, submissions: Sequence[SubmitCandidate], words: Vocabulary, document: Node
) -> dict[str, Draft] | None:
    """Return `deliver`; None without evidence of a webhook."""
    states = [sure(state, "a webhook says how a job ended") for state in _final_states(words)]
    rest: dict[str, Draft] = {
        "on": states,
        "sign": sure("unverified", "the document says nothing of a signature"),
    }
    target = next((one for submission in submissions for one in _target(submission.operation)), None)
    event = _event(read, submissions, words, document)
    if target is None and not event:
        return None
    why = "the document has webhooks, and no request has an address"
    return {**event, "target": target or {"account": sure(value=True, reason=why)}, **rest}


def target_of(operation: OperationView) -> dict[str, Draft] | None:
    """Return `deliver.target` as the request of an operation has it."""
    return next(_target(operation), None)


def target_name(name: str) -> str | None:
    """Return the name if it is usual for the address of a webhook."""
    return name if _TARGET.fullmatch("_".join(parts(name))) else None


def _final_states(words: Vocabulary) -> list[str]:
    final = (State.SUCCEEDED, State.FAILED, State.CANCELLED)
    return [str(state) for state in final if words.words(state)] or ["succeeded"]


def _target(operation: OperationView) -> Iterator[dict[str, Draft]]:
    for name, parameter in operation.named("query").items():
        if target_name(name) and not _JSONP.search(str(parameter.get("description", ""))):
            yield {"query": sure(name, f"{name} is a usual name for the address of a webhook")}
    for place in operation.fields:
        if place.depth <= _DEPTH and _is_target(place):
            name = place.tokens[0] if place.depth == 1 else place.pointer
            yield {"field": sure(name, f"{place.name} is a usual name for the address of a webhook")}


def _is_target(place: Place) -> bool:
    is_text = not place.types or "string" in place.types
    return is_text and place.tokens[-1] != ITEM and target_name(place.name) is not None


def _event(
    read: Read, submissions: Sequence[SubmitCandidate], words: Vocabulary, document: Node
) -> dict[str, Draft]:
    """Return `callback`, `webhook` or `events`; nothing if the document describes none."""
    for submission in submissions:
        for name in as_mapping(submission.operation.node.get("callbacks")):
            return {"callback": sure(name, f"{submission.operation.name} has this callback")}
    webhooks = as_mapping(document.get("webhooks"))
    events = {word: key for word in words.states for key in webhooks if _is_of(key, word, read)}
    if events:
        return {"events": {word: sure(key, f"its name has the word {word}") for word, key in events.items()}}
    schemas = {id(schema) for schema in (*read.operation.response.schemas, *read.job.schemas)}
    for key, item in webhooks.items():
        bodies = _bodies(resolve(item, document), read, document)
        if any(id(schema) in schemas and "properties" in schema for schema in bodies):
            return {"webhook": sure(key, f"its body is what {read.operation.name} responds with")}
    return _named(webhooks, read, submissions)


def _is_of(key: str, word: str, read: Read) -> bool:
    """Whether the name of a webhook is that of a job and one of its words: `batch_completed`."""
    name = [singular(part) for part in parts(key)]
    spoken = [singular(part) for part in parts(word)]
    noun = [singular(part) for part in parts(read.noun)]
    return len(name) > len(spoken) and name[-len(spoken) :] == spoken and set(noun) <= set(name)


def _bodies(item: Node, read: Read, document: Node) -> tuple[Node, ...]:
    content = as_mapping(resolve(as_mapping(item.get("post")).get("requestBody"), document).get("content"))
    return read.operation.reader.root(as_mapping(one).get("schema") for one in content.values()).schemas


def _named(webhooks: Node, read: Read, submissions: Sequence[SubmitCandidate]) -> dict[str, Draft]:
    """Return the webhook whose name shares most with the names of the job's operations."""
    own = set(parts(read.noun)) | {part for one in submissions for part in parts(one.operation.name)}
    scored = [
        (len({singular(part) for part in parts(key)} & set(map(singular, own))), key) for key in webhooks
    ]
    points, key = max(scored, default=(0, ""), key=lambda one: one[0])
    return {"webhook": doubtful(key, "its name is like those of the operations")} if points else {}
