"""The parameters that carry the key of an API, and the inputs that have it."""

import re
from collections.abc import Iterable

from safelight_codegen._arazzo.api import Node, WorkflowApi

EXAMPLE = "example-key"

_PLAIN = "The key."
_BASIC = "User and password with a colon between, in Base64."


def key_inputs(api: WorkflowApi, operations: Iterable[str]) -> dict[str, Node]:
    """Return the inputs, by name, that hold the keys of these operations."""
    schemes = _schemes(api, operations)
    return {
        _input_name(name, alone=len(schemes) == 1): {
            "type": "string",
            "format": "password",
            "description": _description(scheme),
            "default": EXAMPLE,
        }
        for name, scheme in schemes.items()
    }


def key_parameters(api: WorkflowApi, operations: Iterable[str]) -> list[Node]:
    """Return the parameters, for each step of a workflow, that carry the keys of these operations."""
    schemes = _schemes(api, operations)
    made = [
        _parameter(scheme, f"$inputs.{_input_name(name, alone=len(schemes) == 1)}")
        for name, scheme in schemes.items()
    ]
    return [one for one in {(one["in"], one["name"].lower()): one for one in made}.values() if one["name"]]


def _schemes(api: WorkflowApi, operations: Iterable[str]) -> dict[str, Node]:
    return {name: scheme for one in operations for name, scheme in api.security_schemes(one) if scheme}


def _parameter(scheme: Node, value: str) -> Node:
    if scheme.get("type") == "apiKey":
        return {"name": str(scheme.get("name", "")), "in": str(scheme.get("in")), "value": value}
    is_basic = scheme.get("type") == "http" and str(scheme.get("scheme")).lower() == "basic"
    return {
        "name": "Authorization",
        "in": "header",
        "value": f"{'Basic' if is_basic else 'Bearer'} {{{value}}}",
    }


def _input_name(scheme: str, *, alone: bool) -> str:
    return "key" if alone else f"key_{re.sub(r'[^A-Za-z0-9]+', '_', scheme)}"


def _description(scheme: Node) -> str:
    if str(scheme.get("scheme")).lower() == "basic":
        return _BASIC
    return " ".join(str(scheme.get("description") or _PLAIN).split())
