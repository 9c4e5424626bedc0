"""Virtual environments of official SDKs, each made once of a lock with hashes."""

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from uv import find_uv_bin

SECONDS = 900  # for a slow package index


class NotInstalledError(Exception):
    """An environment that could not be made; the text says which and why."""


def environment(lock: Path, folder: Path) -> Path:
    """Return the Python of the environment of a lock; the folder keeps one for each lock and Python.

    Raises NotInstalledError, for example without a package index: what needs an SDK cannot be tested then.
    """
    digest = sha256(lock.read_bytes() + sys.version.encode()).hexdigest()[:16]
    made = folder / f"{lock.stem}-{digest}"
    if not made.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder, ignore_cleanup_errors=True) as temporary:
            _install(lock, Path(temporary) / "venv")
            os.replace(Path(temporary) / "venv", made)  # noqa: PTH105 - whole, or not there
    return made / "bin" / "python"


def _install(lock: Path, venv: Path) -> None:
    uv = find_uv_bin()
    _run(lock, uv, "venv", "--quiet", "--no-project", "--python", sys.executable, venv)
    into = ("--python", venv / "bin" / "python")
    _run(lock, uv, "pip", "install", "--quiet", *into, "--require-hashes", "--requirement", lock)


def _run(lock: Path, *command: str | Path) -> None:
    try:
        done = subprocess.run(command, capture_output=True, check=False, text=True, timeout=SECONDS)
    except subprocess.TimeoutExpired as error:
        raise NotInstalledError(f"{lock.name}: the package index took more than {SECONDS} seconds") from error
    if done.returncode:
        raise NotInstalledError(f"{lock.name}: cannot be installed, is there a package index?\n{done.stderr}")
