"""An edited snapshot is rejected, with the entry named, or gives a sandbox that serves every read."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from copy import deepcopy
from io import BytesIO
from random import Random
from typing import Any
from zipfile import ZipFile

import httpx
import pytest
from tests.mockserver.conftest import START, picture
from tests.mockserver.stored import sandboxes

from safelight_mock import ClockMode, Settings, SnapshotError, Twin, TwinTransport
from safelight_mock.config.services import services
from safelight_mock.wire import Kind, Problem

pytestmark = pytest.mark.slow

EDITS = 60  # of each vendor's snapshot, the same every time
CONTROL = "/_safelight"
HOOK = f"http://127.0.0.1{CONTROL}/inbox/box"
ZIP = {"content-type": "application/zip"}
KEY = {"X-API-Key": "k", "Authorization": "Bearer k"}
SERVED = services(Settings())

Tree = dict[str, Any]
Place = tuple[Any, ...]


@contextmanager
def twin_and_client(**chosen: object) -> Iterator[tuple[Twin, httpx.Client]]:
    settings = Settings(seed="tests", clock=ClockMode.MANUAL, **chosen)  # type: ignore[arg-type] # whatever it takes
    with (
        closing(Twin(settings, real=lambda: START)) as twin,
        httpx.Client(transport=TwinTransport(twin), base_url="http://127.0.0.1", headers=KEY) as client,
    ):
        yield twin, client


def fill_topaz(client: httpx.Client, _: str) -> None:
    for image in (picture(48, 32), picture(48, 32)[:-100]):
        form: dict[str, Any] = {"files": {"image": ("a.jpg", image)}, "data": {"webhook_url": HOOK}}
        assert client.post("/topaz/image/v1/enhance/async", **form).status_code == 200
    files = {"image": ("a.png", picture(20, 30, "PNG"))}
    assert client.post("/topaz/image/v1/matting/async", files=files).status_code == 200


def fill_claid(client: httpx.Client, sandbox: str) -> None:
    client.patch(f"{CONTROL}/sandboxes/{sandbox}/webhook", json={"url": HOOK, "secret": "s"})
    photo, other = "safelight://coffee.jpg", "safelight://chelsea.jpg"
    small = {"resizing": {"width": 50, "height": 50}}
    for path, image in (("async", photo), ("async", "safelight://damaged.jpg"), ("batch", [photo, other])):
        requested = {"input": image, "operations": small}
        assert client.post(f"/claid/v1/image/edit/{path}", json=requested).status_code == 200


def fill_tengr(client: httpx.Client, _: str) -> None:
    for path in ("detailer-upscaler", "upscaling"):
        requested = {"imageUrl": "safelight://chelsea.jpg", "webhookUrl": HOOK}
        assert client.post(f"/tengr/v2/artworks/{path}", json=requested).status_code == 202


FILL: dict[str, Callable[[httpx.Client, str], None]] = {
    "topaz": fill_topaz,
    "claid": fill_claid,
    "tengr": fill_tengr,
}


@pytest.fixture(scope="module", params=FILL)
def vendor(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def members(vendor: str) -> dict[str, bytes]:
    return taken(vendor)


def taken(vendor: str) -> dict[str, bytes]:
    """Return the members of a snapshot of jobs that ended in several ways, and of some in progress."""
    with twin_and_client() as (twin, client):
        opened = client.post(f"{CONTROL}/sandboxes", json={"vendor": vendor, "key": "k"})
        FILL[vendor](client, opened.json()["name"])
        twin.advance(60, vendor=vendor, key="k")
        FILL[vendor](client, opened.json()["name"])
        file = twin.snapshot(vendor=vendor, key="k")
    with ZipFile(BytesIO(file)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(members: dict[str, bytes], tree: Tree) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        for name, content in {**members, "sandbox.json": json.dumps(tree).encode()}.items():
            archive.writestr(name, content)
    return file.getvalue()


def places(node: object, at: Place = ()) -> Iterator[Place]:
    """Yield the path of every value in a tree."""
    if at:
        yield at
    if isinstance(node, dict | list):
        for key in node if isinstance(node, dict) else range(len(node)):
            yield from places(node[key], (*at, key))


def within(tree: Any, location: Place) -> Any:  # noqa: ANN401 - JSON
    for key in location:
        tree = tree[key]
    return tree


TEXTS = ["", "x", "a" * 300, "../../x", "a\r\nb", "\0", "Completed", "failed", "succeeded", "gif", "0", "{}"]
WHOLE = [0, -1, 1, 2, 2**31, 2**53, 2**63 - 1]
MOMENTS = [0.0, -1.0, 0.5, 1e9, 1e11, START + 60, START + 1e9]
OTHERS = [None, True, 10**30, 1e300, [], {}, [1], {"x": 1}]


def altered(value: object, random: Random) -> object:
    """Return another value, mostly of the same type: others are refused before anything is looked at."""
    choices: list[object] = [*OTHERS]
    match value:
        case bool():
            choices = [not value]
        case int():
            choices = [*WHOLE, value + 1, value * 1000]
        case float():
            choices = [*MOMENTS, value + 1, value * 1000]
        case str():
            choices = [*TEXTS, value[:-1], value.upper()]
        case list():
            choices = [[], value * 2, value[:1]]
        case dict():
            choices = [{}, dict([*value.items()][:1])]
    return random.choice([*choices, *choices, random.choice(OTHERS)])


def edited(tree: Tree, random: Random) -> Tree:
    """Alter, remove or exchange an entry or two."""
    tree = deepcopy(tree)
    for _ in range(random.choice([1, 1, 2])):
        location = random.choice([*places(tree)])
        parent, key = within(tree, location[:-1]), location[-1]
        alike = [other for other in places(tree) if other[-1] == key and other != location]
        match random.random():
            case chance if chance < 0.15 and isinstance(parent, dict):
                del parent[key]
            case chance if chance < 0.3 and alike:
                parent[key] = deepcopy(within(tree, random.choice(alike)))
            case _:
                parent[key] = altered(parent[key], random)
    return tree


def reads(vendor: str, jobs: list[str]) -> Iterator[str]:
    """Yield the path of every status, result and list, of the vendor and of the control plane."""
    service = SERVED[vendor]
    for name in service.vendor.handlers:
        operation = service.api.operations[name]
        parameter = service.lifecycles[service.api.lifecycle_of[name]].described.ids.parameter
        path = f"/{vendor}{operation.paths[0]}"
        if operation.method == "GET":
            yield from {path.replace(f"{{{parameter}}}", job) for job in jobs} if "{" in path else [path]
    for listed in ("sandboxes", "jobs?limit=1000", "deliveries?limit=1000", "metrics", "health"):
        yield f"{CONTROL}/{listed}"


def broken(twin: Twin, client: httpx.Client, vendor: str) -> list[str]:
    """Return what cannot be answered, now or later."""
    wrong: list[str] = []
    (sandbox,) = [one for one in sandboxes(twin) if one.vendor == vendor]
    for seconds in (0, 60, 8 * 86_400):
        advance = f"{CONTROL}/sandboxes/{sandbox.name}/clock/advance"
        answers = {advance: client.post(advance, json={"seconds": seconds})}
        answers.update({path: client.get(path) for path in reads(vendor, [*sandbox.jobs])})
        wrong += [path for path, response in answers.items() if response.status_code >= 500]
    return wrong


@pytest.mark.fidelity("twin:snapshot")
def test_an_edited_snapshot_is_refused_or_all_of_it_can_be_read(
    vendor: str, members: dict[str, bytes]
) -> None:
    tree, random = json.loads(members["sandbox.json"]), Random(f"edits of {vendor}")  # noqa: S311 - no secret
    statuses: list[int] = []
    for number in range(EDITS):
        edit = edited(tree, random)
        with twin_and_client() as (twin, client):
            sandbox = client.post(f"{CONTROL}/sandboxes", json={"vendor": vendor, "key": "k"}).json()["name"]
            path = f"{CONTROL}/sandboxes/{sandbox}/snapshot"
            response = client.put(path, content=packed(members, edit), headers=ZIP)
            statuses.append(response.status_code)
            assert response.status_code < 500, f"edit {number}: {response.text}"
            assert response.is_error or broken(twin, client, vendor) == [], f"edit {number}"

    assert {200, 422} <= set(statuses)  # both happen, or nothing was tried


def test_an_unchanged_snapshot_is_accepted(vendor: str, members: dict[str, bytes]) -> None:
    with twin_and_client() as (twin, client):
        twin.restore(packed(members, json.loads(members["sandbox.json"])), vendor=vendor, key="k")

        assert broken(twin, client, vendor) == []


def first_job(tree: Tree) -> Tree:
    job: Tree = next(iter(tree["jobs"].values()))
    return job


def set_details(tree: Tree) -> None:
    first_job(tree)["details"] = {"request": "5"}  # Topaz and Claid need others, Tengr an object


def set_size(tree: Tree) -> None:
    first_job(tree)["output"]["width"] = 2**40


def set_id(tree: Tree) -> None:
    job = {**first_job(tree), "id": "a/b"}
    others = [*tree["jobs"].items()][1:]
    tree["jobs"] = {"a/b": job, **dict(others)}


def set_origin(tree: Tree) -> None:
    first_job(tree)["origin"] = "http://127.0.0.1\r\nx: y"


@pytest.mark.parametrize("edit", [set_details, set_size, set_id, set_origin])
def test_a_refusal_names_the_entry(
    vendor: str, members: dict[str, bytes], edit: Callable[[Tree], None]
) -> None:
    tree = json.loads(members["sandbox.json"])
    edit(tree)

    with twin_and_client() as (_, client):
        opened = client.post(f"{CONTROL}/sandboxes", json={"vendor": vendor, "key": "k"}).json()["name"]
        path = f"{CONTROL}/sandboxes/{opened}/snapshot"
        refused = client.put(path, content=packed(members, tree), headers=ZIP)

        assert refused.status_code == 422, refused.text
        assert f"job {first_job(tree)['id']!r} " in refused.json()["detail"]
        assert client.get(f"{CONTROL}/jobs").json() == []


@pytest.mark.parametrize("copies", [0, 3, 2**53])
def test_a_delivery_that_would_be_sent_without_end_is_refused(copies: int) -> None:
    members = taken("topaz")
    tree = json.loads(members["sandbox.json"])
    delivery = next(iter(tree["deliveries"].values()))
    delivery["copies"] = copies

    with twin_and_client() as (twin, _), pytest.raises(SnapshotError) as refused:
        twin.restore(packed(members, tree), vendor="topaz", key="k")

    assert f"delivery {delivery['id']!r} has {copies} copies; it may have 1 to 2" in str(refused.value)


def test_more_jobs_than_fit_are_refused_before_any_is_looked_at(
    vendor: str, members: dict[str, bytes]
) -> None:
    with (
        twin_and_client(max_jobs=1) as (twin, _),
        pytest.raises(Problem, match="are too many: --max-jobs is 1") as refused,
    ):
        twin.restore(packed(members, json.loads(members["sandbox.json"])), vendor=vendor, key="k")

    assert refused.value.kind is Kind.NO_ROOM
