"""Versions of the tools that the generated files depend on, checked against the lock."""

import re
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from safelight_codegen._generate.errors import GenerationError

TOOLS = ("openapi-python-client", "ruamel.yaml", "ruff")
LOCK = Path("locks", "dev.txt")  # below the root of a checkout

_PIN = re.compile(r"^([\w.-]+)==([^\s;]+)", re.MULTILINE)


def tool_versions(root: Path, find: Callable[[str], str] = version) -> dict[str, str]:
    """Return the installed version of every tool; raises GenerationError if one is not the locked version.

    Users may install any version that `pyproject.toml` allows; the committed tree needs the locked versions,
    because others write different files. Outside a checkout nothing is locked.
    """
    installed = {tool: find(tool) for tool in TOOLS}
    locked = _locked(root / LOCK)
    for tool, has in installed.items():
        pinned = locked.get(_normalised(tool), has)
        if has != pinned:
            raise GenerationError(
                f"{tool} {has} is installed, but {LOCK.as_posix()} has {pinned}; run `make install`"
            )
    return installed


def _locked(lock: Path) -> dict[str, str]:
    return dict(_PIN.findall(lock.read_text("utf-8"))) if lock.is_file() else {}


def _normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
