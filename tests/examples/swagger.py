"""Swagger 2.0 as OpenAPI 3.0, as far as an example needs it."""

import json
from typing import Any

Node = dict[str, Any]

OUTSIDE = ("$ref", "name", "in", "required", "description")


def lowered(document: Node) -> Node:
    text = json.dumps(document).replace("#/definitions/", "#/components/schemas/")
    node: Node = json.loads(text.replace("#/parameters/", "#/components/parameters/"))
    return {
        "openapi": "3.0.3",
        "info": node["info"],
        "servers": [{"url": f"{node['schemes'][0]}://{node['host']}{node['basePath']}"}],
        "paths": {path: _item(item, node) for path, item in node["paths"].items()},
        "components": {
            "schemas": node["definitions"],
            "parameters": {name: _parameter(one) for name, one in node["parameters"].items()},
            "securitySchemes": node["securityDefinitions"],
        },
    }


def _item(item: Node, document: Node) -> Node:
    methods = {key: _operation(value, document) for key, value in item.items() if key != "parameters"}
    return {"parameters": [_parameter(one) for one in item.get("parameters", [])], **methods}


def _operation(node: Node, document: Node) -> Node:
    listed = node.get("parameters", [])
    bodies = [{"application/json": {"schema": one["schema"]}} for one in listed if one.get("in") == "body"]
    produces: list[str] = node.get("produces") or document["produces"]
    return {
        "operationId": node["operationId"],
        "description": node["description"],
        "parameters": [_parameter(one) for one in listed if one.get("in") != "body"],
        "responses": {code: _response(one, produces[0]) for code, one in node["responses"].items()},
        **({"requestBody": {"required": True, "content": bodies[0]}} if bodies else {}),
    }


def _parameter(node: Node) -> Node:
    inside = {key: value for key, value in node.items() if key not in (*OUTSIDE, "collectionFormat")}
    return {key: node[key] for key in OUTSIDE if key in node} | ({"schema": inside} if inside else {})


def _response(node: Node, media: str) -> Node:
    schema = node.get("schema")
    shown = {"type": "string", "format": "binary"} if schema == {"type": "file"} else schema
    headers = {name: _parameter(one) for name, one in node.get("headers", {}).items()}
    content = {media: {"schema": shown}} if shown else {}
    return {"description": node["description"], "headers": headers, "content": content}
