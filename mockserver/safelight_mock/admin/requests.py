"""Lists and clears the request log."""

from safelight_mock.admin.admin_request import AdminRequest
from safelight_mock.app.conduct import job_in_path
from safelight_mock.app.request_log import RequestLogEntry
from safelight_mock.wire.messages import JSON, Response


def list_all(request: AdminRequest) -> Response:
    """Handle listRequests: the last answered first."""
    vendor, sandbox = request.parameters["vendor"], _sandbox(request)
    matching = (
        entry
        for entry in request.backend.request_log.entries()
        if vendor in (None, entry.vendor) and sandbox in (None, entry.sandbox)
    )
    limit = request.parameters["limit"]
    return Response.json(
        200, [_body(request, entry) for entry, _ in zip(matching, range(limit), strict=False)]
    )


def clear(request: AdminRequest) -> Response:
    """Handle clearRequests."""
    request.backend.request_log.empty(_sandbox(request))
    return Response(status=204)


def _sandbox(request: AdminRequest) -> str | None:
    """Return the name of the sandbox in the query; None: all."""
    name = request.parameters["sandbox"]
    return None if name is None else request.name(name)


def _body(request: AdminRequest, entry: RequestLogEntry) -> dict[str, JSON]:
    about = request.store.about(entry.sandbox)
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
        "reason": entry.reason,
        "job": entry.job or _job(request, entry),
        "ignored_fields": [{"in": field.location, "name": field.name} for field in entry.ignored_fields],
        "made_up": list(entry.made_up),
        "inferred": _inferred(request, entry),
        "rule": entry.rule,
        "accepted": entry.is_accepted,
    }


def _inferred(request: AdminRequest, entry: RequestLogEntry) -> list[str]:
    service = request.backend.served.get(entry.vendor)
    return service.inferred.get(entry.operation, []) if service is not None else []


def _job(request: AdminRequest, entry: RequestLogEntry) -> str:
    """Return the job id in the path of the request; empty: none."""
    service = request.backend.served.get(entry.vendor)
    return "" if service is None else job_in_path(entry, service)
