"""Plays a case of the conformance suite against the mock server, in process and on a manual clock."""

import json
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, suppress
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from PIL import Image

from safelight_lifecycle import ResponseParts, parse_expression
from safelight_mock import ClockMode, Settings, Spec, Twin, TwinTransport
from safelight_openapi import read_document

Json = dict[str, Any]

SUITE = Path(__file__).parents[2] / "conformance"
SCHEMA = SUITE.parent / "lifecycle/safelight_lifecycle/async-jobs.schema.json"
CASES = sorted((SUITE / "cases").glob("*.yaml"))
START = 1_800_000_000.0
NAME, KEY, RECEIVER = "conformance", "key-1", "http://twin/_safelight/inbox/receiver"
LIMITED = "limited-1"  # a key of which the mock server refuses each request as one too many
SHORT = re.compile(r"(GET|POST|PUT|DELETE) (\S+)")
VARIABLE = re.compile(r"\{(\w+)\}")
DEFAULTS: Json = {
    "submit": ["createJob"],
    "id": {"from": "$response.body#/id", "parameter": "id"},
    "read": {"operation": "getJob", "state": "$response.body#/status"},
    "states": {"waiting": "queued", "working": "running", "done": "succeeded", "failed": "failed"},
    "timing": {"queued": "PT2S", "running": "PT10S"},
}


class MismatchError(AssertionError):
    """What a response or a webhook has in place of what the case wants."""


def cases() -> Iterator[tuple[str, Json]]:
    """Yield every case of the suite with its name: file and case."""
    for path in CASES:
        for case in _read(path)["cases"]:
            yield f"{path.stem}: {case['name']}", case


def document_of(case: Json) -> Json:
    """Return the document of a case, with its lifecycle."""
    document: Json = _read(SUITE / "document.yaml")
    described: Json = {"version": "2", "lifecycles": {"job": lifecycle_of(case)}}
    described |= {key: case[key] for key in ("inputs", "refusals", "rate") if key in case}
    return document | {"x-async-jobs": described}


def lifecycle_of(case: Json) -> Json:
    """Return the lifecycle of a case: its keys over those that all cases have; null takes one away."""
    keys = DEFAULTS | case.get("lifecycle", {})
    return {key: value for key, value in keys.items() if value is not None}


@cache
def schema_keys() -> frozenset[str]:
    """Return every key that the schema of lifecycles has."""
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return frozenset(key for node in schema["$defs"].values() for key in _properties(node))


def play(case: Json) -> None:
    """Play the exchange of a case; raises MismatchError at the first difference."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        path = folder / "api.json"
        path.write_text(json.dumps(document_of(case)), encoding="utf-8")
        options = {f"{NAME}.rate_limit": case["limit"]} if "limit" in case else {}
        settings = Settings(clock=ClockMode.MANUAL, seed="conformance", options=options)
        twin = Twin(settings, specs=[Spec(path, name=NAME)], real=lambda: START)
        stack.callback(twin.close)
        client = stack.enter_context(httpx.Client(transport=TwinTransport(twin), base_url="http://twin"))
        with ExitStack() as streams:
            Player(twin, client, streams).play(case["exchange"])


class Player:
    """One client of the API, and the values that it has saved."""

    def __init__(self, twin: Twin, client: httpx.Client, streams: ExitStack) -> None:
        self._twin, self._client, self._key = twin, client, KEY
        self._streams, self._events = streams, dict[str, Iterator[Json]]()
        self._saved: dict[str, str] = {"receiver": RECEIVER}
        self._seconds = 0.0
        self._received = 0

    def play(self, exchange: list[Json]) -> None:
        self._twin.advance(0, vendor=NAME, key=KEY)
        for number, step in enumerate(exchange, 1):
            try:
                self._step(step)
            except MismatchError as mismatch:
                raise MismatchError(f"step {number}: {mismatch}") from None

    def _step(self, step: Json) -> None:
        if "at" in step:
            self._twin.advance(step["at"] - self._seconds, vendor=NAME, key=KEY)
            self._seconds = step["at"]
        if "set" in step:
            self._set(self._filled(step["set"]))
        if "request" in step:
            response = self._send(self._filled(step["request"]), is_open="open" in step)
            self._compare_response(self._filled(step.get("response", {})), response)
            if "open" in step:
                self._events[step["open"]] = _events_in(response)
            self._save(step.get("save", {}), response)
        for name, wanted in step.get("events", {}).items():
            self._compare_events(wanted, self._events[name])
        if "webhooks" in step:
            self._compare_webhooks(self._filled(step["webhooks"]))

    def _send(self, request: Json | str, *, is_open: bool) -> httpx.Response:
        node: Json = {"request": request} if isinstance(request, str) else request
        match = SHORT.fullmatch(node.get("request", "") or f"{node.get('method')} {node.get('path')}")
        assert match is not None, request
        is_whole = "://" in match[2]  # a URL that the server has given
        url = (
            urlsplit(match[2])._replace(scheme="", netloc="").geturl()
            if is_whole
            else f"/{NAME}/v1{match[2]}"
        )
        headers = {"Authorization": f"Bearer {self._key}"} | node.get("headers", {})
        content = {"content": node["bytes"].encode()} if "bytes" in node else {"json": node.get("body")}
        if match[1] == "GET" or ("bytes" not in node and "body" not in node):
            content = {}
        options: Json = {"headers": headers, "params": node.get("query"), **content}
        if is_open:
            return self._streams.enter_context(self._client.stream(match[1], url, **options))
        return self._client.request(match[1], url, **options)

    def _save(self, places: Mapping[str, str], response: httpx.Response) -> None:
        parts = ResponseParts(headers=dict(response.headers), body=_body(response))
        for name, place in places.items():
            value = parts.value(parse_expression(place))
            if value is None:
                raise MismatchError(f"{place} is missing in {response.text[:300]}")
            self._saved[name] = str(value)

    def _set(self, change: Json) -> None:
        """Do what an API's clients cannot: force a job, set the account's webhook."""
        sandbox = next(one["name"] for one in self._control("GET", "sandboxes") if one["vendor"] == NAME)
        if change.get("limited"):
            self._key = LIMITED
        if "job" in change:
            self._control("POST", f"jobs/{change['job']}/move?sandbox={sandbox}", {"to": change["to"]})
        if "webhook" in change:
            self._control("PATCH", f"sandboxes/{sandbox}/webhook", change["webhook"])
        if "credits" in change:
            self._control("PATCH", f"sandboxes/{sandbox}/account", {"balance": change["credits"]})
        if "receiver" in change:
            self._control("PUT", "inbox/receiver", {"responses": change["receiver"]})

    def _control(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - any JSON
        response = self._client.request(method, f"/_safelight/{path}", json=body)
        assert response.is_success, response.text
        return response.json()

    def _compare_response(self, wanted: Json, response: httpx.Response) -> None:
        if "status" in wanted and response.status_code != wanted["status"]:
            raise MismatchError(
                f"status {response.status_code}, not {wanted['status']}: {response.text[:300]}"
            )
        for name, value in wanted.get("headers", {}).items():
            _compare(value, response.headers.get(name), f"header {name}")
        if "body" in wanted:
            _compare(wanted["body"], _body(response), "body")
        if "text" in wanted:
            _compare(wanted["text"], response.text, "text")
        if "bytes" in wanted and not response.content:
            raise MismatchError("no bytes")
        if "image" in wanted:
            _compare(wanted["image"], [*Image.open(BytesIO(response.content)).size], "image")

    def _compare_events(self, wanted: list[Any], events: Iterator[Json]) -> None:
        """Compare the next events of a stream; the word `end` is for its end."""
        for number, one in enumerate(wanted):
            try:
                event = next(events, "end")
            except httpx.ReadTimeout:
                event = "nothing"
            _compare(self._filled(one), event, f"event {number}")

    def _compare_webhooks(self, wanted: list[Json]) -> None:
        messages = self._control("GET", "inbox/receiver")["messages"][self._received :]
        self._received += len(messages)
        if len(messages) != len(wanted):
            raise MismatchError(f"{len(messages)} webhooks, not {len(wanted)}: {messages}")
        for number, (message, one) in enumerate(zip(messages, wanted, strict=True)):
            headers = {name.lower(): value for name, value in dict(message["headers"]).items()}
            for name, value in one.get("headers", {}).items():
                _compare(value, headers.get(name.lower()), f"webhook {number}, header {name}")
            _compare(one.get("body", {}), json.loads(message["body"]), f"webhook {number}")

    def _filled(self, node: Any) -> Any:  # noqa: ANN401 - any JSON
        """Return a part of a case with the saved values in place of their names in braces."""
        if isinstance(node, dict):
            return {self._filled(key): self._filled(value) for key, value in node.items()}
        if isinstance(node, list):
            return [self._filled(one) for one in node]
        return (
            VARIABLE.sub(lambda one: self._saved.get(one[1], one[0]), node) if isinstance(node, str) else node
        )


def _events_in(response: httpx.Response) -> Iterator[Json]:
    """Yield the server-sent events of a response as they come, their data as JSON if it is."""
    fields: dict[str, Any] = {}
    for line in response.iter_lines():
        name, _, value = line.partition(":")
        if name:
            fields[name] = value.removeprefix(" ")
        elif fields:
            with suppress(json.JSONDecodeError):
                fields["data"] = json.loads(fields["data"])
            yield fields
            fields = {}


def _compare(wanted: Any, actual: Any, where: str) -> None:  # noqa: ANN401 - any JSON
    if isinstance(wanted, dict) and any(key.startswith("$") for key in wanted):
        _compare_rule(wanted, actual, where)
    elif isinstance(wanted, dict):
        if not isinstance(actual, dict):
            raise MismatchError(f"{where}: {actual!r} is no object")
        for key, value in wanted.items():
            _compare(value, actual.get(key), f"{where}, {key}")
    elif isinstance(wanted, list):
        if not isinstance(actual, list) or len(actual) != len(wanted):
            raise MismatchError(f"{where}: {actual!r}, not {len(wanted)} entries")
        for index, value in enumerate(wanted):
            _compare(value, actual[index], f"{where}, {index}")
    elif wanted != actual:
        raise MismatchError(f"{where}: {actual!r}, not {wanted!r}")


def _compare_rule(wanted: Json, actual: Any, where: str) -> None:  # noqa: ANN401 - any JSON
    ((rule, value),) = wanted.items()
    is_absent = actual in (None, "", [])
    if rule == "$time":
        holds = isinstance(actual, int | float) and abs(actual - START - value) < 1
    elif rule == "$matches":
        holds = isinstance(actual, str) and re.search(value, actual) is not None
    else:
        holds = is_absent if rule == "$absent" else not is_absent
    if not holds:
        raise MismatchError(f"{where}: {actual!r} is not {rule} {value}")


def _body(response: httpx.Response) -> Any:  # noqa: ANN401 - any JSON
    is_json = response.headers.get("content-type", "").startswith(("application/json", "application/problem"))
    return response.json() if is_json and response.content else None


@cache
def _read(path: Path) -> Any:  # noqa: ANN401 - any JSON
    return read_document(path)


def _properties(node: Any) -> set[str]:  # noqa: ANN401 - any JSON
    """Return the names below `properties`, but not those in a condition of the schema."""
    if isinstance(node, list):
        return {name for value in node for name in _properties(value)}
    if not isinstance(node, dict):
        return set()
    others = (value for key, value in node.items() if key not in ("if", "then", "else"))
    inner = {name for value in others for name in _properties(value)}
    return inner | {*node["properties"]} if isinstance(node.get("properties"), dict) else inner
