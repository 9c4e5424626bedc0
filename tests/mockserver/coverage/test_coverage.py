"""A server counts what its clients cover of an API: a built-in one or any other."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from tests.mockserver.coverage.kiln import Kiln, kiln
from tests.mockserver.vendors.generic.examples import serving

from safelight_mock import ClockMode, Coverage, Settings, Twin, TwinTransport

INBOX = "http://127.0.0.1/_safelight/inbox/kiln"


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Kiln]:
    with kiln(tmp_path) as opened:
        yield opened


def test_a_server_without_requests_covers_nothing(api: Kiln) -> None:
    coverage = api.twin.coverage()

    assert coverage.apis == {}
    assert coverage.not_called == ("topaz", "claid", "tengr", "kiln")


def test_responses_are_counted_by_their_key_in_the_document(api: Kiln) -> None:
    job = api.job()
    api.look(job)
    api.look("other")
    api.fire(pots="none")

    operations = api.twin.coverage().apis["kiln"].operations

    assert operations["fire"].responses == {"200": 1, "4XX": 1}
    assert operations["look"].responses == {"200": 1, "404": 1}
    assert operations["stop"].responses == {"204": 0}
    assert (operations["look"].method, operations["look"].path) == ("GET", "/firings/{id}")


def test_a_status_that_the_document_does_not_have_is_listed_apart(api: Kiln) -> None:
    job = api.job()
    for _ in range(2):
        api.look(job, headers={"X-Safelight-Scenario": "flaky-polls"})

    look = api.twin.coverage().apis["kiln"].operations["look"]

    assert look.responses == {"200": 1, "404": 0}
    assert look.other_responses == {"500": 1}


def test_a_response_that_does_not_arrive_counts_for_its_scenario_alone(api: Kiln) -> None:
    job, headers = api.job(), {"X-Safelight-Scenario": "reset-polls"}
    api.look(job, headers=headers)
    with pytest.raises(httpx.HTTPError):
        api.look(job, headers=headers)

    coverage = api.twin.coverage()

    assert sum(coverage.apis["kiln"].operations["look"].responses.values()) == 1
    assert sum(coverage.scenarios["reset-polls"].values()) == 1


def test_fields_of_requests_are_those_that_were_sent_and_had_an_effect(api: Kiln) -> None:
    api.http.post("/kiln/firings", json={"pots": [{"glaze": "ash"}]}, headers={"X-Place": "left"})
    api.http.post("/kiln/firings", json={"pots": [], "callback": 1})  # is refused
    api.http.get("/kiln/firings?limit=5")

    operations = api.twin.coverage().apis["kiln"].operations

    assert operations["fire"].request_fields == {
        "header x-place": True,
        "/pots": True,
        "/callback": False,
        "/pots/*/glaze": True,
        "/pots/*/size": False,
    }
    assert operations["list"].request_fields == {"query limit": True}


def test_what_the_document_does_not_have_is_not_remembered(api: Kiln) -> None:
    for number in range(3):
        api.http.get("/kiln/firings", params={f"page-{number}": "1", "limit": "5"})

    recorded = api.twin._coverage.recorded()  # noqa: SLF001 - a report has what is described only

    assert recorded.parameters == {("kiln", "list"): frozenset({"query limit"})}


def test_fields_of_responses_are_those_that_had_a_value(api: Kiln) -> None:
    api.job()

    fire = api.twin.coverage().apis["kiln"].operations["fire"]

    assert fire.response_fields["200"].keys() == {"/id", "/phase", "/heat"}
    assert fire.response_fields["200"]["/id"]


def test_fields_of_operations_that_were_not_called_are_left_out(api: Kiln) -> None:
    api.job()

    look = api.twin.coverage().apis["kiln"].operations["look"]

    assert (look.request_fields, look.response_fields) == ({}, {})


def test_a_state_is_covered_when_a_response_shows_it(api: Kiln) -> None:
    job = api.job()
    shown = [states(api.twin.coverage())]
    for _ in range(2):
        api.look(job)
        shown.append(states(api.twin.coverage()))

    assert shown == [
        {"waiting": 1, "hot": 0, "cool": 0, "broken": 0},
        {"waiting": 1, "hot": 1, "cool": 0, "broken": 0},
        {"waiting": 1, "hot": 1, "cool": 1, "broken": 0},
    ]


def test_a_list_shows_the_states_of_its_jobs(api: Kiln) -> None:
    api.job(), api.job()

    api.http.get("/kiln/firings")

    assert states(api.twin.coverage())["waiting"] == 4


def test_events_show_states_as_they_are_sent() -> None:
    with serving("fal", key="k", clock=ClockMode.AUTO) as api:
        job = api.post("/fal-ai/flux/dev", {"prompt": "Rain"}).json()  # shows IN_QUEUE too
        api.get(f"/fal-ai/flux/requests/{job['request_id']}/status/stream")
        lifecycles = api.twin.coverage().apis["fal"].lifecycles.values()

    assert {"IN_QUEUE": 2, "IN_PROGRESS": 1, "COMPLETED": 1} in [one.states for one in lifecycles]


def test_webhooks_count_by_outcome_and_their_accepted_states(api: Kiln) -> None:
    api.control("PUT", "inbox/kiln", json={"responses": [503, 200]})
    job = api.job(callback=INBOX)
    for _ in range(3):
        api.look(job)
    (sandbox,) = api.control("GET", "sandboxes").json()
    api.control("POST", f"sandboxes/{sandbox['name']}/clock/advance", json={"seconds": 60})

    coverage = api.twin.coverage().apis["kiln"]

    assert {name: times for name, times in coverage.webhook_outcomes.items() if times} == {"2xx": 1, "5xx": 1}
    assert coverage.webhook_outcomes.keys() == {"2xx", "3xx", "4xx", "5xx", "network", "timeout"}
    assert coverage.lifecycles["firing"].webhooks == {"cool": 1, "broken": 0}


def test_downloads_by_link_are_counted_by_the_family_of_their_status(photo: bytes) -> None:
    twin = Twin(Settings(clock=ClockMode.AUTO))
    with httpx.Client(transport=TwinTransport(twin), base_url="http://twin/topaz/image/v1") as api:
        key = {"X-API-Key": "k"}
        job = api.post("/enhance/async", files={"image": ("a.jpg", photo)}, headers=key).json()["process_id"]
        for _ in range(3):
            api.get(f"/status/{job}", headers=key)
        link = api.get(f"/download/{job}", headers=key).json()["download_url"]
        api.get(link)
        api.get(link, headers={"range": "bytes=0-9"})
        api.get(link, headers={"X-Safelight-Scenario": "flaky-download"})
        with pytest.raises(httpx.RemoteProtocolError):
            api.get(link, headers={"X-Safelight-Scenario": "truncated-download"}).read()
        api.get(f"{link}0")
        api.get("http://twin/files/nobody/a/b/output")
    coverage = twin.coverage()
    twin.close()

    assert coverage.apis["topaz"].links == {"download": {"2xx": 2, "4xx": 1, "5xx": 1}}


def test_uploads_by_link_are_counted_where_an_api_has_them() -> None:
    with serving("runway", key="k") as api:
        made = api.post("/v1/uploads", {"filename": "a.jpg", "type": "ephemeral"}).json()
        api.client.post(made["uploadUrl"], data=made["fields"], files={"file": ("a.jpg", b"bytes")})
        api.client.post(made["uploadUrl"].replace("signature=", "signature=0"), files={"file": b"bytes"})
        links = api.twin.coverage().apis["runway"].links

    assert links["upload"] == {"2xx": 1, "4xx": 1, "5xx": 0}
    assert links["download"] == {"2xx": 0, "4xx": 0, "5xx": 0}


def test_links_that_an_api_does_not_have_are_not_missing(api: Kiln) -> None:
    api.job()

    assert api.twin.coverage().apis["kiln"].links == {}


def test_faults_of_webhooks_are_covered_when_they_are_injected(api: Kiln) -> None:
    headers = {"X-Safelight-Scenario": "missing-webhook"}
    job = api.http.post("/kiln/firings", json={"pots": [], "callback": INBOX}, headers=headers).json()["id"]
    for _ in range(3):
        api.look(job)

    coverage = api.twin.coverage()

    faults = coverage.apis["kiln"].webhook_faults
    assert [name for name, is_covered in faults.items() if is_covered] == ["never"]
    assert sum(coverage.scenarios["missing-webhook"].values()) == 1


def test_a_scenario_of_the_library_is_covered_whatever_names_it(api: Kiln) -> None:
    api.fire()
    name = api.control("GET", "sandboxes").json()[0]["name"]
    api.control("POST", f"sandboxes/{name}/faults", json={"next": ["bad-gateway-after-submit"]})
    api.fire()

    coverage = api.twin.coverage()

    assert coverage.scenarios["bad-gateway-after-submit"] == {"bad-gateway": 1}
    assert coverage.scenarios["stuck"] == {}
    assert coverage.other_rules == {}


def test_rules_of_a_scenario_that_the_server_was_started_with_are_all_listed(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(
        "version: '1'\nname: mine\nrules:\n"
        "  - {name: busy, match: {operation: submit, call: 1}, respond: {status: 503}}\n"
        "  - {name: gone, match: {operation: read, call: 9}, respond: {status: 404}}\n"
    )

    with kiln(tmp_path, scenario=str(file)) as api:
        api.fire()
        api.fire()
        scenarios = api.twin.coverage().scenarios

    assert scenarios["mine"] == {"busy": 1, "gone": 0}


def test_rules_of_a_sandbox_are_listed_apart(api: Kiln) -> None:
    api.fire()
    name = api.control("GET", "sandboxes").json()[0]["name"]
    rule = {"name": "busy", "respond": {"status": 503}}
    api.control("POST", f"sandboxes/{name}/faults", json={"next": [rule]})
    api.fire()

    assert api.twin.coverage().other_rules == {"next: busy": 1}


def test_a_built_in_api_is_counted_like_any_other(photo: bytes) -> None:
    twin = Twin()
    with httpx.Client(transport=TwinTransport(twin), base_url="http://twin/topaz/image/v1") as api:
        key, image = {"X-API-Key": "k"}, {"image": ("a.jpg", photo)}
        job = api.post("/enhance/async", files=image, data={"output_width": "9"}, headers=key).json()
        api.get(f"/status/{job['process_id']}", headers=key)
    coverage = twin.coverage()
    twin.close()

    topaz = coverage.apis["topaz"]
    assert coverage.not_called == ("claid", "tengr")
    fields = topaz.operations["postEnhanceAsync"].request_fields
    assert [name for name, is_covered in fields.items() if is_covered] == ["/image", "/output_width"]
    assert topaz.lifecycles["image"].states == {
        "Pending": 1,
        "Processing": 0,
        "Completed": 0,
        "Failed": 0,
        "Cancelled": 0,
    }


def states(coverage: Coverage) -> dict[str, int]:
    return dict(coverage.apis["kiln"].lifecycles["firing"].states)
