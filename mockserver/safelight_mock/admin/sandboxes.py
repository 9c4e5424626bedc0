"""Finding a key's sandbox, and setting what a vendor knows of its owner."""

from dataclasses import asdict

from safelight_mock.admin.admin_request import AdminRequest
from safelight_mock.app.steps import AdvanceClock
from safelight_mock.config.settings import LAST
from safelight_mock.core.clock import Mode
from safelight_mock.core.job import InspectionKey, NotInspectedError
from safelight_mock.core.ledger import Ledger
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.webhooks.dispatcher import PATIENCE
from safelight_mock.wire.messages import JSON, Response
from safelight_mock.wire.problem import Kind, Problem


def list_all(asked: AdminRequest) -> Response:
    """Answer listSandboxes."""
    found: list[JSON] = []
    unjudged: set[InspectionKey] = set()
    for sandbox in asked.backend.sandboxes.each():
        try:
            found.append(body(asked, sandbox))
        except NotInspectedError as error:
            unjudged |= error.keys
    if unjudged:
        raise NotInspectedError(frozenset(unjudged))
    return Response.json(200, found)


def open_one(asked: AdminRequest) -> Response:
    """Answer openSandbox."""
    vendor, key = asked.values["vendor"], asked.values["key"]
    if vendor not in asked.backend.served:
        raise Problem(Kind.BAD_FIELD, why=f"No vendor is called {vendor}; there are {_names(asked)}.")
    label = asked.values.get("label", "")
    sandbox = asked.transaction.sandbox(vendor, key)
    if label:
        sandbox.label, sandbox.is_kept = label, True
    return Response.json(200, body(asked, sandbox))


def change_account(asked: AdminRequest) -> Response:
    """Answer changeAccount: null takes an entry back to what the vendor gives every key."""
    sandbox = asked.sandbox(asked.parameters["sandbox"])
    known = asked.backend.served[sandbox.vendor].vendor.account
    for name in asked.values:
        if name not in known:
            there = " and ".join(sorted(known)) or "nothing"
            raise Problem(
                Kind.BAD_FIELD, why=f"An account of {sandbox.vendor} has no {name}; it has {there}."
            )
    sandbox.is_kept = True
    if "balance" in asked.values:
        _grant(asked, sandbox, asked.values["balance"])
    if "scopes" in asked.values:
        others = {name: value for name, value in sandbox.account.items() if name != "scopes"}
        scopes = asked.values["scopes"]
        sandbox.account = others if scopes is None else {**others, "scopes": tuple(scopes)}
    return Response.json(200, body(asked, sandbox))


def _grant(asked: AdminRequest, sandbox: Sandbox, left: int | None) -> None:
    """Let so much be left, whatever was paid and set aside before; None is without bound."""
    sums = _ledger(asked, sandbox)
    sandbox.granted = None if left is None else left + sums.paid + sums.reserved


def _ledger(asked: AdminRequest, sandbox: Sandbox) -> Ledger:
    return next(asked.engines(sandbox)).ledger()


def set_clock(asked: AdminRequest) -> Response | AdvanceClock:
    """Answer setClock, after everything that is due until then."""
    sandbox = asked.sandbox(asked.parameters["sandbox"])
    wanted = dict(asked.values)
    if "mode" in wanted:
        wanted["mode"] = Mode(wanted["mode"])
    to = wanted.pop("to", None)
    if to is not None and not asked.is_done:
        return _advancing(asked, sandbox, to)
    sandbox.set_clock(asked.at, **wanted)
    return _moved(asked, sandbox)


def advance_clock(asked: AdminRequest) -> Response | AdvanceClock:
    """Answer advanceClock, after everything that is due until then."""
    sandbox = asked.sandbox(asked.parameters["sandbox"])
    if asked.is_done:
        return _moved(asked, sandbox)
    step = _advancing(asked, sandbox, sandbox.now(asked.at) + asked.values["seconds"])
    sandbox.advance(0, asked.at)
    return step


def _advancing(asked: AdminRequest, sandbox: Sandbox, to: float) -> AdvanceClock:
    if to > LAST:
        raise Problem(Kind.BAD_FIELD, why="Time ends in the year 5138.")
    try:
        sandbox.later(to, asked.at)
    except ValueError as error:
        raise Problem(Kind.BAD_FIELD, why=f"{error}.") from error
    return AdvanceClock(sandbox.name, to, PATIENCE)


def _moved(asked: AdminRequest, sandbox: Sandbox) -> Response:
    sandbox.is_kept = True
    happened = [asdict(happening) for happening in asked.happened or ()]
    return Response.json(200, {**body(asked, sandbox), "happened": happened})


def _names(asked: AdminRequest) -> str:
    return ", ".join(asked.backend.served)


def body(asked: AdminRequest, sandbox: Sandbox) -> dict[str, JSON]:
    """Return what is told of a sandbox."""
    sums = _ledger(asked, sandbox)
    return {
        "name": sandbox.name,
        "label": sandbox.label,
        "vendor": sandbox.vendor,
        "now": sandbox.now(asked.at),
        "clock": sandbox.clock.mode,
        "jobs": len(sandbox.jobs),
        "account": {
            "scopes": sandbox.account.get("scopes"),
            "balance": sums.left,
            "reserved": sums.reserved,
            "paid": sums.paid,
        },
    }
