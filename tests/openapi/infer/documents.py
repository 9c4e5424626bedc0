"""Documents of a few lines, and what is inferred from them."""

from typing import Any

from safelight_openapi import infer_lifecycles

TEXT: Any = {"type": "string"}

URL: Any = {"type": "string", "format": "uri"}

WORDS: Any = {"type": "string", "enum": ["queued", "running", "done", "error"]}

JOB: Any = {"type": "object", "properties": {"id": TEXT, "status": WORDS, "url": URL}}

ID: Any = {"type": "object", "properties": {"id": TEXT}}


def operation(name: str, schema: object, **members: object) -> Any:  # noqa: ANN401 - as documents are read
    """Return an operation whose response has a schema."""
    response = {"description": "OK", "content": {"application/json": {"schema": schema}}}
    return {"operationId": name, "responses": {"200": response}, **members}


def parameter(name: str, location: str = "path") -> Any:  # noqa: ANN401 - as documents are read
    return {"name": name, "in": location, "required": True, "schema": TEXT}


def body(**fields: object) -> Any:  # noqa: ANN401 - as documents are read
    return {"content": {"application/json": {"schema": {"type": "object", "properties": fields}}}}


def lifecycles(paths: object, **members: object) -> Any:  # noqa: ANN401 - as documents are read
    """Return what is inferred from these paths, by lifecycle."""
    document: Any = {"openapi": "3.1.2", "info": {"title": "A", "version": "1"}, "paths": paths, **members}
    extension: Any = infer_lifecycles(document).extension
    return extension["lifecycles"] if extension else {}


def read(path: str = "/jobs/{id}", schema: object = JOB, **members: object) -> Any:  # noqa: ANN401 - as above
    return {path: {"get": operation("getJob", schema, parameters=[parameter("id")], **members)}}


def put(path: str, schema: object, name: str = "id", **members: object) -> Any:  # noqa: ANN401 - as above
    """Return paths in which the client names the job in a PUT to the path of its read."""
    paths = read(path, schema)
    paths[path]["put"] = operation("putJob", schema, parameters=[parameter(name)], **members)
    return paths


def accepted(description: str = "Accepted") -> Any:  # noqa: ANN401 - as documents are read
    return {"operationId": "start", "responses": {"202": {"description": description}}}
