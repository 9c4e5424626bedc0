"""A copy of the checkout in which code can be broken without changing the checkout."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# What an editable install puts on the path.
SOURCES = ("client", "codegen", "generated", "lifecycle", "mockserver", "openapi_tools")
PACKAGES = (
    "safelight",
    "safelight_clients",
    "safelight_codegen",
    "safelight_lifecycle",
    "safelight_mock",
    "safelight_openapi",
    "safelight_testing",
)

FIND = """
import importlib.util, sys
for name in sys.argv[1:]:
    print(importlib.util.find_spec(name).origin)
"""


@dataclass(frozen=True, slots=True)
class SandboxCheckout:
    """A folder with every file of the checkout that git tracks or would add."""

    folder: Path

    @classmethod
    def copied(cls, folder: Path) -> "SandboxCheckout":
        """Copy the checkout into a folder."""
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607 - as make finds it
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        )
        for name in filter(None, listed.stdout.split("\0")):
            if (ROOT / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, folder / name)
        return cls(folder)

    def run(self, *arguments: str, timeout: float | None = None) -> "subprocess.CompletedProcess[str]":
        """Run Python in the copy, on the copy's own code; raises TimeoutExpired.

        No bytecode is written: a file that is changed and restored within a second would keep that of the
        mutant.
        """
        path = os.pathsep.join(str(self.folder / source) for source in SOURCES)
        return subprocess.run(  # noqa: S603 - our own interpreter and arguments
            [sys.executable, *arguments],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
            timeout=timeout,
            check=False,
            capture_output=True,
            text=True,
        )

    def imported(self) -> list[Path]:
        """Return the files from which the copy imports our packages: elsewhere every mutant would survive."""
        return [Path(line) for line in self.run("-c", FIND, *PACKAGES).stdout.splitlines()]

    @contextmanager
    def altered(self, file: str, before: str, after: str) -> Iterator[None]:
        """Replace a text that occurs once in a file, until the end of a `with` block."""
        path = self.folder / file
        original = path.read_text(encoding="utf-8")
        if original.count(before) != 1:
            raise ValueError(f"{file} has {before!r} {original.count(before)} times; mend the mutant")
        path.write_text(original.replace(before, after), encoding="utf-8")
        try:
            yield
        finally:
            path.write_text(original, encoding="utf-8")
