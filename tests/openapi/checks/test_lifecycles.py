"""What is wrong with `x-async-jobs` of a document is found: its form, and all that it names."""

import copy

import pytest
from tests.openapi.checks.rendering import DOCUMENT, edited

from safelight_openapi._checks.lifecycles import lifecycle_findings, lifecycle_violations


def test_a_document_without_lifecycles_is_valid() -> None:
    assert list(lifecycle_violations({"openapi": "3.1.2"})) == []


def test_a_lifecycle_that_matches_its_document_is_valid() -> None:
    assert list(lifecycle_violations(DOCUMENT)) == []


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
