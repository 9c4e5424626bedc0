"""What a call costs does not grow with what is there: calls of functions and steps of SQLite are counted."""

import asyncio
import dataclasses
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from types import FrameType
from typing import Any

import httpx
import pytest
from msgspec.structs import replace
from tests.mockserver.conftest import TwinClient, picture
from tests.mockserver.hooks import sandbox_of
from tests.mockserver.storage.test_transaction import CONTROL, HEADERS, opened
from tests.mockserver.stored import changing, sandboxes, stored

from safelight_mock import App, ClockMode
from safelight_mock.core.engine import Engine
from safelight_mock.storage.sqlite_store import SqliteStore
from safelight_mock.wire import Request, Response

BASE = "/topaz/image/v1"
FEW, MANY = 50, 20_000
SLACK = 1.2  # what depth of trees and heaps may add


@contextmanager
def counted(client: TwinClient) -> Iterator[Callable[[], tuple[int, int]]]:
    """Count calls of Python functions, and hundreds of steps of SQLite."""
    calls, steps = 0, 0

    def count_call(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    def count_steps() -> None:
        nonlocal steps
        steps += 1

    persistence = client.twin._persistence  # noqa: SLF001 - what it costs shows nowhere else
    database = persistence.database if isinstance(persistence, SqliteStore) else None
    if database is not None:
        database.set_progress_handler(count_steps, 100)
    sys.setprofile(count_call)
    try:
        yield lambda: (calls, steps)
    finally:
        sys.setprofile(None)
        if database is not None:
            database.set_progress_handler(None, 0)


def filled(client: TwinClient, jobs: int) -> None:
    """Put more jobs like its first one into a sandbox, each with an input of its own, as calls would."""
    with changing(client.twin) as copy:
        (first,) = copy.jobs.values()
        for number in range(jobs):
            name = f"{number:08x}-0000-4000-8000-000000000000"
            copy.ids_drawn += 1
            source = replace(first.source, id=name)
            copy.jobs[name] = replace(first, id=name, number=copy.ids_drawn, source=source)
            if first.id in copy.job_due_at:
                copy.job_due_at[name] = copy.job_due_at[first.id] + 1


def rich(client: TwinClient) -> None:
    """Count the credits of a sandbox."""
    path = f"{CONTROL}/sandboxes/{sandbox_of(client)}/account"
    client.request("PATCH", path, json={"balance": 10**9}).raise_for_status()


def submitted(client: TwinClient) -> object:
    http_response = client.call("POST", "/enhance/async", files={"image": ("photo.jpg", picture(48, 32))})
    return http_response.raise_for_status()


def watched(client: TwinClient) -> object:
    files, hook = {"image": ("photo.jpg", picture(48, 32))}, {"webhook_url": "http://127.0.0.1:9/"}
    return client.call("POST", "/enhance/async", files=files, data=hook).raise_for_status()


def again(client: TwinClient) -> object:
    """Submit the input of the first job again."""
    (sandbox,) = sandboxes(client.twin)
    source = next(iter(sandbox.jobs.values())).source.id
    return client.call("POST", "/enhance/async", files={"source_id": (None, source)}).raise_for_status()


def polled(client: TwinClient) -> object:
    (sandbox,) = sandboxes(client.twin)
    return client.call("GET", f"/status/{next(iter(sandbox.jobs))}").raise_for_status()


def cancelled(client: TwinClient) -> object:
    (sandbox,) = sandboxes(client.twin)
    job = next(name for name in reversed([*sandbox.jobs]) if not sandbox.jobs[name].events)
    return client.call("DELETE", f"/cancel/{job}").raise_for_status()


def listed(client: TwinClient) -> object:
    """List the newest jobs by the control plane."""
    path = f"{CONTROL}/jobs?sandbox={sandbox_of(client)}&limit=5"
    jobs = client.request("GET", path).raise_for_status().json()
    assert len(jobs) == 5
    return jobs


def balance(client: TwinClient) -> object:
    return client.call("GET", "/credits").raise_for_status()


def works(
    client: TwinClient,
    *,
    jobs: int,
    submit: Callable[[TwinClient], object],
    call: Callable[[TwinClient], object],
) -> tuple[int, int]:
    """Return what a call costs beside so many jobs; the third time, for the first ones make indexes."""
    rich(client)
    submit(client)
    filled(client, jobs)
    for _ in range(2):
        call(client)
    with counted(client) as work:
        call(client)
        return work()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("submit", "call"),
    [
        (submitted, submitted),
        (watched, watched),
        (submitted, again),
        (submitted, polled),
        (watched, polled),
        (submitted, cancelled),
        (submitted, listed),
    ],
)
def test_a_request_costs_the_same_beside_twenty_thousand_jobs(
    tmp_path: Path, submit: Callable[[TwinClient], object], call: Callable[[TwinClient], object]
) -> None:
    work = {}
    for jobs in (FEW, MANY):
        with opened(tmp_path / f"{jobs}", max_jobs=10**6) as client:
            work[jobs] = works(client, jobs=jobs, submit=submit, call=call)

    assert work[MANY][0] <= work[FEW][0] * SLACK
    assert work[MANY][1] <= work[FEW][1] * SLACK + 1


@pytest.mark.slow
def test_a_submit_to_a_full_twin_costs_the_same_beside_twenty_thousand_jobs() -> None:
    work = {}
    for jobs in (FEW, MANY):
        with opened(None, max_jobs=jobs + 1) as client:
            submitted(client)
            filled(client, jobs)
            client.twin.advance(60, vendor="topaz", key="k")
            submitted(client)
            with counted(client) as counting:
                submitted(client)
                work[jobs], _ = counting()

    assert work[MANY] <= work[FEW] * SLACK


@pytest.mark.slow
def test_a_submit_that_a_full_twin_refuses_costs_the_same_beside_twenty_thousand_jobs_in_progress() -> None:
    work = {}
    for jobs in (FEW, MANY):
        with opened(None, max_jobs=jobs + 1) as client:
            submitted(client)
            filled(client, jobs)
            refused_when_full(client)
            with counted(client) as counting:
                refused_when_full(client)
                work[jobs], _ = counting()

    assert work[MANY] <= work[FEW] * SLACK


@pytest.mark.slow
def test_a_submit_that_evicts_a_job_costs_the_same_beside_twenty_thousand_in_progress() -> None:
    work = {}
    for jobs in (FEW, MANY):
        with opened(None, max_jobs=jobs + 11) as client:
            submitted(client)
            filled(client, jobs)
            others = dataclasses.replace(client, key={"X-API-Key": "other"})
            for _ in range(10):
                submitted(others)
            client.twin.advance(60, vendor="topaz", key="other")
            for _ in range(2):
                submitted(client)
            with counted(client) as counting:
                submitted(client)
                work[jobs], _ = counting()
            assert len(stored(client.twin, key="other").jobs) == 7

    assert work[MANY] <= work[FEW] * SLACK


@pytest.mark.slow
def test_a_new_key_that_evicts_another_costs_the_same_beside_thousands() -> None:
    work = {}
    for others in (5, 2_000):
        with opened(None, max_sandboxes=others + 10, clock=ClockMode.REAL) as client:
            for number in range(others):
                with changing(client.twin, key=f"kept {number}") as sandbox:
                    sandbox.never_evicted = True
            for number in range(10):
                with changing(client.twin, key=f"idle {number}"):
                    pass
            for number in range(3):
                with counted(client) as counting:
                    submitted(dataclasses.replace(client, key={"X-API-Key": f"new {number}"}))
                    work[others], _ = counting()
            assert len(client.twin.sandboxes.store.names()) == others + 10

    assert work[2_000] <= work[5] * SLACK


@pytest.mark.slow
def test_metrics_cost_the_same_beside_twenty_thousand_jobs_that_have_not_changed() -> None:
    work = {}
    for jobs in (FEW, MANY):
        with opened(None, max_jobs=10**6) as client:
            submitted(client)
            filled(client, jobs)
            for _ in range(2):
                text = client.request("GET", f"{CONTROL}/metrics").text
            assert f'safelight_jobs{{state="queued",vendor="topaz"}} {jobs + 1:.1f}' in text
            with counted(client) as counting:
                client.request("GET", f"{CONTROL}/metrics")
                work[jobs], _ = counting()

    assert work[MANY] <= work[FEW] * SLACK


def refused_when_full(client: TwinClient) -> None:
    refused = client.call("POST", "/enhance/async", files={"image": ("photo.jpg", picture(48, 32))})
    assert refused.status_code == 503


NAMED: dict[str, tuple[str, str, object]] = {
    "account": ("PATCH", "sandboxes/{sandbox}/account", {"balance": 5}),
    "clock": ("PATCH", "sandboxes/{sandbox}/clock", {"mode": "manual"}),
    "advance": ("POST", "sandboxes/{sandbox}/clock/advance", {"seconds": 1}),
    "make": ("POST", "sandboxes/{sandbox}/jobs", {"operation": "postDenoise"}),
    "webhook": ("GET", "sandboxes/{sandbox}/webhook", None),
    "secret": ("PATCH", "sandboxes/{sandbox}/webhook", {"secret": "s"}),
    "mishaps": ("PUT", "sandboxes/{sandbox}/faults", {"next": []}),
    "jobs": ("GET", "jobs?sandbox={sandbox}", None),
    "move": ("POST", "jobs/{job}/move", {"to": "running"}),
    "deliveries": ("GET", "deliveries?sandbox={sandbox}", None),
    "open": ("POST", "sandboxes", {"vendor": "topaz", "key": "k", "label": "mine"}),
    "inbox": ("PUT", "inbox/box", {"default": 200}),
    "health": ("GET", "health", None),
}


@pytest.mark.slow
@pytest.mark.parametrize("by", ["name", "label"])
def test_a_control_request_for_one_sandbox_costs_the_same_beside_thousands(tmp_path: Path, by: str) -> None:
    work: dict[int, dict[str, tuple[int, int]]] = {}
    for others in (5, 2_000):
        with opened(tmp_path / f"{others}", max_sandboxes=10**5) as client:
            for number in range(others):
                with changing(client.twin, key=f"key {number}") as sandbox:
                    sandbox.never_evicted = True
            client.request("POST", f"{CONTROL}/sandboxes", json=NAMED["open"][2]).raise_for_status()
            by_name = sandbox_of(client) if by == "name" else "mine"
            work[others] = {named: costs(client, by_name, *call) for named, call in NAMED.items()}

    few, many = work.values()
    assert {named for named in few if many[named][0] > few[named][0] * SLACK} == set()
    assert {named for named in few if many[named][1] > few[named][1] * SLACK + 1} == set()


def costs(client: TwinClient, sandbox: str, method: str, path: str, body: object) -> tuple[int, int]:
    url = f"{CONTROL}/{path.format(sandbox=sandbox, job=next(iter(stored(client.twin).jobs), None))}"
    for _ in range(2):
        client.request(method, url, json=body).raise_for_status()
    with counted(client) as work:
        client.request(method, url, json=body)
        return work()


def test_other_requests_are_answered_while_a_long_list_is_built(monkeypatch: pytest.MonkeyPatch) -> None:
    responded = Event()

    async def together(client: TwinClient) -> tuple[httpx.Response, httpx.Response]:
        app = App(client.twin)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://twin") as caller:
            listing = asyncio.create_task(caller.get(f"{BASE}/status", headers=HEADERS["topaz"]))
            await asyncio.sleep(0)
            other = await caller.get(f"{BASE}/status", headers={"X-API-Key": "other"})
            responded.set()
            listed = await listing
        app.close()
        return listed, other

    with opened(None, max_jobs=10**6) as client:
        handlers: Any = client.twin.served["topaz"].vendor.handlers
        works = handlers["getAllStatuses"]

        def patient(engine: Engine, call: Request) -> Response:
            if call.key == "k":
                assert responded.wait(10), "the other request was not answered meanwhile"
            response: Response = works(engine, call)
            return response

        submitted(client)
        filled(client, 1_000)
        monkeypatch.setitem(handlers, "getAllStatuses", patient)
        listed, other = asyncio.run(together(client))

    assert (other.status_code, other.json()) == (200, [])
    assert (listed.status_code, len(listed.json())) == (200, 1_001)


def test_a_long_list_built_in_steps_is_complete(tmp_path: Path) -> None:
    with opened(tmp_path, max_jobs=10**6) as client:
        submitted(client)
        filled(client, 600)
        long = client.call("GET", "/status").json()
        pages: list[object] = []
        cursor = ""
        while not pages or cursor:
            query = {"paginated": "true", "limit": "100", **({"cursor": cursor} if cursor else {})}
            page = client.call("GET", "/status", params=query).json()
            pages += page["data"]
            cursor = page["pagination"].get("next_cursor", "")
        (sandbox,) = sandboxes(client.twin)
        assert [one["process_id"] for one in long] == [*sandbox.jobs]

    assert pages == long


def test_a_long_list_of_ended_jobs_inspects_their_inputs_first() -> None:
    with opened(None, max_jobs=10**6) as client:
        submitted(client)
        filled(client, 600)
        client.twin.advance(60, vendor="topaz", key="k")
        result = client.call("GET", "/status").json()

    assert {one["status"] for one in result} == {"Completed"}


def test_expired_jobs_are_deleted_in_steps() -> None:
    with opened(None, max_jobs=10**6) as client:
        submitted(client)
        filled(client, 1_000)
        client.twin.advance(8 * 24 * 3600, vendor="topaz", key="k")

        submitted(client)
        (sandbox,) = sandboxes(client.twin)
        assert len(sandbox.jobs) == 902
        assert len(client.call("GET", "/status").json()) == 1
