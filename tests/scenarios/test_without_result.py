"""A job that succeeds without a result shows none: in polls, lists and webhooks, at any API."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import httpx
import pytest
from tests.examples.served import SPECS
from tests.mockserver.conftest import picture

from safelight_mock import ClockMode, Settings, Twin, TwinTransport

BASE = "http://twin"
INBOX = f"{BASE}/_safelight/inbox/mine"
COFFEE = "safelight://coffee.jpg"
EDIT: dict[str, Any] = {"operations": {}}


class Case(NamedTuple):
    """How to submit a job, and to read and list jobs; where its result is in each body about it."""

    vendor: str
    submit: str
    body: dict[str, Any]
    read: str
    list: str
    result: tuple[str | int, ...]
    absent: object = None


CASES = {
    "claid": Case(
        "claid",
        "/claid/v1/image/edit/async",
        {"input": COFFEE, **EDIT},
        "/claid/v1/image/edit/async/{}",
        "",
        ("data", "result", "output_object", "tmp_url"),
    ),
    "claid batch": Case(
        "claid",
        "/claid/v1/image/edit/batch",
        {"input": [COFFEE], **EDIT},
        "/claid/v1/image/edit/batch/{}",
        "",
        ("data", "results", 0, "output_object", "tmp_url"),
    ),
    "tengr": Case(
        "tengr",
        "/tengr/v2/artworks/detailer-upscaler",
        {"imageUrl": COFFEE, "webhook": INBOX},
        "/tengr/v2/artworks/{}",
        "/tengr/v2/artworks",
        ("results",),
        [],
    ),
    "luma": Case(
        "luma",
        "/luma/dream-machine/v1/generations/image",
        {"prompt": "Rain", "model": "photon-1", "callback_url": INBOX},
        "/luma/dream-machine/v1/generations/{}",
        "/luma/dream-machine/v1/generations",
        ("assets",),
    ),
    "replicate": Case(
        "replicate",
        "/replicate/v1/predictions",
        {"version": "a/b", "input": {}, "webhook": INBOX},
        "/replicate/v1/predictions/{}",
        "/replicate/v1/predictions",
        ("output",),
    ),
}
PHOTO = picture(48, 32)
WITHOUT = {"match": {"operation": "submit", "job": 1}, "job": {"without_result": True}}


@pytest.fixture(scope="module")
def twin() -> Iterator[Twin]:
    specs = [spec for spec in SPECS if spec.name in ("luma", "replicate")]
    scenario = {"version": "1", "name": "empty", "rules": [WITHOUT]}
    twin = Twin(Settings(clock=ClockMode.MANUAL, scenario=scenario, seed="s"), specs=specs)
    yield twin
    twin.close()


@pytest.fixture
def http(twin: Twin) -> Iterator[httpx.Client]:
    headers = {"authorization": "Bearer k"}
    with httpx.Client(transport=TwinTransport(twin), base_url=BASE, headers=headers) as client:
        yield client
    twin.reset()


def at(body: Any, place: tuple[str | int, ...]) -> object:  # noqa: ANN401 - JSON
    for step in place:
        body = body[step]
    return body


def submitted(http: httpx.Client, case: Case) -> str:
    response = http.post(case.submit, json=case.body)
    assert response.is_success, response.text
    body = response.json()
    return str(body.get("data", body)["id"])


@pytest.mark.parametrize("name", CASES)
def test_each_body_about_the_first_job_has_no_result_and_about_the_second_one_has(
    twin: Twin, http: httpx.Client, name: str
) -> None:
    case = CASES[name]
    sandbox = http.post("/_safelight/sandboxes", json={"vendor": case.vendor, "key": "k"}).json()["name"]
    if case.vendor == "claid":
        http.patch(f"/_safelight/sandboxes/{sandbox}/webhook", json={"url": INBOX}).raise_for_status()
    empty, full = submitted(http, case), submitted(http, case)
    twin.advance(600, vendor=case.vendor, key="k")

    bodies = [http.get(case.read.format(job)).json() for job in (empty, full)]
    assert [at(body, case.result) == case.absent for body in bodies] == [True, False]
    if case.list:
        listed = http.get(case.list).json()
        rows = listed if isinstance(listed, list) else next(v for v in listed.values() if isinstance(v, list))
        has_none = {row["id"]: at(row, case.result) == case.absent for row in rows}
        assert has_none == {empty: True, full: False}
    sent = [json.loads(one["body"]) for one in http.get("/_safelight/inbox/mine").json()["messages"]]
    last = {str(body.get("data", body)["id"]): at(body, case.result) == case.absent for body in sent}
    assert last == {empty: True, full: False}


def test_a_webhook_of_topaz_has_no_link(twin: Twin, http: httpx.Client) -> None:
    files, key = {"image": ("a.jpg", PHOTO)}, {"X-API-Key": "k"}
    for _ in range(2):
        path, data = "/topaz/image/v1/enhance/async", {"webhook_url": INBOX}
        assert http.post(path, files=files, data=data, headers=key).is_success
    twin.advance(60, vendor="topaz", key="k")

    sent = [json.loads(one["body"]) for one in http.get("/_safelight/inbox/mine").json()["messages"]]
    links = [body["download_url"] for body in sent if body["status"] == "Completed"]
    assert [link is None for link in links] == [True, False]
