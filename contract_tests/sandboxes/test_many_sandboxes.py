"""Sandboxes on one server are isolated: what is in another one gets the response to what does not exist.

Every operation of every vendor and every route of the control plane, as their documents list them, is called
by 64 keys at once, with the names of what others have wherever a name can be sent.
"""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from itertools import cycle

import httpx
import pytest

from contract_tests.job_calls import JOB_CALLS
from contract_tests.sandboxes.isolation_probe import IDS, OPERATIONS, IsolationProbe, unknown
from contract_tests.sandboxes.operations import Json, Operation, described
from contract_tests.sandboxes.sandbox_clients import SharedServer, opened
from safelight_mock import ClockMode, MockServer, Settings
from safelight_specs import read_spec

pytestmark = pytest.mark.slow

KEYS = 64

# Routes of the server as a whole, without the name of a sandbox. An inbox is a receiver, open to every client
# that knows its URL.
SHARED = frozenset(
    {
        "getDocument",
        "listSandboxes",
        "openSandbox",
        "getHealth",
        "getMetrics",
        "getCoverage",
        "resetServer",
        "getInbox",
        "setInboxResponses",
        "deleteInbox",
        "receiveMessage",
    }
)

# What the routes that change a whole sandbox are sent; the least they take would change nothing.
REMOVALS = ("resetSandbox", "deleteSandbox")  # in this order, after all other changes
CHANGES: Mapping[str, Json] = {
    "updateAccount": {"balance": 7},
    "updateWebhook": {"url": "http://127.0.0.1/changed"},
    "setClock": {"mode": "auto"},
    "advanceClock": {"seconds": 60},
    "setFaults": {"next": ["never"]},
    "forkSandbox": {"key": "forked"},
    "createJob": {},  # of an operation of the vendor's
    "clearRequests": {},
}


@pytest.fixture(scope="module")
def server() -> Iterator[SharedServer]:
    with (
        MockServer(Settings(clock=ClockMode.MANUAL)) as running,
        httpx.Client(base_url=running.origin, timeout=60) as control,
        ThreadPoolExecutor(KEYS) as pool,
        ExitStack() as stack,
    ):
        https = [stack.enter_context(httpx.Client(base_url=running.origin, timeout=60)) for _ in range(KEYS)]
        keys = map("client-{:02}".format, range(KEYS))
        yield SharedServer(control=control, clients=[*pool.map(opened, keys, cycle(JOB_CALLS), https)])


@pytest.fixture(scope="module")
def routes(server: SharedServer) -> list[Operation]:
    """The routes of the control plane."""
    document = server.control.get("/_safelight/openapi.json").json()
    return [route for route in described(document, "") if route.name not in SHARED]


def test_no_route_of_the_control_plane_reads_or_changes_another_sandbox(
    server: SharedServer, routes: list[Operation]
) -> None:
    before = server.state()

    assert IsolationProbe(server=server, operations=dict.fromkeys(JOB_CALLS, routes)).leaks() == []

    assert server.state() == before


# After the one above: the request log of a sandbox has the ids that it requested.
def test_no_operation_of_a_vendor_reads_or_changes_another_sandbox(server: SharedServer) -> None:
    before = server.state()

    assert IsolationProbe(server=server, operations=OPERATIONS).leaks() == []

    assert server.state() == before


def test_every_route_of_the_control_plane_can_be_limited_to_one_sandbox(routes: list[Operation]) -> None:
    open_to_all = [route.name for route in routes if "sandbox" not in route.in_path | route.in_query]

    assert open_to_all == [], "let it take ?sandbox=, or say in SHARED why it cannot"


@pytest.mark.parametrize(
    ("vendor", "operation"),
    [
        pytest.param(vendor, one, id=one.name)
        for vendor, operations in OPERATIONS.items()
        for one in operations
        if one.in_path & IDS or one.in_body
    ],
)
def test_vendors_operations_return_what_belongs_to_the_key(
    server: SharedServer, vendor: str, operation: Operation
) -> None:
    with httpx.Client(base_url=server.control.base_url, timeout=60) as client:
        mine = opened(f"own-{operation.name}", vendor, client)

        actual = {operation.ask(client, thing).status_code for thing in mine.things}

        assert actual - {operation.ask(client, unknown(mine.jobs[0])).status_code}


def test_the_control_plane_returns_what_belongs_to_the_sandbox(
    server: SharedServer, routes: list[Operation]
) -> None:
    with httpx.Client(base_url=server.control.base_url, timeout=60) as client:
        mine = opened("own", "topaz", client)
        for route in (route for route in routes if route.in_path - {"sandbox"}):
            actual = {route.ask(client, thing, sandbox=mine.sandbox).status_code for thing in mine.things}
            never = route.ask(client, unknown(mine.jobs[0]), sandbox=mine.sandbox).status_code

            assert (never, actual > {404}) == (404, True), route.name


def test_bulk_changes_leave_other_sandboxes_unchanged(server: SharedServer, routes: list[Operation]) -> None:
    before = server.state()

    for vendor in JOB_CALLS:
        with httpx.Client(base_url=server.control.base_url, timeout=60) as client:
            mine = opened("changes-all", vendor, client)
            changed = {
                operation.name
                for operation in changing(vendor, routes)
                if operation.ask(client, "", sandbox=mine.sandbox).is_success
            }
            assert CHANGES.keys() - changed <= {"updateWebhook"}, "only an account of Claid's has a webhook"

    assert server.state() == before


def changing(vendor: str, routes: Sequence[Operation]) -> Iterator[Operation]:
    """Yield what changes all that one has, with something to change it to."""
    submit = next(iter(read_spec(vendor)["x-async-jobs"]["lifecycles"].values()))["submit"][0]
    bodies = {**CHANGES, "createJob": {"operation": submit, "state": "failed"}}
    removals = [route for name in REMOVALS for route in routes if route.name == name]
    others = [route for route in routes if route.name not in REMOVALS]
    for operation in (*OPERATIONS[vendor], *others, *removals):
        if operation.method != "GET" and not operation.takes("sandbox"):
            yield replace(operation, body=bodies.get(operation.name, operation.body))
