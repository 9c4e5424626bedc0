"""What a call works on: copies of sandboxes, whose changes are kept and shown together, or not at all."""

from collections.abc import Callable, Iterator

from safelight_mock.core.job import status
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.server.crowd import Crowd, name_of
from safelight_mock.server.storage import Change, NotKeptError, Storage


class Desk:
    """The working copies of one call, or of one step of a delivery, at a real moment.

    Nothing that is done to them shows before `commit` has kept it; to drop it is not to call that. A desk
    is used under the twin's lock, and no longer than that is held. `is_moving` says where time is moved now.
    """

    def __init__(self, crowd: Crowd, storage: Storage, real: float, is_moving: Callable[[str], bool]) -> None:
        self._crowd = crowd
        self._storage = storage
        self._real = real
        self._is_moving = is_moving
        self._opened: dict[str, tuple[Sandbox, Sandbox]] = {}  # what was there, and the copy
        self._fresh: set[str] = set()  # names of those that were not there, or are put in the place of others
        self._leaving: list[str] = []

    def __iter__(self) -> Iterator[Sandbox]:
        """Yield the working copies."""
        return iter([copy for _, copy in self._opened.values()])

    def sandbox(self, vendor: str, key: str) -> Sandbox:
        """Return a copy of a key's sandbox, made on first use; an idle one may have to go for it.

        Raises Problem when none is idle.
        """
        return self.use(name_of(vendor, key), vendor)

    def use(self, name: str, vendor: str) -> Sandbox:
        """Return a copy of the sandbox of that name, made on first use; raises Problem when none is idle."""
        found = self.named(name)
        if found is not None:
            self._crowd.touch(name)
            return found
        return self.put(self._crowd.made(name, vendor, self._real))

    def named(self, name: str) -> Sandbox | None:
        """Return a copy of the sandbox of that name."""
        if name in self._opened:
            return self._opened[name][1]
        base = self._crowd.named(name)
        return None if base is None else self._open(base)

    def before(self, name: str) -> Sandbox | None:
        """Return a sandbox as it is without what is done here; None, if it is not there."""
        return None if name in self._fresh else self._crowd.named(name)

    def put(self, sandbox: Sandbox) -> Sandbox:
        """Take in a sandbox that was made elsewhere, in the place of the one of its name; return a copy."""
        if self._crowd.named(sandbox.name) is None:
            staying = {*self._leaving, *self._opened}
            self._leaving += self._crowd.leaving(
                self._real, coming=1 + len(self._fresh) - len(self._leaving), besides=staying
            )
        self._fresh.add(sandbox.name)
        return self._open(sandbox)

    def make_room(self, coming: int = 1) -> None:
        """Make room for so many jobs: the oldest that are over go, of any sandbox.

        Raises Problem when too few are; then none goes.
        """
        changed = sum(len(copy.jobs) - self._counted(name) for name, (_, copy) in self._opened.items())
        going = self._crowd.going(coming + changed, self._real, self._looked_at)
        for name, job_id in going:
            copy = self.named(name)
            if copy is not None:
                found = status(copy.jobs[job_id], copy.now(self._real), self._crowd.seen(copy.vendor))
                copy.remove(found)

    def commit(self) -> None:
        """Keep what was changed, and show it; raises NotKeptError when that cannot be, and changes nothing.

        That the first use of a key cannot be kept is no reason to refuse a call that has changed nothing
        else: the next one finds the key unused again.
        """
        changes = [*filter(None, map(self._change, self._opened))]
        if not changes and not self._leaving:
            return
        try:
            self._storage.save(changes, self._leaving)
        except NotKeptError:
            if all(self._is_bare(change.sandbox.name) for change in changes):
                return
            raise
        self._merge(changes)

    def _merge(self, changes: list[Change]) -> None:
        for name in self._leaving:
            self._crowd.remove(name)
        for name in [change.sandbox.name for change in changes]:
            base, copy = self._opened[name]
            if name in self._fresh:
                base.merge(copy)
                self._crowd.add(base)
            else:
                self._crowd.merge(base, copy)
        self._leaving, self._fresh = [], set()

    def _open(self, base: Sandbox) -> Sandbox:
        """Copy a sandbox as it stands: what its clock shows now stays shown, whatever becomes of the copy."""
        base.now(self._real)
        copy = base.copy()
        if copy.clock.held and not self._is_moving(
            copy.name
        ):  # who held it could not keep that it was let go
            copy.set_clock(self._real, mode=copy.clock.mode)
        self._opened[copy.name] = base, copy
        return copy

    def _change(self, name: str) -> Change | None:
        """Return what has to be kept of a sandbox; None, if nothing was changed."""
        base, copy = self._opened[name]
        if name in self._fresh:
            return Change(sandbox=copy, is_whole=True)
        has_head = copy.has_changed(base)
        if has_head or any(part.gone or part.fresh for part in copy.parts().values()):
            return Change(sandbox=copy, has_head=has_head)
        return None

    def _is_bare(self, name: str) -> bool:
        """Tell whether a sandbox was made for a call that has left it as it was."""
        base, copy = self._opened[name]
        is_changed = copy.has_changed(base) or any(part.gone or part.fresh for part in copy.parts().values())
        return name in self._fresh and not is_changed and not base.jobs

    def _looked_at(self, name: str) -> Sandbox | None:
        """Return a sandbox to look at, with what was done to it here."""
        return self._opened[name][1] if name in self._opened else self._crowd.named(name)

    def _counted(self, name: str) -> int:
        there = self._crowd.named(name)
        return 0 if there is None else len(there.jobs)
