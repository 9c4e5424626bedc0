"""Many who share a twin never meet: what is another's is answered as what never was.

Every operation of every vendor and every route of the control plane, as their documents list them, is called
by 64 keys at once, with what others have wherever the name of a thing can stand.
"""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from itertools import cycle

import httpx
import pytest

from contract_tests.sandboxes.operations import Json, Operation, described
from contract_tests.sandboxes.prying import IDS, VENDORS, Prying, unknown
from contract_tests.sandboxes.tenants import JOBS, House, moved_in
from safelight_mock import MockServer, Mode, Settings
from safelight_specs import read_spec

pytestmark = pytest.mark.slow

KEYS = 64

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

# What the routes that change a whole sandbox are sent; the least they take would change nothing.
CHANGES: Mapping[str, Json] = {
    "changeAccount": {"balance": 7},
    "changeWebhook": {"url": "http://127.0.0.1/changed"},
    "setClock": {"mode": "auto"},
    "advanceClock": {"seconds": 60},
    "setMishaps": {"next": ["never"]},
    "forkSandbox": {"key": "forked"},
    "makeJob": {},  # of an operation of the vendor's
    "forgetRequests": {},
}


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


def test_what_is_ones_own_is_found_by_the_control_plane(house: House, routes: list[Operation]) -> None:
    with httpx.Client(base_url=house.control.base_url, timeout=60) as client:
        mine = moved_in("own", "topaz", client)
        for route in (route for route in routes if route.in_path - {"sandbox"}):
            found = {route.ask(client, thing, sandbox=mine.sandbox).status_code for thing in mine.things}
            never = route.ask(client, unknown(mine.jobs[0]), sandbox=mine.sandbox).status_code

            assert (never, found > {404}) == (404, True), route.name


def test_what_changes_all_of_ones_own_changes_nothing_of_others(
    house: House, routes: list[Operation]
) -> None:
    before = house.state()

    for vendor in JOBS:
        with httpx.Client(base_url=house.control.base_url, timeout=60) as client:
            mine = moved_in("changes-all", vendor, client)
            changed = {
                operation.name
                for operation in changing(vendor, routes)
                if operation.ask(client, "", sandbox=mine.sandbox).is_success
            }
            assert CHANGES.keys() - changed <= {"changeWebhook"}, "only an account of Claid's has a webhook"

    assert house.state() == before


def changing(vendor: str, routes: Sequence[Operation]) -> Iterator[Operation]:
    """Yield what changes all that one has, with something to change it to."""
    submit = next(iter(read_spec(vendor)["x-async-jobs"].values()))["submit"][0]
    bodies = {**CHANGES, "makeJob": {"operation": submit, "state": "failed"}}
    for operation in (*VENDORS[vendor], *routes):
        if operation.method != "GET" and not operation.takes("sandbox"):
            yield replace(operation, body=bodies.get(operation.name, operation.body))
