"""Opens, lists, resets and deletes sandboxes, and sets accounts and clocks."""

from functools import partial

from msgspec.structs import asdict

from safelight_mock.admin.admin_request import AdminRequest
from safelight_mock.app.steps import AdvanceClock, BlockingTask
from safelight_mock.config.arguments import LAST
from safelight_mock.core.clock import ClockMode
from safelight_mock.core.job import InspectionKey, NotInspectedError
from safelight_mock.core.ledger import Ledger
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.webhooks.dispatcher import ADVANCE_TIMEOUT
from safelight_mock.wire.messages import JSON, Response
from safelight_mock.wire.problem import Kind, Problem


def list_all(request: AdminRequest) -> Response:
    """Handle listSandboxes."""
    listed: list[JSON] = []
    uninspected: set[InspectionKey] = set()
    for sandbox in request.backend.sandboxes.each():
        try:
            listed.append(body(request, sandbox))
        except NotInspectedError as error:
            uninspected |= error.keys
    if uninspected:
        raise NotInspectedError(frozenset(uninspected))
    return Response.json(200, listed)


def open_one(request: AdminRequest) -> Response:
    """Handle openSandbox."""
    vendor, key = request.values["vendor"], request.values["key"]
    if vendor not in request.backend.served:
        raise Problem(Kind.BAD_FIELD, detail=f"unknown vendor {vendor!r}; use one of {_names(request)}")
    label = request.values.get("label", "")
    sandbox = request.transaction.sandbox(vendor, key)
    if label:
        sandbox.label, sandbox.never_evicted = label, True
    return Response.json(200, body(request, sandbox))


def reset_all(request: AdminRequest) -> Response | BlockingTask:
    """Handle resetServer, after the blocking task."""
    return Response(status=204) if request.is_done else BlockingTask(request.backend.deletion.reset)


def delete(request: AdminRequest) -> Response | BlockingTask:
    """Handle deleteSandbox, after the blocking task."""
    if request.is_done:
        return Response(status=204)
    name = request.name(request.parameters["sandbox"])
    return BlockingTask(partial(request.backend.deletion.delete, name))


def reset(request: AdminRequest) -> Response | BlockingTask:
    """Handle resetSandbox, after the blocking task."""
    if request.is_done:
        return Response.json(200, body(request, request.sandbox(request.parameters["sandbox"])))
    name = request.name(request.parameters["sandbox"])
    return BlockingTask(partial(request.backend.deletion.renew, name))


def change_account(request: AdminRequest) -> Response:
    """Handle updateAccount: null resets an entry to the vendor's default."""
    sandbox = request.sandbox(request.parameters["sandbox"])
    known = request.backend.served[sandbox.vendor].vendor.account
    for name in request.values:
        if name not in known:
            allowed = ", ".join(sorted(known)) or "nothing"
            raise Problem(
                Kind.BAD_FIELD, detail=f"accounts of {sandbox.vendor} have no {name!r}; allowed: {allowed}"
            )
    sandbox.never_evicted = True
    if "balance" in request.values:
        _grant(request, sandbox, request.values["balance"])
    if "scopes" in request.values:
        others = {name: value for name, value in sandbox.account.items() if name != "scopes"}
        scopes = request.values["scopes"]
        sandbox.account = others if scopes is None else {**others, "scopes": tuple(scopes)}
    return Response.json(200, body(request, sandbox))


def _grant(request: AdminRequest, sandbox: Sandbox, left: int | None) -> None:
    """Set the balance, whatever was paid and reserved before; None is unlimited."""
    sums = _ledger(request, sandbox)
    sandbox.granted = None if left is None else left + sums.paid + sums.reserved


def _ledger(request: AdminRequest, sandbox: Sandbox) -> Ledger:
    return next(request.engines(sandbox)).ledger()


def set_clock(request: AdminRequest) -> Response | AdvanceClock:
    """Handle setClock, after everything due until the new time."""
    sandbox = request.sandbox(request.parameters["sandbox"])
    changes = dict(request.values)
    if "mode" in changes:
        changes["mode"] = ClockMode(changes["mode"])
    to = changes.pop("to", None)
    if to is not None and not request.is_done:
        return _advancing(request, sandbox, to)
    sandbox.set_clock(request.at, **changes)
    return _moved(request, sandbox)


def advance_clock(request: AdminRequest) -> Response | AdvanceClock:
    """Handle advanceClock, after everything due until the new time."""
    sandbox = request.sandbox(request.parameters["sandbox"])
    if request.is_done:
        return _moved(request, sandbox)
    step = _advancing(request, sandbox, sandbox.now(request.at) + request.values["seconds"])
    sandbox.stop_clock(request.at)
    return step


def _advancing(request: AdminRequest, sandbox: Sandbox, to: float) -> AdvanceClock:
    if to > LAST:
        raise Problem(
            Kind.BAD_FIELD, detail=f"the clock ends at {LAST:.0f}, in the year 5138; {to:.0f} is later"
        )
    try:
        sandbox.later(to, request.at)
    except ValueError as error:
        raise Problem(Kind.BAD_FIELD, detail=str(error)) from error
    return AdvanceClock(sandbox.name, to, ADVANCE_TIMEOUT)


def _moved(request: AdminRequest, sandbox: Sandbox) -> Response:
    sandbox.never_evicted = True
    events = [asdict(event) for event in request.events or ()]
    return Response.json(200, {**body(request, sandbox), "events": events})


def _names(request: AdminRequest) -> str:
    return ", ".join(request.backend.served)


def body(request: AdminRequest, sandbox: Sandbox) -> dict[str, JSON]:
    """Return a sandbox as JSON."""
    sums = _ledger(request, sandbox)
    return {
        "name": sandbox.name,
        "label": sandbox.label,
        "vendor": sandbox.vendor,
        "now": sandbox.now(request.at),
        "clock": sandbox.clock.mode,
        "jobs": sandbox.job_count(request.at),
        "account": {
            "scopes": sandbox.account.get("scopes"),
            "balance": sums.left,
            "reserved": sums.reserved,
            "paid": sums.paid,
        },
    }
