"""One rule of a scenario, from its valid JSON to the values that the core applies."""

from collections.abc import Callable, Mapping
from typing import Any

from safelight_mock.core.job_faults import ForcedChange, JobFault
from safelight_mock.core.recorded import JobStay, Recorded, RecordedEvent, RecordedFile, RecordedResponse
from safelight_mock.core.scenario import FixedResponse, Match, NumberRange, Pattern, Rule, Wanted
from safelight_mock.core.transfer_faults import Reset, TransferFault
from safelight_mock.core.webhook import WebhookFault

Node = Mapping[str, Any]
"""An object of a scenario that matches its schema."""

Stored = tuple[str, str]
"""The digest of a file that was stored, and its name."""

StoreFile = Callable[[str, str], Stored]
"""Stores a file of a job, which a scenario names, given its place in the rule."""

HTML = "text/html; charset=utf-8"
TEXT = "text/plain; charset=utf-8"
RECORDED = frozenset({"states", "responses", "files", "deliveries", "delivered"})


def read_rule(node: Node, number: int, store: StoreFile) -> Rule:
    """Return a rule of a scenario, the nth, whose own result files are stored."""
    respond, transfer, job, webhook = (node.get(key) for key in ("respond", "transfer", "job", "webhook"))
    return Rule(
        name=node.get("name", f"rule-{number}"),
        match=_match(node.get("match", {})),
        times=node.get("times"),
        chance=node.get("chance", 1.0),
        is_accepted=node.get("accepted", respond is None),
        response=None if respond is None else _response(respond),
        transfer=None if transfer is None else _transfer(transfer),
        job=None if job is None else _job(job, store),
        webhook=None if webhook is None else WebhookFault(webhook),
    )


def _match(node: Node) -> Match:
    return Match(
        vendors=_names(node.get("vendor")),
        operations=_names(node.get("operation")),
        calls=_numbers(node.get("call")),
        jobs=_numbers(node.get("job")),
        states=_names(node.get("state")),
        after=node.get("after"),
        until=node.get("until"),
        where={place: _wanted(wanted) for place, wanted in node.get("where", {}).items()},
        key=node.get("key", ""),
    )


def _names(node: str | list[str] | None) -> frozenset[str]:
    return frozenset() if node is None else frozenset([node] if isinstance(node, str) else node)


def _numbers(node: int | str | Node | None) -> NumberRange | None:
    if node is None:
        return None
    if isinstance(node, int):
        return NumberRange(first=node, last=node)
    if isinstance(node, str):
        first, _, last = node.partition("-")
        return NumberRange(first=int(first), last=int(last) if last else None)
    every = node["every"]
    return NumberRange(first=node.get("from", every), last=node.get("to"), every=every)


def _wanted(node: Any) -> Wanted:  # noqa: ANN401 - JSON of the schema
    if node is True:
        return None
    if isinstance(node, dict):
        return Pattern(node["pattern"])
    return tuple(node) if isinstance(node, list) else (node,)


def _response(node: Node) -> FixedResponse:
    retry = node.get("retry_after")
    date = retry.get("date") if isinstance(retry, dict) else None
    media_type = HTML if "html" in node else TEXT if "text" in node else ""
    return FixedResponse(
        status=node.get("status", 0),
        kind=node.get("error", ""),
        message=node.get("message", ""),
        retry_after=retry if date is None else date,
        is_date=date is not None,
        headers={name.lower(): value for name, value in node.get("headers", {}).items()},
        text=node.get("html", node.get("text")),
        media_type=node.get("media_type", media_type),
        has_json="json" in node,
        json=node.get("json"),
    )


def _transfer(node: Node) -> TransferFault:
    drip = node.get("drip", {})
    return TransferFault(
        delay=node.get("delay", 0.0),
        first_byte=node.get("first_byte", 0.0),
        drip=drip.get("bytes", 0),
        drip_every=drip.get("every", 0.0),
        reset=Reset(node["reset"]) if "reset" in node else None,
        hang=node.get("hang", False),
        truncate=node.get("truncate"),
        length=node.get("length", 0),
        corrupt=node.get("corrupt", False),
        media_type=node.get("media_type", ""),
    )


def _job(node: Node, store: StoreFile) -> JobFault:
    lost = node.get("lost")
    digest, filename = store(node["result"], "job/result") if "result" in node else ("", "")
    return JobFault(
        changes=(*_changes(node),),
        message=next((_of(node, end).get("message", "") for end in ("fail", "cancel") if end in node), ""),
        slow=node.get("slow", 1.0),
        lost_after=None if lost is None else 0.0 if lost is True else lost["after"],
        progress=tuple(node.get("progress", ())),
        without_result=node.get("without_result", False),
        link_life=node.get("link_life"),
        result=digest,
        filename=filename,
        recorded=_recorded(node, store) if RECORDED & node.keys() else None,
    )


def _recorded(node: Node, store: StoreFile) -> Recorded:
    files = {name: store(path, f"job/files/{name}") for name, path in node.get("files", {}).items()}
    return Recorded(
        stays=tuple(JobStay(to=one["to"], lasts=one.get("for")) for one in node.get("states", ())),
        responses=tuple(map(_recorded_response, node.get("responses", ()))),
        files={name: RecordedFile(digest=digest, filename=own) for name, (digest, own) in files.items()},
        deliveries=node.get("deliveries", {}),
        delivered=node.get("delivered", {}),
    )


def _recorded_response(node: Node) -> RecordedResponse:
    return RecordedResponse(
        operation=node["operation"],
        state=node.get("state", ""),
        after=node.get("after", 0.0),
        status=node.get("status", 200),
        headers={name.lower(): value for name, value in node.get("headers", {}).items()},
        media_type=node.get("media_type", ""),
        has_json="json" in node,
        json=node.get("json"),
        text=node.get("text"),
        file=node.get("file", ""),
        events=tuple(map(_recorded_event, node.get("events", ()))),
    )


def _recorded_event(node: Node) -> RecordedEvent:
    return RecordedEvent(
        after=node["after"],
        event=node.get("event", ""),
        id=node.get("id", ""),
        has_json="json" in node,
        json=node.get("json"),
        text=node.get("text", ""),
    )


def _changes(node: Node) -> list[ForcedChange]:
    """Return the planned changes of a job in the order in which they are planned."""
    changes = [
        ForcedChange(to=one["to"], at=one.get("at", 0.5), after=one.get("after"), lasts=one.get("for"))
        for one in node.get("becomes", ())
    ]
    for end, state in (("fail", "failed"), ("cancel", "cancelled")):
        if end in node:
            how = _of(node, end)
            changes.append(
                ForcedChange(to=how.get("as", state), at=how.get("at", 0.5), after=how.get("after"))
            )
    if "stuck" in node:
        changes.append(ForcedChange(to=node["stuck"]))
    return changes


def _of(node: Node, key: str) -> Node:
    """Return how a job ends; an end without particulars is `true`."""
    found: Node = {} if node[key] is True else node[key]
    return found
