"""What goes wrong with requests and jobs, as a client sees it, at a built-in vendor and a generic one."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.small_photograph import PHOTO

from safelight_mock import ClockMode, Settings, Twin, TwinTransport

HEADER = "X-Safelight-Scenario"
Open = Callable[..., "Client"]


class Client:
    """Topaz's API with a key, in process."""

    def __init__(self, twin: Twin) -> None:
        self.twin = twin
        headers = {"x-api-key": "k"}
        transport = TwinTransport(twin)
        self.http = httpx.Client(transport=transport, base_url="https://api.topazlabs.com", headers=headers)

    def submit(self, filename: str = "a.jpg", headers: Mapping[str, str] | None = None) -> httpx.Response:
        files = {"image": (filename, PHOTO, "image/jpeg")}
        return self.http.post("/image/v1/enhance/async", files=files, headers=headers)

    def job(self, filename: str = "a.jpg", headers: Mapping[str, str] | None = None) -> str:
        return str(self.submit(filename, headers).json()["process_id"])

    def read(self, job: str) -> dict[str, Any]:
        return dict(self.http.get(f"/image/v1/status/{job}").json())

    def advance(self, seconds: float) -> None:
        self.twin.advance(seconds, vendor="topaz", key="k")

    def control(self, method: str, path: str, json: object = None) -> httpx.Response:
        return self.http.request(method, f"http://127.0.0.1/_safelight/{path}", json=json)

    def rules(self) -> list[tuple[int, str, bool | None]]:
        return [(one.status, one.rule, one.is_accepted) for one in self.twin.request_log.entries()]


@pytest.fixture
def opened() -> Iterator[Open]:
    twins: list[Twin] = []

    def opened(*rules: dict[str, Any], scenario: str | None = None, clock: str = "manual") -> Client:
        inline = {"version": "1", "name": "test", "rules": [*rules]} if rules else None
        twins.append(Twin(Settings(clock=ClockMode(clock), scenario=scenario or inline, seed="s")))
        return Client(twins[-1])

    yield opened
    for twin in twins:
        twin.close()


@pytest.mark.fidelity("twin.scenario")
def test_the_first_two_submissions_are_refused_in_the_vendors_words_and_submit_nothing(opened: Open) -> None:
    client = opened(scenario="flaky-submit")

    answers = [client.submit() for _ in range(3)]

    assert [answer.status_code for answer in answers] == [503, 503, 200]
    assert answers[0].json() == {"code": 503, "message": "Service Unavailable"}
    assert answers[0].headers["retry-after"] == "1"
    assert len(client.http.get("/image/v1/status").json()) == 1
    refused = (503, "default flaky-submit: unavailable", False)
    assert client.rules()[-2:] == [refused, refused]


def test_a_refused_request_may_be_carried_out_all_the_same(opened: Open) -> None:
    rule = {"match": {"operation": "submit"}, "respond": {"status": 502, "html": "<p>"}, "accepted": True}
    client = opened(rule)

    answer = client.submit()

    assert (answer.status_code, answer.text) == (502, "<p>")
    assert len(client.http.get("/image/v1/status").json()) == 1
    assert client.rules()[-1] == (502, "default test: rule-1", True)


def test_a_header_chooses_a_scenario_for_a_job_and_for_all_that_follows(opened: Open) -> None:
    client = opened()

    stuck, other = client.job(headers={HEADER: "stuck"}), client.job()
    client.advance(3_600)

    read = client.read(stuck)
    assert read["status"] == "Processing"
    assert read["progress"] in (49, 50)  # half of its work, rounded down
    assert client.read(other)["status"] == "Completed"


def test_the_name_of_a_file_chooses_a_scenario_where_a_header_cannot_be_set(opened: Open) -> None:
    client = opened()

    job = client.job(filename="safelight-stuck.jpg")
    client.advance(3_600)

    assert client.read(job)["status"] == "Processing"


def test_an_unknown_scenario_is_refused_with_what_to_do(opened: Open) -> None:
    answer = opened().submit(headers={HEADER: "stukc"})

    assert answer.status_code == 400
    assert "did you mean 'stuck'?" in answer.json()["message"]


JOBS: list[tuple[dict[str, Any], str, int]] = [
    ({"fail": {"at": 0.2}}, "Failed", 409),
    ({"cancel": True}, "Cancelled", 409),
    ({"stuck": "queued"}, "Pending", 409),
    ({"slow": 100_000}, "Pending", 409),
    ({"without_result": True}, "Completed", 404),
    ({"becomes": [{"to": "Processing", "at": 0.1}]}, "Processing", 409),
    ({"becomes": [{"to": "Processing", "at": 0.1, "for": 5}]}, "Completed", 200),
]


@pytest.mark.parametrize(
    ("fault", "state", "download"), JOBS, ids=[next(iter(fault)) for fault, _, _ in JOBS]
)
def test_a_job_goes_wrong(opened: Open, fault: dict[str, Any], state: str, download: int) -> None:
    client = opened({"match": {"operation": "submit"}, "job": fault})
    job = client.job()

    client.advance(60)

    assert client.read(job)["status"] == state
    assert client.http.get(f"/image/v1/download/{job}").status_code == download


def test_a_job_is_lost_after_some_time(opened: Open) -> None:
    client = opened({"match": {"operation": "submit"}, "job": {"lost": {"after": 5}}})
    job = client.job()

    assert client.read(job)["status"] == "Pending"
    client.advance(5)
    assert client.http.get(f"/image/v1/status/{job}").status_code == 404


def test_progress_goes_back(opened: Open) -> None:
    client = opened({"match": {"operation": "submit"}, "job": {"progress": [0, 60, 20], "slow": 10}})
    job, seen = client.job(), []

    for _ in range(30):
        seen.append(client.read(job)["progress"])
        client.advance(1)

    assert [value for n, value in enumerate(seen) if n == 0 or value != seen[n - 1]] == [0, 60, 20, 100]


def test_a_link_expires_earlier_than_it_says(opened: Open) -> None:
    client = opened({"match": {"operation": "submit"}, "job": {"link_life": 5}})
    job = client.job()
    client.advance(60)

    link = client.http.get(f"/image/v1/download/{job}").json()
    assert client.http.get(link["download_url"]).status_code == 200
    client.advance(6)

    assert client.http.get(link["download_url"]).status_code == 403


def test_the_result_is_a_file_of_the_users(opened: Open) -> None:
    client = opened({"match": {"operation": "submit"}, "job": {"result": "data:text/plain,mine"}})
    job = client.job()
    client.advance(60)

    link = client.http.get(f"/image/v1/download/{job}").json()["download_url"]

    assert client.http.get(link).content == b"mine"


def test_a_download_goes_wrong_once(opened: Open) -> None:
    client = opened({"match": {"operation": "download", "call": 1}, "respond": {"status": 500}})
    job = client.job()
    client.advance(60)

    link = client.http.get(f"/image/v1/download/{job}").json()["download_url"]

    assert [client.http.get(link).status_code for _ in range(2)] == [500, 200]


def test_the_next_faults_apply_once_each_and_in_order(opened: Open) -> None:
    client = opened()
    name = client.control("POST", "sandboxes", json={"vendor": "topaz", "key": "k"}).json()["name"]
    faults = [
        {"respond": {"error": "no-credits"}},
        {"respond": {"status": 429}, "match": {"operation": "list"}},
    ]

    put = client.control("POST", f"sandboxes/{name}/faults", json={"next": [*faults, "never"]})

    assert put.json() == {"next": ["never", "rule-1", "rule-1"]}
    assert [client.submit().status_code for _ in range(2)] == [402, 200]
    assert [client.http.get("/image/v1/status").status_code for _ in range(2)] == [429, 200]
    assert client.control("GET", f"sandboxes/{name}/faults").json() == {"next": ["never"]}


def test_the_next_faults_can_be_sent_again_as_they_are_listed(opened: Open) -> None:
    client = opened()
    name = client.control("POST", "sandboxes", json={"vendor": "topaz", "key": "k"}).json()["name"]
    path = f"sandboxes/{name}/faults"

    listed = client.control("PUT", path, json={"next": ["late", "flaky-submit"]}).json()

    assert listed == {"next": ["late", "flaky-submit: unavailable"]}
    assert client.control("PUT", path, json=listed).json() == listed
    assert client.submit().status_code == 503


@pytest.mark.parametrize(
    ("wanted", "error"),
    [
        ("duplicat", "next: unknown 'duplicat'; did you mean 'duplicate'?"),
        ("flaky-submti", "next: unknown 'flaky-submti'; did you mean 'flaky-submit'?"),
        ("x", "next: unknown 'x'; use duplicate, late, out-of-order, never, wrong-signature, old-secret, a"),
        ("flaky-submit: x", "next: unknown rule 'x'; use one of unavailable"),
    ],
)
def test_an_unknown_fault_is_named_with_what_may_be_meant(opened: Open, wanted: str, error: str) -> None:
    client = opened()
    name = client.control("POST", "sandboxes", json={"vendor": "topaz", "key": "k"}).json()["name"]

    refused = client.control("PUT", f"sandboxes/{name}/faults", json={"next": [wanted]})

    assert refused.status_code == 422
    assert refused.json()["detail"].startswith(error)


def test_a_sandbox_has_a_scenario_and_counts_anew_when_it_is_set(opened: Open) -> None:
    client = opened()
    name = client.control("POST", "sandboxes", json={"vendor": "topaz", "key": "k"}).json()["name"]

    for _ in range(2):
        put = client.control("PUT", f"sandboxes/{name}/scenario", json={"scenario": "flaky-submit"})
        assert put.json()["rules"] == ["unavailable"]
        assert [client.submit().status_code for _ in range(3)] == [503, 503, 200]

    client.control("PUT", f"sandboxes/{name}/scenario", json={"scenario": None})
    assert client.submit().status_code == 200
    wrong = client.control("PUT", f"sandboxes/{name}/scenario", json={"scenario": {"version": "1"}})
    assert wrong.status_code == 422
    assert wrong.json()["message"] == "scenario: rules is missing; required: version, rules"


def test_below_the_scenario_of_a_sandbox_that_of_the_server_applies(opened: Open) -> None:
    client = opened(scenario="flaky-submit")
    name = client.control("POST", "sandboxes", json={"vendor": "topaz", "key": "k"}).json()["name"]
    client.control("PUT", f"sandboxes/{name}/scenario", json={"scenario": "flaky-polls"})

    submitted = [client.submit() for _ in range(3)]
    job = submitted[-1].json()["process_id"]

    assert [response.status_code for response in submitted] == [503, 503, 200]
    assert [client.http.get(f"/image/v1/status/{job}").status_code for _ in range(2)] == [200, 500]


def test_the_control_plane_reads_no_scenario_from_a_file(opened: Open, tmp_path: Path) -> None:
    client = opened()
    name = client.control("POST", "sandboxes", json={"vendor": "topaz", "key": "k"}).json()["name"]
    file = tmp_path / "stuck.yaml"
    file.write_text('version: "1"\nrules: [{respond: {status: 500}}]\n')

    for path in (file, tmp_path / "missing.yaml"):
        put = client.control("PUT", f"sandboxes/{name}/scenario", json={"scenario": str(path)})

        assert put.status_code == 422
        assert f"unknown scenario '{path}'" in put.json()["detail"]


@pytest.mark.fidelity("twin.scenario_files")
def test_a_file_has_a_scenario_that_requests_choose_by_name(tmp_path: Path) -> None:
    file = tmp_path / "out-of-credits.yaml"
    file.write_text('version: "1"\nrules:\n  - respond: {error: no-credits}\n')
    client = Client(Twin(Settings(clock=ClockMode.MANUAL, scenario_files=(file,))))

    assert client.submit(headers={HEADER: "out-of-credits"}).status_code == 402
    assert client.submit().status_code == 200
    client.twin.close()


def test_counts_and_faults_survive_a_snapshot(opened: Open) -> None:
    client = opened()
    name = client.control("POST", "sandboxes", json={"vendor": "topaz", "key": "k"}).json()["name"]
    client.control("PUT", f"sandboxes/{name}/scenario", json={"scenario": "flaky-submit"})
    client.submit()

    client.twin.fork(vendor="topaz", key="k", to="copy")

    headers = {"x-api-key": "copy"}
    assert [client.submit(headers=headers).status_code for _ in range(2)] == [503, 200]


def post_next(client: Client, *faults: Any) -> None:  # noqa: ANN401 - as the control plane has them
    box = client.control("POST", "sandboxes", {"vendor": "topaz", "key": "k"}).json()["name"]
    posted = client.control("POST", f"sandboxes/{box}/faults", {"next": [*faults]})
    assert posted.status_code == 200, posted.text


def test_a_scenario_of_next_applies_to_the_next_request_however_often_it_was_sent(opened: Open) -> None:
    client, statuses = opened(), []

    for _ in range(4):
        post_next(client, "flaky-submit")  # whose rule is for the first two submissions
        statuses += [client.submit().status_code for _ in range(2)]

    assert statuses == [503, 200] * 4


def test_a_scenario_of_next_applies_to_the_next_job_whatever_its_number(opened: Open) -> None:
    client = opened()
    client.job()
    post_next(client, "failed-once")  # whose rule is for the first job

    jobs = [client.job() for _ in range(2)]
    client.advance(60)

    assert [client.read(job)["status"] for job in jobs] == ["Failed", "Completed"]


def test_rules_of_next_count_from_when_they_were_sent_each_by_itself(opened: Open) -> None:
    client, second = opened(), {"match": {"operation": "submit", "call": 2}, "respond": {"status": 503}}
    client.submit()

    post_next(client, second)
    statuses = [client.submit().status_code for _ in range(3)]
    post_next(client, second, {**second, "respond": {"status": 500}})
    statuses += [client.submit().status_code for _ in range(4)]

    assert statuses == [200, 503, 200, 200, 503, 200, 200]
