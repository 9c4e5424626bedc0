"""A copy of the checkout to operate on: whatever is done to it, the checkout stays as it is."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ("client", "codegen", "generated", "lifecycle", "mockserver")  # on the path of an editable install
PACKAGES = (
    "safelight",
    "safelight_clients",
    "safelight_codegen",
    "safelight_lifecycle",
    "safelight_mock",
    "safelight_testing",
)

FIND = """
import importlib.util, sys
for name in sys.argv[1:]:
    print(importlib.util.find_spec(name).origin)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """A copy in a folder; `sources` are the folders in it whose packages are imported."""

    folder: Path
    sources: Sequence[str] = SOURCES

    def run(
        self, *arguments: str, seconds: float | None = None, is_whole: bool = False
    ) -> "subprocess.CompletedProcess[str]":
        """Run Python in the copy, on the copy's own code; raises TimeoutExpired.

        Compiled code is written only while the copy `is_whole`: of a change to and fro Python might not know.
        """
        path = os.pathsep.join(str(self.folder / source) for source in self.sources)
        return subprocess.run(  # noqa: S603 - our own interpreter and arguments
            [sys.executable, *arguments],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "" if is_whole else "1"},
            timeout=seconds,
            check=False,
            capture_output=True,
            text=True,
        )

    def refuse_other_code(self, *modules: str) -> None:
        """Raise RuntimeError for a module that is imported from elsewhere: all would survive then."""
        found = self.run("-c", FIND, *modules)
        if found.returncode:
            raise RuntimeError(f"the copy cannot be imported: {found.stderr}")
        for place in found.stdout.splitlines():
            if not Path(place).is_relative_to(self.folder):
                raise RuntimeError(f"the copy would run {place}, not its own code")

    @contextmanager
    def altered(self, file: str, text: str) -> Iterator[None]:
        """Have another text in one of the files for the length of a `with` block."""
        path = self.folder / file
        original, times = path.read_bytes(), path.stat()
        path.write_text(text, encoding="utf-8")
        try:
            yield
        finally:
            path.write_bytes(original)
            os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))  # what was compiled of it is good again


def copied(folder: Path) -> Patient:
    """Copy what git knows or would add of the checkout into a folder."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607 - git as make finds it
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return Patient(folder=folder)
