"""Where in a program a connection was made: file and line outside of libraries.

In a task or thread that a library started there is no such place on the stack. Then it is where tasks of the
event loop wait, or what the main thread is doing.
"""

import asyncio
import sys
import sysconfig
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

LIBRARIES = tuple(str(Path(sysconfig.get_path(name))) for name in ("stdlib", "purelib", "platlib"))
HERE = str(Path(__file__).parent)
SHOWN = 3  # places, at most, if tasks wait at several


def call_site() -> str:
    """Return the place, or several ones joined by "or"; empty if there is none."""
    places = [*_on_stack(sys._getframe(1))][:1]  # noqa: SLF001 - inspect.stack reads every source file
    places = places or sorted(_in_tasks())
    if not places:
        main = sys._current_frames().get(threading.main_thread().ident or 0)  # noqa: SLF001 - as above
        places = [*_on_stack(main)][:1]
    return " or ".join(places[:SHOWN])


def _on_stack(frame: FrameType | None) -> Iterator[str]:
    while frame is not None:
        if _is_programs(frame):
            yield _place(frame)
        frame = frame.f_back


def _in_tasks() -> set[str]:
    """Return the places where tasks of this event loop wait, each the nearest to what it waits for."""
    try:
        tasks = asyncio.all_tasks()
    except RuntimeError:  # no loop runs in this thread
        return set()
    return {place for task in tasks for place in _in_coroutine(task.get_coro())}


def _in_coroutine(coroutine: object) -> Iterator[str]:
    places = []
    while coroutine is not None:
        frame = getattr(coroutine, "cr_frame", None)
        if frame is not None and _is_programs(frame):
            places.append(_place(frame))
        coroutine = getattr(coroutine, "cr_await", None)
    return iter(places[-1:])


def _is_programs(frame: FrameType) -> bool:
    return not frame.f_code.co_filename.startswith((HERE, "<", *LIBRARIES))


def _place(frame: FrameType) -> str:
    return f"{frame.f_code.co_filename}:{frame.f_lineno}"
