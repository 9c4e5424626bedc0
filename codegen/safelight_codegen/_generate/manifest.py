"""`manifest.json`: what the generated tree was made from, by hash, so that a stale one can say why."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from safelight_codegen._generate.file_tree import Tree
from safelight_openapi import dump_json

NAME = "manifest.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """Versions of the tools, sha256 of every file read and of every file written."""

    tools: Mapping[str, str]
    inputs: Mapping[str, str]
    outputs: Mapping[str, str]


def manifest_of(tree: Tree, *, inputs: Mapping[str, str], tools: Mapping[str, str]) -> bytes:
    """Write the manifest of a tree made from these inputs, given by hash."""
    made = {"tools": tools, "inputs": inputs, "outputs": digests(tree)}
    return dump_json({part: dict(sorted(entries.items())) for part, entries in made.items()}).encode()


def read_manifest(tree: Tree) -> Manifest:
    """Read a tree's manifest; a tree without a readable one was made from nothing."""
    try:
        found = json.loads(tree.get(NAME, b"{}"))
        return Manifest(**{part: dict(found.get(part, {})) for part in ("tools", "inputs", "outputs")})
    except (ValueError, AttributeError, TypeError):
        return Manifest(tools={}, inputs={}, outputs={})


def digests(tree: Tree) -> dict[str, str]:
    """Give the sha256 of every file."""
    return {name: hashlib.sha256(content).hexdigest() for name, content in tree.items()}
