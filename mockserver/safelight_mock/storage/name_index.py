"""Which sandboxes have something of an id: mostly one, but many where ids count up or one was forked."""

from collections.abc import Collection


class NameIndex:
    """Names of sandboxes by the ids of what they have. Not safe for threads."""

    def __init__(self) -> None:
        self._names: dict[str, str | dict[str, None]] = {}  # one name as it is: a dict would take 200 bytes

    def add(self, thing: str, sandbox: str) -> None:
        """Note that a sandbox has something of an id."""
        names = self._names.get(thing)
        if names is None:
            self._names[thing] = sandbox
        elif isinstance(names, dict):
            names[sandbox] = None
        elif names != sandbox:
            self._names[thing] = dict.fromkeys((names, sandbox))

    def remove(self, thing: str, sandbox: str) -> None:
        """Note that a sandbox has it no longer."""
        names = self._names.get(thing)
        if isinstance(names, dict):
            names.pop(sandbox, None)
        if not names or names == sandbox:
            self._names.pop(thing, None)

    def names(self, thing: str) -> Collection[str]:
        """Return the names of the sandboxes that have it, the first one first."""
        names = self._names.get(thing, ())
        return (names,) if isinstance(names, str) else [*names]
