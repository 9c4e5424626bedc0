"""The scenarios that come with the server: one file each in `named`, read when it is first used."""

from functools import cache
from importlib.resources import files
from pathlib import Path

from safelight_mock.core.scenario import Scenario

ENDING = ".yaml"


@cache
def library_names() -> tuple[str, ...]:
    """Return the names of all scenarios of the library, in order."""
    folder = files("safelight_mock.scenarios").joinpath("named")
    names = [item.name.removesuffix(ENDING) for item in folder.iterdir() if item.name.endswith(ENDING)]
    return tuple(sorted(names))


@cache
def library_scenario(name: str) -> Scenario:
    """Return a scenario of the library; raises KeyError for another name."""
    from safelight_mock.scenarios.files import load_scenario  # noqa: PLC0415 - reading YAML delays the start

    if name not in library_names():
        raise KeyError(name)
    return load_scenario(library_path(name))


def library_path(name: str) -> Path:
    """Return the file of a scenario of the library."""
    return Path(str(files("safelight_mock.scenarios"))) / "named" / f"{name}{ENDING}"
