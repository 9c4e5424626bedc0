"""Hypothesis profiles, which modules are collected, and what the garbage collector leaves alone.

The profile `fast` tries fewer examples, for `make test-fast`; `mutation` shrinks none, for `make mutmut`.
"""

import gc
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from tests.pytest_in_process import kept_modules as kept_modules  # noqa: PLC0414 - fixtures, as below
from tests.pytest_in_process import run_in_process as run_in_process  # noqa: PLC0414
from tests.server_bugs import server_bugs as server_bugs  # noqa: PLC0414 - a fixture of every test

# Neither deadlines nor a least speed: other processes may want the same cores.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("fast", PATIENT, max_examples=20, stateful_step_count=20)
settings.register_profile("mutation", settings.get_profile("fast"), phases=[Phase.explicit, Phase.generate])
settings.register_profile("whole", PATIENT)
settings.load_profile("whole")

SLOW_MODULE = re.compile(r"^pytestmark = (\[[^]]*)?pytest\.mark\.slow", re.MULTILINE)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Skip modules whose tests are all slow if slow tests are deselected: importing them takes seconds."""
    if config.option.markexpr != "not slow" or collection_path.suffix != ".py":
        return None
    return SLOW_MODULE.search(collection_path.read_text(encoding="utf-8")) is not None or None


def pytest_collection() -> None:
    """Collect tests without the garbage collector: nothing of them goes before the end."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Freeze modules and collected tests, which live until the end: walking them took a seventh of a run."""
    gc.freeze()
    gc.enable()
    gc.set_threshold(10_000)  # by default 700 objects; a run spent a twentieth of its time on them
