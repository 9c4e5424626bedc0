"""`x-async-jobs`, version 2, is read as types: parsed places, seconds, and names of states resolved."""

import pytest
from tests.lifecycle.documents import READ, WORDS, Node, job, read

from safelight_lifecycle import (
    BodyOf,
    ByWord,
    Constant,
    JobValue,
    NamedResult,
    OperationUrl,
    RefusalKind,
    Removal,
    RequestParts,
    SecretSource,
    Since,
    State,
    StateSet,
    Unsigned,
    WordState,
    parse_expression,
    read_async_jobs,
)


def test_a_document_without_the_extension_has_no_lifecycles() -> None:
    assert read_async_jobs({"paths": {}}).lifecycles == {}


@pytest.mark.parametrize(
    ("described", "message"),
    [
        ({"edit": {"submit": ["createEdit"]}}, "x-async-jobs has no version; write it as version '2' says"),
        ({"version": "1", "lifecycles": {}}, "x-async-jobs has version '1'; write it as version '2' says"),
    ],
)
def test_another_version_is_refused_with_what_to_do(described: Node, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_async_jobs({"x-async-jobs": described})


def test_vendor_states_of_one_state_share_its_duration() -> None:
    words = job().words

    shares = {word.name: word.share for word in words.listed if word.share}
    assert shares == pytest.approx({"waiting": 1.0, "preparing": 0.2, "working": 0.4, "saving": 0.4})
    assert [word.name for word in words.passed(State.QUEUED)] == ["requested", "waiting"]


def test_shares_that_are_all_declared_are_parts_of_their_sum() -> None:
    words = job(
        states={"a": {"means": "running", "share": 0.2}, "b": {"means": "running", "share": 0.2}}
    ).words

    assert [word.share for word in words.listed] == [0.5, 0.5]


def test_a_state_has_a_default_vendor_state_and_one_for_each_cause() -> None:
    words = job().words

    assert words.usual[State.FAILED] == "failed"
    assert words.caused(State.FAILED, "deadline") == "expired"
    assert words.caused(State.FAILED, "moderation") == "failed"


@pytest.mark.parametrize(
    ("names", "states"),
    [
        (["queued", "running"], StateSet(frozenset([State.QUEUED, State.RUNNING]))),
        (["working"], StateSet(words=frozenset(["working"]))),
        (["failed", "expired"], StateSet(frozenset([State.FAILED]), frozenset(["expired"]))),
    ],
)
def test_a_list_of_states_may_have_core_states_and_vendor_states(names: list[str], states: StateSet) -> None:
    assert job().words.select(names) == states


def test_a_vendor_state_named_like_another_core_state_is_the_vendor_state() -> None:
    words = job(states={"running": "queued", "working": "running"}).words

    assert words.select(["running"]) == StateSet(words=frozenset(["running"]))


def test_a_single_name_is_a_vendor_state_before_it_is_a_core_state() -> None:
    words = job().words

    assert words.one("failed") == StateSet(words=frozenset(["failed"]))
    assert words.one("succeeded") == StateSet(frozenset([State.SUCCEEDED]))
    assert words.reference("succeeded") == WordState("done", State.SUCCEEDED)
    assert words.reference("cancelling") == WordState("cancelling", State.RUNNING)


@pytest.mark.parametrize(
    "key",
    [
        {"moves": [{"operation": "cancel", "to": "unheard"}]},
        {"moves": [{"operation": "cancel", "to": "cancelled", "while": ["unheard"]}]},
        {"states": WORDS | {"a": {"means": "queued", "then": "unheard", "after": "PT1S"}}},
        {"deadline": {"default": "P1D", "word": {"unheard": "failed"}}},
        {"reports": {"$response.body#/a": {"since": "unheard"}}},
        {"concurrency": {"running": 1, "word": "unheard"}},
    ],
)
def test_a_name_that_is_no_vendor_state_and_no_core_state_is_rejected(key: Node) -> None:
    with pytest.raises(ValueError, match="unknown state 'unheard'; use one of"):
        job(**key)


@pytest.mark.parametrize(
    "states",
    [
        {"a": {"means": "running", "then": "a", "after": "PT1S"}},
        {
            "a": {"means": "queued", "only": True, "then": "b", "after": "PT0S"},
            "b": {"means": "running", "only": True, "then": "a", "after": "PT1S"},
        },
        {"a": "queued", "b": {"means": "running", "then": "a", "after": "PT1S"}},
    ],
)
def test_a_word_that_follows_itself_is_rejected(states: Node) -> None:
    with pytest.raises(ValueError, match="follows itself by `then`: no job that gets this word would"):
        job(states=states)


def test_a_transition_leads_to_a_vendor_state_or_a_core_state_or_deletes() -> None:
    moves = job(
        moves=[
            {"operation": "cancel", "while": ["queued"], "to": "cancelled", "otherwise": "ignore"},
            {"operation": "stop", "while": ["working"], "to": "cancelling"},
            {"operation": "remove", "to": "deleted", "every": True},
            {"operation": "purge", "to": "purged"},
        ]
    ).moves

    assert [move.to for move in moves] == [
        WordState("cancelled", State.CANCELLED),
        WordState("cancelling", State.RUNNING),
        Removal.DELETED,
        Removal.PURGED,
    ]
    assert [move.is_ignored for move in moves] == [True, False, False, False]
    assert moves[2].every
    assert WordState("waiting", State.QUEUED) in moves[0].allowed
    assert WordState("saving", State.RUNNING) not in moves[1].allowed


def test_values_that_are_declared_have_types() -> None:
    reports = job(
        reports={
            "$response.body#/id": "id",
            "$response.body#/prompt": "$request.body#/prompt",
            "$response.body#/saving_at": {"since": "saving"},
            "$response.body#/ok": {"words": {"succeeded": True}},
            "$response.body#/cancel": {"url": "cancel"},
            "$response.body#/srt": {"result": "srt"},
            "$response.body#/v": {"value": 1},
        }
    ).reports

    assert [*reports.values()] == [
        JobValue.ID,
        parse_expression("$request.body#/prompt"),
        Since(StateSet(words=frozenset(["saving"]))),
        ByWord({"succeeded": True}),
        OperationUrl("cancel"),
        NamedResult("srt"),
        Constant(1),
    ]


def test_a_submission_has_keys_in_place_of_the_lifecycles() -> None:
    own = {
        "operation": "upscale",
        "id": {"from": "$response.body#/job"},
        "price": 2,
        "timing": {"queued": "PT0.5S"},
    }
    lifecycle = job(submit=["create", own], price=1)

    assert lifecycle.ids_of("upscale").places == (parse_expression("$response.body#/job"),)
    assert lifecycle.ids_of("upscale").parameter == "id"
    assert lifecycle.ids_of("create") == lifecycle.ids
    assert (lifecycle.price_of("create"), lifecycle.price_of("upscale")) == (1, 2)
    assert lifecycle.timing_of("create") is None
    upscale = lifecycle.timing_of("upscale")
    assert upscale is not None
    assert upscale.queued == 0.5


def test_a_deadline_has_a_vendor_state_for_each_core_state() -> None:
    word = {"queued": "expired", "running": "cancelled"}
    deadline = job(deadline={"from": "$request.header.Cancel-After", "default": "P1D", "word": word}).deadline
    assert deadline is not None

    assert deadline.seconds(RequestParts(headers={"cancel-after": "1h30m"}).value) == 5400.0
    assert deadline.seconds(RequestParts().value) == 86400.0
    assert deadline.outcome(WordState("waiting", State.QUEUED)) == WordState("expired", State.FAILED)
    assert deadline.outcome(WordState("saving", State.RUNNING)) == WordState("cancelled", State.CANCELLED)


def test_a_webhook_is_read() -> None:
    (delivery,) = job(
        deliver={
            "webhook": "done",
            "body": "read",
            "target": {"field": "webhook"},
            "on": ["succeeded", "saving"],
            "filter": {"from": "$request.body#/events", "words": {"completed": ["succeeded"], "logs": []}},
            "method": "$request.query.method",
            "headers": {"$request.body#/name": "$request.body#/value", "X-Id": "delivery"},
            "retry": {"on": ["5xx"], "waits": ["PT0.1S", "PT1S"]},
            "sign": {
                "scheme": "hmac-sha256",
                "header": "X-Signature",
                "format": "{hex}",
                "secret": {"field": "/hook/secret"},
            },
        }
    ).deliver

    assert delivery.target == parse_expression("$request.body#/webhook")
    assert delivery.body is BodyOf.READ
    assert delivery.filter is not None
    assert delivery.filter.selected(["completed", "logs", "unheard"]) == [
        StateSet(frozenset([State.SUCCEEDED])),
        StateSet(),
    ]
    assert delivery.filter.selected(None) is None
    assert delivery.method == parse_expression("$request.query.method")
    assert delivery.headers["X-Id"] is JobValue.DELIVERY
    assert delivery.retry is not None
    assert (delivery.retry.waits, delivery.retry.attempts) == ((0.1, 1.0), 3)
    assert not isinstance(delivery.sign, Unsigned)
    assert delivery.sign.secret.source is SecretSource.FIELD
    assert delivery.sign.secret.place == parse_expression("$request.body#/hook/secret")
    assert delivery.sign.content == "{body}"


@pytest.mark.parametrize(
    ("target", "place"),
    [
        ({"query": "hook"}, "$request.query.hook"),
        ({"account": True}, None),
        ({"field": "/a/b"}, "$request.body#/a/b"),
    ],
)
def test_the_target_of_a_webhook_is_a_location_or_a_setting_of_the_account(
    target: Node, place: str | None
) -> None:
    (delivery,) = job(deliver={"target": target, "on": ["succeeded"], "sign": "none"}).deliver

    assert delivery.target == (parse_expression(place) if place else None)
    assert delivery.sign is Unsigned.NONE


def test_uploads_and_errors_are_declared_beside_the_lifecycles() -> None:
    jobs = read(
        READ | {"states": WORDS},
        inputs=[
            {"operation": "upload", "gives": "$response.body#/id", "parameter": "file", "read": "getFile"}
        ],
        refusals={
            "message": "/error/text",
            "unknown": 404,
            "moved": {"status": 409, "write": {"/error/code": "x"}},
        },
    )

    (upload,) = jobs.inputs
    assert (upload.method, upload.parameter, upload.read) == ("PUT", "file", "getFile")
    assert jobs.refusals.message == ("error", "text")
    assert jobs.refusals.kinds[RefusalKind.UNKNOWN].status == 404
    assert jobs.refusals.kinds[RefusalKind.MOVED].write == {("error", "code"): "x"}
