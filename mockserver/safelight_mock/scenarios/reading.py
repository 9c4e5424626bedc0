"""Reads a scenario from JSON-like values; every error names the rule, what is wrong and what is allowed."""

import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import NoneType
from typing import Any, NamedTuple
from urllib.parse import unquote_to_bytes

import msgspec
from jsonschema_rs import Draft202012Validator

from safelight_lifecycle import format_pointer, parse_expression, parse_pointer
from safelight_mock.core.scenario import Scenario
from safelight_mock.scenarios.rules import Node, Stored, read_rule
from safelight_mock.wire.messages import JSON
from safelight_mock.wire.placeholders import problems

DATA_URL = re.compile(r"data:(?P<type>[^,;]*)(?P<base64>;base64)?,(?P<data>.*)", re.DOTALL)
MAX_RESULT = 50_000_000  # bytes of a file that is a job's result
WITHOUT_RESPONSE = ("before",)  # values of transfer/reset with which a request may be left undone
BODIES = ("json", "text", "html", "file")  # keys of a response
NO_PLACE = "is not an expression for a request; use one such as $request.body#/prompt or $request.query.model"
# Not allowed in a rule with webhook.
REQUEST_KEYS = frozenset({"respond", "transfer", "job", "accepted"})  # of a rule, for requests alone
REQUEST_CONDITIONS = frozenset({"where", "operation", "key", "after", "until"})  # of its `match`
MAX_SHOWN = 80  # characters of a value in an error

StoreBytes = Callable[[bytes, str], str]
"""Stores the bytes of a file by its name; returns its digest."""


class InvalidScenarioError(ValueError):
    """A scenario that cannot be used: JSON Pointers of what is wrong, and of what is in its line.

    The message begins with `where`, by default the place of the pointer; None leaves it out.
    """

    def __init__(self, reason: str, pointer: str = "", where: str | None = "", *, line_of: str = "") -> None:
        super().__init__(reason if where is None else f"{where or place_of(pointer)}: {reason}")
        self.reason: str = reason
        self.pointer: str = pointer
        self.line_of: str = line_of or pointer


class UnknownScenarioError(InvalidScenarioError):
    """The name of a scenario that a server does not know."""


class ScenarioSource(NamedTuple):
    """The origin of a scenario: its default name, the folder of its result files, and how to store them.

    Without `folder`, results may be `data:` URLs only. Without `store`, files are validated and not stored.
    """

    name: str = ""
    folder: Path | None = None
    store: StoreBytes | None = None


INLINE = ScenarioSource()


def read_scenario(value: object, source: ScenarioSource = INLINE) -> Scenario:
    """Return a scenario from its JSON; raises InvalidScenarioError."""
    if not isinstance(value, Mapping):
        raise InvalidScenarioError(
            f"a scenario is an object with version and rules, not {_shown(value)}; see docs/scenarios.md"
        )
    _check(value)
    rules = tuple(_rules(value["rules"], source))
    names = [rule.name for rule in rules]
    for number, name in enumerate(names):
        if name in names[:number]:
            raise InvalidScenarioError(f"two rules are named {name!r}; rename one", f"/rules/{number}")
    return Scenario(
        name=value.get("name", source.name) or "scenario",
        description=value.get("description", ""),
        seed=value.get("seed", ""),
        rules=rules,
    )


def read_rules(values: list[Any], source: ScenarioSource = INLINE) -> Scenario:
    """Return rules alone as a scenario; raises InvalidScenarioError."""
    return read_scenario({"version": "1", "rules": values}, source)


def place_of(pointer: str) -> str:
    """Return a JSON Pointer as errors show it: `rule 2, respond/status`."""
    parts = parse_pointer(pointer) or ("scenario",)
    if parts[0] != "rules" or len(parts) == 1:
        return "/".join(parts)
    rest = "/".join(parts[2:])
    return f"rule {int(parts[1]) + 1}{', ' if rest else ''}{rest}"


def _rules(nodes: list[Node], source: ScenarioSource) -> Iterator[Any]:
    for number, node in enumerate(nodes):
        pointer = f"/rules/{number}"
        _check_combinations(node, pointer)

        def store(path: str, place: str, pointer: str = pointer) -> Stored:
            return _stored(path, source, f"{pointer}/{place}")

        yield read_rule(node, number + 1, store)


@cache
def _validator() -> tuple[Draft202012Validator, dict[str, Any]]:
    text = files("safelight_mock.scenarios").joinpath("scenario.schema.json").read_bytes()
    schema: dict[str, Any] = msgspec.json.decode(text)
    return Draft202012Validator(schema), schema


def _check(value: Mapping[str, Any]) -> None:
    """Validate against the JSON Schema; raise InvalidScenarioError for the most deeply nested error."""
    validator, schema = _validator()
    try:
        errors = [*validator.iter_errors(value)]
    except ValueError as error:  # a value that is not JSON
        raise InvalidScenarioError(f"only JSON values are allowed: {error}") from error
    if not errors:
        return
    from safelight_openapi import Wording, schema_problems  # noqa: PLC0415 - only errors need it

    problems = schema_problems(errors, schema, Wording(noun="key"))
    worst = max(problems, key=lambda one: (len(one.path), one.keyword == "additionalProperties"))
    at = (*worst.path, worst.key) if worst.keyword == "additionalProperties" else worst.path
    raise InvalidScenarioError(worst.advice, format_pointer(worst.path), line_of=format_pointer(at))


def _shown(value: object) -> str:
    kinds = {list: "a list", str: "a string", bool: "true or false", NoneType: "null"}
    return kinds.get(type(value), "a number" if isinstance(value, int | float) else "something else")


def _check_combinations(node: Node, pointer: str) -> None:
    """Raise InvalidScenarioError for keys that the schema allows and that contradict each other."""
    match, transfer = node.get("match", {}), node.get("transfer", {})
    for key in ("call", "job"):
        if key in match:
            _check_numbers(match[key], f"{pointer}/match/{key}")
    _check_places(match.get("where", {}), f"{pointer}/match/where")
    _check_ages(match, f"{pointer}/match/until")
    _check_bodies(node.get("respond", {}), f"{pointer}/respond")
    unfit = (node.keys() & REQUEST_KEYS) | (match.keys() & REQUEST_CONDITIONS)
    if "webhook" in node and unfit:
        raise InvalidScenarioError(
            f"a rule with webhook applies to deliveries, so remove {', '.join(sorted(unfit))}; it takes "
            "name, times, chance, and match with vendor, job, state and call",
            pointer,
        )
    _check_recorded(node.get("job", {}), f"{pointer}/job")
    if "webhook" not in node and "state" in match:
        raise InvalidScenarioError(
            "only a rule with webhook can match by state; add webhook, or remove state",
            f"{pointer}/match/state",
        )
    if node.get("accepted") is False and "respond" not in node and not _is_unanswered(transfer):
        raise InvalidScenarioError(
            "a request that is not carried out needs another outcome: add respond, transfer/reset: before or "
            "transfer/hang: true",
            f"{pointer}/accepted",
        )
    if node.get("accepted") is False and "job" in node:
        raise InvalidScenarioError(
            "accepted: false submits no job; remove job, or set accepted: true", f"{pointer}/job"
        )
    if "job" in node and "respond" in node and "accepted" not in node:
        raise InvalidScenarioError(
            "respond replaces the submission, so there is no job; add accepted: true to submit it, or "
            "remove job",
            f"{pointer}/respond",
        )


def _check_recorded(job: Node, pointer: str) -> None:
    """Raise InvalidScenarioError for states without a time, and for unknown placeholders and files."""
    for number, stay in enumerate(job.get("states", ())[:-1]):
        if "for" not in stay:
            raise InvalidScenarioError(
                "every state but the last one needs for, in seconds", f"{pointer}/states/{number}"
            )
    files = job.get("files", {})
    for number, one in enumerate(job.get("responses", ())):
        at, named = f"{pointer}/responses/{number}", one.get("file")
        _check_bodies(one, at)
        if named is not None and named not in files:
            raise InvalidScenarioError(f"{named!r} is none of the job's files", f"{at}/file")
        events = one.get("events", ())
        _check_placeholders([one.get("json"), one.get("headers"), *_data(events)], files, at)
        if [event["after"] for event in events] != sorted(event["after"] for event in events):
            raise InvalidScenarioError("events come in the order of time: sort them by after", f"{at}/events")
    _check_placeholders(job.get("deliveries"), files, f"{pointer}/deliveries")


def _data(events: Sequence[Node]) -> Iterator[JSON]:
    """Yield the data of events."""
    yield from (event.get("json", event.get("text")) for event in events)


def _check_placeholders(value: JSON, files: Node, pointer: str) -> None:
    for problem in problems(value, files):
        raise InvalidScenarioError(problem, pointer)


def _is_unanswered(transfer: Node) -> bool:
    return transfer.get("reset") in WITHOUT_RESPONSE or "hang" in transfer


def _check_places(places: Node, pointer: str) -> None:
    """Raise InvalidScenarioError for what is not a place of a request, or not a pattern."""
    for place, wanted in places.items():
        try:
            is_request = parse_expression(place).is_request
        except ValueError as error:
            raise InvalidScenarioError(f"{place!r} {NO_PLACE}", pointer) from error
        if not is_request:
            raise InvalidScenarioError(f"{place!r} {NO_PLACE}", pointer)
        if isinstance(wanted, Mapping):
            _check_pattern(wanted["pattern"], pointer)


def _check_numbers(wanted: int | str | Node, pointer: str) -> None:
    """Raise InvalidScenarioError for a range that has no number."""
    if isinstance(wanted, str):
        first, _, last = wanted.partition("-")
        is_empty = bool(last) and int(first) > int(last)
    else:
        every = {} if isinstance(wanted, int) else wanted
        is_empty = "to" in every and every.get("from", every["every"]) > every["to"]
    if is_empty:
        shown = msgspec.json.encode(wanted).decode()
        raise InvalidScenarioError(f"{shown} is empty: the first number is larger than the last", pointer)


def _check_ages(match: Node, pointer: str) -> None:
    """Raise InvalidScenarioError for a time that is over before it begins."""
    after, until = match.get("after", 0), match.get("until")
    if until is not None and until <= after:
        raise InvalidScenarioError(f"{until} is not later than after, {after}: no request matches", pointer)


def _check_bodies(response: Node, pointer: str) -> None:
    """Raise InvalidScenarioError for a response with more than one body."""
    several = [key for key in BODIES if key in response]
    if len(several) > 1:
        raise InvalidScenarioError(f"it has several bodies; keep one of {', '.join(several)}", pointer)


def _check_pattern(pattern: str, pointer: str) -> None:
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise InvalidScenarioError(f"{pattern!r} is not a regular expression: {error}", pointer) from error


def _stored(result: str, source: ScenarioSource, pointer: str) -> Stored:
    """Store the file that is a job's result; raises InvalidScenarioError."""
    content, name = _content(result, source, pointer)
    if len(content) > MAX_RESULT:
        raise InvalidScenarioError(
            f"the file has {len(content)} bytes; at most {MAX_RESULT} are allowed", pointer
        )
    return ("" if source.store is None else source.store(content, name)), name


def _content(result: str, source: ScenarioSource, pointer: str) -> tuple[bytes, str]:
    inline = DATA_URL.fullmatch(result)
    if inline is not None:
        data = unquote_to_bytes(inline["data"])
        try:
            return (b64decode(data, validate=True) if inline["base64"] else data), ""
        except Base64Error as error:
            raise InvalidScenarioError(f"the data: URL is not Base64: {error}", pointer) from error
    if source.folder is None:
        raise InvalidScenarioError(
            f"{result[:MAX_SHOWN]!r} is a file; only scenarios in files may name files, use a data: URL",
            pointer,
        )
    path = source.folder / result
    try:
        return path.read_bytes(), path.name
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InvalidScenarioError(
            f"cannot read {result[:MAX_SHOWN]!r}: {reason}; paths are relative to the folder of the scenario",
            pointer,
        ) from error
