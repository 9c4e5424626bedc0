"""Answers the control plane's operations as its own document describes them."""

from collections.abc import Callable, Mapping
from functools import cached_property
from importlib.resources import files
from itertools import chain
from typing import TYPE_CHECKING

import msgspec

from safelight_mock.admin import (
    auth,
    create_job,
    deliveries,
    health,
    inboxes,
    jobs,
    metrics,
    requests,
    sandboxes,
    snapshots,
    webhooks,
)
from safelight_mock.admin.admin_request import Asked
from safelight_mock.app.steps import Errand, Passage, Wait
from safelight_mock.core.engine import RefusedError, UnknownJobError
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.storage.body_readers import ZIP, PlainReader, Reader, file_reader
from safelight_mock.storage.transaction import Desk
from safelight_mock.wire.api import Api
from safelight_mock.wire.messages import Call, Form, Reply
from safelight_mock.wire.operation import Operation
from safelight_mock.wire.problem import Kind, Problem, Refusal

if TYPE_CHECKING:
    from safelight_mock.app.twin import Twin

HANDLERS: Mapping[str, Callable[[Asked], Reply | Passage | Errand]] = {
    "describe": lambda asked: Reply.json(200, asked.document),
    "listSandboxes": sandboxes.list_all,
    "openSandbox": sandboxes.open_one,
    "changeAccount": sandboxes.change_account,
    "setClock": sandboxes.set_clock,
    "advanceClock": sandboxes.advance_clock,
    "takeSnapshot": snapshots.take,
    "restoreSnapshot": snapshots.restore,
    "forkSandbox": snapshots.fork,
    "listJobs": jobs.list_all,
    "makeJob": create_job.make,
    "moveJob": jobs.move,
    "showWebhook": webhooks.show,
    "changeWebhook": webhooks.change,
    "showMishaps": webhooks.mishaps,
    "setMishaps": webhooks.set_mishaps,
    "listDeliveries": deliveries.list_all,
    "resendDelivery": deliveries.resend,
    "listRequests": requests.list_all,
    "forgetRequests": requests.empty,
    "showHealth": health.show,
    "showMetrics": metrics.show,
    "showInbox": inboxes.show,
    "setInbox": inboxes.set_answers,
    "emptyInbox": inboxes.empty,
    "receiveLetter": inboxes.receive,
}

FREE = frozenset({"receiveLetter"})  # answered as somebody wants it, described or not

LONGEST = 100  # letters of a wrong value that are repeated

SAFE = ("GET", "HEAD")  # change nothing

STATUSES: Mapping[Kind, int] = {
    Kind.UNKNOWN_ROUTE: 404,
    Kind.WRONG_METHOD: 405,
    Kind.UNAUTHORIZED: 401,
    Kind.FORBIDDEN: 403,
    Kind.BAD_PARAMETER: 422,
    Kind.BAD_FIELD: 422,
    Kind.BAD_BODY: 400,
    Kind.UNSUPPORTED_TYPE: 415,
    Kind.TOO_LARGE: 413,
    Kind.TOO_SLOW: 408,
    Kind.NO_ROOM: 503,
    Kind.STOPPING: 503,
    Kind.BROKEN: 500,
}


class Plane:
    """The control plane of one twin."""

    def __init__(self, twin: "Twin") -> None:
        self._twin = twin

    def reader(self, call: Call) -> Reader:
        """Choose how to read a call's body; raises Problem when its head is reason enough."""
        operation, _ = self._route(call)
        if operation.media_types and operation.media_type(call) not in operation.media_types:
            raise Problem(Kind.UNSUPPORTED_TYPE, why=f"Send {' or '.join(operation.media_types)}.")
        return file_reader(call, self._twin.store) if ZIP in operation.media_types else PlainReader()

    def answer(self, call: Call) -> Reply | Wait | Passage | Errand:
        """Answer a call, or say what has to be done before.

        Raises Problem, and UnjudgedError when an input has to be looked at first.
        """
        operation, in_path = self._route(call)
        desk = self._twin.desk(call.at)
        asked = Asked(
            twin=self._twin,
            desk=desk,
            parameters=operation.parameters(in_path, call.query),
            values={} if isinstance(call.body, Form) else operation.read_body(call),
            document=self._api.document,
            call=call,
        )
        try:
            reply = HANDLERS[operation.id](asked)
        except UnknownJobError as error:
            return problem(404, str(error))
        except RefusedError as error:
            return problem(409, str(error))
        if isinstance(reply, Errand):
            return reply
        if isinstance(reply, Reply) and operation.id not in FREE:
            operation.check(reply)
        return reply if call.method in SAFE else self._kept(call, reply, desk)

    def _kept(self, call: Call, outcome: Reply | Passage, desk: Desk) -> Reply | Wait | Passage:
        """Keep what a call has changed, and see to what it made due.

        What was due before is left to the calls that made it so: they are under way.
        """
        copies = [*desk]
        made_due = [copy for copy in copies if _due(copy, call) > _due(desk.before(copy.name), call)]
        desk.commit()
        following: Reply | Wait | Passage = outcome
        for copy in made_due:
            following = self._twin.see_to(copy, call, following)
        return following

    @staticmethod
    def refuse(refusal: Exception) -> Reply:
        """Say a refusal."""
        if isinstance(refusal, Refusal):
            return problem(refusal.status, str(refusal))
        status = STATUSES.get(refusal.kind, 500) if isinstance(refusal, Problem) else 500
        return problem(status, _detail(refusal), _aside(refusal))

    def _route(self, call: Call) -> tuple[Operation, Mapping[str, str]]:
        auth.check(call, self._twin.settings.control_token)
        return self._api.route(call.method, call.path)

    @cached_property
    def _api(self) -> Api:
        return Api.from_json((files("safelight_mock.admin") / "openapi.json").read_bytes(), strict=True)


def _detail(refusal: Exception) -> str:
    """Say what is wrong. Of a wrong word, name every allowed one: the validator's own message names two."""
    first = refusal.faults[0] if isinstance(refusal, Problem) and refusal.faults else None
    if first is None or first.rule != "enum" or not isinstance(refusal, Problem):
        return str(refusal)
    given = msgspec.json.encode(first.value).decode()
    value = given if len(given) <= LONGEST else f"{given[:LONGEST]}…"
    return f"{refusal.place}: {value} must be one of {', '.join(map(str, first.told))}"


def _due(sandbox: Sandbox | None, call: Call) -> int:
    """Return how much is due in a sandbox whose clock stands."""
    if sandbox is None or not sandbox.clock.stands:
        return 0
    now = sandbox.now(call.at)
    return sum(1 for _ in chain(sandbox.due_jobs(now), sandbox.due_deliveries(now)))


def _aside(refusal: Exception) -> Mapping[str, str]:
    """Return the headers that a refusal has to have."""
    match refusal:
        case Problem(kind=Kind.WRONG_METHOD, place=allowed):
            return {"allow": allowed}
        case Problem(kind=Kind.UNAUTHORIZED):
            return {"www-authenticate": "Bearer"}
    return {}


def problem(status: int, detail: str, headers: Mapping[str, str] | None = None) -> Reply:
    """Answer with a problem as RFC 9457 has it."""
    told = {"content-type": "application/problem+json", **(headers or {})}
    return Reply.json(status, {"status": status, "detail": detail, "message": detail}, told)
