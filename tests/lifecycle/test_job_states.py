"""The state of a job, and whether its submission waits, is read from a response as its lifecycle says."""

import pytest
from tests.lifecycle.documents import WORDS, Node, job, read

from safelight_lifecycle import RequestParts, ResponseParts, State, WordState


@pytest.mark.parametrize(
    ("status", "body", "state"),
    [
        (200, {"status": "working"}, WordState("working", State.RUNNING)),
        (200, {"status": "new in the API"}, WordState("new in the API", State.QUEUED)),
        (200, {"status": "over"}, WordState("over", State.SUCCEEDED)),
        (200, {"status": "over", "error": "bad input"}, WordState("over", State.FAILED)),
        (200, {"status": 3}, None),
        (200, {}, None),
    ],
)
def test_a_response_has_a_vendor_state_and_a_core_state(
    status: int, body: Node, state: WordState | None
) -> None:
    over = {"means": ["succeeded", "failed"]}
    lifecycle = job(states=WORDS | {"over": over}, errors="$response.body#/error")

    assert lifecycle.state_in(ResponseParts(body=body).value, status) == state


def test_the_words_of_a_boolean_are_true_and_false() -> None:
    lifecycle = job(states={"false": "running", "true": "succeeded"})

    states = [
        lifecycle.state_in(ResponseParts(body={"status": is_done}).value, 200) for is_done in (False, True)
    ]

    assert states == [WordState("false", State.RUNNING), WordState("true", State.SUCCEEDED)]


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (202, WordState("queued", State.QUEUED)),
        (200, WordState("succeeded", State.SUCCEEDED)),
        (404, None),
    ],
)
def test_a_status_code_has_a_core_state_without_a_vendor_state(status: int, state: WordState | None) -> None:
    by_status = {"202": ["queued", "running"], "200": ["succeeded"]}
    lifecycle = read({"read": {"operation": "get", "by_status": by_status}}).lifecycles["job"]

    assert lifecycle.state_in(ResponseParts(status=status).value, status) == state


@pytest.mark.parametrize(
    ("request_parts", "holds"),
    [
        (RequestParts(body={"background": True}, query={"output": "pdf"}), True),
        (RequestParts(body={"background": "yes"}, query={"output": "figures"}), True),
        (RequestParts(body={"background": False}, query={"output": "pdf"}), False),
        (RequestParts(body={"background": ""}, query={"output": "pdf"}), False),
        (RequestParts(body={"background": True}, query={"output": "text"}), False),
        (RequestParts(query={"output": "pdf"}), False),
        (RequestParts(body={"background": True}, query={"output": ["text", "pdf"]}), True),
        (RequestParts(body={"background": True}, query={"output": ["text"]}), False),
    ],
)
def test_a_condition_is_met_if_all_its_locations_have_the_expected_values(
    request_parts: RequestParts, *, holds: bool
) -> None:
    when = {"$request.body#/background": True, "$request.query.output": ["pdf", "figures"]}
    submission = job(submit=[{"operation": "create", "when": when}]).submissions["create"]

    assert submission.when.holds(request_parts.value) is holds


@pytest.mark.parametrize(("value", "holds"), [(1, True), (True, False), ("1", True), (2, False)])
def test_a_condition_compares_as_json_does(value: object, *, holds: bool) -> None:
    submission = job(submit=[{"operation": "create", "when": {"$request.body#/n": 1}}]).submissions["create"]

    assert submission.when.holds(RequestParts(body={"n": value}).value) is holds


@pytest.mark.parametrize(
    ("prefer", "seconds"),
    [("wait=5", 5.0), ("wait", 60.0), ("wait=600", 90.0), ("respond-async", None), (None, None)],
)
def test_a_synchronous_submission_waits_as_long_as_requested(
    prefer: str | None, seconds: float | None
) -> None:
    wait = job(
        wait={
            "from": "$request.header.Prefer",
            "pattern": r"^wait(?:=(\d+))?$",
            "default": "PT1M",
            "most": "PT1M30S",
        }
    ).wait
    assert wait is not None

    headers = {"prefer": prefer} if prefer else {}
    assert wait.seconds(RequestParts(headers=headers).value) == seconds


@pytest.mark.parametrize(
    ("body", "seconds"),
    [({"sync": True}, 60.0), ({"sync": True, "timeout": 5}, 5.0), ({"timeout": 5}, None)],
)
def test_a_submission_is_synchronous_on_a_condition(body: Node, seconds: float | None) -> None:
    wait = job(
        wait={"from": "$request.body#/timeout", "when": {"$request.body#/sync": True}, "default": "PT1M"}
    ).wait
    assert wait is not None

    assert wait.seconds(RequestParts(body=body).value) == seconds
