"""Lifecycles as documents have them, for tests of the mock server."""

from typing import Any

from safelight_lifecycle import read_async_jobs
from safelight_mock.core import Deliver, ServedLifecycle


def lifecycle(**keys: Any) -> ServedLifecycle:  # noqa: ANN401 - as documents are read
    """Return a lifecycle of the operations `submit` and `read`, with further keys of `x-async-jobs`."""
    node: dict[str, Any] = {
        "submit": ["submit"],
        "id": {"from": "$response.body#/id", "parameter": "id"},
        "read": {"operation": "read", "state": "$response.body#/state"},
        **keys,
    }
    paths = {"/jobs/{id}": {"get": {"operationId": "read"}}}
    document = {"paths": paths, "x-async-jobs": {"version": "2", "lifecycles": {"image": node}}}
    return ServedLifecycle.of(read_async_jobs(document).lifecycles["image"])


def webhook(**keys: Any) -> Deliver:  # noqa: ANN401 - as documents are read
    """Return a webhook of an account, of failures, with other keys of `deliver`."""
    node = {"webhook": "told", "target": {"account": True}, "on": ["failed"], "sign": "none", **keys}
    return lifecycle(deliver=node).deliveries[0]
