"""Taking a sandbox as one file, restoring it, and giving another key one that is like it."""

from functools import partial

from safelight_mock.admin import sandboxes
from safelight_mock.admin.admin_request import AdminRequest
from safelight_mock.app.steps import BlockingTask
from safelight_mock.storage.body_readers import BODY
from safelight_mock.storage.sandboxes import name_of
from safelight_mock.wire.messages import Response, SnapshotBody


def take(asked: AdminRequest) -> Response:
    """Answer takeSnapshot: the file is made when it is sent."""
    sandbox = asked.sandbox(asked.parameters["sandbox"])
    named = f'attachment; filename="{sandbox.vendor}-{sandbox.name}.zip"'
    headers = {"content-type": "application/zip", "content-disposition": named, "cache-control": "no-store"}
    return Response(status=200, headers=headers, content=SnapshotBody(sandbox=sandbox.name))


def restore(asked: AdminRequest) -> Response | BlockingTask:
    """Answer restoreSnapshot, after it was done."""
    sandbox = asked.sandbox(asked.parameters["sandbox"])
    if asked.is_done:
        return Response.json(200, sandboxes.body(asked, sandbox))
    file = asked.backend.blobs.input(asked.call.files[BODY].digest)
    return BlockingTask(partial(asked.backend.snapshots.restore, file, sandbox.name, sandbox.vendor))


def fork(asked: AdminRequest) -> Response | BlockingTask:
    """Answer forkSandbox, after it was done."""
    parent, key = asked.name(asked.parameters["sandbox"]), asked.values["key"]
    if asked.is_done:
        about = asked.store.about(parent)
        forked = "" if about is None else name_of(about.vendor, key)
        return Response.json(201, sandboxes.body(asked, asked.sandbox(forked)))
    return BlockingTask(partial(asked.backend.snapshots.fork, parent, key))
