"""Tries to find out, or change, what others have, wherever a call has a place for the name of something."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from io import BytesIO
from itertools import chain, cycle
from zipfile import ZipFile

import httpx

from contract_tests.sandboxes.operations import Operation, described
from contract_tests.sandboxes.tenants import JOBS, House, Tenant
from safelight_specs import read_spec

VENDORS = {vendor: [*described(read_spec(vendor), f"/{vendor}")] for vendor in JOBS}
IDS = {
    lifecycle["id"]["parameter"]
    for vendor in JOBS
    for lifecycle in read_spec(vendor)["x-async-jobs"].values()
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Prying:
    """Calls to find out, or change, what others have."""

    house: House
    operations: Mapping[str, Sequence[Operation]]
    refusals: dict[tuple[str, str], int] = field(default_factory=dict)

    def tried_by_all(self) -> list[str]:
        """Let all tenants try at once; return what should not have happened."""
        tenants = self.house.tenants
        with ThreadPoolExecutor(len(tenants)) as pool:
            return [*chain.from_iterable(pool.map(lambda tenant: [*self.tried(tenant)], tenants))]

    def tried(self, tenant: Tenant) -> Iterator[str]:
        """Call every operation with what others have: with each something of another neighbour's."""
        others = cycle(self.house.neighbours(tenant))
        for operation in self.operations[tenant.vendor]:
            if operation.takes("sandbox"):
                other = next(others)
                for thing in other.things:
                    yield from self._tried(tenant, operation, thing, is_job=thing in other.jobs)
            elif operation.method == "GET":
                answer = operation.ask(tenant.client, "", sandbox=tenant.sandbox)
                yield from self._told(tenant, operation, answer)

    def _tried(self, tenant: Tenant, operation: Operation, thing: str, *, is_job: bool) -> Iterator[str]:
        answer = operation.ask(tenant.client, thing, sandbox=tenant.sandbox)
        yield from self._told(tenant, operation, answer, thing)
        refused = self._refused(tenant, operation, unknown(thing))
        if answer.status_code != refused:
            yield f"{operation.name}: {answer.status_code} for another's {thing}, {refused} for nobody's"
        if is_job and operation.in_path & IDS and answer.status_code != 404:
            yield f"{operation.name}: {answer.status_code} for another's job {thing}"

    def _told(
        self, tenant: Tenant, operation: Operation, answer: httpx.Response, asked: str = ""
    ) -> Iterator[str]:
        others = (other for other in self.house.tenants if other is not tenant)
        secrets = {name for other in others for name in (*other.things, other.sandbox)} - {asked}
        text = said(answer)
        if any(secret in text for secret in secrets):
            yield f"{operation.name} tells what is another's: {text[:200]}"

    def _refused(self, tenant: Tenant, operation: Operation, nobody: str) -> int:
        """Return how an id is answered that nothing has."""
        name = (operation.name, nobody)
        if name not in self.refusals:
            answer = operation.ask(tenant.client, nobody, sandbox=tenant.sandbox)
            self.refusals[name] = answer.status_code
        return self.refusals[name]


def unknown(thing: str) -> str:
    """Return an id of the same form that nothing has."""
    return "1" if thing.isdecimal() else "00000000-0000-4000-8000-000000000000"


def said(answer: httpx.Response) -> str:
    """Return the text of an answer, or of all that is in an archive."""
    if answer.headers.get("content-type") != "application/zip":
        return answer.text
    with ZipFile(BytesIO(answer.content)) as archive:
        return "".join(archive.read(name).decode(errors="replace") for name in archive.namelist())
