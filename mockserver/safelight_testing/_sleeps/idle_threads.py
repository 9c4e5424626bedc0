"""Whether every other thread of this process waits, so that nothing happens unless time passes.

A thread waits if it has not moved between two looks, with a pause in which it could have. That alone would
take a thread for waiting which the system has woken, but not run yet, and one in a long computation outside
Python. Linux says of each thread whether it runs or could; elsewhere more looks have to do.
"""

import os
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

TASKS = Path("/proc/self/task")
HAS_STATES = TASKS.exists()
LOOKS = 2 if HAS_STATES else 4
PAUSE = 0.000_3  # real seconds between two looks
PATIENCE = 1.0  # real seconds after which a thread that never waits is no longer waited for

Positions = Mapping[int, tuple[int, int]]


def wait_until_idle(sleep: Callable[[float], None], clock: Callable[[], float]) -> None:
    """Wait until all other threads wait, or for PATIENCE; `sleep` and `clock` are in real seconds."""
    until = clock() + PATIENCE
    before, same = _positions(), 0
    while same < LOOKS and clock() < until:
        sleep(PAUSE)
        now = _positions()
        same = same + 1 if now == before and not _is_any_running() else 0
        before = now


def _positions() -> Positions:
    """Return where each other thread is: its innermost frame, and the instruction in that."""
    own = threading.get_ident()
    frames = sys._current_frames()  # noqa: SLF001 - there is no public way to another thread's frame
    return {thread: (id(frame), frame.f_lasti) for thread, frame in frames.items() if thread != own}


def _is_any_running() -> bool:
    """Return whether another thread runs or could run, by Linux: also one that runs no Python."""
    if not HAS_STATES:
        return False
    own = str(threading.get_native_id())
    for task in os.listdir(TASKS):  # noqa: PTH208 - called for every sleep
        with suppress(OSError):  # it has ended
            if task != own and _state(task) == "R":
                return True
    return False


def _state(task: str) -> str:
    with open(f"/proc/self/task/{task}/stat", encoding="latin-1") as file:  # noqa: PTH123 - as above
        return file.read(512).rpartition(")")[2][1:2]
