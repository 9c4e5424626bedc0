"""What Hypothesis makes up, made the same whatever else its process has imported."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants


@contextmanager
def repeatable() -> Iterator[None]:
    """Keep from Hypothesis the constants in our source, of which it tries those of modules loaded by then.

    It has no setting for that. What one seed leads to would depend on the tests that ran before.
    """
    with patch.object(providers, "_get_local_constants", Constants):
        providers.CONSTANTS_CACHE.cache.clear()
        yield
    providers.CONSTANTS_CACHE.cache.clear()
