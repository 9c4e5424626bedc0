"""Operations that read a job: a GET by an id whose response shows how the job is doing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from safelight_openapi._infer import lexicon
from safelight_openapi._infer.operations import OperationView, noun_of
from safelight_openapi._infer.schemas import ITEM, NEAR, Place
from safelight_openapi._structure.operations import as_mapping

_STATE_NAMES = frozenset({"status", "state", "phase", "stage"})
_EXACT = ("status", "state")
_ID_QUERY = re.compile(r"(?i)id|uuid|guid|[a-z_]+_(?:id|uuid)|[a-z]+(?:Id|ID|Uuid)|job|task|request")
_JOBS = frozenset(
    {"job", "task", "run", "process", "processing", "request", "current", "execution", "provisioning"}
)
_ACCOUNTS = frozenset({"user", "account", "org", "organization", "team", "workspace", "owner"})
_WRAPPERS = frozenset(
    {"data", "result", "response", "body", "payload", "attributes", "properties", "status", "details"}
)
_ADDRESS = frozenset({"city", "zip", "zipcode", "postcode", "postalcode", "country", "street"})
_DONE = frozenset({"done", "complete", "completed", "finished"})
_OUTCOMES = frozenset({"error", "errors", "failed", "failure", "response", "result", "results", "output"})
BOOLEANS = ("false", "true")  # the words of a place that says whether a job is over
_KNOWN_SHARE = 0.6  # of words
_READ_ENDS = frozenset({"status", "state", "progress", "poll", "result", "results", "info", "details"})
_IN_TEXT = re.compile(r"[`'\"“]([A-Za-z][A-Za-z_ -]{2,24})[`'\"”]")
_EXAMPLE_DEPTH = 5


@dataclass(frozen=True)
class Read:
    """An operation that may read jobs, and where it shows their state."""

    operation: OperationView
    parameter: str
    state: Place
    words: tuple[str, ...]
    is_listed: bool  # whether the schema has the words; otherwise they are from examples and descriptions
    is_by_status: bool = False  # whether the status code alone says whether the job is over

    @cached_property
    def base(self) -> str:
        """The path before the parameter of the id: that of the collection."""
        return self.operation.path.partition("/{" + self.parameter + "}")[0]

    @cached_property
    def noun(self) -> str:
        """The singular name of a job."""
        return noun_of(self.operation.path, self.parameter)

    @cached_property
    def job(self) -> Place:
        """The object in the response that has the state."""
        tokens = self.state.tokens[:-1]
        parents = [place for place in self.operation.places if place.tokens == tokens]
        return parents[0] if parents else self.operation.response

    @cached_property
    def object_schemas(self) -> frozenset[int]:
        """The identities of the schemas of the job."""
        return frozenset(id(one) for one in self.job.schemas if "properties" in one)

    @property
    def is_of_jobs(self) -> bool:
        """Whether the noun is a usual one for what runs for a while, or the path is that of a status."""
        return self.is_status or not lexicon.JOB_NOUNS.isdisjoint(lexicon.parts(self.noun))

    @property
    def is_status(self) -> bool:
        """Whether the path ends after the id with a word such as `status`."""
        return not self.operation.path.endswith("}")


def reads_of(operations: list[OperationView]) -> list[Read]:
    """Return the operations that may read a job, in the document's order."""
    return [read for operation in operations for read in _read(operation)]


def _read(operation: OperationView) -> Iterator[Read]:
    parameter = _id_parameter(operation)
    if operation.method != "get" or parameter is None or _ACCOUNTS & set(lexicon.parts(parameter)):
        return
    places = sorted(_state_places(operation), key=_rank, reverse=True)
    if not operation.path_parameters and not _is_its_own(parameter, operation):
        places = [place for place in places if ITEM not in place.tokens]  # else it selects entries of a list
    places = places or list(_done_places(operation))
    codes = operation.responses.keys()
    if not places and "202" in codes and codes & {"200", "204"}:
        states = ("queued", "running", "succeeded", "failed")
        yield Read(operation, parameter, operation.response, states, is_listed=True, is_by_status=True)
    for place in places[:1]:
        words = _words(place, operation)
        yield Read(
            operation=operation,
            parameter=parameter,
            state=place,
            words=tuple(word for word in words if word),
            is_listed=bool(place.words) or (words == BOOLEANS and place.name.lower() == "done"),
        )


def _is_its_own(parameter: str, operation: OperationView) -> bool:
    """Whether a required id in the query is that of what is read, not of what a list is of."""
    named = [part for part in lexicon.parts(parameter) if part not in ("id", "uuid", "guid")]
    noun = lexicon.parts(noun_of(operation.path, parameter))
    is_required = bool(operation.named("query")[parameter].get("required"))
    return is_required and (not named or named[-1] in noun[-1:] or not operation.path.endswith("s"))


def _words(place: Place, operation: OperationView) -> tuple[str, ...]:
    return BOOLEANS if place.types == {"boolean"} else place.words or _words_elsewhere(place, operation)


def _id_parameter(operation: OperationView) -> str | None:
    """Return the parameter that has the id: the last of the path or, without one, one of the query."""
    if operation.path_parameters:
        end = operation.segments[-1].lower()
        is_job = operation.path.endswith("}") or (end in _READ_ENDS and "{" in operation.segments[-2])
        return operation.path_parameters[-1] if is_job else None
    named = [name for name in operation.named("query") if _ID_QUERY.fullmatch(name)]
    required = [name for name in named if operation.named("query")[name].get("required")]
    return next(iter([*required, *named]), None)


def _state_places(operation: OperationView) -> Iterator[Place]:
    """Yield places with such a name that are not inside a list of parts, whose words show a whole life."""
    for place in operation.places:
        if not _STATE_NAMES & set(lexicon.parts(place.name)[-2:]) or place.tokens[-1] == ITEM:
            continue
        if any(_is_list_of_parts(place, position, operation) for position in range(1, place.depth)):
            continue
        if place.words:
            if lexicon.covers_a_life(place.words):
                yield place
        elif (
            _is_of_job(place.name, operation)
            and place.types <= {"string"}
            and _is_beside_the_job(place, operation)
        ):
            yield place


def _is_beside_the_job(place: Place, operation: OperationView) -> bool:
    """Whether a place without words is a member of the job, not the `state` of an address in it."""
    above = place.tokens[:-1]
    names = {one.name.lower() for one in operation.places if one.tokens[:-1] == above}
    noun = noun_of(operation.path, (operation.path_parameters or ("",))[-1])
    is_job = place.depth == 1 or above[0].lower() in _WRAPPERS | _JOBS | {noun}
    return place.depth <= NEAR and is_job and not names & _ADDRESS


def _done_places(operation: OperationView) -> Iterator[Place]:
    """Yield booleans that say whether a job is over, beside what came of it (Google's AIP-151)."""
    for place in operation.places:
        letters = [part for part in lexicon.parts(place.name) if part not in ("is", "has")]
        names = {one.name.lower() for one in operation.places if one.tokens[:-1] == place.tokens[:-1]}
        is_named = len(letters) == 1 and letters[0] in _DONE
        if is_named and place.types == {"boolean"} and place.depth <= NEAR and names & _OUTCOMES:
            yield place


def _is_of_job(name: str, operation: OperationView) -> bool:
    """Whether a name is that of a job's state, also if the document does not have the words.

    It may have the name of the job: `reportTaskStatus` of /report_tasks/{id}.
    """
    listed = lexicon.parts(name)
    noun = lexicon.parts(noun_of(operation.path, (operation.path_parameters or ("",))[-1]))
    is_named = len(listed) > 1 and noun[-len(listed) + 1 :] == listed[:-1]
    is_of_noun = is_named and not lexicon.JOB_NOUNS.isdisjoint(noun)
    return listed[-1:] in (("status",), ("state",)) and ({*listed[:-1]} <= _JOBS or is_of_noun)


def _is_list_of_parts(place: Place, position: int, operation: OperationView) -> bool:
    """Whether an array leads to the place that is not the only member of its object."""
    if place.tokens[position] != ITEM:
        return False
    above = place.tokens[: position - 1]
    siblings = [one for one in operation.places if one.tokens[:-1] == above and one.depth == position]
    return len(siblings) != 1


def _rank(place: Place) -> tuple[bool, bool, bool, int]:
    known = sum(lexicon.meaning(word) is not None for word in place.words)
    is_known = known >= _KNOWN_SHARE * len(place.words)
    return bool(place.words), is_known, place.name.lower() in _EXACT, -place.depth


def _words_elsewhere(place: Place, operation: OperationView) -> tuple[str, ...]:
    """Return words of examples, and those in quotation marks in descriptions, if they show a whole life."""
    examples = [value for value in _examples(operation, place) if isinstance(value, str)]
    quoted = _IN_TEXT.findall(f"{_original_text(place)} {operation.node.get('description', '')}")
    words = dict.fromkeys([*examples, *(word for word in quoted if lexicon.meaning(word))])
    return tuple(words) if lexicon.covers_a_life(words) else ()


def _original_text(place: Place) -> str:
    return " ".join(str(schema.get("description", "")) for schema in place.schemas)


def _examples(operation: OperationView, place: Place) -> Iterator[object]:
    yield from (*place.values("example"), *place.values("default"))
    for listed in place.values("examples"):
        yield from listed if isinstance(listed, list) else []
    for body in example_bodies(operation):
        yield value_below(body, place.tokens)


def example_bodies(operation: OperationView) -> Iterator[object]:
    """Yield the examples of the successful responses."""
    for response in operation.responses.values():
        for content in map(as_mapping, as_mapping(response.get("content")).values()):
            if "example" in content:
                yield content["example"]
            named = as_mapping(content.get("examples")).values()
            yield from (one["value"] for one in map(as_mapping, named) if "value" in one)


def value_below(value: object, tokens: tuple[str, ...]) -> object:
    """Return what is at a location of an example; None if nothing is there."""
    for token in tokens:
        if isinstance(value, dict):
            value = value.get(token)
        elif isinstance(value, list) and token == ITEM:
            value = value[0] if value else None
        else:
            return None
    return value
