"""Clients that share a mock server: each has a key, jobs, and names that no other may learn."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import httpx

from contract_tests.job_calls import JOB_CALLS


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxClient:
    """An HTTP client with a key of its own; `things` are the names of all that its sandbox has."""

    vendor: str
    sandbox: str
    inbox: str
    http: httpx.Client
    jobs: Sequence[str]
    things: Sequence[str]

    def state(self, control: httpx.Client) -> object:
        """Return all that can be read of it."""
        own, calls = {"sandbox": self.sandbox}, JOB_CALLS[self.vendor]
        paths = [calls.base + path.format(job) for path, job in zip(calls.read, self.jobs, strict=True)]
        return (
            [one for one in control.get("/_safelight/sandboxes").json() if one["name"] == self.sandbox],
            control.get("/_safelight/jobs", params=own).json(),
            control.get("/_safelight/deliveries", params=own).json(),
            control.get(f"/_safelight/inbox/{self.inbox}").json(),
            [self.http.get(path).json() for path in paths],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedServer:
    """A mock server with all its clients."""

    control: httpx.Client
    clients: Sequence[SandboxClient]

    def others(self, client: SandboxClient) -> list[SandboxClient]:
        """Return the other clients of the same vendor, the next one first."""
        location = self.clients.index(client)
        others = [*self.clients[location + 1 :], *self.clients[:location]]
        return [other for other in others if other.vendor == client.vendor]

    def state(self) -> list[object]:
        """Return all that can be read of each client."""
        return [client.state(self.control) for client in self.clients]


def opened(key: str, vendor: str, http: httpx.Client) -> SandboxClient:
    """Submit two jobs with a key, and finish the first; the clock is manual."""
    calls = JOB_CALLS[vendor]
    http.headers.update(calls.auth(key))
    sandbox = http.post("/_safelight/sandboxes", json={"vendor": vendor, "key": key}).json()["name"]
    inbox = str(http.base_url.copy_with(path=f"/_safelight/inbox/{key}"))
    if calls.has_account_webhook:
        http.patch(f"/_safelight/sandboxes/{sandbox}/webhook", json={"url": inbox})
    responses = [http.post(calls.base + path, **body(inbox)).json() for path, body in calls.submissions]
    ids = [[str(one) for one in calls.ids_of(response)] for response in responses]
    jobs, own = [job for job, *_ in ids], {"sandbox": sandbox}
    http.post(f"/_safelight/jobs/{jobs[0]}/move", params=own, json={"to": "succeeded"})
    delivery, *_ = http.get("/_safelight/deliveries", params=own).json()
    things = [*chain.from_iterable(ids), delivery["id"]]
    return SandboxClient(vendor=vendor, sandbox=sandbox, inbox=key, http=http, jobs=jobs, things=things)
