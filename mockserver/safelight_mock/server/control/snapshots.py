"""Taking a sandbox as one file, restoring it, and giving another key one that is like it."""

from functools import partial

from safelight_mock.server import snapshot
from safelight_mock.server.control import sandboxes
from safelight_mock.server.control.asked import Asked
from safelight_mock.server.crowd import name_of
from safelight_mock.server.forms import BODY
from safelight_mock.server.waiting import Errand
from safelight_mock.wire.call import Parcel, Reply


def take(asked: Asked) -> Reply:
    """Answer takeSnapshot: the file is made when it is sent."""
    sandbox = asked.sandbox(asked.parameters["sandbox"])
    named = f'attachment; filename="{sandbox.vendor}-{sandbox.name}.zip"'
    headers = {"content-type": "application/zip", "content-disposition": named, "cache-control": "no-store"}
    return Reply(status=200, headers=headers, content=Parcel(sandbox=sandbox.name))


def restore(asked: Asked) -> Reply | Errand:
    """Answer restoreSnapshot, after it was done."""
    sandbox = asked.sandbox(asked.parameters["sandbox"])
    if asked.is_done:
        return Reply.json(200, sandboxes.body(asked, sandbox))
    file = asked.twin.store.input(asked.call.files[BODY].digest)
    run = partial(snapshot.restore, asked.twin, file, sandbox.name, sandbox.vendor)
    return Errand(run=run, call=asked.call)


def fork(asked: Asked) -> Reply | Errand:
    """Answer forkSandbox, after it was done."""
    sandbox, key = asked.sandbox(asked.parameters["sandbox"]), asked.values["key"]
    if asked.is_done:
        return Reply.json(201, sandboxes.body(asked, asked.sandbox(name_of(sandbox.vendor, key))))
    return Errand(run=partial(snapshot.fork, asked.twin, sandbox.name, key), call=asked.call)
