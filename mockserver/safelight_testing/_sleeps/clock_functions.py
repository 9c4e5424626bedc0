"""`time.sleep`, `asyncio.sleep` and the clocks of a program, as they are while its sleeps pass.

The functions below replace the real ones, also in modules that have imported them by name. Where a program
keeps them for longer they stay right: while no sleeps pass, they are the real ones.
"""

import asyncio
import os
import sys
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from safelight_testing._sleeps.exempt_modules import is_among, is_exempt
from safelight_testing._sleeps.loop_timers import REAL_TIME
from safelight_testing._sleeps.sleep_schedule import SleepSchedule

REAL_SLEEP, REAL_SLEEP_ASYNC = time.sleep, asyncio.sleep
REAL_MONOTONIC, REAL_MONOTONIC_NS = time.monotonic, time.monotonic_ns
REAL_WALL, REAL_WALL_NS = time.time, time.time_ns
NANO = 1_000_000_000
# They call what a program has given them, and do not sleep by themselves.
CALLERS = ("threading", "concurrent.futures.thread")


@dataclass(frozen=True, slots=True, kw_only=True)
class PassingSleeps:
    """The sleeps of one test: those of `packages`, or of all modules if that is empty.

    `passed` returns the seconds by which clocks are ahead of the real ones; the wall clock is `shift` seconds
    further ahead.
    """

    schedule: SleepSchedule
    passed: Callable[[], float]
    packages: Collection[str]
    shift: float = 0.0

    def has(self, module: str) -> bool:
        """Return whether sleeps of a module pass."""
        if self.packages:
            return is_among(module, self.packages)
        return module in CALLERS or not is_exempt(module)


class _Present:
    """The sleeps that pass now, if any: there is one clock of the process, so there is one of these."""

    sleeps: PassingSleeps | None = None

    @classmethod
    def end_in_child(cls) -> None:
        """Have sleeps be real in a forked process: the mock server and its clock stay in the parent."""
        cls.sleeps = None


if hasattr(os, "register_at_fork"):  # not on Windows
    os.register_at_fork(after_in_child=_Present.end_in_child)


@contextmanager
def passing(sleeps: PassingSleeps) -> Iterator[None]:
    """Replace the functions for a `with` block; raises RuntimeError inside of another one."""
    if _Present.sleeps is not None:
        raise RuntimeError("sleeps pass on the clock of another Safelight; have them pass on one at a time")
    _Present.sleeps = sleeps
    replaced = _replace_all()
    try:
        yield
    finally:
        for namespace, name, fake, real in replaced:
            if namespace.get(name) is fake:
                namespace[name] = real
        asyncio.BaseEventLoop.time = REAL_TIME  # type: ignore[method-assign]
        _Present.sleeps = None
        sleeps.schedule.close()
        sleeps.schedule.timers.rewind(sleeps.passed())


def _sleep(seconds: float, /) -> None:
    sleeps = _Present.sleeps
    if sleeps is None or not seconds > 0 or not sleeps.has(_caller()):
        REAL_SLEEP(seconds)
    else:
        sleeps.schedule.sleep(seconds)


def _sleep_async(delay: float, result: Any = None) -> Any:  # noqa: ANN401 - as the real one
    # Not a coroutine function: it has to see who calls it, and a task would start it from asyncio.
    sleeps = _Present.sleeps
    if sleeps is None or not delay > 0 or not sleeps.has(_caller()):
        return REAL_SLEEP_ASYNC(delay, result)
    return _sleep_and_return(sleeps.schedule, delay, result)


async def _sleep_and_return(schedule: SleepSchedule, delay: float, result: object) -> object:
    await schedule.sleep_async(delay)
    return result


def _monotonic() -> float:
    return REAL_MONOTONIC() + _ahead(_caller())


def _monotonic_ns() -> int:
    return REAL_MONOTONIC_NS() + round(_ahead(_caller()) * NANO)


def _wall() -> float:
    return REAL_WALL() + _ahead(_caller(), is_wall=True)


def _wall_ns() -> int:
    return REAL_WALL_NS() + round(_ahead(_caller(), is_wall=True) * NANO)


def _loop_time(loop: asyncio.BaseEventLoop) -> float:
    sleeps = _Present.sleeps
    if sleeps is None:
        return REAL_TIME(loop)
    sleeps.schedule.timers.add(loop)
    return REAL_TIME(loop) + sleeps.passed()


def _ahead(module: str, *, is_wall: bool = False) -> float:
    """Return by how many seconds a clock of a module is ahead of the real one."""
    sleeps = _Present.sleeps
    if sleeps is None or is_exempt(module):
        return 0.0
    return sleeps.passed() + (sleeps.shift if is_wall else 0.0)


def _caller() -> str:
    """Return the module that calls the function which calls this."""
    name: str = sys._getframe(2).f_globals.get("__name__", "")  # noqa: SLF001 - inspect.stack takes milliseconds
    return name


Function = Callable[..., Any]
FAKES: Mapping[Function, Function] = {
    REAL_SLEEP: _sleep,
    REAL_SLEEP_ASYNC: _sleep_async,
    REAL_MONOTONIC: _monotonic,
    REAL_MONOTONIC_NS: _monotonic_ns,
    REAL_WALL: _wall,
    REAL_WALL_NS: _wall_ns,
}
KINDS = frozenset(type(real) for real in FAKES)
_Replaced = tuple[dict[str, Any], str, Function, Function]


def _replace_all() -> list[_Replaced]:
    """Replace the functions where they are defined, and where modules have imported them by name."""
    asyncio.BaseEventLoop.time = _loop_time  # type: ignore[assignment, method-assign] # with another name
    modules = [module for name, module in [*sys.modules.items()] if not is_exempt(name)]
    return [one for module in (time, asyncio, asyncio.tasks, *modules) for one in _replace_in(module)]


def _replace_in(module: ModuleType) -> Iterator[_Replaced]:
    namespace = getattr(module, "__dict__", None)  # there are modules that are no modules
    if not isinstance(namespace, dict):
        return
    # By type first: of 50,000 names few are functions, and a value of another type may not be hashable.
    for name, value in [*namespace.items()]:
        if type(value) in KINDS and value in FAKES:
            namespace[name] = fake = FAKES[value]
            yield namespace, name, fake, value
