"""Candidates and overlay actions for findings about lifecycles, from the document and what is inferred."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from safelight_lifecycle import EXTENSION, format_pointer, parse_pointer
from safelight_openapi._findings.candidates import MOST, closest
from safelight_openapi._findings.finding import Action, Finding, FindingCode
from safelight_openapi._findings.fixes import add_member, remove_value, rename_member, set_value
from safelight_openapi._infer.facts import Inference
from safelight_openapi._infer.lexicon import meaning
from safelight_openapi._infer.operations import operations_of
from safelight_openapi._infer.schemas import Place, SchemaReader
from safelight_openapi._reading.documents import JSONValue
from safelight_openapi._report.locations import Location, child, location_of, value_at_location
from safelight_openapi._structure.operations import as_mapping
from safelight_openapi._structure.references import Node

_LIFECYCLE = 3  # keys from the root of the document to a lifecycle
# Without these, a lifecycle is still one.
_OPTIONAL = frozenset(
    {"progress", "progress_max", "eta", "errors", "follow", "like", "next", "more", "urls", "limit", "with"}
)


@dataclass(frozen=True)
class Evidence:
    """What candidates are taken from."""

    document: Node
    inference: Inference

    def inferred(self, location: Location) -> JSONValue:
        """Return what is inferred at a location in a lifecycle; None if nothing is."""
        described = as_mapping(self.document.get(EXTENSION))
        job = (
            as_mapping(child(described.get("lifecycles"), location[2])) if len(location) > _LIFECYCLE else {}
        )
        extension = self.inference.extension or {}
        for other in as_mapping(extension.get("lifecycles")).values():
            if _is_same(job, as_mapping(other)):
                return value_at_location(location[_LIFECYCLE:], other)
        return None


def _is_same(job: Node, other: Node) -> bool:
    """Whether two lifecycles have an operation of `submit` or the read in common."""
    return bool({*_names(job)} & {*_names(other)})


def _names(job: Node) -> Iterator[str]:
    submit = job.get("submit")
    for one in submit if isinstance(submit, list) else []:
        yield str(one.get("operation") if isinstance(one, dict) else one)
    yield str(as_mapping(job.get("read")).get("operation"))


def remedied(finding: Finding, evidence: Evidence) -> Finding:
    """Return a finding with candidates and the actions that correct it, as far as they can be known."""
    location = location_of(finding.pointer, evidence.document)
    remedy = _REMEDIES.get(finding.code)
    return finding if remedy is None or finding.fix else remedy(finding, location, evidence)


def _named(finding: Finding, location: Location, evidence: Evidence) -> Finding:
    """Correct a name: the value at the location, or the key."""
    guess = evidence.inferred(location)
    names = [*([guess] if isinstance(guess, str) else []), *finding.candidates]
    if finding.code is FindingCode.UNKNOWN_WORD and not names:
        known = meaning(str(finding.actual))
        names = [str(known.state)] if known else []
    candidates = tuple(dict.fromkeys(names))[:MOST]
    reason = f"{finding.actual} does not exist."
    if not candidates:
        return finding
    value = value_at_location(location, evidence.document)
    if value == finding.actual:
        fix: tuple[Action, ...] = (set_value(location, candidates[0], reason),)
    elif location[-1] == finding.actual:
        fix = rename_member(location, candidates[0], value, reason)
    else:
        fix = ()
    return replace(finding, candidates=candidates, fix=fix)


def _parameter(finding: Finding, location: Location, evidence: Evidence) -> Finding:
    """Correct the name of a parameter where the lifecycle has it: beside the operation, or under `id`."""
    job = location[:_LIFECYCLE]
    inferred_id = evidence.inferred((*job, "id", "parameter"))
    names = [*finding.candidates, *([inferred_id] if isinstance(inferred_id, str) else [])]
    if not names:
        names = _parameters_of(location, evidence)
    part = location[:-1] if location[-1] in ("operation", "content") else location
    for at in _places_of(finding.actual, (part, (*job, "id")), evidence.document):
        key_is_it = at[-1] == finding.actual
        value = value_at_location(at, evidence.document)
        reason = f"The operation has no parameter {finding.actual}."
        if not names:
            return replace(finding, fix=(remove_value(at, reason),) if at[-2] in _OPTIONAL else ())
        fix = rename_member(at, names[0], value, reason) if key_is_it else (set_value(at, names[0], reason),)
        return replace(finding, candidates=tuple(dict.fromkeys(names))[:MOST], fix=fix)
    return replace(finding, candidates=tuple(dict.fromkeys(names))[:MOST])


def _parameters_of(location: Location, evidence: Evidence) -> list[str]:
    """Return the parameters in the path of the operation at a location."""
    name = value_at_location(location, evidence.document)
    for operation in operations_of(evidence.document, SchemaReader(evidence.document)):
        if operation.name == name:
            return list(operation.path_parameters)
    return []


def _places_of(text: JSONValue, nodes: Sequence[Location], document: Node) -> Iterator[Location]:
    """Yield where a text is, as a value or as a key, in a part of a lifecycle."""
    for at in nodes:
        pending = [at]
        while pending:
            here = pending.pop(0)
            node = value_at_location(here, document)
            if node == text or (here[-1] == text and len(here) > len(at)):
                yield here
            keys = (
                list(node) if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else []
            )
            pending += [(*here, key) for key in keys]


def _place(finding: Finding, location: Location, evidence: Evidence) -> Finding:
    """Correct a place: by what is inferred there, by a place with a similar name, or without it."""
    candidates = tuple(dict.fromkeys(_similar_places(finding, location, evidence)))[:MOST]
    reason = f"{finding.actual} is not in the document."
    fix: tuple[Action, ...] = ()
    value = value_at_location(location, evidence.document)
    if location[-1] == "target" and candidates:
        key, name = _target(candidates[0])
        old = as_mapping(value)
        fix = (add_member(location, key, name, reason),) if key in old else ()
    elif isinstance(value, str) and value == finding.actual and candidates:
        fix = (set_value(location, candidates[0], reason),)
    elif location[-1] == finding.actual and candidates:
        fix = rename_member(location, candidates[0], value, reason)
    elif location[-1] in _OPTIONAL or location[-1] == finding.actual:
        fix = (remove_value(location, reason),)
    return replace(finding, candidates=candidates, fix=fix)


def _target(expression: str) -> tuple[str, str]:
    if expression.startswith("$request.query."):
        return "query", expression.removeprefix("$request.query.")
    tokens = parse_pointer(expression.partition("#")[2])
    return "field", tokens[0] if len(tokens) == 1 else format_pointer(tokens)


def _similar_places(finding: Finding, location: Location, evidence: Evidence) -> Iterator[str]:
    guess = evidence.inferred(location)
    if isinstance(guess, str):
        yield guess
    text = str(finding.actual)
    if location[-1] == "target":
        target = as_mapping(guess)
        yield from (
            f"$request.body#/{str(name).removeprefix('/')}" for key, name in target.items() if key == "field"
        )
        yield from (f"$request.query.{name}" for key, name in target.items() if key == "query")
    named = {_last(spelled): spelled for spelled in _spelled(text, location, evidence)}
    yield from (named[name] for name in closest(_last(text), named))


def _last(text: str) -> str:
    """Return the last name of a place."""
    return text.replace("[*]", "").replace("#", "/").replace(".", "/").rpartition("/")[2]


def _spelled(text: str, location: Location, evidence: Evidence) -> Iterator[str]:
    """Yield all places of the messages of the lifecycle's operations, in the form of the text."""
    job = as_mapping(value_at_location(location[:_LIFECYCLE], evidence.document))
    named = set(_operation_names(job))
    own = as_mapping(value_at_location(location[:-1], evidence.document)).get("operation")
    wanted = {own} if isinstance(own, str) and not text.startswith("$request.") else named
    for operation in operations_of(evidence.document, SchemaReader(evidence.document)):
        if operation.name in wanted:
            places = operation.fields if text.startswith("$request.") else operation.places
            yield from (_in_form_of(text, place) for place in places)


def _operation_names(node: JSONValue) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "operation" and isinstance(value, str):
                yield value
            yield from _operation_names(value)
    elif isinstance(node, list):
        for value in node:
            yield from ([value] if isinstance(value, str) else _operation_names(value))


def _in_form_of(text: str, place: Place) -> str:
    if text.startswith("$request."):
        return place.expression.replace("$response.", "$request.")
    if text.startswith("$response."):
        return place.expression
    return place.query if text.startswith("$") else place.pointer


def _absent(finding: Finding, location: Location, evidence: Evidence) -> Finding:
    """Rename a word that the document does not have to one that has no state yet, or remove it."""
    states = as_mapping(value_at_location(location[:-1], evidence.document))
    free = tuple(name for name in finding.candidates if name not in states)
    value = value_at_location(location, evidence.document)
    reason = f"The document does not have the word {finding.actual}."
    fix = rename_member(location, free[0], value, reason) if free else (remove_value(location, reason),)
    return replace(finding, candidates=free, fix=fix)


def _unmapped(finding: Finding, location: Location, evidence: Evidence) -> Finding:
    """Give a word the state that it most likely means."""
    del evidence
    known = meaning(str(finding.actual))
    state = str(known.state) if known else "running"
    return replace(
        finding,
        message=f"{finding.message}; it may mean {state}",
        candidates=(state,),
        fix=(add_member(location, str(finding.actual), state, f"{finding.actual} may mean {state}."),),
    )


def _shared(finding: Finding, location: Location, evidence: Evidence) -> Finding:
    """Take an operation out of one of the two."""
    reason = f"{finding.actual} is in two places."
    if len(location) > _LIFECYCLE:
        return replace(finding, fix=(remove_value(_without_empty(location, evidence.document), reason),))
    submit = as_mapping(value_at_location(location, evidence.document)).get("submit")
    listed = submit if isinstance(submit, list) else []
    for index, one in enumerate(listed):
        if finding.actual in (one, as_mapping(one).get("operation")):
            at: Location = (*location, "submit", index) if len(listed) > 1 else location
            return replace(finding, fix=(remove_value(at, reason),))
    return replace(finding, fix=(remove_value(location, reason),))


def _without_empty(location: Location, document: Node) -> Location:
    """Return the list that an item is in if it is its only one, as it may not be empty."""
    listed = value_at_location(location[:-1], document)
    return location[:-1] if isinstance(listed, list) and len(listed) == 1 else location


def _version(finding: Finding, location: Location, evidence: Evidence) -> Finding:
    described = as_mapping(value_at_location(location, evidence.document))
    if "lifecycles" not in described:
        return finding
    return replace(finding, fix=(add_member(location, "version", "2", "The version is a text."),))


_REMEDIES: Mapping[FindingCode, Callable[[Finding, Location, Evidence], Finding]] = {
    FindingCode.UNKNOWN_VERSION: _version,
    FindingCode.UNKNOWN_OPERATION: _named,
    FindingCode.UNKNOWN_WORD: _named,
    FindingCode.UNKNOWN_WEBHOOK: _named,
    FindingCode.UNKNOWN_PARAMETER: _parameter,
    FindingCode.UNKNOWN_PLACE: _place,
    FindingCode.ABSENT_WORD: _absent,
    FindingCode.UNMAPPED_WORD: _unmapped,
    FindingCode.SHARED_OPERATION: _shared,
}
