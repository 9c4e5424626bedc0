"""A thousand jobs under a mix of all faults end as their numbers say, on auto clocks, and are paid once."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from itertools import count
from typing import Any

import httpx
import pytest
from tests.examples.served import SPECS
from tests.small_photograph import PHOTO

from safelight_mock import ClockMode, Settings, Twin, TwinTransport

pytestmark = pytest.mark.slow

JOBS = 500  # of each API
EVERY = 25  # jobs after which the faults come round again
MOST = 200  # polls of one job
Rule = dict[str, Any]

OF_JOBS: Mapping[int, tuple[dict[str, Any], str]] = {
    1: ({"fail": True}, "failed"),
    2: ({"fail": {"at": 0.9, "message": "out of memory"}}, "failed"),
    3: ({"fail": {"after": 0.1}}, "failed"),
    4: ({"cancel": True}, "cancelled"),
    5: ({"stuck": "queued"}, "queued"),
    6: ({"stuck": "running"}, "running"),
    7: ({"slow": 50}, "succeeded"),
    8: ({"lost": {"after": 0.5}}, "lost"),  # it succeeds and is paid, and is not listed
    9: ({"progress": [10, 90, 20]}, "succeeded"),
    10: ({"without_result": True}, "succeeded"),
    11: ({"link_life": 0}, "succeeded"),
    12: ({"becomes": [{"to": "running", "at": 0.2, "for": 300}]}, "succeeded"),
    13: ({"result": "data:,own"}, "succeeded"),
}
"""What goes wrong with jobs by their number within EVERY, and the state that they end in."""

LOST: Mapping[int, dict[str, Any]] = {
    20: {"transfer": {"reset": "before"}},
    21: {"transfer": {"reset": "during"}},
    22: {"transfer": {"truncate": 0.1}},
    23: {"respond": {"status": 502, "html": "<h1>Bad gateway</h1>"}, "accepted": True},
    24: {"transfer": {"hang": True}},
}
"""What goes wrong with the response to a submission that is carried out, by the number of its job."""

OF_REQUESTS: tuple[Rule, ...] = (
    {"respond": {"status": 503, "retry_after": 1}},
    {"respond": {"error": "limited", "retry_after": {"date": 5}}},
    {"respond": {"status": 200, "html": "<p>proxy</p>"}},
    {"respond": {"status": 500, "json": {"odd": True}}},
    *({"transfer": {"reset": at}} for at in ("before", "during", "after")),
    {"transfer": {"truncate": 0.5}},
    {"transfer": {"length": 9}},
    {"transfer": {"length": -3}},
    {"transfer": {"corrupt": True}},
    {"transfer": {"media_type": "text/plain"}},
    {"transfer": {"drip": {"bytes": 400, "every": 0.001}}},
    {"transfer": {"delay": 9}},  # longer than the client waits
    {"transfer": {"first_byte": 9}},
    {"transfer": {"hang": True}},
)
"""What goes wrong with polls and downloads, each now and then."""

OF_WEBHOOKS = ("duplicate", "late", "out-of-order", "never", "wrong-signature", "old-secret")


def rules() -> Iterator[Rule]:
    yield {"match": {"operation": "submit", "call": {"every": 9}}, "respond": {"status": 503}}
    for number, (job, _) in OF_JOBS.items():
        yield {"match": {"operation": "submit", "job": {"every": EVERY, "from": number}}, "job": job}
    for number, effect in LOST.items():
        yield {"match": {"operation": "submit", "job": {"every": EVERY, "from": number}}, **effect}
    for number, effect in enumerate(OF_REQUESTS):
        for role in ("read", "download"):
            yield {"match": {"operation": role}, "chance": 0.02 + number / 1_000, **effect}
    for number, fault in enumerate(OF_WEBHOOKS):
        yield {"match": {"job": {"every": EVERY, "from": number + 1}}, "webhook": fault}


APIS: Mapping[str, tuple[str, str, str, str]] = {
    "topaz": ("/topaz/image/v1/enhance/async", "process_id", "/topaz/image/v1/status/", "x-api-key"),
    "replicate": ("/replicate/v1/predictions", "id", "/replicate/v1/predictions/", "authorization"),
}
COSTS = {"topaz": 1, "replicate": 0}  # credits of a job, of which the second API has none
ENDS = ("Completed", "Failed", "Cancelled", "succeeded", "failed", "canceled")


class Client:
    """A client that takes nothing for granted, and gives a job up after MOST polls."""

    def __init__(self, twin: Twin, name: str) -> None:
        self.path, self.id, self.below, key = APIS[name]
        headers = {key: "Bearer k" if key == "authorization" else "k"}
        transport = TwinTransport(twin)
        self.http = httpx.Client(transport=transport, base_url="http://twin", headers=headers, timeout=2)

    def submit(self) -> str:
        """Submit a job; return its id, empty if no response tells it."""
        hook = "http://twin/_safelight/inbox/mine"
        if self.id == "process_id":
            form: dict[str, Any] = {"files": {"image": ("a.jpg", PHOTO)}, "data": {"webhook_url": hook}}
        else:
            form = {"json": {"version": "a/b", "input": {}, "webhook": hook}}
        with suppress(httpx.HTTPError, ValueError, KeyError):
            return str(self.http.post(self.path, **form).raise_for_status().json()[self.id])
        return ""

    def wait(self, job: str) -> None:
        """Poll until the job is over, unknown, or too many polls were made."""
        for _ in range(MOST):
            with suppress(httpx.HTTPError, ValueError, KeyError, TypeError):
                response = self.http.get(self.below + job)
                if response.status_code == 404 or response.json()["status"] in ENDS:
                    return


@pytest.mark.parametrize("name", APIS)
def test_jobs_end_as_the_script_predicts_and_the_ledger_agrees(name: str) -> None:
    scenario = {"version": "1", "name": "mixed", "rules": [*rules()]}
    settings = Settings(clock=ClockMode.AUTO, scenario=scenario, seed="mixed")
    specs = [spec for spec in SPECS if spec.name == name]
    with closing(Twin(settings, specs=specs)) as twin:
        client = Client(twin, name)
        box = control(client, "POST", "sandboxes", {"vendor": name, "key": "k"})["name"]
        control(client, "PATCH", f"sandboxes/{box}/account", {"balance": 10_000})
        for call in count(1):
            job = client.submit()
            if job:
                client.wait(job)
            if call - call // 9 == JOBS:  # every 9th submission is refused
                break
        control(client, "POST", f"sandboxes/{box}/clock/advance", {"seconds": 3_000})

        jobs = control(client, "GET", f"jobs?sandbox={box}&limit={JOBS}")
        account = control(client, "GET", "sandboxes")[0]["account"]

    ends = Counter(predict(number) for number in range(1, JOBS + 1))
    assert Counter(job["state"] for job in jobs) == Counter({**ends, "lost": 0})
    assert account["paid"] == COSTS[name] * (ends["succeeded"] + ends["lost"])  # what failed is refunded
    assert account["reserved"] == COSTS[name] * (ends["queued"] + ends["running"])
    assert account["balance"] + account["paid"] + account["reserved"] == 10_000


def predict(number: int) -> str:
    """Return the state that a job ends in."""
    return OF_JOBS.get(number % EVERY, ({}, "succeeded"))[1]


def control(client: Client, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - any JSON
    return client.http.request(method, f"http://127.0.0.1/_safelight/{path}", json=body).json()
