"""Prism as a process: from a container where there is an engine, else from npm; pinned either way."""

import os
import shutil
import socket
import subprocess
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from fcntl import LOCK_EX, flock
from functools import cache
from pathlib import Path
from threading import Event, Thread

import pytest

ROOT = Path(__file__).resolve().parents[2]
SPECS = ROOT / "generated" / "safelight_specs"
NPM = ROOT / "benchmarks"  # whose lock file pins Prism
PATIENCE = 120.0  # seconds for Prism to start, and for its image to be pulled
LINES = 60  # of its log that are kept
NEEDED = {"SAFELIGHT_MOCK_CONTROL_TOKEN": "unused"}  # without it compose.yaml cannot be read
CHOICE = "SAFELIGHT_PRISM"  # one of them, where neither the engine nor its absence shall decide
SOURCES = ("docker", "npm")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prism:
    """A running Prism; `log` has its last lines."""

    origin: str
    process: "subprocess.Popen[str]" = field(repr=False)
    log: deque[str] = field(repr=False)

    @property
    def is_dead(self) -> bool:
        """Whether it has ended, which it does not do of its own will."""
        return self.process.poll() is not None


@contextmanager
def prism(mode: str, document: Path, *arguments: str) -> Iterator[Prism]:
    """Run `prism proxy` or `prism mock` on a document; skips, and in CI fails, where it cannot be had.

    To refuse what is wrong, a proxy needs the argument `--errors`.
    """
    port = _free_port()
    command = [*_command(document), *arguments, "--host", "127.0.0.1", "--port", str(port)]
    command.insert(command.index("{mode}"), mode)
    command.remove("{mode}")
    log: deque[str] = deque(maxlen=LINES)
    listens = Event()
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env={**NEEDED, **os.environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        Thread(target=_hear, args=(process, log, listens), daemon=True).start()
        try:
            if not listens.wait(PATIENCE) or process.poll() is not None:
                pytest.fail("Prism did not start:\n" + "".join(log))
            yield Prism(origin=f"http://127.0.0.1:{port}", process=process, log=log)
        finally:
            process.terminate()


@cache
def source() -> str:
    """Return the source of Prism: `docker`, if there is an engine with its image, or `npm`."""
    return os.environ.get(CHOICE) or ("docker" if _has_engine() else "npm")


def _command(document: Path) -> Sequence[str]:
    if source() not in SOURCES:
        pytest.fail(f"{CHOICE} is {' or '.join(SOURCES)}, not {source()!r}")
    if source() == "docker":
        shared = ("docker", "compose", "run", "--rm", "--volume", f"{document.parent}:/judged:ro", "prism")
        return [*shared, "{mode}", f"/judged/{document.name}"]
    _install()
    return ["node", str(NPM / "node_modules" / ".bin" / "prism"), "{mode}", str(document)]


@cache
def _install() -> None:
    """Install Prism in node_modules by the lock file, unless it is there."""
    missing = [tool for tool in ("node", "npm") if shutil.which(tool) is None]
    if missing:
        _miss(f"Prism needs {' and '.join(missing)}: install Node.js 20 or newer, or a container engine")
    installed, wanted = NPM / "node_modules" / ".package-lock.json", NPM / "package-lock.json"
    with wanted.open() as lock:
        flock(lock, LOCK_EX)  # other workers of this run wait for it
        if installed.exists() and installed.stat().st_mtime >= wanted.stat().st_mtime:
            return
        done = subprocess.run(["npm", "ci"], cwd=NPM, capture_output=True, text=True, check=False)  # noqa: S607
        if done.returncode:
            _miss(f"npm ci in benchmarks/ failed: {done.stderr}")
        installed.touch()


def _miss(why: str) -> None:
    if os.environ.get("CI"):
        pytest.fail(why)
    pytest.skip(why)


def _has_engine() -> bool:
    if shutil.which("docker") is None:
        return False
    questions = (("docker", "info"), ("docker", "compose", "pull", "--quiet", "prism"))
    return all(
        subprocess.run(
            question, cwd=ROOT, env={**NEEDED, **os.environ}, capture_output=True, check=False
        ).returncode
        == 0
        for question in questions
    )


def _hear(process: "subprocess.Popen[str]", log: deque[str], listens: Event) -> None:
    for line in process.stdout or ():
        log.append(line)
        if "Prism is listening" in line:
            listens.set()
    listens.set()  # it has ended


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port
