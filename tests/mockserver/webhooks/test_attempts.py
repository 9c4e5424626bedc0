"""A webhook that is not taken is tried again and given up, as its vendor says."""

import json
from itertools import pairwise
from pathlib import Path

import pytest
from tests.mockserver.conftest import TwinClient
from tests.mockserver.hooks import (
    CONTROL,
    HOUR,
    JsonObject,
    advance,
    answer,
    clock,
    deliveries,
    fault,
    inbox,
    inbox_messages,
    receiver,
    sandbox_of,
    serve,
)

pytestmark = pytest.mark.slow


@pytest.mark.fidelity("topaz/jobStatusChanged", "topaz.webhook_first")
def test_a_webhook_is_retried_unchanged_after_503(client: TwinClient, photo: bytes) -> None:
    clock(client, mode="manual")
    answer(client, 503, 503)
    process_id = client.submit(photo, webhook_url=inbox(client))

    client.request("POST", f"{CONTROL}/jobs/{process_id}/move", json={"to": "Failed"})
    advance(client, HOUR)

    arrived = inbox_messages(client)
    assert [message["response"] for message in arrived] == [503, 503, 200]
    assert [later["at"] - earlier["at"] for earlier, later in pairwise(arrived)] == [5, 10]
    assert len({message["body"] for message in arrived}) == 1
    (delivery,) = deliveries(client, job=process_id)
    assert [attempt["outcome"] for attempt in delivery["attempts"]] == ["5xx", "5xx", "2xx"]
    assert delivery["next_attempt"] is None


def failing(client: TwinClient, photo: bytes, *answers: int | str, default: int | str) -> list[JsonObject]:
    """Return the attempts of a delivery in a day of such answers."""
    answer(client, *answers, default=default)
    process_id = client.submit(photo, webhook_url=inbox(client))
    client.request("POST", f"{CONTROL}/jobs/{process_id}/move", json={"to": "Failed"})
    advance(client, 24 * HOUR)
    attempts: list[JsonObject] = deliveries(client)[0]["attempts"]
    return attempts


def gaps(attempts: list[JsonObject]) -> list[float]:
    return [later["at"] - earlier["at"] for earlier, later in pairwise(attempts)]


@pytest.mark.fidelity("topaz.webhook_max_delay", "topaz.backoff_cap", "topaz.webhook_attempts")
def test_a_webhook_is_given_up_after_twenty_attempts(photo: bytes) -> None:
    with serve() as client:
        assert gaps(failing(client, photo, default=500)) == [5, 10, 20, 40, 80, 160, 320, 640, *[900] * 11]


@pytest.mark.fidelity("topaz.backoff_cap")
def test_the_maximum_delay_can_bound_the_sum_of_all_delays(photo: bytes) -> None:
    with serve(options={"topaz.backoff_cap": "total"}) as client:
        assert gaps(failing(client, photo, default="refuse")) == [5, 10, 20, 40, 80, 160, 320]


@pytest.mark.fidelity(
    "topaz.webhook_retried", "topaz.webhook_first", "topaz.webhook_max_delay", "topaz.webhook_timeout"
)
def test_every_part_of_the_retry_policy_can_be_configured(photo: bytes) -> None:
    chosen = {"webhook_first": 1, "webhook_max_delay": 3, "webhook_attempts": 5, "webhook_timeout": 10}
    retried = {"topaz.webhook_retried": "4xx,timeout"}
    options = retried | {f"topaz.{name}": value for name, value in chosen.items()}
    with serve(options=options) as client:
        assert gaps(failing(client, photo, 404, "hang", default=429)) == [1, 12, 3, 3]


@pytest.mark.fidelity("topaz/jobStatusChanged", "topaz.webhook_retried")
@pytest.mark.parametrize("status", [302, 400, 410])
def test_a_rejected_webhook_is_not_retried(photo: bytes, status: int) -> None:
    with serve() as client:
        assert [attempt["status"] for attempt in failing(client, photo, default=status)] == [status]


@pytest.mark.fidelity("topaz.webhook_timeout")
def test_a_receiver_that_hangs_times_out_after_the_vendors_time(photo: bytes) -> None:
    with serve() as client:
        hung, taken = failing(client, photo, "hang", default=200)

        assert (hung["outcome"], hung["duration"], taken["outcome"]) == ("timeout", 30, "2xx")
        assert taken["at"] - hung["at"] == 35


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
def test_faults_can_be_injected_into_deliveries(photo: bytes, wanted: list[str], answers: list[str]) -> None:
    with serve() as client:
        fault(client, *wanted)
        client.submit(photo, webhook_url=inbox(client))

        advance(client, HOUR)

        assert [json.loads(message["body"])["status"] for message in inbox_messages(client)] == answers
        assert [delivery["fault"] for delivery in deliveries(client)][: len(wanted)] == wanted
        assert client.request("GET", f"{CONTROL}/sandboxes/{sandbox_of(client)}/faults").json() == {
            "next": []
        }


def test_an_out_of_order_delivery_that_no_other_overtook_is_sent_late(photo: bytes) -> None:
    with serve() as client:
        fault(client, "never", "out-of-order")
        for _ in range(2):
            client.submit(photo, webhook_url=inbox(client))
            advance(client, HOUR)

        words = [json.loads(message["body"])["status"] for message in inbox_messages(client)]

        assert words == ["Completed", "Processing", "Completed"]


def test_an_out_of_order_delivery_comes_right_after_the_next_one(photo: bytes) -> None:
    with serve() as client:
        fault(client, "out-of-order")
        client.submit(photo, webhook_url=inbox(client))

        advance(client, HOUR)

        first, second = inbox_messages(client)
        assert (json.loads(first["body"])["status"], first["at"]) == ("Completed", second["at"])
        assert sorted(one["fault"] for one in deliveries(client)) == ["", "out-of-order"]


def test_a_late_delivery_comes_a_minute_late(photo: bytes) -> None:
    with serve() as client:
        fault(client, "late")
        client.submit(photo, webhook_url=inbox(client))

        happened = advance(client, HOUR)

        due = [one["at"] for one in happened if not one["delivery"]]
        sent = {json.loads(one["body"])["status"]: one["at"] for one in inbox_messages(client)}
        assert sent == {"Processing": due[0] + 60, "Completed": due[1]}


def test_a_delivery_can_be_resent(photo: bytes) -> None:
    with serve() as client:
        fault(client, "never", "never")
        client.submit(photo, webhook_url=inbox(client))
        advance(client, 60)
        first = deliveries(client)[0]

        client.request("POST", f"{CONTROL}/deliveries/{first['id']}/resend")

        (message,) = inbox_messages(client)
        assert message["body"] == first["body"]
        (attempt,) = deliveries(client)[0]["attempts"]
        assert (attempt["is_resend"], attempt["outcome"]) == (True, "2xx")
        assert deliveries(client)[0]["next_attempt"] is None
        assert client.request("POST", f"{CONTROL}/deliveries/none/resend").status_code == 404


def test_a_delivery_that_failed_is_retried_after_it_was_resent(photo: bytes) -> None:
    with serve() as client:
        answer(client, 503, 503)
        job = client.submit(photo, webhook_url=inbox(client))
        client.request("POST", f"{CONTROL}/jobs/{job}/move", json={"to": "Failed"})
        (failed,) = deliveries(client)

        client.request("POST", f"{CONTROL}/deliveries/{failed['id']}/resend")
        (resent,) = deliveries(client)
        advance(client, HOUR)

        assert resent["next_attempt"] == failed["next_attempt"]
        (attempts,) = (one["attempts"] for one in deliveries(client))
        assert [(one["is_resend"], one["outcome"]) for one in attempts] == [
            (False, "5xx"),
            (True, "5xx"),
            (False, "2xx"),
        ]


def test_pending_deliveries_survive_a_restart_and_delivered_ones_are_not_repeated(
    photo: bytes, tmp_path: Path
) -> None:
    answers = iter([200, 503])
    with receiver(lambda _: next(answers, 200)) as (address, got):
        with serve(data_dir=tmp_path) as client:
            client.submit(photo, webhook_url=address)
            advance(client, 3)
        with serve(data_dir=tmp_path) as client:
            happened = advance(client, HOUR)

    assert [json.loads(body)["status"] for body in got] == ["Processing", "Completed", "Completed"]
    assert [one["outcome"] for one in happened] == ["2xx"]
    assert got[1] == got[2]
