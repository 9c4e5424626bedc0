"""Documents of one lifecycle, read for tests."""

from typing import Any

from safelight_lifecycle import (
    AsyncJobs,
    Lifecycle,
    read_async_jobs,
)

Node = dict[str, Any]
PLAIN: Node = {"submit": ["create"], "id": {"from": "$response.body#/id", "parameter": "id"}}
READ: Node = {"read": {"operation": "get", "state": "$response.body#/status"}}
WORDS: Node = {
    "requested": {"means": "queued", "waits": True},
    "waiting": "queued",
    "preparing": {"means": "running", "share": 0.2},
    "working": "running",
    "saving": "running",
    "cancelling": {"means": "running", "only": True, "then": "cancelled", "after": "PT2S"},
    "done": "succeeded",
    "failed": "failed",
    "expired": {"means": "failed", "cause": "deadline"},
    "cancelled": "cancelled",
}


def read(lifecycle: Node, **beside: object) -> AsyncJobs:
    return read_async_jobs(
        {
            "paths": {
                "/jobs/{id}": {"parameters": [], "get": {"operationId": "get"}},
                "/v1/result": {"get": {}},
            },
            "x-async-jobs": {"version": "2", "lifecycles": {"job": PLAIN | lifecycle}, **beside},
        }
    )


def job(**keys: object) -> Lifecycle:
    return read(READ | {"states": WORDS} | keys).lifecycles["job"]
