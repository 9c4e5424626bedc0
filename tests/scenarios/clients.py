"""What the clients of these tests share: Topaz in process, on a clock that their polls and pauses move."""

from collections.abc import Callable, Mapping
from typing import Any

import httpx

from safelight_mock import Twin, TwinTransport

INBOX = "https://api.topazlabs.com/_safelight/inbox/mine"
MOST = 100  # requests of one client; one that makes more would go on for ever
DONE = ("Completed", "Failed", "Cancelled")


class EndlessError(RecursionError):
    """A client has made so many requests that it will not end."""


class Api:
    """The API under a scenario. `pause` lets the clock of the sandbox go on in place of `time.sleep`."""

    def __init__(self, twin: Twin, photo: bytes) -> None:
        self.twin = twin
        self.photo = photo
        self.requests = 0
        self._http = httpx.Client(
            transport=TwinTransport(twin),
            base_url="https://api.topazlabs.com/image/v1",
            headers={"x-api-key": "k"},
            timeout=5,
        )

    def request(self, method: str, url: str, **options: Any) -> httpx.Response:  # noqa: ANN401 - httpx's own
        """Make a request; raises EndlessError after MOST of them."""
        self.requests += 1
        if self.requests > MOST:
            raise EndlessError("this client does not end")
        return self._http.request(method, url, **options)

    def submit(self, **fields: str) -> httpx.Response:
        """Submit a job, which is paid."""
        return self.request("POST", "/enhance/async", files={"image": ("a.jpg", self.photo)}, data=fields)

    def read(self, job: str) -> httpx.Response:
        """Poll a job."""
        return self.request("GET", f"/status/{job}")

    def jobs(self) -> list[str]:
        """List the ids of all jobs."""
        return [job["process_id"] for job in self.request("GET", "/status").json()]

    def link(self, job: str) -> httpx.Response:
        """Ask for a link to the result."""
        return self.request("GET", f"/download/{job}")

    def get(self, url: str) -> httpx.Response:
        """Download a file."""
        return self.request("GET", url)

    def pause(self, seconds: float) -> None:
        """Let time pass."""
        self.twin.advance(seconds, vendor="topaz", key="k")

    def messages(self) -> list[dict[str, Any]]:
        """Return the webhooks that were received, in order."""
        return list(self._http.get("http://127.0.0.1/_safelight/inbox/mine").json()["messages"])

    @property
    def paid(self) -> int:
        """How many jobs there are, whatever became of them."""
        return len(self._http.get("http://127.0.0.1/_safelight/jobs").json())


Open = Callable[..., Api]
"""Returns the API under a scenario of the library."""


def state(response: httpx.Response) -> str:
    """Return the word for a job's state."""
    body: Mapping[str, Any] = response.json()
    return str(body["status"])


def job_id(response: httpx.Response) -> str:
    """Return the id of a submitted job."""
    return str(response.json()["process_id"])


def submit_once(api: Api) -> str:
    """Submit a job; one of unknown fate is looked for before it is submitted again."""
    known = api.jobs()
    try:
        return job_id(api.submit().raise_for_status())
    except httpx.HTTPError:
        new = [job for job in api.jobs() if job not in known]
        return new[0] if new else job_id(api.submit().raise_for_status())


def patient_wait(api: Api, job: str, seconds: float = 10) -> str:
    """Poll until the job is over; a poll that went wrong is made again, as often as thirty times."""
    for _ in range(30):
        try:
            response = api.read(job)
            if 400 <= response.status_code < 500 and response.status_code != 429:
                response.raise_for_status()
            if state(response) in DONE:
                return state(response)
        except (httpx.TransportError, ValueError, KeyError):
            pass
        api.pause(seconds)
    raise TimeoutError
