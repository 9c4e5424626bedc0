"""The readers of lifecycles need only the standard library."""

import subprocess
import sys
from pathlib import Path

import safelight_lifecycle

FOLDER = Path(safelight_lifecycle.__file__).parent


def test_every_module_is_imported_without_any_installed_package() -> None:
    modules = [f"safelight_lifecycle.{path.stem}" for path in FOLDER.glob("*.py") if path.stem != "__init__"]
    program = f"import sys; sys.path.append({str(FOLDER.parent)!r}); import {', '.join(modules)}"

    done = subprocess.run([sys.executable, "-I", "-S", "-c", program], capture_output=True, check=False)

    assert modules
    assert (done.returncode, done.stderr) == (0, b"")
