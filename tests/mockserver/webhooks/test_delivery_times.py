"""Webhooks are delivered in the time of their sandbox, however it passes."""

import json
from contextlib import closing
from itertools import pairwise

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.mockserver.conftest import TwinClient, picture
from tests.mockserver.hooks import (
    CONTROL,
    HOUR,
    START,
    JsonObject,
    advance,
    answer,
    clock,
    inbox,
    inbox_messages,
    receiver,
    serve,
    until,
)

from safelight_mock import ClockMode, MockServer, Settings, Twin, TwinTransport
from safelight_mock.app.driver import RunningExchange
from safelight_mock.app.steps import AdvanceClock
from safelight_mock.wire import Request

pytestmark = pytest.mark.slow


def story(
    photo: bytes, steps: list[float], answers: list[int | str]
) -> tuple[list[JsonObject], list[JsonObject]]:
    """Return what happens, and what arrives, when time is moved in these steps."""
    with serve() as client:
        answer(client, *answers)
        for _ in range(2):
            client.submit(photo, webhook_url=inbox(client))
        happened = [one for seconds in steps for one in advance(client, seconds)]
        return happened, inbox_messages(client)


@settings(max_examples=15)
@given(
    answers=st.lists(st.sampled_from([200, 204, 302, 410, 500, 503, "hang", "refuse"]), max_size=8),
    cuts=st.sets(st.integers(1, 3599), max_size=6),
)
def test_advancing_an_hour_at_once_or_in_steps_gives_the_same_timeline(
    answers: list[int | str], cuts: set[int]
) -> None:
    photo = picture(8, 8)
    moments = [0, *sorted(cuts), 3600]

    assert story(photo, [3600], answers) == story(photo, [b - a for a, b in pairwise(moments)], answers)


def test_a_poll_on_an_auto_clock_makes_earlier_deliveries(photo: bytes) -> None:
    with serve(ClockMode.AUTO) as client:
        answer(client, 503)
        process_id = client.submit(photo, webhook_url=inbox(client))

        observed = [client.call("GET", f"/status/{process_id}").json()["status"] for _ in range(4)]

        assert observed == ["Processing", "Completed", "Completed", "Completed"]
        result = [
            (json.loads(message["body"])["status"], message["response"]) for message in inbox_messages(client)
        ]
        assert result == [("Processing", 503), ("Completed", 200), ("Processing", 200)]


def test_a_synchronous_request_makes_earlier_deliveries(photo: bytes) -> None:
    with serve() as client:
        client.submit(photo, webhook_url=inbox(client))

        got = client.call(
            "POST", "/enhance", files={"image": ("a.jpg", photo)}, data={"output_width": "2000"}
        )

        assert got.headers["content-type"] == "image/jpeg"
        assert [json.loads(message["body"])["status"] for message in inbox_messages(client)] == [
            "Processing",
            "Completed",
        ]


def test_on_a_running_clock_deliveries_are_made_in_the_background(photo: bytes) -> None:
    with (
        MockServer(Settings(clock=ClockMode.SCALED, clock_rate=1e4)) as server,
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


def test_a_webhook_is_sent_for_a_job_deleted_right_after_its_end(photo: bytes) -> None:
    real = [START]
    with (
        closing(Twin(Settings(seed="tests"), real=lambda: real[0])) as twin,
        httpx.Client(transport=TwinTransport(twin), base_url="http://twin") as http,
    ):
        client = TwinClient(twin, http.request)
        process_id = client.submit(photo, webhook_url=inbox(client))

        real[0] += 60
        assert client.call("DELETE", f"/status/{process_id}").status_code == 204

        until(lambda: len(inbox_messages(client)) >= 2)
        result = [json.loads(message["body"])["status"] for message in inbox_messages(client)]
        assert result == ["Processing", "Completed"]


def test_a_running_clock_continues_from_where_it_was_set(photo: bytes) -> None:
    with serve(ClockMode.SCALED, clock_rate=2.0) as client:
        client.submit(photo, webhook_url=inbox(client))

        result = clock(client, to=START + HOUR)

        assert (result["clock"], result["now"]) == ("scaled", START + HOUR)
        assert [one["outcome"] for one in result["events"] if one["delivery"]] == ["2xx", "2xx"]
        assert [message["at"] - START for message in inbox_messages(client)] == pytest.approx(
            [0.5, 2], abs=0.1
        )


def test_a_request_makes_the_deliveries_that_it_made_due(photo: bytes) -> None:
    with serve() as client:
        process_id = client.submit(photo, webhook_url=inbox(client))
        theirs = TwinClient(client.twin, client.request, {"X-API-Key": "theirs"})
        under_way = theirs.submit(photo, webhook_url=inbox(client, "theirs"))
        body = b'{"to": "Failed"}'
        call = Request(
            method="POST",
            path=f"{CONTROL}/jobs/{under_way}/move",
            headers={"content-type": "application/json", "host": "localhost"},
            body=body,
            at=START,
        )
        with closing(RunningExchange(client.twin.exchange(call))) as moved:
            assert isinstance(moved.step, AdvanceClock)  # which is not performed here

        client.request("POST", f"{CONTROL}/jobs/{process_id}/move", json={"to": "Failed"})

        assert [json.loads(message["body"])["status"] for message in inbox_messages(client)] == ["Failed"]
        assert inbox_messages(client, "theirs") == []
