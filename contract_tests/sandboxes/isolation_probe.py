"""Tries to read or change what belongs to other sandboxes, wherever a request can name something."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from io import BytesIO
from itertools import chain, cycle
from zipfile import ZipFile

import httpx

from contract_tests.job_calls import JOB_CALLS
from contract_tests.sandboxes.operations import Operation, described
from contract_tests.sandboxes.sandbox_clients import SandboxClient, SharedServer
from safelight_specs import read_spec

OPERATIONS = {vendor: [*described(read_spec(vendor), f"/{vendor}")] for vendor in JOB_CALLS}
IDS = {
    lifecycle["id"]["parameter"]
    for vendor in JOB_CALLS
    for lifecycle in read_spec(vendor)["x-async-jobs"]["lifecycles"].values()
}


@dataclass(frozen=True, slots=True, kw_only=True)
class IsolationProbe:
    """Requests of all clients for what others have; `statuses` are those for ids that nothing has."""

    server: SharedServer
    operations: Mapping[str, Sequence[Operation]]
    statuses: dict[tuple[str, str], int] = field(default_factory=dict)

    def leaks(self) -> list[str]:
        """Let all clients try at once; return what should not have happened."""
        clients = self.server.clients
        with ThreadPoolExecutor(len(clients)) as pool:
            return [*chain.from_iterable(pool.map(lambda client: [*self._leaks(client)], clients))]

    def _leaks(self, client: SandboxClient) -> Iterator[str]:
        """Call every operation with the things of another client, a different one for each."""
        others = cycle(self.server.others(client))
        for operation in self.operations[client.vendor]:
            if operation.takes("sandbox"):
                other = next(others)
                for thing in other.things:
                    yield from self._asking(client, operation, thing, is_job=thing in other.jobs)
            elif operation.method == "GET":
                response = operation.ask(client.http, "", sandbox=client.sandbox)
                yield from self._naming_others(client, operation, response)

    def _asking(
        self, client: SandboxClient, operation: Operation, thing: str, *, is_job: bool
    ) -> Iterator[str]:
        response = operation.ask(client.http, thing, sandbox=client.sandbox)
        yield from self._naming_others(client, operation, response, thing)
        expected = self._status(client, operation, unknown(thing))
        if response.status_code != expected:
            yield f"{operation.name}: {response.status_code} for another's {thing}, {expected} for no one's"
        if is_job and operation.in_path & IDS and response.status_code != 404:
            yield f"{operation.name}: {response.status_code} for another's job {thing}"

    def _naming_others(
        self, client: SandboxClient, operation: Operation, response: httpx.Response, sent: str = ""
    ) -> Iterator[str]:
        others = (other for other in self.server.clients if other is not client)
        names = {name for other in others for name in (*other.things, other.sandbox)} - {sent}
        text = text_of(response)
        if any(name in text for name in names):
            yield f"{operation.name} names what is another's: {text[:200]}"

    def _status(self, client: SandboxClient, operation: Operation, unknown_id: str) -> int:
        name = (operation.name, unknown_id)
        if name not in self.statuses:
            response = operation.ask(client.http, unknown_id, sandbox=client.sandbox)
            self.statuses[name] = response.status_code
        return self.statuses[name]


def unknown(thing: str) -> str:
    """Return an id of the same form that nothing has."""
    return "1" if thing.isdecimal() else "00000000-0000-4000-8000-000000000000"


def text_of(response: httpx.Response) -> str:
    """Return the text of a response, or of every file in an archive."""
    if response.headers.get("content-type") != "application/zip":
        return response.text
    with ZipFile(BytesIO(response.content)) as archive:
        return "".join(archive.read(name).decode(errors="replace") for name in archive.namelist())
