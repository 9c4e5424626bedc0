"""Child processes of guarded ones: Python programs inherit the guards, and their errors are collected.

A child that is started gets them by its environment: `_spawned/sitecustomize.py` is the first thing that
Python runs in it. A forked one has the patches, and writes its errors like the former.
"""

import json
import os
import secrets
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

VARIABLE = "SAFELIGHT_GUARD"
FOLDER = str(Path(__file__).parent / "_spawned")
MOST = 100  # errors of children that are read
MOST_BYTES = 100_000  # of a report; a program may retry for ever


def new_report() -> Path:
    """Return the path of a file in which the children of one guard write; it is made by the first error."""
    return Path(tempfile.gettempdir()) / f"safelight-{os.getpid()}-{secrets.token_hex(8)}"


def write_error(report: Path, host: str, place: str) -> None:
    """Add an error of a child, unless there are many."""
    with report.open("ab") as file:
        if file.tell() < MOST_BYTES:
            file.write(json.dumps([host, place]).encode() + b"\n")


def take_errors(report: Path) -> Iterator[tuple[str, str]]:
    """Yield host and place of each error of children, and remove the file."""
    with suppress(FileNotFoundError):
        lines = report.read_text(encoding="utf-8").splitlines()
        report.unlink()
        for line in lines[:MOST]:
            try:
                host, place = json.loads(line)
            except ValueError:  # of a child that was killed while it wrote
                continue
            yield host, place


def hand_down(guards: Iterable[dict[str, Any]]) -> None:
    """Have new child processes inherit guards, as JSON; none: they inherit nothing any more."""
    described = [*guards]
    path = os.environ.get("PYTHONPATH")
    others = [one for one in (path or "").split(os.pathsep) if one != FOLDER] if path else []
    if described:
        os.environ[VARIABLE] = json.dumps(described)
        os.environ["PYTHONPATH"] = os.pathsep.join([FOLDER, *others])
        return
    os.environ.pop(VARIABLE, None)
    if others:
        os.environ["PYTHONPATH"] = os.pathsep.join(others)
    else:
        os.environ.pop("PYTHONPATH", None)
