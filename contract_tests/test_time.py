"""Time is the test's: what takes hours and days at a vendor takes no second of waiting before its twin."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from contract_tests.job_calls import CLAID, JOB_CALLS, TENGR, TOPAZ, JobCalls
from safelight_mock import ClockMode, MockServer, Settings, Twin, TwinTransport

if TYPE_CHECKING:
    from contract_tests.conftest import Served

pytestmark = pytest.mark.slow

JsonObject = Mapping[str, Any]
DAY = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An API key at a mock server with a manual clock, and its state in the control plane."""

    api: JobCalls
    client: httpx.Client
    base: str
    sandbox: str
    key: str
    inbox: str

    @property
    def auth(self) -> Mapping[str, str]:
        return self.api.auth(self.key)

    def submit(self) -> str:
        path, body = self.api.submissions[0]
        taken = self.client.post(self.base + path, headers=self.auth, **body(self.inbox))
        assert taken.is_success, taken.text
        return str(self.api.ids_of(taken.json())[0])

    def read(self, job: str) -> httpx.Response:
        return self.get(self.api.read[0].format(job))

    def get(self, path: str) -> httpx.Response:
        return self.client.get(self.base + path, headers=self.auth)

    def advance(self, seconds: float) -> list[JsonObject]:
        moved = self.client.post(f"sandboxes/{self.sandbox}/clock/advance", json={"seconds": seconds})
        timeline: list[JsonObject] = moved.json()["events"]
        return timeline

    def now(self) -> float:
        listed = {one["name"]: one["now"] for one in self.client.get("sandboxes").json()}
        return float(listed[self.sandbox])

    def messages(self) -> list[JsonObject]:
        messages: list[JsonObject] = self.client.get(self.inbox).json()["messages"]
        return messages


EVERY = pytest.mark.parametrize("api", JOB_CALLS.values(), ids=JOB_CALLS)


def opened(client: httpx.Client, origin: str, api: JobCalls, run: str = "") -> Account:
    """Open an account with a manual clock, whose webhooks go to an inbox."""
    key, inbox = f"k{run}", f"{origin}/_safelight/inbox/{api.vendor}{run}"
    sandbox = client.post("sandboxes", json={"vendor": api.vendor, "key": key}).json()["name"]
    client.patch(f"sandboxes/{sandbox}/clock", json={"mode": "manual"})
    if api.has_account_webhook:
        client.patch(f"sandboxes/{sandbox}/webhook", json={"url": inbox})
    return Account(api=api, client=client, base=origin + api.base, sandbox=sandbox, key=key, inbox=inbox)


@pytest.fixture
def account(served: "Served") -> Callable[[JobCalls], Account]:
    return lambda api: opened(served.plane, served.origin, api, served.run)


def gaps(messages: list[JsonObject]) -> list[float]:
    """Return the seconds from each arrival to the next."""
    return [later["at"] - earlier["at"] for earlier, later in pairwise(messages)]


def test_topaz_retries_a_webhook_for_twenty_attempts(account: Callable[[JobCalls], Account]) -> None:
    topaz = account(TOPAZ)
    topaz.client.put(topaz.inbox, json={"default": 503})
    job = topaz.submit()

    topaz.client.post(f"jobs/{job}/move", json={"to": "Failed"})
    topaz.advance(DAY)

    assert gaps(topaz.messages()) == [5, 10, 20, 40, 80, 160, 320, 640, *[900] * 11]
    assert len({message["body"] for message in topaz.messages()}) == 1
    (delivery,) = topaz.client.get("deliveries", params={"sandbox": topaz.sandbox}).json()
    assert (len(delivery["attempts"]), delivery["next_attempt"]) == (20, None)


def test_the_maximum_delay_of_topaz_can_bound_the_sum_of_all_delays() -> None:
    twin = Twin(Settings(options={"topaz.backoff_cap": "total"}))
    with httpx.Client(base_url="http://twin/_safelight/", transport=TwinTransport(twin)) as client:
        topaz = opened(client, "http://twin", TOPAZ)
        client.put(topaz.inbox, json={"default": "refuse"})

        client.post(f"jobs/{topaz.submit()}/move", json={"to": "Failed"})
        topaz.advance(DAY)

        waits = gaps(topaz.messages())
        assert waits == [5, 10, 20, 40, 80, 160, 320]
        assert sum(waits) <= 15 * 60 < sum(waits) + 640
    twin.close()


@pytest.mark.parametrize(
    ("response", "expected"), [(500, [3, 6, 12]), ("hang", [33, 36, 42]), ("refuse", [3, 6, 12]), (410, [])]
)
def test_claid_makes_four_attempts_to_deliver_a_webhook(
    account: Callable[[JobCalls], Account], response: int | str, expected: list[float]
) -> None:
    claid = account(CLAID)
    claid.client.put(claid.inbox, json={"default": response})
    claid.submit()

    claid.advance(DAY)

    assert gaps(claid.messages()) == expected


@pytest.mark.parametrize(
    ("api", "life"), [(TOPAZ, 3600), (CLAID, DAY), (TENGR, 8 * DAY)], ids=["topaz", "claid", "tengr"]
)
def test_a_link_expires_after_the_vendors_time(
    account: Callable[[JobCalls], Account], api: JobCalls, life: int
) -> None:
    mine = account(api)
    job = mine.submit()
    ended = next(one["at"] for one in mine.advance(60) if one["state"] == "succeeded")
    link, now = mine.api.link_of(lambda path: mine.get(path).json(), job), mine.now()
    begins = now if api is TOPAZ else ended  # Topaz makes a new link for each request

    mine.advance(begins + life - now - 1)
    alive = mine.client.get(link)
    mine.advance(2)

    assert alive.headers["content-type"].startswith("image/")
    assert mine.client.get(link).status_code == 403


@pytest.mark.parametrize(("api", "days"), [(TOPAZ, 7), (TENGR, 8)], ids=["topaz", "tengr"])
def test_a_job_is_deleted_after_the_vendors_retention(
    account: Callable[[JobCalls], Account], api: JobCalls, days: int
) -> None:
    mine = account(api)
    job = mine.submit()
    ended = next(one["at"] for one in mine.advance(60) if one["state"] == "succeeded")

    mine.advance(ended + days * DAY - mine.now() - 1)
    kept = mine.read(job).status_code
    mine.advance(2)

    assert (kept, mine.read(job).status_code) == (200, 404)


@EVERY
def test_advancing_an_hour_at_once_or_in_seconds_gives_the_same_timeline(api: JobCalls) -> None:
    timeline, messages = run_timeline(api, seconds=3600, steps=1)

    assert run_timeline(api, seconds=1, steps=3600) == (timeline, messages)
    assert [one["state"] for one in timeline if not one["delivery"]] == ["running", "succeeded"]
    assert len(messages) == len([one for one in timeline if one["delivery"]]) > 0


def run_timeline(api: JobCalls, *, seconds: float, steps: int) -> tuple[list[JsonObject], list[JsonObject]]:
    """Return what happens in an hour, and what arrives, at a twin that begins as every other."""
    twin = Twin(Settings(seed="hour"), real=lambda: 1_800_000_000.0)
    with httpx.Client(base_url="http://twin/_safelight/", transport=TwinTransport(twin)) as client:
        mine = opened(client, "http://twin", api)
        client.put(mine.inbox, json={"responses": [503, "hang", "refuse", 200], "default": 503})
        mine.submit()
        timeline = [one for _ in range(steps) for one in mine.advance(seconds)]
        messages = mine.messages()
    twin.close()
    return timeline, messages


@EVERY
def test_concurrent_polls_on_an_auto_clock_advance_it_one_after_another(api: JobCalls) -> None:
    with (
        MockServer(Settings(clock=ClockMode.AUTO)) as server,
        httpx.Client(base_url=f"{server.origin}/_safelight/", timeout=30) as client,
        ThreadPoolExecutor(8) as pool,
    ):
        mine = opened(client, server.origin, api)
        client.patch(f"sandboxes/{mine.sandbox}/clock", json={"mode": "auto"})
        job, began = mine.submit(), mine.now()

        polls = [*pool.map(lambda _: mine.read(job).status_code, range(24))]

        (result,) = client.get("jobs").json()
        now = mine.now()
        deliveries = client.get("deliveries").json()

    assert (set(polls), result["state"]) == ({200}, "succeeded")
    assert result["since"] == result["ends"] > began, "the job ended by its plan, and its end did not move"
    assert result["ends"] < now <= result["ends"] + 5 * 22, (
        "24 polls: to its start, its end, and 5 seconds each"
    )
    assert [[attempt["outcome"] for attempt in one["attempts"]] for one in deliveries] in (
        [["2xx"]],
        [["2xx"], ["2xx"]],
    )
    assert all(one["at"] == one["attempts"][0]["at"] for one in deliveries), "each was sent when it was due"
