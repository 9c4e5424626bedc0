"""All scenarios that a server knows by name, and the one that applies where no other does."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from safelight_mock.core.scenario import Scenario
from safelight_mock.scenarios.library import library_names, library_scenario
from safelight_mock.scenarios.reading import (
    InvalidScenarioError,
    ScenarioSource,
    StoreBytes,
    UnknownScenarioError,
    read_scenario,
)

ScenarioLike = str | Path | Mapping[str, Any]
"""A name of the library or of a loaded scenario, the path of a file, or a scenario as JSON-like values."""

ENDINGS = (".yaml", ".yml", ".json")


class ScenarioRegistry:
    """The scenarios of a server: those of the library, and those that it was started with.

    `store` keeps files that are results of jobs; without it they are checked alone.
    """

    def __init__(self, store: StoreBytes | None = None) -> None:
        self.store: StoreBytes | None = store
        self._loaded: dict[str, Scenario] = {}
        self.default: Scenario | None = None

    def load(self, paths: Iterable[Path]) -> None:
        """Add the scenarios of files; raises InvalidScenarioError."""
        for path in paths:
            scenario = _from_file(path, self.store)
            if scenario.name in self._loaded:
                raise InvalidScenarioError(
                    f"another file has a scenario {scenario.name!r}; rename one", where=str(path)
                )
            self._loaded[scenario.name] = scenario

    @property
    def started(self) -> Mapping[str, Scenario]:
        """The scenarios that the server was started with, by name."""
        default = () if self.default is None else ((self.default.name, self.default),)
        return {**self._loaded, **dict(default)}

    @property
    def loaded(self) -> Iterable[Scenario]:
        """The scenarios of files."""
        return self._loaded.values()

    @property
    def names(self) -> list[str]:
        """The names of all scenarios: of files, and of the library."""
        return [*self._loaded, *library_names()]

    def find(self, name: str) -> Scenario | None:
        """Return the scenario of that name; None if there is none."""
        if name in self._loaded:
            return self._loaded[name]
        return library_scenario(name) if name in library_names() else None

    def read(self, value: ScenarioLike) -> Scenario:
        """Return a scenario by name, from a file, or from values; raises InvalidScenarioError."""
        if isinstance(value, Path) or (isinstance(value, str) and value.endswith(ENDINGS)):
            return _from_file(Path(value), self.store)
        return self.sent(value, self.store)

    def sent(self, value: str | Mapping[str, Any], store: StoreBytes | None) -> Scenario:
        """Return a scenario by name or from values, and read no file: clients send these.

        `store` keeps its result files. Raises InvalidScenarioError.
        """
        if isinstance(value, Mapping):
            return read_scenario(value, ScenarioSource(store=store))
        return self.named(value)

    def named(self, name: str) -> Scenario:
        """Return the scenario of that name; raises InvalidScenarioError."""
        found = self.find(name)
        if found is None:
            raise UnknownScenarioError(self.unknown(name), where=None)
        return found

    def unknown(self, name: str) -> str:
        """Return why a name is not known, and what to do."""
        from difflib import get_close_matches  # noqa: PLC0415 - the first error pays, not start-up

        near = get_close_matches(name, self.names, n=1)
        hint = f"did you mean {near[0]!r}? " if near else ""
        return f"unknown scenario {name[:100]!r}; {hint}`safelight-mock scenarios` lists them"


def _from_file(path: Path, store: StoreBytes | None) -> Scenario:
    from safelight_mock.scenarios.files import load_scenario  # noqa: PLC0415 - the YAML library delays the start

    return load_scenario(path, store)
