"""What a lifecycle declares, and what is read off answers and submissions by the places it names."""

from math import inf

import pytest
from tests.mockserver.lifecycles import lifecycle, webhook

from safelight_lifecycle import RetryRule, Signature
from safelight_mock.core import WHOLE, Format, Job, Picture, Plan, RetryPolicy, Source, State, Webhook
from safelight_mock.core.job import Status
from safelight_mock.core.lifecycle import policy_of

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


def test_a_word_is_one_of_the_api_and_a_state_has_one() -> None:
    cycle = lifecycle(states={"Waiting": "queued", "Done": "succeeded"})

    for name in ("Waiting", "Done", "queued"):
        cycle.check_word(name)
    for name in State:
        lifecycle().check_word(name)  # of which no words are listed
    with pytest.raises(ValueError, match=r"no word for 'cancelled'; use one of Waiting, Done$"):
        cycle.check_word("cancelled")


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


def test_the_id_of_each_submission_is_where_it_says_in_body_or_header() -> None:
    cycle = lifecycle(
        submit=["submit", {"operation": "upload", "id": {"from": "$response.header.X-Job"}}],
        id={"from": "$response.body#/id", "parameter": "id"},
    )

    assert cycle.job_id("submit", ANSWER, {"x-job": "h"}) == "a"
    assert cycle.job_id("upload", ANSWER, {"x-job": "h"}) == "h"


def test_jobs_and_links_last_as_long_as_declared() -> None:
    forever = lifecycle()
    bounded = lifecycle(
        retention="PT50S",
        result={"operation": "download", "from": "$response.body#/url", "within": "PT20S"},
    )

    assert (forever.kept_for, forever.linked_for) == (inf, None)
    assert (bounded.kept_for, bounded.linked_for) == (50.0, 20.0)


def test_a_webhook_is_signed_as_declared() -> None:
    assert webhook(sign="none").sign is None
    signature = {"scheme": "standard-webhooks", "secret": {"account": True}}
    assert isinstance(webhook(sign=signature).sign, Signature)


def test_a_webhook_is_sent_for_its_states_only() -> None:
    def status(state: State) -> Status:
        return Status(job=job(), state=state, since=0, progress=0, ends=5, inspection=WHOLE)

    changes = [status(State.QUEUED), status(State.FAILED), status(State.SUCCEEDED)]

    assert [one.state for one in webhook(on=["failed"]).notified(changes)] == [State.FAILED]


def test_a_webhook_is_retried_as_declared() -> None:
    assert webhook(retry={"on": ["5xx"], "waits": ["PT3S"]}).retry_policy == RetryPolicy(
        retried=frozenset({"5xx"}), waits=(3.0,), attempts=2
    )


def test_a_webhook_without_retries_is_attempted_once() -> None:
    assert policy_of(None) == RetryPolicy(attempts=1)


def test_retries_are_made_as_declared_and_without_bounds_where_none_are() -> None:
    growing = RetryRule(
        on=frozenset({"5xx"}), attempts=20, first=5.0, factor=2.0, ceiling=900.0, timeout=10.0
    )
    listed = RetryRule(on=frozenset({"network"}), attempts=4, waits=(3.0, 6.0, 12.0))

    assert policy_of(growing) == RetryPolicy(
        retried=frozenset({"5xx"}), attempts=20, first=5.0, factor=2.0, max_delay=900.0, timeout=10.0
    )
    assert policy_of(listed) == RetryPolicy(
        retried=frozenset({"network"}), attempts=4, waits=(3.0, 6.0, 12.0), max_delay=inf, timeout=30.0
    )
