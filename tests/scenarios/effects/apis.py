"""A built-in API and a generic one, called alike, over a socket or in the process."""

import hmac
from abc import ABC, abstractmethod
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, ClassVar

import httpx
from tests.examples.served import SPECS
from tests.mockserver.conftest import picture
from tests.scenarios.effects.seen import LINGER, PATIENCE, Seen, in_process, over_socket

from safelight_mock import ClockMode, MockServer, Settings, Twin, TwinTransport

PHOTO = picture(48, 32)
START = datetime(2027, 1, 1, tzinfo=UTC)
Json = dict[str, Any]
TRANSPORTS = ("socket", "process")


class Api(ABC):
    """An API with one key, whose clock a test moves. `see` shows one exchange as it is on its transport."""

    vendor: str
    headers: ClassVar[Mapping[str, str]]
    states: tuple[str, ...]  # its words for queued, running, succeeded, failed and cancelled

    def __init__(self, twin: Twin, base: str, http: httpx.Client, see: Callable[..., Seen]) -> None:
        self.twin, self.base, self.http, self.see = twin, base, http, see

    @abstractmethod
    def submission(self, **fields: object) -> httpx.Request:
        """Return the request that submits a job."""

    def submit(self, **fields: object) -> str:
        response = self.http.send(self.submission(**fields))
        assert response.is_success, response.text
        return self.id_in(response.json())

    def submit_with_webhook(self, url: str) -> str:
        """Submit a job whose webhooks go to a URL."""
        return self.submit(webhook=url)

    def id_in(self, body: Json) -> str:
        return str(body["id"])

    def control(self, method: str, path: str, json: object = None) -> Json:
        """Make a request to the control plane."""
        body: Json = {} if json is None else {"json": json}
        response = self.http.request(method, f"{self.base}/_safelight/{path}", **body)
        assert response.is_success, response.text
        result: Json = response.json()
        return result

    def advance(self, seconds: float) -> None:
        self.twin.advance(seconds, vendor=self.vendor, key="k")

    def jobs(self) -> list[Json]:
        """Return all jobs."""
        return [*self.http.get(f"{self.base}/_safelight/jobs").json()]

    def log(self) -> list[Json]:
        """Return the request log, the newest entry first."""
        return [*self.http.get(f"{self.base}/_safelight/requests").json()]


class PolledApi(Api):
    """An API whose jobs are polled, and whose results are downloaded."""

    shows_causes: bool  # in the response to a poll
    read_operation: str

    @abstractmethod
    def poll(self, job: str) -> httpx.Request:
        """Return the request that reads a job."""

    @abstractmethod
    def link(self, job: str) -> str:
        """Return the URL of a job's result."""

    @abstractmethod
    def progress(self, job: str) -> int:
        """Return the progress of a job in percent."""

    @abstractmethod
    def has_result(self, job: str) -> bool:
        """Return whether a job has a link to its result."""

    def read(self, job: str) -> httpx.Response:
        return self.http.send(self.poll(job))

    def word(self, job: str) -> str:
        return str(self.read(job).json()["status"])

    def download(self, job: str) -> httpx.Request:
        return self.http.build_request("GET", self.link(job))

    def finished(self) -> str:
        """Submit a job and let it succeed."""
        job = self.submit()
        self.advance(60)
        return job


class SignedApi(Api):
    """An API that signs its webhooks."""

    @abstractmethod
    def is_signed(self, headers: Mapping[str, str], body: bytes, secret: str) -> bool:
        """Return whether a webhook is signed with a secret."""


class Topaz(PolledApi):
    """The built-in one."""

    vendor = "topaz"
    headers: ClassVar[Mapping[str, str]] = {"x-api-key": "k"}
    states = ("Pending", "Processing", "Completed", "Failed", "Cancelled")
    shows_causes = False
    read_operation = "getStatus"

    def submission(self, **fields: object) -> httpx.Request:
        files = {"image": ("a.jpg", PHOTO, "image/jpeg")}
        return self.http.build_request(
            "POST",
            f"{self.base}/topaz/image/v1/enhance/async",
            files=files,
            data=fields,
            headers=self.headers,
        )

    def id_in(self, body: Json) -> str:
        return str(body["process_id"])

    def poll(self, job: str) -> httpx.Request:
        return self.http.build_request(
            "GET", f"{self.base}/topaz/image/v1/status/{job}", headers=self.headers
        )

    def link(self, job: str) -> str:
        return str(self.result(job).json()["download_url"])

    def result(self, job: str) -> httpx.Response:
        return self.http.get(f"{self.base}/topaz/image/v1/download/{job}", headers=self.headers)

    def has_result(self, job: str) -> bool:
        return self.result(job).is_success

    def progress(self, job: str) -> int:
        return int(self.read(job).json()["progress"])

    def submit_with_webhook(self, url: str) -> str:
        return self.submit(webhook_url=url)


class Claid(SignedApi):
    """The built-in one that signs its webhooks, of which an account has one."""

    vendor = "claid"
    headers: ClassVar[Mapping[str, str]] = {"authorization": "Bearer k"}
    states = ("ACCEPTED", "PROCESSING", "DONE", "ERROR", "CANCELLED")

    def submission(self, **fields: object) -> httpx.Request:
        body = {"input": "safelight://coffee.jpg", "operations": {}, **fields}
        url = f"{self.base}/claid/v1/image/edit/async"
        return self.http.build_request("POST", url, json=body, headers=self.headers)

    def id_in(self, body: Json) -> str:
        return str(body["data"]["id"])

    def submit_with_webhook(self, url: str) -> str:
        name = self.control("POST", "sandboxes", {"vendor": "claid", "key": "k"})["name"]
        self.control("PATCH", f"sandboxes/{name}/webhook", {"url": url})
        return self.submit()

    def is_signed(self, headers: Mapping[str, str], body: bytes, secret: str) -> bool:
        digest = hmac.new(secret.encode(), body, sha256).hexdigest()
        return headers["x-claid-hmac-sha256"] == f"sha256={digest}"


class Replicate(SignedApi):
    """A generic one that signs its webhooks as Standard Webhooks says."""

    vendor = "replicate"
    headers: ClassVar[Mapping[str, str]] = {"authorization": "Bearer k"}
    states = ("starting", "processing", "succeeded", "failed", "canceled")

    def submission(self, **fields: object) -> httpx.Request:
        body = {"version": "a/b", "input": {}, **fields}
        url = f"{self.base}/replicate/v1/predictions"
        return self.http.build_request("POST", url, json=body, headers=self.headers)

    def is_signed(self, headers: Mapping[str, str], body: bytes, secret: str) -> bool:
        content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        digest = hmac.new(b64decode(secret.removeprefix("whsec_")), content, sha256).digest()
        return headers["webhook-signature"] == f"v1,{b64encode(digest).decode()}"


class Runway(PolledApi):
    """The generic one, of which the server has a document and a lifecycle."""

    vendor = "runway"
    headers: ClassVar[Mapping[str, str]] = {"authorization": "Bearer k", "x-runway-version": "2024-11-06"}
    states = ("PENDING", "RUNNING", "SUCCEEDED", "FAILED", "CANCELLED")
    shows_causes = True
    read_operation = "GET /v1/tasks/{id}"

    def submission(self, **fields: object) -> httpx.Request:
        body = {"promptText": "Rain", "model": "gen4_image", "ratio": "1920:1080", **fields}
        url = f"{self.base}/runway/v1/text_to_image"
        return self.http.build_request("POST", url, json=body, headers=self.headers)

    def poll(self, job: str) -> httpx.Request:
        return self.http.build_request("GET", f"{self.base}/runway/v1/tasks/{job}", headers=self.headers)

    def link(self, job: str) -> str:
        return str(self.read(job).json()["output"][0])

    def has_result(self, job: str) -> bool:
        return bool(self.read(job).json().get("output"))

    def progress(self, job: str) -> int:
        return round(100 * float(self.read(job).json()["progress"]))


APIS: Mapping[str, type[PolledApi]] = {"topaz": Topaz, "runway": Runway}
ALL: Mapping[str, type[Api]] = {**APIS, "claid": Claid, "replicate": Replicate}


@contextmanager
def opened(api: str, transport: str, *rules: Mapping[str, Any]) -> Iterator[Any]:
    """Open an API under rules; yields an `Api`."""
    specs = [spec for spec in SPECS if spec.name in ("runway", "replicate")]
    scenario = {"version": "1", "name": "test", "rules": [*rules]} if rules else None
    settings = Settings(clock=ClockMode.MANUAL, scenario=scenario, seed="effects", start=START)
    with closing(Twin(settings, specs=specs)) as twin:
        if transport == "process":
            with httpx.Client(transport=TwinTransport(twin), timeout=5) as http:
                yield ALL[api](twin, "http://twin", http, _see_in_process(twin))
            return
        with MockServer(twin=twin) as server, httpx.Client(timeout=5) as http:
            yield ALL[api](twin, server.origin, http, over_socket)


def _see_in_process(twin: Twin) -> Callable[..., Seen]:
    def see(request: httpx.Request, patience: float = PATIENCE, linger: float = LINGER) -> Seen:
        assert linger  # httpx does not look at what follows a response
        return in_process(twin, request, patience)

    return see
