"""Runs a function on modules once they are imported, or at once if they are already."""

import sys
from collections.abc import Callable, Collection, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

Receive = Callable[[ModuleType], None]


class LateImports(MetaPathFinder):
    """Calls a function with each of some modules, after the module has run."""

    def __init__(self, names: Collection[str], receive: Receive) -> None:
        self._receive = receive
        self._waiting = {name for name in names if name not in sys.modules}
        sys.meta_path.insert(0, self)
        for name in names:
            if name in sys.modules and name not in self._waiting:
                receive(sys.modules[name])

    def stop(self) -> None:
        """Wait for no more imports."""
        self._waiting.clear()
        if self in sys.meta_path:
            sys.meta_path.remove(self)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Have the other finders find the module, and follow its loading."""
        if fullname not in self._waiting:
            return None
        for finder in sys.meta_path:
            find = None if finder is self else getattr(finder, "find_spec", None)
            spec: ModuleSpec | None = find(fullname, path, target) if find else None
            if spec is not None:
                if spec.loader is not None:
                    spec.loader = _Followed(spec.loader, self._done)
                return spec
        return None

    def _done(self, module: ModuleType) -> None:
        if module.__name__ in self._waiting:
            self._waiting.discard(module.__name__)
            self._receive(module)


class _Followed(Loader):
    """A loader that reports a module after it has run; then the module has its own loader again."""

    def __init__(self, loader: Any, done: Receive) -> None:  # noqa: ANN401 - any loader
        self._loader = loader
        self._report = done

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - of the loader, such as `get_resource_reader`
        return getattr(self._loader, name)

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """Create the module as its loader does."""
        made: ModuleType | None = self._loader.create_module(spec)
        return made

    def exec_module(self, module: ModuleType) -> None:
        """Run the module, then report it."""
        self._loader.exec_module(module)
        module.__loader__ = self._loader
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        self._report(module)
