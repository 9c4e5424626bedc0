"""What is read off answers and submissions by the places a lifecycle names."""

import pytest
from tests.mockserver.lifecycles import lifecycle, webhook

from safelight_mock.core import Format, Job, Picture, Plan, Source, Webhook

ANSWER = {"data": {"id": 17, "status": "DONE", "empty": None}, "id": "a", "odd#": {"id": "b"}}


@pytest.mark.parametrize(
    ("location", "actual"),
    [
        ("$response.body#/data/id", "17"),
        ("$response.body#/id", "a"),
        ("$response.body#/odd#/id", "b"),
        ("$response.body#/data/empty", ""),
        ("$response.body#/data/id/deeper", ""),
        ("$response.body#/data", ""),
        ("$response.body#/nothing/there", ""),
    ],
)
def test_an_id_is_converted_to_text_or_none_if_missing(location: str, actual: str) -> None:
    cycle = lifecycle(id={"from": location, "parameter": "id"})

    assert cycle.job_id("submit", ANSWER, {}) == actual


@pytest.mark.parametrize(
    ("location", "state_name"),
    [("$response.body#/data/status", "DONE"), ("$response.body#/data/id", ""), ("$response.body#/state", "")],
)
def test_a_vendor_state_is_read_from_its_location(location: str, state_name: str) -> None:
    cycle = lifecycle(read={"operation": "read", "state": location}, states={"DONE": "succeeded"})

    assert cycle.word_in(ANSWER) == state_name


def job(**details: str) -> Job:
    picture = Picture(format=Format.PNG, width=4, height=3)
    source = Source(id="s", digest="whole", filename="photo.png", picture=picture)
    return Job(
        id="a",
        operation="submit",
        plan=Plan(queued=1, running=4),
        source=source,
        output=picture,
        details=details,
    )


@pytest.mark.parametrize(
    ("target", "address"),
    [
        ({"field": "hook"}, "http://job"),
        ({"query": "hook"}, "http://job"),
        ({"field": "other"}, ""),
        ({"field": "/a/hook"}, "http://deeper"),
        ({"account": True}, "http://account"),
    ],
)
def test_a_webhook_is_sent_to_the_url_of_the_job_or_of_the_account(
    target: dict[str, object], address: str
) -> None:
    submitted = job(hook="http://job") if "/" not in str(target) else job(**{"/a/hook": "http://deeper"})

    assert webhook(target=target).address(submitted, Webhook(url="http://account")) == address
