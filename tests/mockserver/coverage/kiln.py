"""A small API with jobs, of which a few requests meet a known part."""

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx

from safelight_mock import ClockMode, Settings, Twin, TwinTransport

TEXT = {"type": "string"}
JOB = {
    "type": "object",
    "required": ["id", "phase"],
    "properties": {"id": TEXT, "phase": TEXT, "heat": {"type": ["integer", "null"]}},
}
JOBS = {"type": "array", "items": JOB}


def body(schema: dict[str, Any]) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}


def response(schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": "", **body(schema)}


FIRING = {
    "type": "object",
    "required": ["pots"],
    "properties": {
        "pots": {"type": "array", "items": {"type": "object", "properties": {"glaze": TEXT, "size": TEXT}}},
        "callback": TEXT,
        "number": {"type": "integer", "readOnly": True},
    },
}
IN_PATH = {"name": "id", "in": "path", "required": True, "schema": TEXT}
DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "Kiln", "version": "1"},
    "paths": {
        "/firings": {
            "post": {
                "operationId": "fire",
                "parameters": [{"name": "X-Place", "in": "header", "schema": TEXT}],
                "requestBody": {"required": True, **body(FIRING)},
                "responses": {"200": response(JOB), "4XX": {"description": ""}},
            },
            "get": {
                "operationId": "list",
                "parameters": [{"name": "limit", "in": "query", "schema": {"type": "integer"}}],
                "responses": {
                    "200": response(
                        {"type": "object", "properties": {"data": {"type": "array", "items": JOB}}}
                    )
                },
            },
        },
        "/firings/{id}": {
            "parameters": [IN_PATH],
            "get": {"operationId": "look", "responses": {"200": response(JOB), "404": {"description": ""}}},
            "delete": {"operationId": "stop", "responses": {"204": {"description": ""}}},
        },
    },
    "x-async-jobs": {
        "version": "2",
        "lifecycles": {
            "firing": {
                "submit": ["fire"],
                "id": {"from": "$response.body#/id", "parameter": "id"},
                "read": {"operation": "look", "state": "$response.body#/phase"},
                "list": {"operation": "list", "each": "$.data[*]"},
                "states": {"waiting": "queued", "hot": "running", "cool": "succeeded", "broken": "failed"},
                "moves": [{"operation": "stop", "to": "deleted"}],
                "deliver": {
                    "body": "read",
                    "target": {"field": "callback"},
                    "on": ["succeeded", "failed"],
                    "sign": "none",
                    "retry": {"on": ["5xx"], "waits": ["PT1S"]},
                },
            }
        },
    },
}


class Kiln:
    """Its API in process, on a clock that polls advance."""

    def __init__(self, twin: Twin, http: httpx.Client) -> None:
        self.twin, self.http = twin, http

    def fire(self, **fields: object) -> httpx.Response:
        return self.http.post("/kiln/firings", json={"pots": [], **fields})

    def job(self, **fields: object) -> str:
        return str(self.fire(**fields).json()["id"])

    def look(self, job: str, **rest: Any) -> httpx.Response:  # noqa: ANN401 - whatever httpx takes
        return self.http.get(f"/kiln/firings/{job}", **rest)

    def control(self, method: str, path: str, json: object = None) -> httpx.Response:
        return self.http.request(method, f"/_safelight/{path}", json=json)


@contextmanager
def kiln(folder: Path, **settings: Any) -> Iterator[Kiln]:  # noqa: ANN401 - any setting
    """Serve it beside the built-in vendors."""
    file = folder / "kiln.json"
    file.write_text(json.dumps(DOCUMENT), encoding="utf-8")
    chosen = Settings(**{"clock": ClockMode.AUTO, "cache": False, **settings})
    with (
        closing(Twin(chosen, specs=[file])) as twin,
        httpx.Client(transport=TwinTransport(twin), base_url="http://127.0.0.1") as http,
    ):
        yield Kiln(twin, http)
