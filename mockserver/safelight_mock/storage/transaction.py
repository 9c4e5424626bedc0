"""What a call works on: copies of sandboxes, whose changes are kept and shown together, or not at all."""

from collections.abc import Callable, Iterator

from safelight_mock.core.job import status
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.storage.port import Change, NotKeptError, Storage
from safelight_mock.storage.sandboxes import Crowd, name_of
from safelight_mock.storage.working_copy import Opened


class Desk:
    """The working copies of one call, or of one step of a delivery, at a real moment.

    Nothing that is done to them shows before `commit` has kept it; to drop it is not to call that. A desk
    is used under the twin's lock, and no longer than that is held. `is_moving` says where time is moved now.
    """

    __slots__ = ("_crowd", "_fresh", "_is_moving", "_leaving", "_opened", "_real", "_storage")

    def __init__(self, crowd: Crowd, storage: Storage, real: float, is_moving: Callable[[str], bool]) -> None:
        self._crowd = crowd
        self._storage = storage
        self._real = real
        self._is_moving = is_moving
        self._opened: dict[str, Opened] = {}
        self._fresh: tuple[str, ...] = ()  # names of those that were not there, or take the place of others
        self._leaving: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Sandbox]:
        """Yield the working copies."""
        return iter([opened.copy for opened in self._opened.values()])

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
            return self._opened[name].copy
        base = self._crowd.named(name)
        return None if base is None else self._open(base, self._crowd.spare.pop(name, None))

    def before(self, name: str) -> Sandbox | None:
        """Return a sandbox as it is without what is done here; None, if it is not there."""
        return None if name in self._fresh else self._crowd.named(name)

    def put(self, sandbox: Sandbox) -> Sandbox:
        """Take in a sandbox that was made elsewhere, in the place of the one of its name; return a copy."""
        if self._crowd.named(sandbox.name) is None:
            coming = 1 + len(self._fresh) - len(self._leaving)
            staying = {*self._leaving, *self._opened}
            self._leaving += (*self._crowd.leaving(self._real, coming=coming, besides=staying),)
        self._fresh += (sandbox.name,)
        return self._open(sandbox, None)

    def make_room(self, coming: int = 1) -> None:
        """Make room for so many jobs: the oldest that are over go, of any sandbox.

        Raises Problem when too few are; then none goes.
        """
        changed = sum(len(one.copy.jobs) - self._counted(name) for name, one in self._opened.items())
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
        changed = [opened for opened in self._opened.values() if self._is_to_keep(opened)]
        if changed or self._leaving:
            try:
                self._storage.save([*map(self._change, changed)], self._leaving)
            except NotKeptError:
                if all(self._is_bare(opened) for opened in changed):
                    return
                raise
            self._merge(changed)
        for name, opened in self._opened.items():
            self._crowd.spare[name] = opened

    def _merge(self, changed: list[Opened]) -> None:
        for name in self._leaving:
            self._crowd.remove(name)
        for opened in changed:
            if opened.copy.name in self._fresh:
                opened.base.merge(opened.copy)
                self._crowd.add(opened.base)
            else:
                self._crowd.merge(opened.base, opened.copy)
            opened.merged()
        self._leaving = self._fresh = ()

    def _open(self, base: Sandbox, spare: Opened | None) -> Sandbox:
        """Copy a sandbox as it stands: what its clock shows now stays shown, whatever becomes of the copy."""
        now = base.now(self._real)
        opened = spare if spare is not None and spare.is_current else Opened(base)
        copy = opened.copy
        copy.latest = now
        if copy.clock.held and not self._is_moving(copy.name):  # that it was let go could not be kept
            copy.set_clock(self._real, mode=copy.clock.mode)
        self._opened[copy.name] = opened
        return copy

    def _is_to_keep(self, opened: Opened) -> bool:
        return opened.is_changed or opened.copy.name in self._fresh

    def _change(self, opened: Opened) -> Change:
        is_whole = opened.copy.name in self._fresh
        return Change(sandbox=opened.copy, is_whole=is_whole, has_head=is_whole or opened.has_head)

    def _is_bare(self, opened: Opened) -> bool:
        """Tell whether a sandbox was made for a call that has left it as it was."""
        return opened.copy.name in self._fresh and not opened.is_changed and not opened.base.jobs

    def _looked_at(self, name: str) -> Sandbox | None:
        """Return a sandbox to look at, with what was done to it here."""
        return self._opened[name].copy if name in self._opened else self._crowd.named(name)

    def _counted(self, name: str) -> int:
        there = self._crowd.named(name)
        return 0 if there is None else len(there.jobs)
