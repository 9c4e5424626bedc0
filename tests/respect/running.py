"""Runs another project's tool, `redocly`, on the Arazzo documents that this one writes."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from safelight_lifecycle import JSON

REDOCLY = Path(__file__).parent / "node_modules" / "@redocly" / "cli" / "bin" / "cli.js"
QUIET = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true", "NO_COLOR": "1"}
LONGEST = 300  # seconds of one run


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What `redocly` did: its exit code and output, and the steps that it executed by workflow."""

    code: int
    output: str
    steps: dict[str, list[str]]


def redocly() -> str:
    """Return the path of Node.js; a machine of one's own may be without it, CI may not."""
    node = shutil.which("node")
    if node is None or not REDOCLY.is_file():
        reason = "needs Node.js and @redocly/cli (`make test-slow` installs it)"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    return node or ""


def lint(arazzo: Path) -> Ran:
    """Check documents with the rules that `redocly` recommends."""
    return _run("lint", arazzo.name, folder=arazzo.parent)


def respect(arazzo: Path) -> Ran:
    """Execute the workflows of a document."""
    result = arazzo.parent / "result.json"
    ran = _run("respect", arazzo.name, "--json-output", result.name, folder=arazzo.parent)
    return Ran(code=ran.code, output=ran.output, steps=dict(_executed(json.loads(result.read_text()))))


def _run(*arguments: str, folder: Path) -> Ran:
    command = [redocly(), str(REDOCLY), *arguments]
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **QUIET},
        capture_output=True,
        check=False,
        text=True,
        timeout=LONGEST,
    )
    return Ran(code=done.returncode, output=done.stdout + done.stderr, steps={})


def _executed(result: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """Yield the steps of each workflow; one that was retried once."""
    for file in result["files"].values():
        for workflow in file["executedWorkflows"]:
            yield (
                workflow["workflowId"],
                list(dict.fromkeys(one["stepId"] for one in workflow["executedSteps"])),
            )


def served_at(document: dict[str, Any], origin: str) -> dict[str, Any]:
    """Return a document with all servers, of paths and operations too, below `origin`."""

    def moved(node: JSON) -> JSON:
        if isinstance(node, list):
            return [moved(one) for one in node]
        if not isinstance(node, dict):
            return node
        return {
            key: [{"url": origin + urlsplit(one["url"]).path.rstrip("/")} for one in value]
            if key == "servers"
            else moved(value)
            for key, value in node.items()
        }

    whole: dict[str, Any] = moved(document)
    return {"servers": [{"url": origin}], **whole}
