"""Processes of tests, which end whatever becomes of the test."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def closing_down(process: subprocess.Popen[str], patience: float = 30.0) -> Iterator[None]:
    """Ask a process to stop in the end, and kill it if it does not."""
    try:
        yield
        process.terminate()
        process.wait(patience)
    finally:
        process.kill()
