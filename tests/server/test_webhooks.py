"""Webhooks are delivered, tried again and given up, in the time of their sandbox."""

import asyncio
import json
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.server.conftest import Door, picture
from tests.server.hooks import (
    CONTROL,
    HOUR,
    START,
    Told,
    advance,
    answer,
    clock,
    deliveries,
    inbox,
    letters,
    mishap,
    receiver,
    sandbox_of,
    standing,
    until,
)

from safelight_mock import MockServer, Settings, Twin, TwinTransport
from safelight_mock.core.clock import Mode
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.core.webhook import Happening
from safelight_mock.wire.call import Call

pytestmark = pytest.mark.slow


def test_every_change_of_a_job_is_told_to_its_webhook(door: Door, photo: bytes) -> None:
    clock(door, mode="manual")

    process_id = door.submit(photo, webhook_url=inbox(door))
    happened = advance(door, 60)

    told = [json.loads(letter["body"]) for letter in letters(door)]
    assert [one["status"] for one in told] == ["Processing", "Completed"]
    assert {one["process_id"] for one in told} == {process_id}
    assert [(one["word"], bool(one["delivery"]), one["outcome"]) for one in happened] == [
        ("Processing", False, ""),
        ("Processing", True, "2xx"),
        ("Completed", False, ""),
        ("Completed", True, "2xx"),
    ]


def test_a_notification_is_as_its_document_has_it(inside: Door, photo: bytes) -> None:
    clock(inside, mode="manual")
    process_id = inside.submit(photo, webhook_url=inbox(inside))

    advance(inside, 60)

    first, last = letters(inside)
    assert first["headers"] == {"content-type": "application/json"}
    begun, done = json.loads(first["body"]), json.loads(last["body"])
    assert done.keys() - begun.keys() == {"download_url", "head_url"}
    assert re.fullmatch("[0-7][0-9A-HJKMNP-TV-Z]{25}", begun["notification_id"])
    assert begun["notification_id"] < done["notification_id"]
    assert (begun["progress"], done["progress"]) == (0, 100)
    status = inside.call("GET", f"/status/{process_id}").json()
    assert done["modification_time"] == status["modification_time"]
    assert inside.request("GET", done["download_url"]).headers["content-type"] == "image/jpeg"
    assert inside.request("GET", begun["input_download_url"]).content == photo


def test_without_an_address_nobody_is_told(inside: Door, photo: bytes) -> None:
    clock(inside, mode="manual")
    inside.submit(photo)

    happened = advance(inside, 60)

    assert [one["delivery"] for one in happened] == ["", ""]
    assert deliveries(inside) == []


def test_the_taking_in_is_told_when_asked(photo: bytes) -> None:
    with standing(options={"topaz.notify_pending": True}) as door:
        door.submit(photo, webhook_url=inbox(door))

        assert [json.loads(letter["body"])["status"] for letter in letters(door)] == ["Pending"]


@pytest.mark.parametrize(
    ("to", "words"), [("Failed", ["Failed"]), ("Completed", ["Processing", "Completed"])]
)
def test_a_job_that_is_moved_is_told_of_before_the_answer(
    door: Door, photo: bytes, to: str, words: list[str]
) -> None:
    clock(door, mode="manual")
    process_id = door.submit(photo, webhook_url=inbox(door))

    door.request("POST", f"{CONTROL}/jobs/{process_id}/move", json={"to": to})

    told = [json.loads(letter["body"]) for letter in letters(door)]
    assert [one["status"] for one in told] == words
    assert [one["notification_id"] for one in told] == sorted(one["notification_id"] for one in told)


def test_a_cancelled_job_is_told_of_and_a_deleted_one_had_been(door: Door, photo: bytes) -> None:
    clock(door, mode="manual")
    process_id = door.submit(photo, webhook_url=inbox(door))
    answer(door, 503)

    door.call("DELETE", f"/cancel/{process_id}")
    door.call("DELETE", f"/status/{process_id}")
    advance(door, 5)

    assert [json.loads(letter["body"])["status"] for letter in letters(door)] == ["Cancelled", "Cancelled"]


def test_what_is_answered_503_twice_is_sent_again_unchanged(inside: Door, photo: bytes) -> None:
    clock(inside, mode="manual")
    answer(inside, 503, 503)
    process_id = inside.submit(photo, webhook_url=inbox(inside))

    inside.request("POST", f"{CONTROL}/jobs/{process_id}/move", json={"to": "Failed"})
    advance(inside, HOUR)

    arrived = letters(inside)
    assert [letter["answer"] for letter in arrived] == [503, 503, 200]
    assert [later["at"] - earlier["at"] for earlier, later in pairwise(arrived)] == [5, 10]
    assert len({letter["body"] for letter in arrived}) == 1
    (delivery,) = deliveries(inside, job=process_id)
    assert [attempt["outcome"] for attempt in delivery["attempts"]] == ["5xx", "5xx", "2xx"]
    assert delivery["next_try"] is None


def failing(door: Door, photo: bytes, *answers: int | str, rest: int | str) -> list[Told]:
    """Return the attempts of a delivery in a day of such answers."""
    answer(door, *answers, rest=rest)
    process_id = door.submit(photo, webhook_url=inbox(door))
    door.request("POST", f"{CONTROL}/jobs/{process_id}/move", json={"to": "Failed"})
    advance(door, 24 * HOUR)
    attempts: list[Told] = deliveries(door)[0]["attempts"]
    return attempts


def gaps(attempts: list[Told]) -> list[float]:
    return [later["at"] - earlier["at"] for earlier, later in pairwise(attempts)]


def test_a_webhook_that_never_works_is_given_up_after_twenty_attempts(photo: bytes) -> None:
    with standing() as door:
        assert gaps(failing(door, photo, rest=500)) == [5, 10, 20, 40, 80, 160, 320, 640, *[900] * 11]


def test_the_ceiling_may_be_meant_for_all_waits_together(photo: bytes) -> None:
    with standing(options={"topaz.backoff_cap": "total"}) as door:
        assert gaps(failing(door, photo, rest="refuse")) == [5, 10, 20, 40, 80, 160, 320]


def test_every_part_of_the_schedule_can_be_chosen(photo: bytes) -> None:
    chosen = {"webhook_first": 1, "webhook_ceiling": 3, "webhook_attempts": 5, "webhook_timeout": 10}
    retried = {"topaz.webhook_retried": "4xx,timeout"}
    options = retried | {f"topaz.{name}": value for name, value in chosen.items()}
    with standing(options=options) as door:
        assert gaps(failing(door, photo, 404, "hang", rest=429)) == [1, 12, 3, 3]


@pytest.mark.parametrize("status", [302, 400, 410])
def test_what_is_refused_is_dropped(photo: bytes, status: int) -> None:
    with standing() as door:
        assert [attempt["status"] for attempt in failing(door, photo, rest=status)] == [status]


def test_one_who_hangs_has_the_time_the_vendor_gives_him(photo: bytes) -> None:
    with standing() as door:
        hung, taken = failing(door, photo, "hang", rest=200)

        assert (hung["outcome"], hung["took"], taken["outcome"]) == ("timeout", 30, "2xx")
        assert taken["at"] - hung["at"] == 35


def story(photo: bytes, steps: list[float], answers: list[int | str]) -> tuple[list[Told], list[Told]]:
    """Return what happens, and what arrives, when time is moved in these steps."""
    with standing() as door:
        answer(door, *answers)
        for _ in range(2):
            door.submit(photo, webhook_url=inbox(door))
        happened = [one for seconds in steps for one in advance(door, seconds)]
        return happened, letters(door)


@settings(max_examples=15)
@given(
    answers=st.lists(st.sampled_from([200, 204, 302, 410, 500, 503, "hang", "refuse"]), max_size=8),
    cuts=st.sets(st.integers(1, 3599), max_size=6),
)
def test_an_hour_at_once_or_in_steps_tells_the_same_story(answers: list[int | str], cuts: set[int]) -> None:
    photo = picture(8, 8)
    moments = [0, *sorted(cuts), 3600]

    assert story(photo, [3600], answers) == story(photo, [b - a for a, b in pairwise(moments)], answers)


def test_a_poll_on_an_auto_clock_passes_what_is_due_before(photo: bytes) -> None:
    with standing(Mode.AUTO) as door:
        answer(door, 503)
        process_id = door.submit(photo, webhook_url=inbox(door))

        seen = [door.call("GET", f"/status/{process_id}").json()["status"] for _ in range(4)]

        assert seen == ["Processing", "Completed", "Completed", "Completed"]
        told = [(json.loads(letter["body"])["status"], letter["answer"]) for letter in letters(door)]
        assert told == [("Processing", 503), ("Completed", 200), ("Processing", 200)]


def test_a_sync_call_passes_what_is_due_before_its_end(photo: bytes) -> None:
    with standing() as door:
        door.submit(photo, webhook_url=inbox(door))

        got = door.call("POST", "/enhance", files={"image": ("a.jpg", photo)}, data={"output_width": "2000"})

        assert got.headers["content-type"] == "image/jpeg"
        assert [json.loads(letter["body"])["status"] for letter in letters(door)] == [
            "Processing",
            "Completed",
        ]


def test_deliveries_are_part_of_the_sandbox(photo: bytes) -> None:
    with standing() as door:
        answer(door, 503)
        door.submit(photo, webhook_url=inbox(door))
        advance(door, 60)
        sandbox = next(iter(door.twin.crowd))

        assert sandbox.deliveries
        assert Sandbox.from_json(sandbox.to_json()) == sandbox


@pytest.mark.parametrize(
    ("wanted", "answers"),
    [
        (["duplicate"], ["Processing", "Processing", "Completed"]),
        (["late"], ["Completed", "Processing"]),
        (["out-of-order"], ["Completed", "Processing"]),
        (["never"], ["Completed"]),
        (["never", "never"], []),
    ],
    ids=str,
)
def test_deliveries_can_go_wrong(photo: bytes, wanted: list[str], answers: list[str]) -> None:
    with standing() as door:
        mishap(door, *wanted)
        door.submit(photo, webhook_url=inbox(door))

        advance(door, HOUR)

        assert [json.loads(letter["body"])["status"] for letter in letters(door)] == answers
        assert [delivery["mishap"] for delivery in deliveries(door)][: len(wanted)] == wanted
        assert door.request("GET", f"{CONTROL}/sandboxes/{sandbox_of(door)}/mishaps").json() == {"next": []}


def test_a_delivery_is_sent_again_by_hand(photo: bytes) -> None:
    with standing() as door:
        mishap(door, "never", "never")
        door.submit(photo, webhook_url=inbox(door))
        advance(door, 60)
        first = deliveries(door)[0]

        door.request("POST", f"{CONTROL}/deliveries/{first['id']}/resend")

        (letter,) = letters(door)
        assert letter["body"] == first["body"]
        (attempt,) = deliveries(door)[0]["attempts"]
        assert (attempt["is_by_hand"], attempt["outcome"]) == (True, "2xx")
        assert door.request("POST", f"{CONTROL}/deliveries/none/resend").status_code == 404


@pytest.mark.parametrize(
    "target",
    ["http://192.0.2.1/", "http://example.org/hook", "ftp://localhost/", "safelight://portrait", "no"],
)
def test_nobody_but_this_machine_is_called(photo: bytes, target: str) -> None:
    with standing() as door:
        door.submit(photo, webhook_url=target)

        happened = advance(door, HOUR)

        assert [one["outcome"] for one in happened if one["delivery"]] == ["refused", "refused"]


def test_a_host_that_was_named_is_called_too(photo: bytes) -> None:
    with standing(
        webhook_hosts=frozenset({"nowhere.invalid"}), options={"topaz.webhook_attempts": 1}
    ) as door:
        door.submit(photo, webhook_url="http://nowhere.invalid/hook")

        happened = advance(door, HOUR)

        assert [one["outcome"] for one in happened if one["delivery"]] == ["network", "network"]


def test_a_server_on_this_machine_is_called_and_redirects_are_not_followed(photo: bytes) -> None:
    with standing() as door, receiver(lambda _: 307) as (address, got):
        door.submit(photo, webhook_url=address)

        happened = advance(door, HOUR)

        assert [one["status"] for one in happened if one["delivery"]] == [307, 307]
        assert [json.loads(body)["status"] for body in got] == ["Processing", "Completed"]
        assert [delivery["body"].encode() for delivery in deliveries(door)] == got


def test_whoever_is_called_may_call_the_twin(photo: bytes) -> None:
    seen: list[str] = []
    with (
        MockServer(Settings(clock=Mode.AUTO)) as server,
        httpx.Client(base_url=server.url("topaz")) as client,
    ):
        client.headers["X-API-Key"] = "k"

        def look(body: bytes) -> int:
            process_id = json.loads(body)["process_id"]
            seen.append(client.get(f"/status/{process_id}").json()["status"])
            return 200

        with receiver(look) as (address, got):
            form: Told = {"files": {"image": ("a.jpg", photo)}, "data": {"webhook_url": address}}
            process_id = client.post("/enhance/async", **form).json()["process_id"]
            until(lambda: client.get(f"/status/{process_id}").json()["status"] == "Completed")

    assert [json.loads(body)["status"] for body in got] == ["Processing", "Completed"]
    assert seen == ["Processing", "Completed"]


def test_where_time_runs_deliveries_are_made_without_being_asked(photo: bytes) -> None:
    with (
        MockServer(Settings(clock=Mode.SCALED, pace=1e4)) as server,
        receiver(lambda _: 200) as (address, got),
    ):
        httpx.post(
            f"{server.url('topaz')}/enhance/async",
            headers={"X-API-Key": "k"},
            files={"image": ("a.jpg", photo)},
            data={"webhook_url": address},
        )
        until(lambda: httpx.get(f"{server.origin}/_safelight/deliveries").json() and len(got) >= 2)

    assert [json.loads(body)["status"] for body in got] == ["Processing", "Completed"]


def test_a_letter_may_come_from_elsewhere(door: Door) -> None:
    answer(door, 418, "hang")
    address = f"{CONTROL}/inbox/box"

    sent = [door.request("POST", address, json={"hello": number}).status_code for number in range(3)]

    assert sent == [418, 504, 200]
    assert [json.loads(letter["body"])["hello"] for letter in letters(door)] == [0, 1, 2]
    assert door.request("DELETE", address).status_code == 204
    assert letters(door) == []


def test_what_is_owed_survives_a_restart_and_what_was_taken_is_not_sent_again(
    photo: bytes, tmp_path: Path
) -> None:
    answers = iter([200, 503])
    with receiver(lambda _: next(answers, 200)) as (address, got):
        with standing(data_dir=tmp_path) as door:
            door.submit(photo, webhook_url=address)
            advance(door, 3)
        with standing(data_dir=tmp_path) as door:
            happened = advance(door, HOUR)

    assert [json.loads(body)["status"] for body in got] == ["Processing", "Completed", "Completed"]
    assert [one["outcome"] for one in happened] == ["2xx"]
    assert got[1] == got[2]


def test_a_body_that_is_not_as_its_document_has_it_never_leaves(
    photo: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    with standing() as door:
        topaz = door.twin.served["topaz"]
        wrong = replace(topaz, vendor=replace(topaz.vendor, tell=lambda *_: {"status": "Completed"}))
        door.twin.served = {**door.twin.served, "topaz": wrong}
        door.submit(photo, webhook_url=inbox(door))

        happened = advance(door, HOUR)

        assert letters(door) == []
        assert [one["outcome"] for one in happened if one["delivery"]] == ["unfit", "unfit"]
        assert "is a required property" in deliveries(door)[0]["fault"]
        assert "may not leave" in caplog.text


def test_a_receiver_may_live_on_the_event_loop_that_advances_the_clock(photo: bytes) -> None:
    got: list[str] = []

    async def receive(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        got.append(json.loads(await reader.readexactly(length))["status"])
        writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
        writer.close()

    async def live(door: Door) -> tuple[Happening, ...]:
        async with await asyncio.start_server(receive, "127.0.0.1") as server:
            port = server.sockets[0].getsockname()[1]
            door.submit(photo, webhook_url=f"http://127.0.0.1:{port}/")
            return await door.twin.advance_async(60, vendor="topaz", key="k")

    with standing() as door:
        happened = asyncio.run(live(door))

    assert got == ["Processing", "Completed"]
    assert [one.status for one in happened if one.delivery] == [204, 204]


def test_a_bug_in_what_is_told_is_in_the_log_and_stops_nothing(
    photo: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    with standing() as door:
        topaz = door.twin.served["topaz"]
        stumbling = replace(topaz, vendor=replace(topaz.vendor, tell=lambda *_: 1 / 0))
        door.twin.served = {**door.twin.served, "topaz": stumbling}
        door.submit(photo, webhook_url=inbox(door))

        assert [one["word"] for one in advance(door, HOUR)] == ["Processing", "Completed"]
        assert "ZeroDivisionError" in caplog.text


MOVES = st.sampled_from(["Failed", "Completed", "cancel"])
DOINGS = st.lists(
    st.one_of(st.just("submit"), st.tuples(MOVES, st.integers(0, 3)), st.sampled_from([0.25, 1.0, 30.0])),
    max_size=10,
)


@settings(max_examples=25)
@given(doings=DOINGS, answers=st.lists(st.sampled_from([200, 503, "hang"]), max_size=10))
def test_every_change_is_taken_once_whatever_was_done_to_jobs(
    doings: list[str | float | tuple[str, int]], answers: list[int | str]
) -> None:
    expected: dict[str, list[str]] = {}
    with standing() as door:
        answer(door, *answers)
        for doing in doings:
            match doing:
                case "submit":
                    expected[door.submit(picture(8, 8), webhook_url=inbox(door))] = [
                        "Processing",
                        "Completed",
                    ]
                case (str(move), int(which)) if which < len(expected):
                    job = [*expected][which]
                    expected[job] = brought(door, job, move) or expected[job]
                case float():
                    advance(door, doing)
        advance(door, 24 * HOUR)

        taken = [json.loads(letter["body"]) for letter in letters(door) if letter["answer"] == 200]
        told = {job: [one["status"] for one in taken if one["process_id"] == job] for job in expected}
        assert {job: sorted(words) for job, words in told.items()} == {
            job: sorted(words) for job, words in expected.items()
        }
        assert len({one["notification_id"] for one in taken}) == len(taken)


def brought(door: Door, job: str, move: str) -> list[str]:
    """Bring a job to an end, if that is possible; return what is told of it then."""
    was = door.call("GET", f"/status/{job}").json()["status"]
    if move == "cancel":
        done, last = door.call("DELETE", f"/cancel/{job}"), "Cancelled"
    else:
        done, last = door.request("POST", f"{CONTROL}/jobs/{job}/move", json={"to": move}), move
    if done.status_code not in (200, 204) or was == last:
        return []
    return ["Processing", last] if was == "Processing" or last == "Completed" else [last]


def test_a_job_that_is_deleted_right_after_its_end_is_told_of(photo: bytes) -> None:
    real = [START]
    with (
        closing(Twin(Settings(seed="tests"), real=lambda: real[0])) as twin,
        httpx.Client(transport=TwinTransport(twin), base_url="http://twin") as client,
    ):
        door = Door(twin, client.request)
        process_id = door.submit(photo, webhook_url=inbox(door))

        real[0] += 60
        assert door.call("DELETE", f"/status/{process_id}").status_code == 204

        until(lambda: len(letters(door)) >= 2)
        told = [json.loads(letter["body"])["status"] for letter in letters(door)]
        assert told == ["Processing", "Completed"]


def test_many_who_are_called_may_call_the_twin_at_once(photo: bytes) -> None:
    with (
        MockServer(Settings(clock=Mode.AUTO)) as server,
        httpx.Client(base_url=server.url("topaz")) as client,
    ):

        def look(body: bytes) -> int:
            process_id = json.loads(body)["process_id"]
            return client.get(f"/status/{process_id}", headers={"X-API-Key": keys[process_id]}).status_code

        def live(key: str) -> str:
            headers = {"X-API-Key": key}
            form: Told = {"files": {"image": ("a.jpg", photo)}, "data": {"webhook_url": address}}
            process_id: str = client.post("/enhance/async", headers=headers, **form).json()["process_id"]
            keys[process_id] = key
            status = [client.get(f"/status/{process_id}", headers=headers).json()["status"] for _ in range(3)]
            return str(status[-1])

        keys: dict[str, str] = {}
        with receiver(look) as (address, _), ThreadPoolExecutor(12) as pool:
            ends = [*pool.map(live, map(str, range(12)))]
        listed = httpx.get(f"{server.origin}/_safelight/deliveries").json()

    assert set(ends) == {"Completed"}
    assert [attempt["outcome"] for one in listed for attempt in one["attempts"]] == ["2xx"] * 24


@pytest.mark.slow
def test_an_hour_in_seconds_is_the_same_hour(photo: bytes) -> None:
    def lived(seconds: float, times: int) -> tuple[list[Happening], list[Told]]:
        with standing() as door:
            answer(door, 503, "hang", "refuse", 200, rest=503)
            door.submit(photo, webhook_url=inbox(door))
            passed = [door.twin.advance(seconds, vendor="topaz", key="k") for _ in range(times)]
            return [one for happened in passed for one in happened], letters(door)

    assert lived(HOUR, 1) == lived(1, 3600)


def test_a_clock_that_runs_goes_on_from_where_it_was_set(photo: bytes) -> None:
    with standing(Mode.SCALED, pace=2.0) as door:
        door.submit(photo, webhook_url=inbox(door))

        told = clock(door, to=START + HOUR)

        assert (told["clock"], told["now"]) == ("scaled", START + HOUR)
        assert [one["outcome"] for one in told["happened"] if one["delivery"]] == ["2xx", "2xx"]
        assert [letter["at"] - START for letter in letters(door)] == pytest.approx([0.5, 2], abs=0.1)


def test_what_a_call_makes_due_is_not_left_for_what_another_call_did(photo: bytes) -> None:
    with standing() as door:
        process_id = door.submit(photo, webhook_url=inbox(door))
        theirs = Door(door.twin, door.request, {"X-API-Key": "theirs"})
        under_way = theirs.submit(photo, webhook_url=inbox(door, "theirs"))
        body = b'{"to": "Failed"}'
        door.twin.answer(
            Call(
                method="POST",
                path=f"{CONTROL}/jobs/{under_way}/move",
                headers={"content-type": "application/json", "host": "localhost"},
                body=body,
                at=START,
            )
        )

        door.request("POST", f"{CONTROL}/jobs/{process_id}/move", json={"to": "Failed"})

        assert [json.loads(letter["body"])["status"] for letter in letters(door)] == ["Failed"]
        assert letters(door, "theirs") == []
