"""The modules whose sleeps and clocks stay real: the standard library, test runners, the mock server."""

import sys
from collections.abc import Collection
from functools import lru_cache

# The client, `safelight`, is not among them: it is part of the program under test.
MACHINERY = frozenset(
    {
        *("_pytest", "execnet", "hypothesis", "pluggy", "pytest", "pytest_asyncio", "pytest_socket"),
        *("pytest_timeout", "xdist"),
        *("safelight_mock", "safelight_testing", "uvicorn", "uvloop"),
    }
)


@lru_cache(maxsize=10_000)
def is_exempt(module: str) -> bool:
    """Return whether clocks of a module are real. `sched` of the standard library belongs to the program."""
    top = module.partition(".")[0]
    return top in MACHINERY or (top in sys.stdlib_module_names and top not in ("__main__", "sched"))


def is_among(module: str, packages: Collection[str]) -> bool:
    """Return whether a module is one of some packages or modules, or inside of one."""
    return any(module == one or module.startswith(f"{one}.") for one in packages)
