"""`manifest.json`: digests of everything the generated tree was made from, to explain why it is outdated."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from safelight_codegen._generate.file_tree import Tree
from safelight_openapi import dump_json

MANIFEST_NAME = "manifest.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationManifest:
    """Versions of the tools, and the sha256 of every file read and written."""

    tools: Mapping[str, str]
    inputs: Mapping[str, str]
    outputs: Mapping[str, str]


def build_manifest(tree: Tree, *, inputs: Mapping[str, str], tools: Mapping[str, str]) -> bytes:
    """Return the manifest of a tree; `inputs` are digests by path."""
    parts = {"tools": tools, "inputs": inputs, "outputs": sha256_digests(tree)}
    return dump_json({part: dict(sorted(entries.items())) for part, entries in parts.items()}).encode()


def read_manifest(tree: Tree) -> GenerationManifest:
    """Return the manifest of a tree; an empty one if the tree has none, or one that cannot be read."""
    try:
        content = json.loads(tree.get(MANIFEST_NAME, b"{}"))
        return GenerationManifest(
            **{part: dict(content.get(part, {})) for part in ("tools", "inputs", "outputs")}
        )
    except (ValueError, AttributeError, TypeError):
        return GenerationManifest(tools={}, inputs={}, outputs={})


def sha256_digests(tree: Tree) -> dict[str, str]:
    """Return the sha256 of every file by its path."""
    return {name: hashlib.sha256(content).hexdigest() for name, content in tree.items()}
