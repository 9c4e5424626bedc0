"""The APIs under examples/, served in process with their lifecycles and nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import httpx
import msgspec

from safelight_lifecycle import AsyncJobs, Lifecycle, ResponseParts, WordState, find_job_id
from safelight_mock import Settings, Spec, Twin, TwinTransport
from safelight_mock.wire.operation import Operation

EXAMPLES = Path(__file__).parents[4] / "examples"
NAMES = sorted(path.parent.name for path in EXAMPLES.glob("*/lifecycle.overlay.yaml"))
START = 1_800_000_000.25
KEYS = ("authorization", "x-key", "x-api-key", "ocp-apim-subscription-key")


class Served(msgspec.Struct, frozen=True, dict=True):
    """One API, and a client with a key of it."""

    name: str
    twin: Twin
    client: httpx.Client
    key: str

    @cached_property
    def jobs(self) -> AsyncJobs:
        return self.twin.served[self.name].api.async_jobs

    @property
    def lifecycle(self) -> Lifecycle:
        return next(iter(self.jobs.lifecycles.values()))

    def operation(self, name: str) -> Operation:
        return self.twin.served[self.name].api.operations[name]

    def call(self, method: str, path: str, **rest: object) -> httpx.Response:
        return self.client.request(method, path if path.startswith("http") else f"/{self.name}{path}", **rest)  # type: ignore[arg-type] # whatever httpx takes

    def get(self, path: str, **rest: object) -> httpx.Response:
        return self.call("GET", path, **rest)

    def post(self, path: str, json: object = None, **rest: object) -> httpx.Response:
        return self.call("POST", path, json=json, **rest)

    def advance(self, seconds: float) -> None:
        self.twin.advance(seconds, vendor=self.name, key=self.key)


@contextmanager
def serving(name: str, key: str = "key-1", **settings: object) -> Iterator[Served]:
    """Serve an example; its clock moves when it is advanced only."""
    spec = Spec(
        next((EXAMPLES / name).glob("[os]*.yaml")), EXAMPLES / name / "lifecycle.overlay.yaml", name=name
    )
    twin = Twin(
        Settings(**settings),  # type: ignore[arg-type] # any setting
        specs=[spec],
        real=lambda: START,
    )
    headers = {one: f"Bearer {key}" if one == "authorization" else key for one in KEYS}
    transport = TwinTransport(twin)
    with httpx.Client(
        transport=transport, base_url="http://twin", headers={**headers, "X-Runway-Version": "2024-11-06"}
    ) as client:
        api = Served(name, twin, client, key)
        api.advance(0)  # from now on its clock stands
        yield api
    twin.close()


def parts_of(response: httpx.Response) -> ResponseParts:
    """The parts of a response that a lifecycle speaks of."""
    body = response.json() if response.content else None
    return ResponseParts(status=response.status_code, headers=dict(response.headers), body=body)


def id_in(lifecycle: Lifecycle, operation: str, response: httpx.Response) -> str:
    return find_job_id(lifecycle.ids_of(operation), parts_of(response).value)


def state_in(lifecycle: Lifecycle, response: httpx.Response) -> WordState | None:
    parts = parts_of(response)
    return lifecycle.state_in(parts.value, parts.status)
