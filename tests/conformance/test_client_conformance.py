"""For each key of a lifecycle that clients read, a generated client does what a case of the suite says."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, suppress
from copy import deepcopy
from functools import reduce
from operator import getitem
from pathlib import Path
from typing import Any, TypeAlias

import httpx
import pytest
from tests.conformance.client import CASES, Playing, played
from tests.conformance.playing import START, Json, document_of, schema_keys

from safelight import (
    ApiError,
    InvalidWebhookError,
    JobFailedError,
    NoResultError,
    State,
    UnknownOutcomeError,
    UnsupportedOperationError,
)
from safelight_codegen._generate.lifecycle_table import NOT_READ_BY_CLIENT, client_part
from safelight_lifecycle import read_async_jobs

pytestmark = pytest.mark.slow

RECEIVER = "https://api.example.com/_safelight/inbox/receiver"

Play: TypeAlias = Callable[..., AbstractContextManager[Playing]]


@pytest.fixture
def play(modules: Mapping[str, str]) -> Play:
    """Return a function that connects a client to a server by the name of a case."""
    return lambda case, **lifecycle: played(case, modules, **lifecycle)


def test_a_job_is_read_at_the_url_that_the_submission_was_given(play: Play) -> None:
    with play("read: the response to the submission has the URL at which the job is read") as case:
        job = case.create()

        assert job.status().vendor_state == "waiting"
        assert str(case.network.sent[-1].url) == job.origin.values["$response.body#/links/self"]


def test_without_that_url_a_job_is_read_by_its_id(play: Play) -> None:
    with play("read: the response to the submission has the URL at which the job is read") as case:
        job = case.jobs.job(case.create().id)

        assert job.status().vendor_state == "waiting"
        assert case.network.lines[-1] == f"GET /jobs/{job.id}"


def test_a_status_has_progress_in_percent_the_expected_end_and_how_long_to_wait(play: Play) -> None:
    with play(
        "read: a response has the progress, the time of the expected end, and when to ask again"
    ) as case:
        job = case.create()
        case.advance(7)

        status = job.status()

        assert (status.progress, status.eta, status.retry_after) == (50, START + 12, 3)


def test_a_wait_polls_no_earlier_than_a_response_asks(play: Play) -> None:
    with play(
        "read: a response has the progress, the time of the expected end, and when to ask again"
    ) as case:
        case.create().wait()

        assert case.rests == [3, 3, 3, 3]


def test_the_state_is_that_of_the_status_code(play: Play) -> None:
    read = {"operation": "getJob", "by_status": {"202": ["waiting", "working"], "200": ["done"]}}
    with play("read: the status code follows the state", read=read) as case:
        job = case.create()

        states = [job.status().state]
        case.advance(13)

        assert [*states, job.status().state] == [State.QUEUED, State.SUCCEEDED]


def test_an_id_in_the_url_of_a_header_and_a_parameter_of_the_submission(play: Play) -> None:
    with play("id: an id is in the URL of a header, and operations take further parameters") as case:
        job = case.jobs.submit("createModelJob", model="m1")
        again = case.jobs.job(job.id, parameters={"model": "m1"})

        assert job.status() == again.status()
        assert case.network.lines == [
            "POST /models/m1/jobs",
            f"GET /models/m1/jobs/{job.id}",
            f"GET /models/m1/jobs/{job.id}",
        ]
        with pytest.raises(ValueError, match="getModelJob needs the parameter 'model'"):
            case.jobs.job(job.id).status()


def test_an_id_and_another_parameter_in_the_query(play: Play) -> None:
    with play("id: an id is a query parameter, and so is another one") as case:
        job = case.jobs.submit("createJob", body={}, method="v2")

        assert job.status().vendor_state == "waiting"
        assert case.network.sent[-1].url.params == httpx.QueryParams({"job": job.id, "version": "v2"})


def test_a_request_that_starts_no_job_is_not_submitted_and_its_result_is_returned(play: Play) -> None:
    with play("submit: an operation is asynchronous only if its request says so") as case:
        with pytest.raises(ValueError, match="createJob starts a job only with"):
            case.create(prompt="Rain")

        assert case.network.sent == []
        assert case.jobs.run("createJob", body={"prompt": "Rain"})
        assert case.create(prompt="Rain", background=True).status().state is State.QUEUED


def test_a_job_has_the_result_of_its_submission(play: Play) -> None:
    with play("submit: a submission has a result, times and a price of its own") as case:
        job = case.create(prompt="Rain").wait()
        copy = case.jobs.submit("copyJob", id=job.id).wait()

        text, kind = copy.status().details["text"], job.status().details["kind"]
        assert (copy.result(), job.result()) == (text, kind)


def test_a_submission_has_its_id_at_a_place_of_its_own(play: Play) -> None:
    with play("submit: a submission has its id at a place of its own") as case:
        copy = case.jobs.submit("copyJob", id=case.create(prompt="Rain").id)

        assert copy.status().vendor_state == "waiting"


def test_an_operation_that_waits_gives_the_result(play: Play) -> None:
    with play("submit: an operation waits for the end of the job that it starts") as case:
        assert case.jobs.run("createNow", body={"prompt": "Rain"})
        with pytest.raises(ValueError, match="createNow waits for the end of its job; use run"):
            case.jobs.submit("createNow", body={"prompt": "Rain"})


def test_a_result_behind_a_url_is_saved(play: Play, tmp_path: Path) -> None:
    with play("results: the result is behind a URL that expires") as case:
        job = case.create(prompt="Rain")

        with pytest.raises(NoResultError, match=r"\(waiting\) has no result to download"):
            job.result()
        job.wait()

        assert job.result().startswith("http")
        assert job.save(tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")


def test_several_results_are_saved(play: Play, tmp_path: Path) -> None:
    with play("results: there are several results") as case:
        job = case.create(prompt="Rain").wait()

        assert len(job.result()) == len(job.save_all(tmp_path)) == 1


def test_the_operation_of_the_result_is_called_at_the_url_of_the_submission(
    play: Play, tmp_path: Path
) -> None:
    with play("results: the result is in the response of an operation, at a URL of the submission") as case:
        job = case.create(prompt="Rain")
        with pytest.raises(ApiError, match="409"):
            job.save(tmp_path / "early.png")
        job.wait()

        assert job.save(tmp_path / "a.png").stat().st_size
        assert job.origin.values["$response.body#/links/result"] in [
            str(one.url) for one in case.network.sent
        ]


def test_a_result_whose_url_has_expired_is_saved_from_a_new_one(play: Play, tmp_path: Path) -> None:
    with play("results: the result is in the response of an operation, at a URL of the submission") as case:
        job = case.create(prompt="Rain").wait()
        case.network.expired = 1

        assert job.save(tmp_path / "a.png").stat().st_size
        assert [one.url.path for one in case.network.sent].count(f"/v1/jobs/{job.id}/result") == 2


def test_the_body_of_an_operation_is_saved(play: Play, tmp_path: Path) -> None:
    with play("results: the result is the body of an operation") as case:
        job = case.create(prompt="Rain").wait()

        assert job.save(tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
        with pytest.raises(UnsupportedOperationError, match="only bytes: use save"):
            job.result()


def test_a_file_with_an_id_is_saved(play: Play, tmp_path: Path) -> None:
    with play("results: the result is a file with an id") as case:
        job = case.create(prompt="Rain").wait()

        assert job.save(tmp_path / "a").stat().st_size
        assert case.network.lines[-1] == f"GET /files/{job.result()}/content"


def test_further_results_have_names_states_and_parameters(play: Play, tmp_path: Path) -> None:
    with play("results: a result is there on a condition, in a state, or by a parameter") as case:
        job = case.create(prompt="Rain")
        case.advance(5)

        assert job.result("preview")
        job.wait()
        with pytest.raises(NoResultError):
            job.result()
        assert job.save(tmp_path / "small.png", result="link").stat().st_size
        assert f"GET /jobs/{job.id}/result?kind=small" in case.network.lines
        with pytest.raises(
            UnsupportedOperationError, match="no further result 'x'; use one of preview, link"
        ):
            job.result("x")


def test_a_job_is_cancelled_and_a_refusal_is_the_services_error(play: Play) -> None:
    with play("moves: a move is refused in states that do not allow it") as case:
        job = case.create(prompt="Rain")

        job.cancel()

        assert job.status().state is State.CANCELLED
        with pytest.raises(ApiError, match="409"):
            job.cancel()


def test_an_operation_that_would_do_another_thing_is_not_called(play: Play) -> None:
    with play("moves: the first move of an operation that the state allows is applied") as case:
        job = case.create(prompt="Rain")

        with pytest.raises(UnsupportedOperationError, match="would change it to stopped, not to deleted"):
            job.delete()
        job.cancel()
        job.delete()

        with pytest.raises(ApiError, match="404"):
            job.status()


def test_a_move_to_a_word_is_one_to_the_word_that_follows(play: Play) -> None:
    with play("states: a word follows another one by itself") as case:
        job = case.create(prompt="Rain")
        case.advance(5)

        job.cancel()
        stopping = job.status().vendor_state
        case.advance(2)

        assert (stopping, job.status().state) == ("stopping", State.CANCELLED)


def test_an_operation_for_all_jobs_is_not_called_for_one(play: Play) -> None:
    with play("moves: an operation without an id is applied to every job that allows it") as case:
        job = case.create(prompt="Rain")

        with pytest.raises(UnsupportedOperationError, match="cannot cancel jobs"):
            job.cancel()


def test_a_job_is_moved_to_a_word(play: Play) -> None:
    with play("moves: a job that is paused goes on with the word to which it is moved") as case:
        job = case.create(prompt="Rain")
        case.advance(5)

        job.move("paused")
        paused = job.status()
        job.move("waiting")

        assert (paused.vendor_state, job.wait().status().vendor_state) == ("paused", "done")
        with pytest.raises(
            UnsupportedOperationError, match="cannot change jobs to frozen; it changes them to: paused"
        ):
            job.move("frozen")


def test_a_move_is_called_at_the_url_of_the_submission(play: Play) -> None:
    with play("moves: the response to the submission has the URL of a move") as case:
        job = case.create(prompt="Rain")

        job.cancel()

        assert str(case.network.sent[-1].url) == job.origin.values["$response.body#/links/cancel"]


@pytest.mark.parametrize(
    ("case_name", "parameters"),
    [
        ("list: pages are counted from an offset", {}),
        ("list: a page follows a cursor of the server", {"limit": 2}),
        ("list: a page comes after a job", {"limit": 2}),
    ],
)
def test_the_jobs_of_all_pages_are_listed(play: Play, case_name: str, parameters: dict[str, Any]) -> None:
    with play(case_name) as case:
        created = [case.create(prompt="Rain") for _ in range(5)]

        listed = [*case.jobs.all_jobs(**parameters)]

        assert listed == created[::-1]
        assert len([line for line in case.network.lines if line.startswith("GET")]) == 3


def test_an_entry_of_the_list_is_read_as_the_job_would_be(play: Play) -> None:
    with play("list: an entry is like a part of a job that is read") as case:
        job = case.create(prompt="Rain")
        case.advance(3)

        (listed,) = case.jobs.jobs()

        assert listed == job
        assert listed.last_status is not None
        assert listed.last_status.vendor_state == "working"


def test_a_parameter_selects_jobs(play: Play) -> None:
    with play("list: a parameter selects jobs by their word") as case:
        case.create(prompt="Rain")
        case.advance(5)
        second = case.create(prompt="Rain")

        assert case.jobs.jobs(status="waiting") == [second]


def test_a_job_whose_submission_was_held_to_its_end_is_not_polled(play: Play) -> None:
    with play("limits: a submission is held as long as a header asks") as case:
        job = case.jobs.submit("createJob", body={}, prefer="wait").wait()

        assert job.last_status is not None
        assert job.last_status.vendor_state == "done"
        assert case.network.lines == ["POST /jobs"]


def test_a_held_submission_may_take_longer_than_other_requests(play: Play) -> None:
    with play("limits: a submission is held as long as a header asks") as case:
        case.jobs.submit("createJob", body={}, prefer="wait=30")
        case.jobs.submit("createJob", body={})

        held, other = (one.extensions["timeout"]["read"] for one in case.network.sent)
        assert (held, other) == (90, 60)


def test_a_submission_whose_response_is_lost_is_sent_again_with_the_same_key(play: Play) -> None:
    with play("limits: another request with the same key gets the same response") as case:
        case.network.lost = 2

        job = case.create(prompt="Rain")

        keys = [one.headers["idempotency-key"] for one in case.network.sent]
        assert (len(keys), len({*keys}), case.rests) == (3, 1, [0.25, 0.375])
        assert job.status().vendor_state == "waiting"


def test_a_key_of_the_caller_gives_the_same_job_again(play: Play) -> None:
    with play("limits: another request with the same key gets the same response") as case:
        jobs = [case.jobs.submit("createJob", body={"prompt": "Rain"}, idempotency_key="17") for _ in "ab"]

        assert jobs[0] == jobs[1]
        with pytest.raises(ApiError, match="409"):
            case.jobs.submit("createJob", body={"prompt": "Sun"}, idempotency_key="17")


def test_an_unknown_outcome_says_with_which_key_to_send_it_again(play: Play) -> None:
    with play("limits: another request with the same key gets the same response") as case:
        case.network.lost = 9

        with pytest.raises(UnknownOutcomeError, match="only with idempotency_key='17'"):
            case.jobs.submit("createJob", body={}, idempotency_key="17")

        assert len(case.network.sent) == 4


def test_a_service_that_takes_no_key_is_not_sent_one(play: Play) -> None:
    with (
        play("read: progress reaches 100 where nothing else is said") as case,
        pytest.raises(ValueError, match="no idem"),
    ):
        case.jobs.submit("createJob", body={}, idempotency_key="17")


def test_a_job_whose_response_is_lost_is_found_in_the_list_by_its_nonce(play: Play) -> None:
    with play("limits: responses show what a client wrote into the field that is free for it") as case:
        other = case.create()
        case.network.lost = 1

        job = case.create(prompt="Rain")

        assert job.id != other.id
        assert case.network.lines[1:] == ["POST /jobs", "GET /jobs"]
        assert len(case.jobs.jobs()) == 2


def test_a_submission_that_did_not_arrive_is_not_sent_again(play: Play) -> None:
    with play("limits: responses show what a client wrote into the field that is free for it") as case:
        case.network.lost = 9

        with pytest.raises(UnknownOutcomeError, match=r"look for the job in jobs\(\), with 'n-17' at"):
            case.create(note="n-17")

        assert [line for line in case.network.lines if line.startswith("POST")] == ["POST /jobs"]


def test_a_failed_job_says_why(play: Play) -> None:
    with play("values: a job that failed says why") as case:
        job = case.create(prompt="Rain")
        case.move(job.id, "failed")

        with pytest.raises(JobFailedError) as raised:
            job.wait()

        assert raised.value.reason


@pytest.mark.parametrize(
    ("case_name", "secret"),
    [
        ("deliver: an HMAC with a secret of the request", "whisper"),
        ("deliver: the secret itself", "whisper"),
        ("deliver: Standard Webhooks, with a secret that an operation gives", ""),
    ],
)
def test_a_webhook_is_verified_and_leads_to_its_job(play: Play, case_name: str, secret: str) -> None:
    with play(case_name) as case:
        body = {
            "prompt": "Rain",
            "webhook": "https://api.example.com/_safelight/inbox/receiver",
            "secret": "whisper",
        }
        job = case.jobs.submit("createJob", body=body)
        case.advance(13)
        ((headers, content),) = case.received()

        event = case.jobs.webhook(content, headers, secret=secret, now=START + 12)

        assert (event.job, event.state, event.is_signed) == (job, State.SUCCEEDED, True)
        with pytest.raises(InvalidWebhookError, match="its signature is not one of this secret"):
            case.jobs.webhook(content, headers, secret=f"not {secret}", now=START + 12)


def test_a_webhook_is_verified_by_the_keys_that_the_api_publishes(play: Play) -> None:
    name = "deliver: Ed25519, with keys that the API publishes"
    deliver = CASES[name]["lifecycle"]["deliver"] | {"headers": {"X-Delivery": "delivery"}}
    with play(name, deliver=deliver) as case:
        job = case.jobs.submit("createJob", body={"webhook": RECEIVER})
        case.advance(13)
        ((headers, content),) = case.received()

        event = case.jobs.webhook(content, headers)

        assert (event.job, event.id, event.is_signed) == (job, headers["X-Delivery"], True)
        with pytest.raises(InvalidWebhookError, match="its signature is not one of this secret"):
            case.jobs.webhook(content, headers | {"X-Delivery": "another"})


def test_a_secret_that_each_call_replaces_is_not_requested(play: Play) -> None:
    with play("deliver: a secret that each call of an operation replaces") as case:
        secret = case.rotated_secret()
        job = case.jobs.submit("createJob", body={"webhook": RECEIVER})
        case.advance(13)
        ((headers, content),) = case.received()

        event = case.jobs.webhook(content, headers, secret=secret)

        assert (event.job, event.is_signed) == (job, True)
        with pytest.raises(ValueError, match="each call of rotateSecret replaces the secret"):
            case.jobs.webhook(content, headers)


@pytest.mark.parametrize(
    "case_name",
    [
        "deliver: a query parameter has the address, and a callback describes what is sent",
        "deliver: further headers, of which the request may have name and value",
    ],
)
def test_a_webhook_has_the_id_of_its_notification(play: Play, case_name: str) -> None:
    deliver = CASES[case_name]["lifecycle"]["deliver"] | {"headers": {"X-Delivery": "delivery"}}
    with play(case_name, deliver=deliver) as case:
        job = case.jobs.submit("createJob", body={"webhook": RECEIVER}, callback=RECEIVER)
        case.advance(13)
        ((headers, content),) = case.received()

        event = case.jobs.webhook(content, headers)

        assert (event.job, event.id, event.is_signed) == (job, headers["X-Delivery"], False)


def test_every_key_that_clients_read_is_in_a_case_of_this_page() -> None:
    source = Path(__file__).read_text(encoding="utf-8")
    tested = {name: case for name, case in CASES.items() if f'"{name}"' in source}

    assert _read_keys(CASES) - _read_keys(tested) == set()


def test_every_field_that_clients_do_not_read_exists() -> None:
    for type_, names in NOT_READ_BY_CLIENT.items():
        assert names < set(type_._fields)


def _read_keys(chosen: Mapping[str, Json]) -> set[str]:
    """Return the keys in the lifecycles of cases without which a generated client would be another."""
    return {key for case in chosen.values() for key in _read_keys_of(document_of(case))}


def _read_keys_of(document: Json) -> Iterator[str]:
    table = client_part(read_async_jobs(document).lifecycles)
    for *place, key in _places(document["x-async-jobs"]["lifecycles"], ()):
        changed = deepcopy(document)
        node = reduce(getitem, place, changed["x-async-jobs"]["lifecycles"])
        del node[key]
        with suppress(KeyError, ValueError):  # it is required: its object is read as a whole or not at all
            if key in schema_keys() and client_part(read_async_jobs(changed).lifecycles) != table:
                yield key


def _places(node: Any, at: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401 - any JSON
    """Yield the place of each member of an object in a lifecycle."""
    members = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in members:
        if isinstance(node, dict):
            yield (*at, key)
        yield from _places(value, (*at, key))
