"""On a full disk what would change something is refused and has not happened; reads go on."""

import logging
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from tests.mockserver.conftest import TwinClient
from tests.mockserver.disks import full
from tests.mockserver.hooks import START, inbox, inbox_messages, sandbox_of, until
from tests.mockserver.storage.test_transaction import (
    CONTROL,
    HEADERS,
    PHOTO,
    SUBMITS,
    http_client,
    ids,
    opened,
    state,
    topaz,
)

from safelight_mock import ClockMode, MockServer, Settings, Twin, TwinTransport
from safelight_mock.wire import Problem

pytestmark = pytest.mark.slow  # twins with folders of their own

STATUS = "/topaz/image/v1/status"


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TwinClient]:
    """A mock server with a data directory and manual clocks."""
    with opened(tmp_path) as opening:
        yield opening


def health(client: TwinClient) -> dict[str, object]:
    result: dict[str, object] = client.request("GET", f"{CONTROL}/health").json()
    return result


@pytest.mark.fidelity("tengr:503", "claid:503")
@pytest.mark.parametrize("vendor", SUBMITS)
def test_a_request_that_cannot_be_persisted_changes_nothing(
    tmp_path: Path, vendor: str, caplog: pytest.LogCaptureFixture
) -> None:
    with opened(tmp_path / "full") as client, http_client(client) as caller:
        SUBMITS[vendor](caller)
        before = state(client)
        with full():
            refused = [SUBMITS[vendor](caller) for _ in range(3)]
            during = state(client)
        assert SUBMITS[vendor](caller).is_success
        after = ids(client)
    with opened(tmp_path / "roomy") as client, http_client(client) as caller:
        for _ in range(2):
            SUBMITS[vendor](caller)
        expected = ids(client)

    assert {one.status_code for one in refused} == {503}
    assert "cannot be kept: disk I/O error" in refused[0].text or "full" in refused[0].text
    assert "cannot be kept in" in caplog.text
    assert during == before
    assert after == expected
    with opened(tmp_path / "full") as client:
        assert ids(client) == expected


@pytest.mark.fidelity("topaz:503", "tengr:503", "claid:503")
def test_each_vendor_has_its_own_error_for_a_full_disk(client: TwinClient) -> None:
    with http_client(client) as caller:
        for submit in SUBMITS.values():
            submit(caller)
        with full():
            message = {vendor: submit(caller).json() for vendor, submit in SUBMITS.items()}

    why = message["topaz"]["message"]
    assert message["topaz"] == {"code": 503, "message": why}
    assert message["claid"] == {
        "error_code": "503",
        "error_type": "general",
        "error_message": why,
        "error_details": {},
    }
    assert message["tengr"] == {"message": why, "error": "Service Unavailable", "statusCode": 503}


@pytest.mark.fidelity("twin.data_dir")
def test_earlier_jobs_can_be_read(client: TwinClient) -> None:
    with http_client(client) as caller:
        job = topaz(caller).json()["process_id"]
        client.twin.advance(60, vendor="topaz", key="k")
        link = caller.get(f"/topaz/image/v1/download/{job}", headers=HEADERS["topaz"]).json()["download_url"]
        assert caller.get(link).status_code == 200
        paths = [f"{STATUS}/{job}", STATUS, f"/topaz/image/v1/download/{job}"]
        with full():
            result = [caller.get(path, headers=HEADERS["topaz"]).status_code for path in paths]
            result += [caller.get(link).status_code, caller.get(f"{CONTROL}/jobs").status_code]

    assert result == [200] * 5


def test_a_new_key_reads_empty_lists(client: TwinClient) -> None:
    with full(), http_client(client) as caller:
        result = caller.get(STATUS, headers=HEADERS["topaz"])

    assert (result.status_code, result.json(), state(client)) == (200, [], [])


@pytest.mark.fidelity("twin.data_dir")
def test_health_reports_a_full_disk_until_there_is_space(client: TwinClient) -> None:
    with http_client(client) as caller:
        topaz(caller)
        before = health(client)["status"]
        with full():
            unnoticed = health(client)["status"]
            topaz(caller)
            during = health(client)
        after = health(client)

    assert (before, unnoticed, during["status"], after["status"]) == ("ok", "ok", "degraded", "ok")
    assert during["reason"]
    assert "reason" not in after


def test_an_upload_that_cannot_be_stored_is_refused_and_leaves_no_file(
    client: TwinClient, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    large = PHOTO + bytes(1_000_000)
    files = tmp_path / "files"
    with http_client(client) as caller:
        with full(10_000):
            refused = caller.post(
                "/topaz/image/v1/enhance/async", files={"image": ("a.jpg", large)}, headers=HEADERS["topaz"]
            )
            left = [*files.iterdir()]
            during = health(client)["status"]
        assert (refused.status_code, left, during, health(client)["status"]) == (503, [], "degraded", "ok")
        assert "a file cannot be written" in caplog.text
        assert topaz(caller).status_code == 200


def test_the_upload_of_a_submission_that_cannot_be_persisted_is_deleted(
    client: TwinClient, tmp_path: Path
) -> None:
    with http_client(client) as caller:
        topaz(caller)
        there = {*(tmp_path / "files").iterdir()}
        size = max(len(PHOTO) + 1, 2_000)
        with full(size):  # enough for the file, and not for what is written of the job
            other = {"image": ("b.jpg", PHOTO + b"!")}
            refused = caller.post("/topaz/image/v1/enhance/async", files=other, headers=HEADERS["topaz"])

    assert refused.status_code == 503
    assert "cannot be kept" in refused.json()["message"]
    assert {*(tmp_path / "files").iterdir()} == there


def test_a_result_is_rendered_once_there_is_space(client: TwinClient, tmp_path: Path) -> None:
    with http_client(client) as caller:
        job = topaz(caller).json()["process_id"]
        client.twin.advance(60, vendor="topaz", key="k")
        link = caller.get(f"/topaz/image/v1/download/{job}", headers=HEADERS["topaz"]).json()["download_url"]
        there = {*(tmp_path / "files").iterdir()}
        with full(100):
            refused = caller.get(link)
            left = {*(tmp_path / "files").iterdir()}

        assert (refused.status_code, left) == (503, there)
        assert caller.get(link).status_code == 200


CHANGES: dict[str, tuple[str, str, object]] = {
    "label": ("POST", "sandboxes", {"vendor": "topaz", "key": "k", "label": "mine"}),
    "new label": ("POST", "sandboxes", {"vendor": "topaz", "key": "new", "label": "theirs"}),
    "account": ("PATCH", "sandboxes/{sandbox}/account", {"balance": 5}),
    "clock": ("PATCH", "sandboxes/{sandbox}/clock", {"mode": "scaled", "rate": 2}),
    "advance": ("POST", "sandboxes/{sandbox}/clock/advance", {"seconds": 3600}),
    "make": ("POST", "sandboxes/{sandbox}/jobs", {"operation": "postDenoise", "state": "succeeded"}),
    "move": ("POST", "jobs/{job}/move", {"to": "failed"}),
    "webhook": ("PATCH", "sandboxes/{sandbox}/webhook", {"secret": "s"}),
    "mishaps": ("PUT", "sandboxes/{sandbox}/faults", {"next": ["never"]}),
    "resend": ("POST", "deliveries/{delivery}/resend", None),
    "fork": ("POST", "sandboxes/{sandbox}/forks", {"key": "fork"}),
}


@pytest.mark.parametrize("named", CHANGES)
def test_a_change_by_the_control_plane_that_cannot_be_persisted_is_undone(
    client: TwinClient, named: str
) -> None:
    method, path, body = CHANGES[named]
    with http_client(client) as caller:
        job = topaz(caller, webhook_url=inbox(client)).json()["process_id"]
        client.twin.advance(1, vendor="topaz", key="k")
        delivery = caller.get(f"{CONTROL}/deliveries").json()[0]["id"]
        location = path.format(sandbox=sandbox_of(client), job=job, delivery=delivery)
        before = state(client), inbox_messages(client)
        with full():
            refused = caller.request(method, f"{CONTROL}/{location}", json=body)
            during = state(client), inbox_messages(client)
        done = caller.request(method, f"{CONTROL}/{location}", json=body)

    assert refused.status_code == 503, refused.text
    assert during == before
    assert done.is_success, done.text
    assert state(client) != before[0]


def test_a_snapshot_succeeds_once_there_is_space(client: TwinClient) -> None:
    with http_client(client) as caller:
        topaz(caller)
    path = f"{CONTROL}/sandboxes/{sandbox_of(client)}/snapshot"

    with full():
        assert client.request("GET", path).status_code == 503
    assert client.request("GET", path).status_code == 200


def test_a_failed_restore_changes_nothing(client: TwinClient, tmp_path: Path) -> None:
    with http_client(client) as caller:
        topaz(caller)
        taken = client.twin.snapshot(vendor="topaz", key="k")
        caller.delete(STATUS, headers=HEADERS["topaz"])
        topaz(caller)
        before, files = state(client), {*(tmp_path / "files").iterdir()}
        with full(), pytest.raises(Problem):
            client.twin.restore(taken, vendor="topaz", key="k")

        assert (state(client), {*(tmp_path / "files").iterdir()}) == (before, files)
        client.twin.restore(taken, vendor="topaz", key="k")
        assert state(client) != before


def test_a_poll_on_an_auto_clock_reads_the_current_state(tmp_path: Path) -> None:
    with opened(tmp_path, ClockMode.AUTO) as client, http_client(client) as caller:
        job = topaz(caller).json()["process_id"]
        before = state(client)
        with full():
            result = [caller.get(f"{STATUS}/{job}", headers=HEADERS["topaz"]).json()["status"] for _ in "ab"]
        assert (result, state(client)) == (["Pending", "Pending"], before)

        assert caller.get(f"{STATUS}/{job}", headers=HEADERS["topaz"]).json()["status"] == "Processing"


def test_a_poll_that_makes_a_webhook_due_reads_the_current_state(tmp_path: Path) -> None:
    with opened(tmp_path, ClockMode.AUTO) as client, http_client(client) as caller:
        job = topaz(caller, webhook_url=inbox(client)).json()["process_id"]
        with full():
            result = caller.get(f"{STATUS}/{job}", headers=HEADERS["topaz"])
            sent = inbox_messages(client)
        assert (result.status_code, result.json()["status"], sent) == (200, "Pending", [])

        assert caller.get(f"{STATUS}/{job}", headers=HEADERS["topaz"]).json()["status"] == "Processing"
        assert len(inbox_messages(client)) == 1


def test_webhooks_wait_until_they_can_be_recorded_and_are_sent_once(client: TwinClient) -> None:
    with http_client(client) as caller:
        topaz(caller, webhook_url=inbox(client))
        with full():
            with pytest.raises(Problem, match="cannot be kept"):
                client.twin.advance(60, vendor="topaz", key="k")
            sent = inbox_messages(client)

        client.twin.advance(60, vendor="topaz", key="k")
        assert (sent, len(inbox_messages(client))) == ([], 2)


def test_a_queued_inbox_response_is_kept_for_a_later_delivery(client: TwinClient) -> None:
    with http_client(client) as caller:
        caller.put(inbox(client), json={"responses": [503]}).raise_for_status()
        topaz(caller, webhook_url=inbox(client))
        with full(), pytest.raises(Problem, match="cannot be kept"):
            client.twin.advance(1, vendor="topaz", key="k")
        left = caller.get(inbox(client)).json()["responses"]

        client.twin.advance(1, vendor="topaz", key="k")
        assert (left, [message["response"] for message in inbox_messages(client)]) == ([503], [503])


def test_a_synchronous_request_is_rejected_or_returns_its_image(client: TwinClient) -> None:
    image, path = {"image": ("photo.jpg", PHOTO)}, "/topaz/image/v1/enhance"
    with http_client(client) as caller:
        topaz(caller)
        before = state(client)
        with full():
            refused = caller.post(path, files=image, headers=HEADERS["topaz"])
            during = state(client)

        assert (refused.status_code, during) == (503, before)
        assert (
            caller.post(path, files=image, headers=HEADERS["topaz"]).headers["content-type"] == "image/jpeg"
        )


def test_no_job_is_evicted_for_one_that_cannot_be_persisted(tmp_path: Path) -> None:
    with opened(tmp_path, max_jobs=1) as client, http_client(client) as caller:
        topaz(caller)
        client.twin.advance(60, vendor="topaz", key="k")
        before = state(client)
        with full():
            assert topaz(caller).status_code == 503
        assert state(client) == before

        assert topaz(caller).status_code == 200
        assert len(ids(client)) == 1


def test_a_data_dir_can_be_opened_on_a_full_disk(tmp_path: Path) -> None:
    with opened(tmp_path) as client, http_client(client) as caller:
        job = topaz(caller).json()["process_id"]

    with full(), opened(tmp_path) as client, http_client(client) as caller:
        result = caller.get(f"{STATUS}/{job}", headers=HEADERS["topaz"]).status_code

    assert result == 200


def test_a_full_disk_is_not_logged_as_an_internal_error(
    client: TwinClient, caplog: pytest.LogCaptureFixture
) -> None:
    with http_client(client) as caller:
        topaz(caller)
        with full():
            topaz(caller)

    errors = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert [(record.name, record.exc_info) for record in errors] == [("safelight_mock", None)]


def test_on_a_running_clock_a_webhook_is_sent_once_there_is_space(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    moments = [START]
    settings = Settings(seed="tests", data_dir=tmp_path)
    with (
        closing(Twin(settings, real=lambda: moments[-1])) as twin,
        httpx.Client(transport=TwinTransport(twin), base_url="http://twin") as caller,
    ):
        client = TwinClient(twin, caller.request)
        topaz(caller, webhook_url=inbox(client))
        with full():
            moments.append(START + 60)
            until(lambda: "cannot be kept" in caplog.text)
            assert inbox_messages(client) == []
        moments.append(START + 120)  # past the wait until it is looked at again

        until(lambda: len(inbox_messages(client)) == 2)
        assert [one["status"] for one in caller.get(STATUS, headers=HEADERS["topaz"]).json()] == ["Completed"]


@pytest.mark.fidelity("twin.data_dir")
def test_exactly_the_acknowledged_jobs_survive_a_full_disk(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, clock=ClockMode.MANUAL)
    with MockServer(settings) as server, httpx.Client(base_url=server.origin) as caller:
        with full(300_000):
            answers = [topaz(caller)]
            while answers[-1].is_success:
                answers.append(topaz(caller))
            *taken, refused = answers
            result = {one.json()["process_id"]: one.status_code for one in taken}
            read = {
                job: caller.get(f"{STATUS}/{job}", headers=HEADERS["topaz"]).status_code for job in result
            }
            degraded = caller.get(f"{CONTROL}/health").json()["status"]
        account = caller.get(f"{CONTROL}/sandboxes").json()[0]["account"]
        taken.append(topaz(caller))
    with opened(tmp_path) as again:
        kept = ids(again)

    assert (refused.status_code, read, degraded) == (503, result, "degraded")
    assert account["reserved"] == len(result) > 5
    assert kept == [one.json()["process_id"] for one in taken]
