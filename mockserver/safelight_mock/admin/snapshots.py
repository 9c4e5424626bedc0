"""Exports, restores and forks sandboxes."""

from functools import partial

from safelight_mock.admin import sandboxes
from safelight_mock.admin.admin_request import AdminRequest
from safelight_mock.app.steps import BlockingTask
from safelight_mock.storage.body_readers import BODY
from safelight_mock.storage.sandboxes import name_of
from safelight_mock.wire.messages import Response, SnapshotBody


def take(request: AdminRequest) -> Response:
    """Handle takeSnapshot: the file is written while it is sent."""
    sandbox = request.sandbox(request.parameters["sandbox"])
    disposition = f'attachment; filename="{sandbox.vendor}-{sandbox.name}.zip"'
    headers = {
        "content-type": "application/zip",
        "content-disposition": disposition,
        "cache-control": "no-store",
    }
    return Response(status=200, headers=headers, content=SnapshotBody(sandbox=sandbox.name))


def restore(request: AdminRequest) -> Response | BlockingTask:
    """Handle restoreSnapshot, after the blocking task."""
    sandbox = request.sandbox(request.parameters["sandbox"])
    if request.is_done:
        return Response.json(200, sandboxes.body(request, sandbox))
    file = request.backend.blobs.input(request.http_request.files[BODY].digest)
    return BlockingTask(partial(request.backend.snapshots.restore, file, sandbox.name, sandbox.vendor))


def fork(request: AdminRequest) -> Response | BlockingTask:
    """Handle forkSandbox, after the blocking task."""
    parent, key = request.name(request.parameters["sandbox"]), request.values["key"]
    if request.is_done:
        about = request.store.about(parent)
        forked = "" if about is None else name_of(about.vendor, key)
        return Response.json(201, sandboxes.body(request, request.sandbox(forked)))
    return BlockingTask(partial(request.backend.snapshots.fork, parent, key))
