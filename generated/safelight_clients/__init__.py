"""Typed clients, a package for each vendor, generated from the effective specs; do not edit.

All modules, functions and classes are public.
"""

from importlib import import_module

TYPE_CHECKING = False  # as type checkers know it; importing it from typing takes most of the time

if TYPE_CHECKING:
    __version__: str

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name == "__version__":
            return import_module("importlib.metadata").version("safelight")
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
