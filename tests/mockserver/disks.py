"""A disk that takes nothing more, for as long as a `with` block: of this process, whatever it writes."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def full(limit: int = 0) -> Iterator[None]:
    """Let no file grow beyond so many bytes; SQLite and Python meet the same error as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
