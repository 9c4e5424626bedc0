"""An API with one operation, requests of it, and how it refuses them."""

import json
from collections.abc import Mapping

import pytest

from safelight_mock.wire import (
    JSON,
    Api,
    Form,
    Operation,
    Problem,
    ReceivedFile,
    Request,
)

THING: JSON = {
    "type": "object",
    "required": ["size"],
    "properties": {
        "size": {"type": "integer", "minimum": 1},
        "bright": {"type": "boolean"},
        "mood": {"type": "string", "default": "calm"},
        "parts": {"type": "array", "items": {"type": "integer"}},
    },
}

FORM: JSON = {
    "type": "object",
    "required": ["file"],
    "properties": {
        "file": {"type": "string", "contentMediaType": "application/octet-stream"},
        "note": {"type": "string"},
        "bright": {"type": "boolean"},
    },
}

DOCUMENT: JSON = {
    "servers": [{"url": "https://api.example.com/v1/"}],
    "paths": {
        "/things": {
            "parameters": [{"name": "loud", "in": "query", "schema": {"type": "boolean"}}],
            "servers": [{"url": "https://api.example.com/v2"}, {"url": "https://api.example.com/v2/"}],
            "get": {
                "operationId": "list",
                "parameters": [{"name": "page", "in": "query", "schema": {"type": "integer"}}],
                "responses": {"204": {}},
            },
            "post": {
                "operationId": "make",
                "requestBody": {"content": {"application/json": {"schema": THING}}},
                "responses": {"204": {}},
            },
        },
        "/things/{id}/file": {
            "put": {
                "operationId": "fill",
                "requestBody": {
                    "content": {"multipart/form-data": {"schema": FORM}, "application/json": {"schema": {}}}
                },
                "responses": {"204": {}},
            }
        },
    },
}

FILE = ReceivedFile(digest="d", size=1, filename="cup.jpg", picture=None)


def api() -> Api:
    return Api.from_json(json.dumps(DOCUMENT).encode())


def strict() -> Api:
    return Api.from_json(json.dumps(DOCUMENT).encode(), strict=True)


def sent(body: bytes | Form, media_type: str = "application/json") -> Request:
    return Request(method="POST", path="/", at=0, headers={"content-type": media_type}, body=body)


def form(fields: Mapping[str, str] | None = None, **files: ReceivedFile) -> Request:
    return sent(Form(fields=fields or {}, files=files), "multipart/form-data; boundary=a;b")


def refusal(operation: Operation, call: Request) -> Problem:
    with pytest.raises(Problem) as refused:
        operation.read_body(call)
    return refused.value
