"""Waits for threads at the end of a block: not for ever, and aloud."""

import sys
import threading
import warnings

PATIENCE = 10.0  # real seconds in which a thread has to end


def join_or_warn(thread: threading.Thread, seconds: float = PATIENCE) -> None:
    """Wait for a thread to end; if it does not, warn with the place where it is, and leave it behind.

    Nothing is waited for in the thread itself, where the garbage collector may end a block.
    """
    if thread is threading.current_thread():
        return
    thread.join(seconds)
    if thread.is_alive():
        warnings.warn(
            f"the thread {thread.name} has not ended within {seconds:g} s; it is left at {_place(thread)}",
            RuntimeWarning,
            stacklevel=3,
        )


def _place(thread: threading.Thread) -> str:
    frame = sys._current_frames().get(thread.ident or 0)  # noqa: SLF001 - the standard library has no other
    return "its end" if frame is None else f"{frame.f_code.co_filename}:{frame.f_lineno}"
