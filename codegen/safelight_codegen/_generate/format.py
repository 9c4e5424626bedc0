"""Formats generated packages with ruff, independent of the user's configuration."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from safelight_codegen._generate.errors import GenerationError
from safelight_codegen._generate.file_tree import Tree, read_tree, write_tree

_OPTIONS = (
    "--isolated",
    "--no-cache",
    "--no-respect-gitignore",
    "--target-version=py311",
    "--line-length=110",
)
_STEPS = (
    ("check", *_OPTIONS, "--fix-only", "--quiet", "--select=I,F401,F811,UP035,PYI019,RUF100", "."),
    ("format", *_OPTIONS, "--quiet", "."),
)


def format_package(package: Tree) -> dict[str, bytes]:
    """Return a package with sorted imports and formatted code; raises GenerationError if ruff fails."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch, "package")
        write_tree(package, folder)
        for step in _STEPS:
            _ruff(step, folder)
        return read_tree(folder)


def _ruff(arguments: tuple[str, ...], folder: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RUFF_")}
    done = subprocess.run(  # noqa: S603 - fixed arguments, our own interpreter
        [sys.executable, "-P", "-m", "ruff", *arguments],  # -P: the folder has a types.py
        cwd=folder,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        raise GenerationError(f"ruff {arguments[0]}: {' '.join(done.stderr.split()) or done.stdout.strip()}")
