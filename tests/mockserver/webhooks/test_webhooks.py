"""Every transition of a job is sent to its webhook once, as its document describes it."""

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.mockserver.conftest import TwinClient, picture
from tests.mockserver.hooks import (
    CONTROL,
    HOUR,
    advance,
    answer,
    clock,
    deliveries,
    inbox,
    inbox_messages,
    serve,
)
from tests.mockserver.stored import sandboxes

from safelight_mock.core import Sandbox

pytestmark = pytest.mark.slow


@pytest.mark.fidelity("topaz/jobStatusChanged", "topaz.notify_pending")
def test_a_webhook_is_sent_for_every_transition(any_client: TwinClient, photo: bytes) -> None:
    clock(any_client, mode="manual")

    process_id = any_client.submit(photo, webhook_url=inbox(any_client))
    happened = advance(any_client, 60)

    result = [json.loads(message["body"]) for message in inbox_messages(any_client)]
    assert [one["status"] for one in result] == ["Processing", "Completed"]
    assert {one["process_id"] for one in result} == {process_id}
    assert [(one["vendor_state"], bool(one["delivery"]), one["outcome"]) for one in happened] == [
        ("Processing", False, ""),
        ("Processing", True, "2xx"),
        ("Completed", False, ""),
        ("Completed", True, "2xx"),
    ]


@pytest.mark.fidelity("topaz/jobStatusChanged")
def test_a_webhook_matches_its_document(client: TwinClient, photo: bytes) -> None:
    clock(client, mode="manual")
    process_id = client.submit(photo, webhook_url=inbox(client))

    advance(client, 60)

    first, last = inbox_messages(client)
    assert first["headers"] == {"content-type": "application/json"}
    begun, done = json.loads(first["body"]), json.loads(last["body"])
    assert done.keys() - begun.keys() == {"download_url", "head_url"}
    assert re.fullmatch("[0-7][0-9A-HJKMNP-TV-Z]{25}", begun["notification_id"])
    assert begun["notification_id"] < done["notification_id"]
    assert (begun["progress"], done["progress"]) == (0, 100)
    status = client.call("GET", f"/status/{process_id}").json()
    assert done["modification_time"] == status["modification_time"]
    assert client.request("GET", done["download_url"]).headers["content-type"] == "image/jpeg"
    assert client.request("GET", begun["input_download_url"]).content == photo


@pytest.mark.fidelity("topaz/jobStatusChanged")
def test_without_a_url_no_webhook_is_sent(client: TwinClient, photo: bytes) -> None:
    clock(client, mode="manual")
    client.submit(photo)

    happened = advance(client, 60)

    assert [one["delivery"] for one in happened] == ["", ""]
    assert deliveries(client) == []


@pytest.mark.fidelity("topaz.notify_pending")
def test_a_webhook_for_the_submission_can_be_enabled(photo: bytes) -> None:
    with serve(options={"topaz.notify_pending": True}) as client:
        client.submit(photo, webhook_url=inbox(client))

        assert [json.loads(message["body"])["status"] for message in inbox_messages(client)] == ["Pending"]


@pytest.mark.parametrize(
    ("to", "words"), [("Failed", ["Failed"]), ("Completed", ["Processing", "Completed"])]
)
def test_a_forced_transition_sends_its_webhook_before_the_response(
    any_client: TwinClient, photo: bytes, to: str, words: list[str]
) -> None:
    clock(any_client, mode="manual")
    process_id = any_client.submit(photo, webhook_url=inbox(any_client))

    any_client.request("POST", f"{CONTROL}/jobs/{process_id}/move", json={"to": to})

    result = [json.loads(message["body"]) for message in inbox_messages(any_client)]
    assert [one["status"] for one in result] == words
    assert [one["notification_id"] for one in result] == sorted(one["notification_id"] for one in result)


def test_cancelling_sends_a_webhook_and_deleting_does_not(any_client: TwinClient, photo: bytes) -> None:
    clock(any_client, mode="manual")
    process_id = any_client.submit(photo, webhook_url=inbox(any_client))
    answer(any_client, 503)

    any_client.call("DELETE", f"/cancel/{process_id}")
    any_client.call("DELETE", f"/status/{process_id}")
    advance(any_client, 5)

    assert [json.loads(message["body"])["status"] for message in inbox_messages(any_client)] == [
        "Cancelled",
        "Cancelled",
    ]


def test_deliveries_are_part_of_the_sandbox(photo: bytes) -> None:
    with serve() as client:
        answer(client, 503)
        client.submit(photo, webhook_url=inbox(client))
        advance(client, 60)
        sandbox = sandboxes(client.twin)[0]

        assert sandbox.deliveries
        assert Sandbox.from_json(sandbox.to_json()) == sandbox


@pytest.mark.internal_error
def test_an_invalid_payload_is_not_sent(photo: bytes, caplog: pytest.LogCaptureFixture) -> None:
    with serve() as client:
        topaz = client.twin.served["topaz"]
        wrong = replace(topaz.served.vendor, webhook_payload=lambda *_: {"status": "Completed"})
        client.twin.served["topaz"] = replace(topaz, served=replace(topaz.served, make=lambda: wrong))
        client.submit(photo, webhook_url=inbox(client))

        happened = advance(client, HOUR)

        assert inbox_messages(client) == []
        assert [one["outcome"] for one in happened if one["delivery"]] == [
            "invalid-payload",
            "invalid-payload",
        ]
        assert "is missing" in deliveries(client)[0]["error"]
        message = next(iter(caplog.messages))
        assert message.startswith(f"a webhook of job {deliveries(client)[0]['job']} may not leave: ")


@pytest.mark.internal_error
def test_an_error_in_a_payload_is_logged_and_stops_nothing(
    photo: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    with serve() as client:
        topaz = client.twin.served["topaz"]
        stumbling = replace(topaz.served.vendor, webhook_payload=lambda *_: 1 / 0)
        client.twin.served["topaz"] = replace(topaz, served=replace(topaz.served, make=lambda: stumbling))
        job = client.submit(photo, webhook_url=inbox(client))

        assert [one["vendor_state"] for one in advance(client, HOUR)] == ["Processing", "Completed"]
        assert "ZeroDivisionError" in caplog.text
        assert caplog.messages == [f"no webhook can be sent for job {job}"] * 2


MOVES = st.sampled_from(["Failed", "Completed", "cancel"])
DOINGS = st.lists(
    st.one_of(st.just("submit"), st.tuples(MOVES, st.integers(0, 3)), st.sampled_from([0.25, 1.0, 30.0])),
    max_size=10,
)


@settings(max_examples=25)
@given(doings=DOINGS, answers=st.lists(st.sampled_from([200, 503, "hang"]), max_size=10))
def test_every_transition_is_delivered_once(
    doings: list[str | float | tuple[str, int]], answers: list[int | str]
) -> None:
    expected: dict[str, list[str]] = {}
    with serve() as client:
        answer(client, *answers)
        for doing in doings:
            match doing:
                case "submit":
                    expected[client.submit(picture(8, 8), webhook_url=inbox(client))] = [
                        "Processing",
                        "Completed",
                    ]
                case (str(move), int(which)) if which < len(expected):
                    job = [*expected][which]
                    expected[job] = brought(client, job, move) or expected[job]
                case float():
                    advance(client, doing)
        advance(client, 24 * HOUR)

        taken = [
            json.loads(message["body"]) for message in inbox_messages(client) if message["response"] == 200
        ]
        result = {job: [one["status"] for one in taken if one["process_id"] == job] for job in expected}
        assert {job: sorted(words) for job, words in result.items()} == {
            job: sorted(words) for job, words in expected.items()
        }
        assert len({one["notification_id"] for one in taken}) == len(taken)


def brought(client: TwinClient, job: str, move: str) -> list[str]:
    """Force a job to an end, if possible; return its state then."""
    was = client.call("GET", f"/status/{job}").json()["status"]
    if move == "cancel":
        done, last = client.call("DELETE", f"/cancel/{job}"), "Cancelled"
    else:
        done, last = client.request("POST", f"{CONTROL}/jobs/{job}/move", json={"to": move}), move
    if done.status_code not in (200, 204) or was == last:
        return []
    return ["Processing", last] if was == "Processing" or last == "Completed" else [last]
