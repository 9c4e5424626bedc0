"""A generated client at the mock server, both with the lifecycle of a case of the suite."""

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import httpx
from tests.conformance.playing import KEY, NAME, START, Json, cases, document_of

from safelight import JobApi, Polling
from safelight_codegen._generate.lifecycle_table import lifecycle_table
from safelight_mock import ClockMode, Settings, Spec, Twin, TwinTransport

if TYPE_CHECKING:
    from safelight_lifecycle import ApiTable

Play: TypeAlias = Callable[..., AbstractContextManager["Playing"]]
"""Connects a client to a server by the name of a case, with further keys of its lifecycle."""

CASES = dict(cases())
BASE_PATH = "/v1"  # of the server in the document


@dataclass(slots=True)
class Network(httpx.BaseTransport):
    """The mock server, and what it was sent.

    The responses to the next `lost` requests do not arrive; the next `expired` links to files are rejected.
    """

    inner: httpx.BaseTransport
    sent: list[httpx.Request] = field(default_factory=list)
    lost: int = 0
    expired: int = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.sent.append(request)
        if self.expired and request.url.path.startswith("/files/"):
            self.expired -= 1
            return httpx.Response(403)
        response = self.inner.handle_request(request)
        if self.lost:
            self.lost -= 1
            raise httpx.ReadTimeout("the response is lost", request=request)
        return response

    @property
    def lines(self) -> list[str]:
        """Method and path of each request below the base URL."""
        return [f"{one.method} {one.url.raw_path.decode().removeprefix(BASE_PATH)}" for one in self.sent]


@dataclass(slots=True, kw_only=True)
class Playing:
    """A client, and the server that it calls.

    The server's clock is set forward by `advance`, and by the client's waiting; `rests` are its delays.
    """

    jobs: JobApi
    network: Network
    twin: Twin
    control: httpx.Client
    rests: list[float]

    def advance(self, seconds: float) -> None:
        self.twin.advance(seconds, vendor=NAME, key=KEY)

    def create(self, **body: object) -> Any:  # noqa: ANN401 - a job
        return self.jobs.submit("createJob", body=body)

    def move(self, job_id: str, to: str) -> None:
        """Force a job to a word or state."""
        (sandbox,) = (one["name"] for one in self.control.get("sandboxes").json() if one["vendor"] == NAME)
        self.control.post(f"jobs/{job_id}/move?sandbox={sandbox}", json={"to": to}).raise_for_status()

    def rotated_secret(self) -> str:
        """Return a new secret of the account's webhooks."""
        with httpx.Client(transport=self.network, headers={"Authorization": f"Bearer {KEY}"}) as http:
            response = http.post("https://api.example.com/v1/secret")
        return str(response.raise_for_status().json()["key"])

    def received(self) -> list[tuple[dict[str, str], bytes]]:
        """Return headers and body of each webhook that the server's inbox has received."""
        messages = self.control.get("inbox/receiver").json()["messages"]
        return [(dict(one["headers"]), str(one["body"]).encode()) for one in messages]


@contextmanager
def played(case: str, modules: Mapping[str, str], **lifecycle: object) -> Iterator[Playing]:
    """Connect a client to a server, both with the lifecycle of a case, and with further keys of it."""
    described: Json = {**CASES[case], "lifecycle": CASES[case].get("lifecycle", {}) | lifecycle}
    document = document_of(described)
    names: dict[str, Any] = {}
    exec(lifecycle_table(document, modules), names)  # noqa: S102 - the generated module is under test
    api: ApiTable = names["API"]
    with ExitStack() as stack:
        path = Path(stack.enter_context(tempfile.TemporaryDirectory()), "api.json")
        path.write_text(json.dumps(document), encoding="utf-8")
        settings = Settings(clock=ClockMode.MANUAL, seed="conformance")
        twin = Twin(settings, specs=[Spec(path, name=NAME)], real=lambda: START)
        stack.callback(twin.close)
        network = Network(TwinTransport(twin))
        rests: list[float] = []

        def sleep(seconds: float) -> None:
            rests.append(seconds)
            twin.advance(seconds, vendor=NAME, key=KEY)

        polling = Polling(sleep=sleep, clock=lambda: sum(rests))
        jobs = stack.enter_context(JobApi(api, api_key=KEY, transport=network, polling=polling))
        control = stack.enter_context(
            httpx.Client(transport=TwinTransport(twin), base_url="http://twin/_safelight/")
        )
        twin.advance(0, vendor=NAME, key=KEY)
        yield Playing(jobs=jobs, network=network, twin=twin, control=control, rests=rests)
