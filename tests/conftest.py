"""Hypothesis profiles, and which modules are collected.

The profile `fast` tries fewer examples, for `make test-fast`; `mutation` shrinks none, for `make mutmut`.
"""

from pathlib import Path

import pytest
from hypothesis import Phase, settings

settings.register_profile("fast", max_examples=20, deadline=None)
settings.register_profile("mutation", settings.get_profile("fast"), phases=[Phase.explicit, Phase.generate])
settings.register_profile("whole", deadline=None)
settings.load_profile("whole")

SLOW_MODULE = "\npytestmark = pytest.mark.slow"


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Skip modules whose tests are all slow if slow tests are deselected: importing them takes seconds."""
    if config.option.markexpr != "not slow" or collection_path.suffix != ".py":
        return None
    return SLOW_MODULE in collection_path.read_text(encoding="utf-8") or None
