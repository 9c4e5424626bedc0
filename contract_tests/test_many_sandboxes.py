"""Many who share a twin never meet: what is another's is answered as what never was.

Every operation of every vendor and every route of the control plane, as their documents list them, is called
by 64 keys at once, with what others have wherever the name of a thing can stand.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO
from itertools import chain, cycle
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from PIL import Image

from safelight_mock import MockServer, Mode, Settings
from safelight_specs import read_spec

pytestmark = pytest.mark.slow

KEYS = 64
METHODS = ("get", "put", "post", "patch", "delete")
COFFEE = "safelight://coffee.jpg"

# Routes that belong to the twin as a whole: no sandbox's name can stand in them. An inbox is a receiver, and
# open to whoever knows its address.
SHARED = frozenset(
    {
        "describe",
        "listSandboxes",
        "openSandbox",
        "showHealth",
        "showMetrics",
        "showInbox",
        "setInbox",
        "emptyInbox",
        "receiveLetter",
    }
)

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A call as a document describes it, with the places where the name of something may stand."""

    name: str
    method: str
    path: str
    in_path: frozenset[str]
    in_query: frozenset[str]
    in_body: frozenset[str]
    body: Json = field(default_factory=dict)
    is_form: bool = False

    def takes(self, *known: str) -> bool:
        """Whether something can be named that is not known already."""
        return bool((self.in_path | self.in_query | self.in_body).difference(known))

    def ask(self, client: httpx.Client, thing: str, **known: str) -> httpx.Response:
        """Call it with a thing's name wherever one may stand."""
        path = self.path.format_map({name: known.get(name, thing) for name in self.in_path})
        query = {name: known.get(name, thing) for name in self.in_query}
        body = {**self.body, **dict.fromkeys(self.in_body, thing)}
        form = {"files": {name: (None, str(value)) for name, value in body.items()}}
        sent: Json = {} if not body else form if self.is_form else {"json": body}
        return client.request(self.method, path, params=query, **sent)


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


def described(document: Json, prefix: str) -> Iterator[Operation]:
    """Yield every operation of a document."""
    for path, item in document["paths"].items():
        server = item.get("servers", document["servers"])[0]["url"]
        for method in METHODS:
            if method in item:
                parameters = [*item.get("parameters", ()), *item[method].get("parameters", ())]
                yield _operation(
                    document,
                    method,
                    prefix + urlsplit(server).path.rstrip("/") + path,
                    item[method],
                    parameters,
                )


def _operation(document: Json, method: str, path: str, told: Json, parameters: Sequence[Json]) -> Operation:
    contents: Json = told.get("requestBody", {}).get("content", {})
    media = next(iter(contents), "")
    body = _resolved(document, contents.get(media, {}).get("schema", {}))
    return Operation(
        name=told["operationId"],
        method=method.upper(),
        path=path,
        in_path=frozenset(one["name"] for one in parameters if one["in"] == "path"),
        in_query=frozenset(
            one["name"] for one in parameters if one["in"] == "query" and _is_name(document, one["schema"])
        ),
        in_body=frozenset(name for name in body.get("properties", ()) if name.endswith("_id")),
        body=_least(document, body),
        is_form=media.startswith("multipart/"),
    )


def _resolved(document: Json, schema: Json) -> Json:
    reference: str = schema.get("$ref", "")
    return document["components"]["schemas"][reference.rpartition("/")[2]] if reference else schema


def _is_name(document: Json, schema: Json) -> bool:
    return _resolved(document, schema).get("type") == "string" and "enum" not in schema


def _least(document: Json, schema: Json) -> Json:
    """Return the least that a body of this shape holds."""
    required = {name: _resolved(document, schema["properties"][name]) for name in schema.get("required", ())}
    return {name: _any(told) for name, told in required.items()}


def _any(schema: Json) -> object:
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case "array" | "object" as kind:
            return [] if kind == "array" else {}
        case "integer" | "number":
            return schema.get("minimum", 1)
    return "failed"


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


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with (
        MockServer(Settings(clock=Mode.MANUAL)) as server,
        httpx.Client(base_url=server.origin, timeout=60) as control,
        ThreadPoolExecutor(KEYS) as pool,
        ExitStack() as doors,
    ):
        clients = [doors.enter_context(httpx.Client(base_url=server.origin, timeout=60)) for _ in range(KEYS)]
        yield House(
            control=control,
            tenants=[*pool.map(moved_in, map("tenant-{:02}".format, range(KEYS)), cycle(JOBS), clients)],
        )


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
        with ThreadPoolExecutor(KEYS) as pool:
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
        if any(secret in answer.text for secret in secrets):
            yield f"{operation.name} tells what is another's: {answer.text[:200]}"

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


@pytest.fixture(scope="module")
def routes(house: House) -> list[Operation]:
    """The routes of the control plane."""
    document = house.control.get("/_safelight/openapi.json").json()
    return [route for route in described(document, "") if route.name not in SHARED]


def test_no_route_of_the_control_plane_tells_or_touches_what_is_anothers(
    house: House, routes: list[Operation]
) -> None:
    before = house.state()

    assert Prying(house=house, operations=dict.fromkeys(JOBS, routes)).tried_by_all() == []

    assert house.state() == before


# After the one above: in the journal of one's own calls stand the ids one asked for.
def test_no_operation_of_a_vendor_tells_or_touches_what_is_anothers(house: House) -> None:
    before = house.state()

    assert Prying(house=house, operations=VENDORS).tried_by_all() == []

    assert house.state() == before


def test_every_route_of_the_control_plane_can_be_kept_to_one_sandbox(routes: list[Operation]) -> None:
    open_to_all = [route.name for route in routes if "sandbox" not in route.in_path | route.in_query]

    assert open_to_all == [], "let it take ?sandbox=, or say in SHARED why it cannot"


@pytest.mark.parametrize(
    ("vendor", "operation"),
    [
        pytest.param(vendor, one, id=one.name)
        for vendor, operations in VENDORS.items()
        for one in operations
        if one.in_path & IDS or one.in_body
    ],
)
def test_what_is_ones_own_is_found(house: House, vendor: str, operation: Operation) -> None:
    with httpx.Client(base_url=house.control.base_url, timeout=60) as client:
        mine = moved_in(f"own-{operation.name}", vendor, client)

        found = {operation.ask(client, thing).status_code for thing in mine.things}

        assert found - {operation.ask(client, unknown(mine.jobs[0])).status_code}


def test_what_changes_all_of_ones_own_changes_nothing_of_others(
    house: House, routes: list[Operation]
) -> None:
    before = house.state()

    for vendor in JOBS:
        with httpx.Client(base_url=house.control.base_url, timeout=60) as client:
            mine = moved_in("changes-all", vendor, client)
            for operation in (*VENDORS[vendor], *routes):
                if operation.method != "GET" and not operation.takes("sandbox"):
                    operation.ask(client, "", sandbox=mine.sandbox)

    assert house.state() == before
