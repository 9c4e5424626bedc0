"""A job does again what was recorded: states with durations, bodies, files and deliveries."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.mockserver.vendors.generic.examples import Served, serving
from tests.scenarios.clients import INBOX, Api, job_id, state
from tests.small_photograph import PHOTO

from safelight_mock import ClockMode, Settings, Spec, Twin, TwinTransport

Open = Callable[..., Api]


@pytest.fixture
def opened() -> Iterator[Open]:
    twins: list[Twin] = []

    def opened(*rules: dict[str, Any], clock: str = "manual") -> Api:
        scenario = {"version": "1", "name": "test", "rules": [*rules]}
        settings = Settings(clock=ClockMode(clock), scenario=scenario, seed="s", vendors=frozenset(["topaz"]))
        twins.append(Twin(settings))
        return Api(twins[-1], PHOTO)

    yield opened
    for twin in twins:
        twin.close()


def recorded(**job: Any) -> dict[str, Any]:  # noqa: ANN401 - keys of a rule
    return {"match": {"operation": "submit"}, "job": job}


def test_a_job_is_in_each_state_as_long_as_it_was(opened: Open) -> None:
    stays = [{"to": "Pending", "for": 30}, {"to": "Processing", "for": 60.5}, {"to": "Completed"}]
    api = opened(recorded(states=stays))
    job, words = job_id(api.submit()), []

    for seconds in (0, 29.9, 0.1, 60.4, 0.1):
        api.pause(seconds)
        words.append(state(api.read(job)))

    assert words == ["Pending", "Pending", "Processing", "Processing", "Completed"]


@pytest.mark.parametrize("end", ["Completed", "Failed", "Cancelled"])
@pytest.mark.parametrize("words", [("Pending",), ("Processing",), ("Pending", "Processing"), ()])
def test_an_auto_clock_meets_each_state(opened: Open, words: tuple[str, ...], end: str) -> None:
    api = opened(recorded(states=[*({"to": word, "for": 9} for word in words), {"to": end}]), clock="auto")
    job, seen = job_id(api.submit()), [""]

    while seen[-1] != end:
        seen.append(state(api.read(job)))

    # The first poll of an auto clock is answered at the first transition.
    assert seen[1:] == [*words[1:], end]


def test_a_job_keeps_its_last_state_until_it_is_moved(opened: Open) -> None:
    api = opened(recorded(states=[{"to": "Pending", "for": 1}, {"to": "Processing"}]))
    job = job_id(api.submit())

    api.pause(100_000)
    before = state(api.read(job))
    api.request("DELETE", f"/cancel/{job}")

    assert (before, state(api.read(job))) == ("Processing", "Cancelled")


def test_bodies_are_those_that_were_recorded_with_ids_and_times_of_now(opened: Open) -> None:
    stays = [{"to": "Pending", "for": 2}, {"to": "Processing", "for": 8}, {"to": "Completed"}]
    responses = [
        {"operation": "postEnhanceAsync", "headers": {"x-extra": "${job}"}, "json": {"process_id": "${job}"}},
        {"operation": "getStatus", "state": "Pending", "json": {"status": "Pending", "new": 1}},
        {"operation": "getStatus", "state": "Processing", "after": 2, "json": {"progress": 10}},
        {"operation": "getStatus", "state": "Processing", "after": 5, "json": {"progress": 70}},
        {"operation": "getStatus", "state": "Completed", "json": {"at": "${unix 10}", "model": "${own}"}},
        {"operation": "cancelTask", "status": 202, "text": "too late", "media_type": "text/plain"},
    ]
    api = opened(recorded(states=stays, responses=responses))
    submitted, bodies = api.submit(), []
    job = job_id(submitted)

    for seconds in (0, 2, 2, 2, 4):
        api.pause(seconds)
        bodies.append(api.read(job).json())

    assert submitted.headers["x-extra"] == job
    assert bodies[:4] == [
        {"status": "Pending", "new": 1},
        *({"progress": n} for n in (10, 10, 70)),
    ]
    assert bodies[4]["model"] == "Standard V2"
    assert bodies[4]["at"] == pytest.approx(api.twin.real(), abs=20)


def test_what_a_client_does_with_the_job_counts_more_than_the_recording(opened: Open) -> None:
    stays = [{"to": "Pending", "for": 2}, {"to": "Completed"}]
    responses = [{"operation": "getStatus", "state": "Pending", "json": {"status": "recorded"}}]
    api = opened(recorded(states=stays, responses=responses))
    job = job_id(api.submit())

    before = state(api.read(job))
    api.request("DELETE", f"/cancel/{job}")

    assert (before, state(api.read(job))) == ("recorded", "Cancelled")


def test_files_are_those_that_were_recorded(opened: Open) -> None:
    job = recorded(
        states=[{"to": "Completed"}],
        files={"1": "data:image/png;base64,AQID", "2": "data:text/plain,two"},
        responses=[
            {"operation": "getDownloadOutput", "json": {"download_url": "${file 1}", "more": ["${file 2}"]}}
        ],
    )
    api = opened(job)
    body = api.link(job_id(api.submit())).json()

    assert [api.get(url).content for url in (body["download_url"], *body["more"])] == [b"\1\2\3", b"two"]
    assert api.get(body["download_url"].replace("/1/", "/2/")).status_code == 403  # signed for one file
    api.pause(86_401)
    assert api.get(body["download_url"]).status_code == 403


def test_deliveries_have_the_bodies_that_were_recorded(opened: Open) -> None:
    stays = [{"to": "Pending", "for": 1}, {"to": "Processing", "for": 1}, {"to": "Completed"}]
    deliveries = {"Completed": {"id": "${job}", "status": "Completed", "notification_id": "${own}"}}
    api = opened(recorded(states=stays, deliveries=deliveries))
    job = job_id(api.submit(webhook_url=INBOX))

    api.pause(10)

    first, last = (json.loads(message["body"]) for message in api.messages())
    assert (first["process_id"], first["status"]) == (job, "Processing")
    assert {name: last[name] for name in ("id", "status")} == {"id": job, "status": "Completed"}
    assert last["notification_id"] != first["notification_id"]


def test_a_rule_is_for_requests_at_some_age_of_the_job(opened: Open) -> None:
    stays = [{"to": "Pending", "for": 10}, {"to": "Processing", "for": 10}, {"to": "Completed"}]
    late = {"match": {"operation": "read", "job": 1, "after": 12}, "times": 1, "respond": {"status": 503}}
    early = {"match": {"operation": "getDownloadOutput", "until": 20}, "respond": {"status": 425}}
    manual, auto = (opened(late, early, recorded(states=stays), clock=clock) for clock in ("manual", "auto"))

    job, statuses = job_id(manual.submit()), []
    for seconds in (0, 11, 2, 0, 6, 1):
        manual.pause(seconds)
        statuses.append((manual.read(job).status_code, manual.link(job).status_code))

    assert statuses == [(200, 425), (200, 425), (503, 425), (200, 425), (200, 425), (200, 200)]
    job = job_id(auto.submit())
    assert [auto.read(job).status_code for _ in range(3)] == [200, 503, 200]


SCRIPTED: dict[str, tuple[str, str, dict[str, Any], str, list[str]]] = {
    "replicate": (
        "https://api.replicate.com/v1/predictions",
        "https://api.replicate.com/v1/predictions/",
        {"version": "v", "input": {"prompt": "a"}},
        "status",
        ["starting", "processing", "failed"],
    ),
    "runway": (
        "https://api.dev.runwayml.com/v1/text_to_image",
        "https://api.dev.runwayml.com/v1/tasks/",
        {"model": "gen4_image", "promptText": "a", "ratio": "1920:1080"},
        "status",
        ["THROTTLED", "PENDING", "RUNNING", "SUCCEEDED"],
    ),
}


@pytest.mark.parametrize("name", SCRIPTED)
def test_words_of_a_script_last_as_long_as_they_did(name: str) -> None:
    submit, read, body, place, words = SCRIPTED[name]
    folder = Path("examples") / name
    spec = Spec(folder / "openapi.yaml", lifecycle=folder / "lifecycle.overlay.yaml", name=name)
    stays = [*({"to": word, "for": 5} for word in words[:-1]), {"to": words[-1]}]
    scenario = {"version": "1", "rules": [recorded(states=stays)]}
    twin = Twin(Settings(clock=ClockMode.MANUAL, scenario=scenario, vendors=frozenset()), specs=[spec])
    headers = {"authorization": "Bearer k", "x-runway-version": "2024-11-06"}

    seen = []
    with httpx.Client(transport=TwinTransport(twin), headers=headers) as client:
        job = client.post(submit, json=body).raise_for_status().json()["id"]
        for _ in words:
            for seconds in (0, 4.9, 0.1):
                twin.advance(seconds, vendor=name, key="k")
                seen.append(client.get(f"{read}{job}").json()[place])
    twin.close()

    assert seen[::3] == seen[1::3] == words


@pytest.mark.parametrize(("clock", "steps"), [("manual", 2), ("auto", 0)])
def test_recorded_events_come_one_after_another(clock: str, steps: int) -> None:
    events = [
        {"after": 0, "json": {"status": "IN_QUEUE", "request_id": "${job}"}},
        {"after": 3, "event": "note", "text": "half way"},
        {"after": 6, "json": {"status": "COMPLETED"}},
    ]
    rule = recorded(responses=[{"operation": "streamStatus", "events": events}])
    scenario = {"version": "1", "rules": [rule]}
    with serving("fal", scenario=scenario) as api:
        (box,) = (one["name"] for one in control(api, "GET", "sandboxes"))
        control(api, "PATCH", f"sandboxes/{box}/clock", {"mode": clock})
        job = api.post("/fal-ai/flux/dev", {"prompt": "Rain"}).json()["request_id"]
        lines: list[str] = []
        with api.client.stream("GET", f"/fal/fal-ai/flux/requests/{job}/status/stream") as response:
            for line in filter(None, response.iter_lines()):
                lines.append(line)
                if steps and len(lines) in (1, 3):
                    api.advance(3)

    assert lines == [
        f'data: {{"status":"IN_QUEUE","request_id":"{job}"}}',
        "event: note",
        "data: half way",
        'data: {"status":"COMPLETED"}',
    ]


def control(api: Served, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - any JSON
    return api.client.request(method, f"/_safelight/{path}", json=body).json()


def test_deliveries_come_when_they_came_or_never(opened: Open) -> None:
    stays = [{"to": "Pending", "for": 1}, {"to": "Processing", "for": 1}, {"to": "Completed"}]
    api = opened(recorded(states=stays, delivered={"Processing": None, "Completed": 7.5}))
    job_id(api.submit(webhook_url=INBOX))

    api.pause(7)
    before = len(api.messages())
    api.pause(1)

    assert (before, [json.loads(one["body"])["status"] for one in api.messages()]) == (0, ["Completed"])
