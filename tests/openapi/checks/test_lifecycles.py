"""What is wrong with `x-async-jobs` of a document is found: its form, and all that it names."""

import copy
from typing import Any

import pytest

from safelight_openapi._checks.lifecycles import lifecycle_findings, lifecycle_violations

Json = dict[str, Any]

TEXT: Json = {"type": "string"}
RENDER: Json = {
    "type": "object",
    "properties": {
        "id": TEXT,
        "status": {"type": "string", "enum": ["waiting", "working", "saving", "done", "failed", "expired"]},
        "progress": {"type": "number"},
        "error": TEXT,
        "created": TEXT,
        "urls": {"type": "object", "properties": {"get": TEXT, "stream": TEXT}},
        "files": {"type": "array", "items": {"type": "object", "properties": {"url": TEXT}}},
        "anything": {"type": "object"},
    },
}


def body(schema: Json) -> Json:
    return {"content": {"application/json": {"schema": schema}}}


def responds(schema: Json) -> Json:
    return {"responses": {"200": {"description": "OK", **body(schema)}}}


def taking(*names: str, where: str = "path") -> Json:
    return {"parameters": [{"name": name, "in": where, "schema": TEXT} for name in names]}


DOCUMENT: Json = {
    "openapi": "3.1.0",
    "paths": {
        "/renders": {
            "post": {
                "operationId": "create",
                "requestBody": body(
                    {"properties": {"hook": TEXT, "secret": TEXT, "events": {"type": "array"}, "limit": TEXT}}
                ),
                "callbacks": {"ready": {"{$request.body#/hook}": {"post": {"requestBody": body(RENDER)}}}},
                **taking("token", where="query"),
                **responds(RENDER),
            },
            "get": {
                "operationId": "list",
                **taking("page", "size", "state", where="query"),
                **responds({"properties": {"renders": {"type": "array", "items": RENDER}, "next": TEXT}}),
            },
        },
        "/renders/{id}": {
            "get": {"operationId": "read", **taking("id"), **responds(RENDER)},
            "delete": {**taking("id"), **responds(RENDER)},
        },
        "/now": {"post": {"operationId": "now", **responds(RENDER)}},
        "/files": {"post": {"operationId": "upload", **responds({"properties": {"id": TEXT}})}},
        "/files/{file}": {"get": {"operationId": "download", **taking("file"), **responds(TEXT)}},
        "/secret": {"get": {"operationId": "secret", **responds({"properties": {"key": TEXT}})}},
    },
    "webhooks": {"finished": {"post": {"requestBody": body(RENDER)}}},
    "x-async-jobs": {
        "version": "2",
        "lifecycles": {
            "render": {
                "submit": ["create"],
                "sync": ["now"],
                "id": {"from": "$response.body#/id", "parameter": "id"},
                "read": {
                    "operation": "read",
                    "state": "$response.body#/status",
                    "progress": "$response.body#/progress",
                    "follow": "$response.body#/urls/get",
                    "by_status": {"200": ["done"]},
                },
                "list": {
                    "operation": "list",
                    "each": "$.renders[*]",
                    "reports": {"/created": "submitted"},
                    "paging": {"by": "cursor", "at": "page", "limit": "size", "next": "$response.body#/next"},
                    "filter": {"state": "state"},
                },
                "states": {
                    "waiting": "queued",
                    "working": "running",
                    "saving": {"means": "running", "share": 0.1},
                    "done": "succeeded",
                    "failed": "failed",
                    "expired": {"means": "failed", "cause": "deadline"},
                },
                "moves": [{"operation": "DELETE /renders/{id}", "while": ["queued"], "to": "deleted"}],
                "result": {"each": "$.files[*].url"},
                "results": {
                    "raw": {
                        "as": "file",
                        "from": "$response.body#/anything/raw",
                        "content": {"operation": "download", "parameter": "file"},
                    }
                },
                "errors": "$response.body#/error",
                "reports": {"$response.body#/created": {"since": "working"}},
                "deadline": {
                    "from": "$request.body#/limit",
                    "word": {"queued": "expired", "running": "failed"},
                },
                "concurrency": {"running": 1, "word": "waiting"},
                "deliver": [
                    {
                        "webhook": "finished",
                        "body": {"/status": {"words": {"done": "OK"}}},
                        "target": {"field": "hook"},
                        "on": ["succeeded"],
                        "filter": {"from": "$request.body#/events", "words": {"end": ["succeeded"]}},
                        "sign": {
                            "scheme": "standard-webhooks",
                            "secret": {"operation": "secret", "from": "$response.body#/key"},
                        },
                    },
                    {"callback": "ready", "target": {"query": "token"}, "on": ["failed"], "sign": "none"},
                ],
                "stream": {
                    "follow": "$response.body#/urls/stream",
                    "as": "sse",
                    "events": {"message": "read"},
                },
            }
        },
        "inputs": [
            {
                "operation": "upload",
                "gives": "$response.body#/id",
                "parameter": "file",
                "content": "download",
            }
        ],
    },
}


def edited(*path: str | int, to: object) -> Json:
    """Return the document with one value of the lifecycle changed."""
    changed = copy.deepcopy(DOCUMENT)
    holder: Any = changed["x-async-jobs"]
    inside = path if path[0] in ("inputs", "version", "lifecycles") else ("lifecycles", "render", *path)
    for key in inside[:-1]:
        holder = holder[key]
    holder[inside[-1]] = to
    return changed


def test_a_document_without_lifecycles_is_valid() -> None:
    assert list(lifecycle_violations({"openapi": "3.1.2"})) == []


def test_a_lifecycle_that_matches_its_document_is_valid() -> None:
    assert list(lifecycle_violations(DOCUMENT)) == []


@pytest.mark.parametrize(
    ("described", "actual"),
    [({"edit": {}}, "no version"), ({"version": "1"}, "version '1'"), ([], "no version")],
)
def test_another_version_is_reported_with_what_to_do(described: Any, actual: str) -> None:  # noqa: ANN401 - any JSON
    advice = "write it as version '2' says: `version: '2'`, and the lifecycles by name under `lifecycles`"

    reported = list(lifecycle_violations({"x-async-jobs": described}))

    assert reported == [f"/x-async-jobs: {actual}; {advice}"]


@pytest.mark.parametrize(
    ("path", "to", "violation"),
    [
        (("submit",), [], "/submit: [] has less than 1 item"),
        (("colour",), "red", ": Additional properties are not allowed"),
        (("states", "waiting"), "idle", "/states/waiting: "),
        (("retention",), "7 days", '/retention: "7 days" does not match'),
        (("retention",), "P", '/retention: "P" does not match'),
        (("retention",), "P1DT", '/retention: "P1DT" does not match'),
        (("id", "from"), "id", "/id/from: "),
        (("result",), {"as": "bytes"}, '/result: "operation" is a required property'),
        (("deliver", 0, "sign"), "perhaps", "/deliver: "),
    ],
)
def test_a_malformed_lifecycle_is_reported_with_its_location(
    path: tuple[str | int, ...], to: object, violation: str
) -> None:
    reported = list(lifecycle_violations(edited(*path, to=to)))

    assert len(reported) == 1
    assert reported[0].startswith(f"/x-async-jobs/lifecycles/render{violation}")


@pytest.mark.parametrize(
    ("path", "to", "violations"),
    [
        (("submit",), ["crate"], ["/submit/0: the document has no operation crate"]),
        (("sync",), ["later"], ["/sync/0: the document has no operation later"]),
        (
            ("sync",),
            ["create"],
            ["/sync/0: create is under both submit and sync: it returns either a job or a result"],
        ),
        (
            ("moves", 0, "operation"),
            "PUT /renders/{id}",
            ["/moves/0/operation: the document has no operation PUT /renders/{id}"],
        ),
        (
            ("results", "raw", "content", "operation"),
            "fetch",
            ["/results/raw/content/operation: the document has no operation fetch"],
        ),
        (
            ("deliver", 0, "sign", "secret", "operation"),
            "key",
            ["/deliver/0/sign/secret/operation: the document has no operation key"],
        ),
        (
            ("reports", "$response.body#/created"),
            {"url": "lost"},
            ["/reports/$response.body#~1created/url: the document has no operation lost"],
        ),
        (("id", "from"), "$response.body#/no", ["/id/from: $response.body#/no is in no response of create"]),
        (("id", "from"), ["$response.body#/no", "$response.body#/id"], []),
        (
            ("id", "parameter"),
            "job",
            [
                "/read/operation: read has no parameter job",
                "/moves/0/operation: DELETE /renders/{id} has no parameter job",
            ],
        ),
        (
            ("read", "progress"),
            "$response.body#/done",
            ["/read/progress: $response.body#/done is in no response of read"],
        ),
        (
            ("read", "follow"),
            "$response.header.Location",
            ["/read/follow: $response.header.Location is in no response of create"],
        ),
        (("errors",), "$response.body#/why", ["/errors: $response.body#/why is in no response of read"]),
        (("errors",), "$response.body#/anything/why", []),
        (
            ("stream", "follow"),
            "$response.body#/stream",
            ["/stream/follow: $response.body#/stream is in no response of read"],
        ),
        (("list", "each"), "$.jobs[*]", ["/list/each: $.jobs[*] is in no response of list"]),
        (
            ("result",),
            {"each": "$..url"},
            ["/result/each: '$..url' is not a JSONPath of names and [*], such as $.items[*].url"],
        ),
        (("list", "reports"), {"/made": "submitted"}, ["/list/reports/~1made: /made is in no entry of list"]),
        (("list", "paging", "at"), "cursor", ["/list: list has no parameter cursor"]),
        (("list", "filter"), {"word": "state"}, ["/list: list has no parameter word"]),
        (
            ("list", "paging", "more"),
            "$response.body#/more",
            ["/list/paging/more: $response.body#/more is in no response of list"],
        ),
        (
            ("results", "raw", "content", "parameter"),
            "id",
            ["/results/raw/content: download has no parameter id"],
        ),
        (
            ("reports",),
            {"$response.body#/made": "submitted"},
            ["/reports/$response.body#~1made: $response.body#/made is in no response of create, read"],
        ),
        (
            ("deadline", "from"),
            "$request.header.Cancel-After",
            ["/deadline/from: $request.header.Cancel-After is in no request of create"],
        ),
        (
            ("deadline", "word"),
            {"queued": "late", "idle": "expired"},
            [
                "/deadline/word/queued: `states` has no word late",
                "/deadline/word/idle: `states` has no word idle",
            ],
        ),
        (("moves", 0, "while"), ["asleep"], ["/moves/0/while/0: `states` has no word asleep"]),
        (("moves", 0, "to"), "removed", ["/moves/0/to: `states` has no word removed"]),
        (
            ("reports", "$response.body#/created"),
            {"since": "asleep"},
            ["/reports/$response.body#~1created/since: `states` has no word asleep"],
        ),
        (("read", "by_status"), {"200": ["over"]}, ["/read/by_status/200/0: `states` has no word over"]),
        (("concurrency", "word"), "throttled", ["/concurrency/word: `states` has no word throttled"]),
        (("deliver", 1, "on"), ["broken"], ["/deliver/1/on/0: `states` has no word broken"]),
        (
            ("deliver", 0, "filter", "words"),
            {"end": ["over"]},
            ["/deliver/0/filter/words/end/0: `states` has no word over"],
        ),
        (
            ("deliver", 0, "body"),
            {"/status": {"words": {"over": 1}}},
            ["/deliver/0/body/~1status/words/over: `states` has no word over"],
        ),
        (
            ("deliver", 0, "body"),
            {"/state": "state"},
            ["/deliver/0/body/~1state: /state is not in the body of each webhook"],
        ),
        (("deliver", 0, "webhook"), "ended", ["/deliver/0/webhook: the document has no webhook ended"]),
        (
            ("deliver", 1, "callback"),
            "done",
            ["/deliver/1/callback: no operation of create has the callback done"],
        ),
        (
            ("deliver", 0, "target"),
            {"field": "webhook"},
            ["/deliver/0/target: $request.body#/webhook is in no request of create"],
        ),
        (
            ("deliver", 1, "target"),
            {"query": "webhook"},
            ["/deliver/1/target: $request.query.webhook is in no request of create"],
        ),
        (
            ("deliver", 0, "sign"),
            {"scheme": "echo", "header": "X", "format": "{secret}", "secret": {"field": "key"}},
            ["/deliver/0/sign/secret: $request.body#/key is in no request of create"],
        ),
        (("states", "paused"), "running", ["/states/paused: read never returns paused"]),
        (
            ("states", "saving"),
            {"means": "running", "share": 0.6},
            [],
        ),
    ],
)
def test_what_the_document_does_not_have_is_reported_with_its_location(
    path: tuple[str | int, ...], to: object, violations: list[str]
) -> None:
    reported = list(lifecycle_violations(edited(*path, to=to)))

    assert len(reported) == len(violations)
    for actual, expected in zip(reported, violations, strict=True):
        assert actual.startswith(f"/x-async-jobs/lifecycles/render{expected}")


@pytest.mark.parametrize(
    ("path", "to", "violation"),
    [
        (
            ("states", "working"),
            {"means": "running", "cause": "input"},
            "/states/working: working has a cause, and is no end; only final words have one",
        ),
        (
            ("states", "done"),
            {"means": "succeeded", "waits": True},
            "/states/done: done is final, so a job neither waits under it nor gets another word",
        ),
        (
            ("states", "saving"),
            {"means": "running", "waits": True, "then": "done", "after": "PT1S"},
            "/states/saving: saving waits, and is followed by done; remove one of these",
        ),
        (
            ("deadline", "word"),
            "saving",
            "/deadline/word: saving is no final word, and a deadline ends a job",
        ),
        (
            ("concurrency", "word"),
            "working",
            "/concurrency/word: working does not mean queued, as jobs are that wait",
        ),
        (
            ("deliver", 0, "body"),
            "result",
            "/deliver: the body is that of the operation of `result`, which it lacks",
        ),
    ],
)
def test_keys_that_contradict_one_another_are_reported(
    path: tuple[str | int, ...], to: object, violation: str
) -> None:
    assert list(lifecycle_violations(edited(*path, to=to))) == [f"/x-async-jobs/lifecycles/render{violation}"]


def test_what_the_reader_refuses_is_reported() -> None:
    then = {"means": "running", "then": "saving", "after": "PT1S"}

    (violation,) = lifecycle_violations(edited("states", "saving", to=then))

    assert violation.startswith("/x-async-jobs: 'saving' follows itself by `then`")


def test_a_word_of_the_document_needs_a_state() -> None:
    changed = copy.deepcopy(DOCUMENT)
    del changed["x-async-jobs"]["lifecycles"]["render"]["states"]["saving"]

    (finding,) = lifecycle_findings(changed)

    assert str(finding) == "/x-async-jobs/lifecycles/render/states: the word saving of read has no state"
    assert (finding.code, finding.actual) == ("unmapped-word", "saving")


def test_a_word_with_which_the_api_refuses_is_no_state() -> None:
    changed = copy.deepcopy(DOCUMENT)
    del changed["x-async-jobs"]["lifecycles"]["render"]["states"]["saving"]
    changed["x-async-jobs"]["refusals"] = {"unknown": {"status": 200, "write": {"/status": "saving"}}}

    assert list(lifecycle_findings(changed)) == []


def test_a_text_for_a_parameter_that_no_operation_has_is_reported() -> None:
    changed = copy.deepcopy(DOCUMENT)
    changed["x-async-jobs"]["refusals"] = {
        "unknown": {"status": 404, "of": {"id": "no such render", "job": "no such job"}},
        "invalid": {"status": 422, "of": {"prompt": "the prompt must be a text"}},
    }

    assert [*lifecycle_violations(changed)] == [
        "/x-async-jobs/refusals/unknown/of: no operation has a parameter job"
    ]


def test_words_cannot_share_more_than_all_of_their_time() -> None:
    changed = copy.deepcopy(DOCUMENT)
    states = changed["x-async-jobs"]["lifecycles"]["render"]["states"]
    states["working"] = {"means": "running", "share": 0.95}

    (finding,) = lifecycle_findings(changed)

    assert finding.message == "the words for running share 1.05 of its time; at most 1 is allowed"


@pytest.mark.parametrize(
    ("key", "to", "violation"),
    [
        ("operation", "put", "/operation: the document has no operation put"),
        ("content", "fetch", "/content: the document has no operation fetch"),
        ("parameter", "id", "/content: download has no parameter id"),
        ("gives", "$response.body#/url", "/gives: $response.body#/url is in no response of upload"),
        ("to", "uploaded", "/to: no lifecycle has the word uploaded"),
    ],
)
def test_an_upload_is_compared_with_the_document(key: str, to: str, violation: str) -> None:
    reported = list(lifecycle_violations(edited("inputs", 0, key, to=to)))

    assert reported == [f"/x-async-jobs/inputs/0{violation}"]


def test_an_operation_belongs_to_one_lifecycle() -> None:
    render = copy.deepcopy(DOCUMENT["x-async-jobs"]["lifecycles"]["render"])

    reported = list(lifecycle_violations(edited("lifecycles", "second", to=render)))

    assert reported == [
        "/x-async-jobs/lifecycles/second: create belongs to the lifecycle render as well",
        "/x-async-jobs/lifecycles/second: read belongs to the lifecycle render as well",
    ]


def test_a_misspelled_name_is_reported_with_those_that_it_may_mean() -> None:
    (finding,) = lifecycle_findings(edited("moves", 0, "to", to="expierd"))

    assert finding.candidates == ("expired",)


@pytest.mark.parametrize("key", ["2XX", "default"])
def test_a_success_may_be_documented_by_a_range_or_by_default(key: str) -> None:
    changed = edited("errors", to="$response.body#/why")
    read = changed["paths"]["/renders/{id}"]["get"]
    read["responses"] = {key: read["responses"]["200"]}

    assert list(lifecycle_violations(changed)) == [
        "/x-async-jobs/lifecycles/render/errors: $response.body#/why is in no response of read"
    ]
