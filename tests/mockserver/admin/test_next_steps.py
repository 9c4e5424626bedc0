"""What can be made to happen next to jobs is listed as requests that are accepted, and do what they say."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import httpx
import pytest
from tests.examples.served import SPECS
from tests.mockserver.conftest import START, picture
from tests.mockserver.hooks import HOUR

from safelight_mock import ClockMode, Settings, Twin, TwinTransport

CONTROL = "/_safelight"
Json = dict[str, Any]
VALUES: dict[str, Json] = {"createResponse": {"background": True}}  # which make the submission asynchronous


class Box:
    """The sandbox of a key, and requests to the control plane about it."""

    def __init__(self, twin: Twin, http: httpx.Client, vendor: str, key: str = "k") -> None:
        self.twin, self.http, self.vendor, self.key = twin, http, vendor, key
        self.name = self.post(f"{CONTROL}/sandboxes", {"vendor": vendor, "key": key}).json()["name"]

    def post(self, path: str, json: object = None) -> httpx.Response:
        return self.http.post(f"http://twin{path}", **({} if json is None else {"json": json}))  # type: ignore[arg-type]

    def create(self, operation: str, **values: object) -> str:
        lifecycles = self.twin.served[self.vendor].lifecycles.values()
        words = next(one.described.words for one in lifecycles if operation in one.submits)
        state = words.listed[0].name if words.listed else "queued"
        body = {"operation": operation, "state": state, "values": values}
        created = self.post(f"{CONTROL}/sandboxes/{self.name}/jobs", body)
        assert created.status_code == 201, created.text
        return str(created.json()["id"])

    def submit(self, image: bytes) -> str:
        """Submit a job to Topaz."""
        url, files = "http://twin/topaz/image/v1/enhance/async", {"image": ("a.jpg", image)}
        return str(self.http.post(url, files=files, headers={"X-API-Key": self.key}).json()["process_id"])

    def jobs(self, **query: str | int) -> list[Json]:
        response = self.http.get(f"http://twin{CONTROL}/sandboxes/{self.name}/next", params=query)
        assert response.status_code == 200, response.text
        listed: list[Json] = response.json()["jobs"]
        return listed

    def steps(self, kind: str = "") -> list[Json]:
        newest = self.jobs()[0]
        return [step for step in newest["steps"] if kind in ("", step["kind"])]

    def take(self, step: Json) -> httpx.Response:
        response = self.http.request(
            step["method"],
            f"http://twin{step['path']}",
            **({} if step["body"] is None else {"json": step["body"]}),
        )
        assert response.status_code == 200, (step, response.text)
        return response

    def fork(self, key: str) -> "Box":
        self.twin.fork(vendor=self.vendor, key=self.key, to=key)
        return Box(self.twin, self.http, self.vendor, key)

    def poll(self, job: str) -> httpx.Response:
        """Poll a job of Topaz."""
        path = f"http://twin/topaz/image/v1/status/{job}"
        return self.http.get(path, headers={"X-API-Key": self.key})


@contextmanager
def serving(vendor: str = "topaz", specs: object = (), **settings: Any) -> Iterator[Box]:  # noqa: ANN401
    chosen = Settings(**{"seed": "tests", "clock": ClockMode.MANUAL, **settings})
    with (
        closing(Twin(chosen, specs=specs, real=lambda: START)) as twin,  # type: ignore[arg-type]
        httpx.Client(transport=TwinTransport(twin), timeout=5) as http,
    ):
        yield Box(twin, http, vendor)


@pytest.fixture
def topaz() -> Iterator[Box]:
    with serving() as box:
        yield box


def test_the_next_change_of_a_job_is_one_step_away(topaz: Box) -> None:
    job = topaz.create("postEnhanceAsync")

    words = []
    for _ in range(3):
        words.append(topaz.poll(job).json()["status"])
        topaz.take(topaz.steps("advance")[0])

    assert words == ["Pending", "Processing", "Completed"]
    assert topaz.jobs() == []  # the last step was the end of its retention


def test_a_step_reaches_its_moment_however_seconds_are_rounded() -> None:
    with serving() as box:
        box.create("postEnhanceAsync")
        for number in range(50):
            step, fork = box.steps("advance")[0], box.fork(f"fork {number}")
            fork.take({**step, "path": step["path"].replace(box.name, fork.name)})
            assert fork.jobs()[0]["vendor_state"] == "Processing"
            box.twin.advance(0.0071, vendor="topaz", key="k")


def test_a_job_can_be_moved_into_the_words_that_it_has_ahead(topaz: Box) -> None:
    topaz.create("postEnhanceAsync")
    ahead = [step["body"]["to"] for step in topaz.steps("move")]
    topaz.take(next(step for step in topaz.steps("move") if step["body"] == {"to": "Failed"}))

    assert ahead == ["Processing", "Completed", "Failed", "Cancelled"]
    assert topaz.jobs()[0]["state"] == "failed"
    assert topaz.steps("move") == []


def test_a_failure_has_a_step_for_each_cause() -> None:
    with serving("bfl", [spec for spec in SPECS if spec.name == "bfl"]) as box:
        operation = next(iter(box.twin.served["bfl"].lifecycles["task"].submits))
        box.create(operation)

        failures = {step["body"]["to"]: step["cause"] for step in box.steps("move")}

    assert failures == {
        "Ready": "",
        "Error": "",
        "Request Moderated": "input",
        "Content Moderated": "moderation",
    }


def test_a_fault_of_a_poll_applies_to_the_next_poll_of_that_job_alone(topaz: Box) -> None:
    other, job = topaz.create("postEnhanceAsync"), topaz.create("postEnhanceAsync")
    limited = next(step for step in topaz.steps("fault") if "429" in step["summary"])

    topaz.take(limited)

    assert topaz.poll(other).status_code == 200
    first = topaz.poll(job)
    assert (first.status_code, first.headers["retry-after"]) == (429, "5")
    assert topaz.poll(job).status_code == 200


def test_each_kind_of_fault_of_a_poll_is_seen(topaz: Box) -> None:
    job = topaz.create("postEnhanceAsync")
    seen: dict[str, object] = {}
    for step in topaz.steps("fault"):
        if step["body"]["next"][0]["match"]["operation"] != "read":
            continue
        topaz.take(step)
        try:
            response = topaz.poll(job)
            seen[step["summary"]] = response.status_code, response.headers["content-type"]
        except httpx.HTTPError as error:
            seen[step["summary"]] = type(error).__name__

    assert seen == {
        "The next poll is answered 500.": (500, "application/json"),
        "The next poll is answered 429, with 5 seconds to wait.": (429, "application/json"),
        "The next poll is answered by a proxy, with 200 and HTML.": (200, "text/html; charset=utf-8"),
        "The next poll ends with a reset connection.": "ReadError",
        "The next poll gets half of its response.": "RemoteProtocolError",
        "The next poll gets no response.": "ReadTimeout",
    }


def test_a_job_with_an_address_has_faults_of_its_webhooks_and_can_send_the_last_one_again(topaz: Box) -> None:
    topaz.create("postEnhanceAsync")
    assert not [step for step in topaz.steps() if "webhook" in step["summary"]]

    topaz.create("postEnhanceAsync", webhook_url=f"http://twin{CONTROL}/inbox/box")
    topaz.take(next(step for step in topaz.steps() if "sent twice" in step["summary"]))
    topaz.twin.advance(HOUR, vendor="topaz", key="k")
    (again,) = topaz.steps("resend")
    topaz.take(again)

    messages = topaz.http.get(f"http://twin{CONTROL}/inbox/box").json()["messages"]
    assert len(messages) == 4  # the first one twice, the second once, and that again
    assert not [step for step in topaz.steps("fault") if "webhook" in step["summary"]]  # none is to come


def test_jobs_are_listed_up_to_a_limit_the_newest_first(topaz: Box) -> None:
    made = [topaz.create("postEnhanceAsync") for _ in range(22)]

    assert [job["job"] for job in topaz.jobs()] == made[:1:-1]
    assert [job["job"] for job in topaz.jobs(limit=2)] == made[:-3:-1]
    assert [job["job"] for job in topaz.jobs(job=made[0])] == made[:1]
    assert topaz.jobs(job="unknown") == []


def test_a_damaged_input_is_inspected_first(topaz: Box) -> None:
    topaz.submit(picture(60, 40)[:-200])
    topaz.twin.advance(60, vendor="topaz", key="k")

    assert [job.state for job in topaz.twin.next_steps(vendor="topaz", key="k")] == ["failed"]
    assert topaz.jobs()[0]["vendor_state"] == "Failed"


def test_steps_and_mistakes_are_listed_in_python(topaz: Box) -> None:
    job = topaz.submit(picture(60, 40))
    topaz.twin.advance(60, vendor="topaz", key="k")
    topaz.poll(job)
    topaz.poll(job)

    (listed,) = topaz.twin.next_steps(vendor="topaz", key="k", job=job)
    assert (listed.job, listed.state, listed.vendor_state) == (job, "succeeded", "Completed")
    assert {step.kind for step in listed.steps} == {"advance", "fault"}
    kinds = {finding.kind for finding in topaz.twin.conduct(vendor="topaz", key="k")}
    assert kinds == {"polled-after-end", "never-downloaded"}
    assert topaz.twin.next_steps(vendor="topaz", key="never used") == []
    assert topaz.twin.conduct(vendor="topaz", key="never used") == []
    with pytest.raises(ValueError, match="unknown vendor 'nobody'"):
        topaz.twin.conduct(vendor="nobody", key="k")


def accepted_everywhere(box: Box) -> int:
    """Take each step of a job of each lifecycle in a fork of its own; return how many steps there were."""
    taken = 0
    for name, lifecycle in box.twin.served[box.vendor].lifecycles.items():
        if not lifecycle.described.submissions:
            continue
        before = Box(box.twin, box.http, box.vendor, f"{name} before")
        operation = next(iter(lifecycle.described.submissions))
        before.create(operation, **VALUES.get(operation, {}))
        for number, step in enumerate(before.steps()):
            fork = before.fork(f"{name} {number}")
            fork.take({**step, "path": step["path"].replace(before.name, fork.name)})
            after = fork.jobs()
            if step["kind"] == "move":
                (job,) = after[:1]
                assert step["body"]["to"] in (job["vendor_state"], job["state"])
            taken += 1
    return taken


@pytest.mark.parametrize("vendor", ["topaz", "claid", "tengr"])
def test_every_step_of_a_built_in_vendor_is_accepted(vendor: str) -> None:
    with serving(vendor) as box:
        assert accepted_everywhere(box) > 10


@pytest.mark.slow
@pytest.mark.parametrize(
    "vendor", [spec.name for spec in SPECS if spec.name != "deepgram"]
)  # it reads no jobs
def test_every_step_of_an_example_is_accepted(vendor: str) -> None:
    with serving(vendor, [spec for spec in SPECS if spec.name == vendor]) as box:
        assert accepted_everywhere(box) >= 10


def test_a_job_is_not_forced_into_a_state_that_its_api_has_no_word_for() -> None:
    with serving("assemblyai", [spec for spec in SPECS if spec.name == "assemblyai"]) as box:
        job = box.create("createTranscript")

        refused = box.post(f"{CONTROL}/jobs/{job}/move", {"to": "cancelled"})

    assert refused.status_code == 422
    assert refused.json()["detail"] == (
        "to: this API has no word for 'cancelled'; use one of queued, processing, completed, error"
    )
