"""A sound document with its lifecycle, and changes that break it."""

from collections.abc import Callable
from typing import Any

JOB = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "status": {"type": "string", "enum": ["queued", "working", "done", "error"]},
        "image_url": {"type": "string", "format": "uri"},
    },
}

REFERENCE = {"$ref": "#/components/schemas/Render"}

JOB_RESPONSE = {"200": {"description": "A render.", "content": {"application/json": {"schema": REFERENCE}}}}

RENDER_ID = {"name": "render_id", "in": "path", "required": True, "schema": {"type": "string"}}

DOCUMENT: Any = {
    "openapi": "3.1.2",
    "info": {"title": "Acme", "version": "1"},
    "paths": {
        "/renders": {
            "post": {
                "operationId": "createRender",
                "tags": ["Renders"],
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {
                            "schema": {"type": "object", "properties": {"webhook_url": {"type": "string"}}}
                        }
                    },
                },
                "responses": JOB_RESPONSE,
            }
        },
        "/renders/{render_id}": {
            "parameters": [RENDER_ID],
            "get": {"operationId": "getRender", "tags": ["Renders"], "responses": JOB_RESPONSE},
            "delete": {
                "operationId": "deleteRender",
                "tags": ["Renders"],
                "responses": {"204": {"description": "Deleted."}},
            },
        },
    },
    "components": {
        "schemas": {"Render": JOB},
        "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
    },
    "webhooks": {
        "renderEnded": {
            "post": {
                "tags": ["Webhooks"],
                "requestBody": {"content": {"application/json": {"schema": REFERENCE}}},
                "responses": {"200": {"description": "Taken."}},
            }
        }
    },
}

RENDER: Any = {
    "submit": ["createRender"],
    "id": {"from": "$response.body#/id", "parameter": "render_id"},
    "read": {"operation": "getRender", "state": "$response.body#/status"},
    "states": {"queued": "queued", "working": "running", "done": "succeeded", "error": "failed"},
    "moves": [{"operation": "deleteRender", "to": "deleted"}],
    "result": {"from": "$response.body#/image_url"},
    "deliver": {
        "webhook": "renderEnded",
        "target": {"field": "webhook_url"},
        "on": ["succeeded", "failed"],
        "sign": "none",
    },
}

LIFECYCLES: Any = {"version": "2", "lifecycles": {"render": RENDER}}

AT = "/x-async-jobs/lifecycles/render"

POST = "/paths/~1renders/post"

GET = "/paths/~1renders~1{render_id}/get"

CONTENT = f"{POST}/requestBody/content/application~1json"


def put(pointer: str, value: object) -> Callable[[Any], None]:
    """Set a value below the root; a value of `...` removes it."""

    def change(root: Any) -> None:  # noqa: ANN401 - as documents are read
        *above, last = [token.replace("~1", "/") for token in pointer.split("/")[1:]]
        node = root
        for token in above:
            node = node[int(token)] if isinstance(node, list) else node[token]
        if value is ...:
            del node[last]
        elif isinstance(node, list):
            node[int(last)] = value
        else:
            node[last] = value

    return change
