"""A document with a lifecycle, and how tests change it."""

import copy
from typing import Any

Json = dict[str, Any]
TEXT: Json = {"type": "string"}
RENDER: Json = {
    "type": "object",
    "properties": {
        "id": TEXT,
        "status": {"type": "string", "enum": ["waiting", "working", "saving", "done", "failed", "expired"]},
        "progress": {"type": "number"},
        "error": TEXT,
        "created": TEXT,
        "urls": {"type": "object", "properties": {"get": TEXT, "stream": TEXT}},
        "files": {"type": "array", "items": {"type": "object", "properties": {"url": TEXT}}},
        "anything": {"type": "object"},
    },
}


def body(schema: Json) -> Json:
    return {"content": {"application/json": {"schema": schema}}}


def responds(schema: Json) -> Json:
    return {"responses": {"200": {"description": "OK", **body(schema)}}}


def taking(*names: str, where: str = "path") -> Json:
    return {"parameters": [{"name": name, "in": where, "schema": TEXT} for name in names]}


DOCUMENT: Json = {
    "openapi": "3.1.0",
    "paths": {
        "/renders": {
            "post": {
                "operationId": "create",
                "requestBody": body(
                    {"properties": {"hook": TEXT, "secret": TEXT, "events": {"type": "array"}, "limit": TEXT}}
                ),
                "callbacks": {"ready": {"{$request.body#/hook}": {"post": {"requestBody": body(RENDER)}}}},
                **taking("token", where="query"),
                **responds(RENDER),
            },
            "get": {
                "operationId": "list",
                **taking("page", "size", "state", where="query"),
                **responds({"properties": {"renders": {"type": "array", "items": RENDER}, "next": TEXT}}),
            },
        },
        "/renders/{id}": {
            "get": {"operationId": "read", **taking("id"), **responds(RENDER)},
            "delete": {**taking("id"), **responds(RENDER)},
        },
        "/now": {"post": {"operationId": "now", **responds(RENDER)}},
        "/files": {"post": {"operationId": "upload", **responds({"properties": {"id": TEXT}})}},
        "/files/{file}": {"get": {"operationId": "download", **taking("file"), **responds(TEXT)}},
        "/secret": {"get": {"operationId": "secret", **responds({"properties": {"key": TEXT}})}},
    },
    "webhooks": {"finished": {"post": {"requestBody": body(RENDER)}}},
    "x-async-jobs": {
        "version": "2",
        "lifecycles": {
            "render": {
                "submit": ["create"],
                "sync": ["now"],
                "id": {"from": "$response.body#/id", "parameter": "id"},
                "read": {
                    "operation": "read",
                    "state": "$response.body#/status",
                    "progress": "$response.body#/progress",
                    "follow": "$response.body#/urls/get",
                    "by_status": {"200": ["done"]},
                },
                "list": {
                    "operation": "list",
                    "each": "$.renders[*]",
                    "reports": {"/created": "submitted"},
                    "paging": {"by": "cursor", "at": "page", "limit": "size", "next": "$response.body#/next"},
                    "filter": {"state": "state"},
                },
                "states": {
                    "waiting": "queued",
                    "working": "running",
                    "saving": {"means": "running", "share": 0.1},
                    "done": "succeeded",
                    "failed": "failed",
                    "expired": {"means": "failed", "cause": "deadline"},
                },
                "moves": [{"operation": "DELETE /renders/{id}", "while": ["queued"], "to": "deleted"}],
                "result": {"each": "$.files[*].url"},
                "results": {
                    "raw": {
                        "as": "file",
                        "from": "$response.body#/anything/raw",
                        "content": {"operation": "download", "parameter": "file"},
                    }
                },
                "errors": "$response.body#/error",
                "reports": {"$response.body#/created": {"since": "working"}},
                "deadline": {
                    "from": "$request.body#/limit",
                    "word": {"queued": "expired", "running": "failed"},
                },
                "concurrency": {"running": 1, "word": "waiting"},
                "deliver": [
                    {
                        "webhook": "finished",
                        "body": {"/status": {"words": {"done": "OK"}}},
                        "target": {"field": "hook"},
                        "on": ["succeeded"],
                        "filter": {"from": "$request.body#/events", "words": {"end": ["succeeded"]}},
                        "sign": {
                            "scheme": "standard-webhooks",
                            "secret": {"operation": "secret", "from": "$response.body#/key"},
                        },
                    },
                    {"callback": "ready", "target": {"query": "token"}, "on": ["failed"], "sign": "none"},
                ],
                "stream": {
                    "follow": "$response.body#/urls/stream",
                    "as": "sse",
                    "events": {"message": "read"},
                },
            }
        },
        "inputs": [
            {
                "operation": "upload",
                "gives": "$response.body#/id",
                "parameter": "file",
                "content": "download",
            }
        ],
    },
}


def edited(*path: str | int, to: object) -> Json:
    """Return the document with one value of the lifecycle changed."""
    changed = copy.deepcopy(DOCUMENT)
    holder: Any = changed["x-async-jobs"]
    inside = path if path[0] in ("inputs", "version", "lifecycles") else ("lifecycles", "render", *path)
    for key in inside[:-1]:
        holder = holder[key]
    holder[inside[-1]] = to
    return changed
