"""Many threads at once: what was acknowledged is there, once, and time goes on."""

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Barrier

import httpx
import pytest
from tests.mockserver.conftest import picture
from tests.mockserver.hooks import CONTROL, until
from tests.mockserver.stored import sandboxes, stored

from safelight_mock import ClockMode, MockServer, Settings, Twin, TwinTransport
from safelight_mock.storage.sandboxes import name_of

pytestmark = pytest.mark.slow

BASE = "/topaz/image/v1"
PHOTO = picture(48, 32)
HOT, OTHERS = "hot", [f"key {number}" for number in range(4)]
GRANTED, ROUNDS = 1_000, 20


@dataclass(frozen=True, kw_only=True)
class ClockReading:
    """What a reader was shown of a key's clock, between two moments of this machine."""

    began: float
    ended: float
    now: float


@dataclass
class Caller:
    """A client with a key, and the responses it got."""

    twin: Twin
    client: httpx.Client
    key: str
    jobs: list[str] = field(default_factory=list)
    polls: list[ClockReading] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    def call(self, method: str, path: str, **rest: object) -> httpx.Response:
        response = self.client.request(method, BASE + path, headers={"X-API-Key": self.key}, **rest)  # type: ignore[arg-type] # whatever it takes
        self.statuses[response.status_code] += 1
        return response

    def submit(self, **fields: str) -> str | None:
        response = self.call("POST", "/enhance/async", files={"image": ("a.jpg", PHOTO)}, data=fields)
        if response.status_code != 200:
            return None
        self.jobs.append(response.json()["process_id"])
        return self.jobs[-1]

    def look(self) -> None:
        """Note the time of the sandbox."""
        began = time.monotonic()
        now = self.twin.sandboxes.time_of(name_of("topaz", self.key), self.twin.real())
        if now is not None:  # not in use at this moment
            self.polls.append(ClockReading(began=began, ended=time.monotonic(), now=now))


@contextmanager
def serving(chosen: Settings, *, over_sockets: bool) -> Iterator[tuple[Twin, list[httpx.Client]]]:
    """A twin with a client for each thread."""
    with closing(Twin(chosen)) as twin:
        if not over_sockets:
            one = httpx.Client(transport=TwinTransport(twin), base_url="http://twin")
            with one:
                yield twin, [one] * 8
            return
        with MockServer(twin=twin) as server:
            clients = [httpx.Client(base_url=server.origin, timeout=60) for _ in range(8)]
            yield twin, clients
            for client in clients:
                client.close()


def work(caller: Caller, together: Barrier, inbox: str) -> None:
    """Submit, poll, cancel, delete and list, again and again."""
    together.wait()
    for number in range(ROUNDS):
        job = caller.submit(webhook_url=inbox) if number % 2 else caller.submit()
        caller.look()
        if job is None:
            continue
        assert caller.call("GET", f"/status/{job}").status_code == 200
        if number % 5 == 3:
            caller.call("DELETE", f"/cancel/{job}")
        if number % 7 == 5:
            caller.client.get(f"{CONTROL}/jobs", params={"limit": "5"}).raise_for_status()
        caller.look()


@pytest.fixture(params=["memory", "folder"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path | None:
    return tmp_path if request.param == "folder" else None


@pytest.mark.parametrize("over_sockets", [False, True])
def test_concurrent_submissions_of_a_busy_key_are_neither_lost_nor_doubled(
    folder: Path | None, *, over_sockets: bool
) -> None:
    chosen = Settings(seed="tests", clock=ClockMode.SCALED, clock_rate=100, data_dir=folder)
    keys = [HOT] * 4 + OTHERS
    acknowledged: dict[str, list[str]] = {key: [] for key in keys}
    with serving(chosen, over_sockets=over_sockets) as (twin, clients):
        control = clients[0]
        for key in acknowledged:
            opened = control.post(f"{CONTROL}/sandboxes", json={"vendor": "topaz", "key": key}).json()
            path = f"{CONTROL}/sandboxes/{opened['name']}/account"
            control.patch(path, json={"balance": GRANTED}).raise_for_status()
        callers = [Caller(twin, client, key) for client, key in zip(clients, keys, strict=True)]
        inbox = str(control.base_url.copy_with(path=f"{CONTROL}/inbox/box"))
        together = Barrier(len(callers))
        with ThreadPoolExecutor(len(callers)) as pool:
            for done in [pool.submit(work, caller, together, inbox) for caller in callers]:
                done.result(120)

        for caller in callers:
            acknowledged[caller.key] += caller.jobs
            assert {*caller.statuses} <= {200, 204, 409}  # 409: too late to cancel
        for key, jobs in acknowledged.items():
            assert len(jobs) == len({*jobs}) == ROUNDS * keys.count(key)
        check_jobs(twin, acknowledged)
        check_times(callers)
        for key in acknowledged:
            twin.advance(3600, vendor="topaz", key=key)
        check_credits(control)
        check_deliveries(control, twin)
    if folder is not None:
        with closing(Twin(chosen)) as twin:
            check_jobs(twin, acknowledged)


def check_jobs(twin: Twin, acknowledged: dict[str, list[str]]) -> None:
    """All that was acknowledged is there, in the order of numbers and of time."""
    for key, jobs in acknowledged.items():
        kept = [*stored(twin, key=key).jobs.values()]
        assert {job.id for job in kept} == {*jobs}
        assert [job.number for job in kept] == sorted({job.number for job in kept})
        assert [job.submitted for job in kept] == sorted(job.submitted for job in kept)


def check_times(callers: list[Caller]) -> None:
    """Who looked after another look had ended saw no earlier time."""
    for key in {caller.key for caller in callers}:
        polls = [one for caller in callers if caller.key == key for one in caller.polls]
        assert len(polls) > ROUNDS
        assert [
            (one, other)
            for one in polls
            for other in polls
            if one.ended < other.began and one.now > other.now
        ] == []


def check_credits(control: httpx.Client) -> None:
    """One credit was paid for each job that succeeded, and the others were given back."""
    succeeded = Counter(
        job["sandbox"]
        for job in control.get(f"{CONTROL}/jobs", params={"limit": "1000"}).json()
        if job["state"] == "succeeded"
    )
    outcome = control.get(f"{CONTROL}/sandboxes").json()
    assert len(succeeded) == len(outcome) == 5
    for sandbox in outcome:
        paid = succeeded[sandbox["name"]]
        assert sandbox["account"]["paid"] == paid
        assert (sandbox["account"]["reserved"], sandbox["account"]["balance"]) == (0, GRANTED - paid)


def check_deliveries(control: httpx.Client, twin: Twin) -> None:
    """Each notification has arrived once."""
    made = {name for sandbox in sandboxes(twin) for name in sandbox.deliveries}
    until(lambda: not any(sandbox.next_attempt_at for sandbox in sandboxes(twin)))
    attempts = [each.attempts for sandbox in sandboxes(twin) for each in sandbox.deliveries.values()]
    inbox_messages = control.get(f"{CONTROL}/inbox/box").json()["messages"]

    assert {len(each) for each in attempts} == {1}
    assert len(inbox_messages) == len(made) == len(attempts)
    assert len({message["body"] for message in inbox_messages}) == len(inbox_messages)


@pytest.mark.parametrize("bounds", [{"max_jobs": 7}, {"max_sandboxes": 3}])
def test_concurrent_evictions_do_not_block_one_another(folder: Path | None, bounds: dict[str, int]) -> None:
    chosen = Settings(clock=ClockMode.SCALED, clock_rate=10**5, data_dir=folder, **bounds)  # type: ignore[arg-type] # two bounds
    with serving(chosen, over_sockets=False) as (twin, clients):
        callers = [Caller(twin, client, f"key {number}") for number, client in enumerate(clients)]
        together = Barrier(len(callers))

        def take_room(caller: Caller) -> None:
            together.wait()
            for _ in range(ROUNDS):
                caller.submit()

        with ThreadPoolExecutor(len(callers)) as pool:
            for done in [pool.submit(take_room, caller) for caller in callers]:
                done.result(120)

        statuses = sum((caller.statuses for caller in callers), Counter())
        whys = {entry.reason for entry in twin.request_log.entries() if entry.status != 200}
        left = sandboxes(twin)
    assert {*statuses} <= {200, 503}
    assert not [
        why for why in whys if "in progress" not in why and "in use" not in why.partition("sandboxes")[2]
    ]
    assert statuses[200] > len(callers)
    assert len(left) <= bounds.get("max_sandboxes", 8)
    assert 0 < sum(len(sandbox.jobs) for sandbox in left) <= bounds.get("max_jobs", 10**4)
