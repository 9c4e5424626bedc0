"""The command `safelight-codegen`: generates clients and specs, and compares documents with newer ones.

It has no Python interface. Which folder to open:

- `_cli`: the command; `__main__`: its entry point. `_commands`: its subcommands.
- `_generate`: from effective documents (`safelight_openapi.build_effective`) to everything under
  `generated/`.
- `_arazzo`: from lifecycles to Arazzo workflows.
- `_drift`: what changed between two documents, and what has to be updated here.
"""

from importlib import import_module

TYPE_CHECKING = False  # as type checkers know it; importing it from typing takes most of the time

if TYPE_CHECKING:
    __version__: str

__all__: list[str] = []

if not TYPE_CHECKING:  # a type checker would accept any misspelled name

    def __getattr__(name: str) -> object:
        if name == "__version__":
            return import_module("importlib.metadata").version("safelight")
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __dir__() -> list[str]:
        return ["__version__"]
