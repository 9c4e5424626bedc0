"""Looking at the calls that came, and forgetting them."""

from safelight_mock.admin.admin_request import AdminRequest
from safelight_mock.app.request_log import RequestLogEntry
from safelight_mock.wire.messages import JSON, Response
from safelight_mock.wire.problem import Problem


def list_all(asked: AdminRequest) -> Response:
    """Answer listRequests: the one that was answered last comes first."""
    vendor, wanted = asked.parameters["vendor"], _sandbox(asked)
    found = (
        entry
        for entry in asked.backend.request_log.entries()
        if vendor in (None, entry.vendor) and wanted in (None, entry.sandbox)
    )
    limit = asked.parameters["limit"]
    return Response.json(200, [_body(asked, entry) for entry, _ in zip(found, range(limit), strict=False)])


def empty(asked: AdminRequest) -> Response:
    """Answer forgetRequests."""
    asked.backend.request_log.empty(_sandbox(asked))
    return Response(status=204)


def _sandbox(asked: AdminRequest) -> str | None:
    """Return the name of the only sandbox that is meant, if there is one."""
    name = asked.parameters["sandbox"]
    return None if name is None else asked.name(name)


def _body(asked: AdminRequest, entry: RequestLogEntry) -> dict[str, JSON]:
    about = asked.store.about(entry.sandbox)
    return {
        "at": entry.at,
        "now": entry.now,
        "sandbox": entry.sandbox,
        "label": "" if about is None else about.label,
        "vendor": entry.vendor,
        "operation": entry.operation,
        "method": entry.method,
        "path": entry.path,
        "query": entry.query,
        "status": entry.status,
        "verdict": entry.verdict,
        "why": entry.why,
        "job": entry.job or _job(asked, entry),
        "unread": [{"in": unread.place, "name": unread.name} for unread in entry.unread],
    }


def _job(asked: AdminRequest, entry: RequestLogEntry) -> str:
    """Return the id of the job that a path names, as its operation describes it."""
    service = asked.backend.served.get(entry.vendor)
    if service is None or not entry.operation:
        return ""
    try:
        _, in_path = service.api.route(entry.method, entry.path.removeprefix(f"/{entry.vendor}"))
    except Problem:
        return ""
    lifecycle = service.lifecycles[service.api.lifecycle_of[entry.operation]]
    return str(in_path.get(lifecycle.id.parameter, ""))
