"""Those who share a twin: each has a key, jobs, and names that nobody else may see."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from itertools import chain

import httpx
from PIL import Image

from contract_tests.sandboxes.operations import Json

COFFEE = "safelight://coffee.jpg"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenant:
    """A key, a client that shows it, and the names of what it has: nobody else may see one of them."""

    vendor: str
    sandbox: str
    inbox: str
    client: httpx.Client
    jobs: Sequence[str]
    things: Sequence[str]

    def state(self, control: httpx.Client) -> object:
        """Return all that is known of it."""
        mine = {"sandbox": self.sandbox}
        paths = [path.format(job) for path, job in zip(JOBS[self.vendor].read, self.jobs, strict=True)]
        return (
            [one for one in control.get("/_safelight/sandboxes").json() if one["name"] == self.sandbox],
            control.get("/_safelight/jobs", params=mine).json(),
            control.get("/_safelight/deliveries", params=mine).json(),
            control.get(f"/_safelight/inbox/{self.inbox}").json(),
            [self.client.get(path).json() for path in paths],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Jobs:
    """How a vendor is shown a key, and the jobs that each key submits: the first of them gets done."""

    header: Mapping[str, str]
    submit: Sequence[tuple[str, Callable[[str, str], Json]]]
    ids_of: Callable[[Json], Sequence[object]]
    read: Sequence[str]


def picture(key: str, inbox: str) -> Json:
    file = BytesIO()
    Image.new("RGB", (20, len(key)), "teal").save(file, "JPEG")
    return {"files": {"image": ("a.jpg", file.getvalue())}, "data": {"webhook_url": inbox}}


def edit(_: str, __: str, images: object = COFFEE) -> Json:
    return {"json": {"input": images, "operations": {"resizing": {"width": 60}}}}


def artwork(_: str, inbox: str) -> Json:
    return {"json": {"imageUrl": COFFEE, "webhook": inbox}}


JOBS = {
    "topaz": Jobs(
        header={"X-API-Key": "{}"},
        submit=[("/topaz/image/v1/enhance/async", picture), ("/topaz/image/v1/denoise/async", picture)],
        ids_of=lambda told: [told["process_id"], told["source_id"]],
        read=["/topaz/image/v1/status/{}"] * 2,
    ),
    "claid": Jobs(
        header={"Authorization": "Bearer {}"},
        submit=[
            ("/claid/v1/image/edit/async", edit),
            ("/claid/v1/image/edit/batch", partial(edit, images=[COFFEE])),
        ],
        ids_of=lambda told: [told["data"]["id"]],
        read=["/claid/v1/image/edit/async/{}", "/claid/v1/image/edit/batch/{}"],
    ),
    "tengr": Jobs(
        header={"Authorization": "Bearer {}"},
        submit=[("/tengr/v2/artworks/detailer-upscaler", artwork)] * 2,
        ids_of=lambda told: [told["id"]],
        read=["/tengr/v2/artworks/{}"] * 2,
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """A twin with all its tenants."""

    control: httpx.Client
    tenants: Sequence[Tenant]

    def neighbours(self, tenant: Tenant) -> list[Tenant]:
        """Return the others of a tenant's vendor, his next neighbour first."""
        place = self.tenants.index(tenant)
        others = [*self.tenants[place + 1 :], *self.tenants[:place]]
        return [other for other in others if other.vendor == tenant.vendor]

    def state(self) -> list[object]:
        """Return all that is known of each tenant."""
        return [tenant.state(self.control) for tenant in self.tenants]


def moved_in(key: str, vendor: str, client: httpx.Client) -> Tenant:
    """Submit two jobs with a key of its own, and finish the first; its clock stands."""
    about = JOBS[vendor]
    client.headers.update({name: value.format(key) for name, value in about.header.items()})
    sandbox = client.post("/_safelight/sandboxes", json={"vendor": vendor, "key": key}).json()["name"]
    inbox = str(client.base_url.copy_with(path=f"/_safelight/inbox/{key}"))
    if vendor == "claid":
        client.patch(f"/_safelight/sandboxes/{sandbox}/webhook", json={"url": inbox})
    answers = [client.post(path, **asked(key, inbox)).json() for path, asked in about.submit]
    ids = [[str(one) for one in about.ids_of(answer)] for answer in answers]
    jobs, mine = [job for job, *_ in ids], {"sandbox": sandbox}
    client.post(f"/_safelight/jobs/{jobs[0]}/move", params=mine, json={"to": "succeeded"})
    delivery, *_ = client.get("/_safelight/deliveries", params=mine).json()
    things = [*chain.from_iterable(ids), delivery["id"]]
    return Tenant(vendor=vendor, sandbox=sandbox, inbox=key, client=client, jobs=jobs, things=things)
