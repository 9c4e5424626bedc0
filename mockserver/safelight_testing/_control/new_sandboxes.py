"""Changes of all sandboxes, also of API keys that the program under test uses for the first time later."""

from collections.abc import Callable
from threading import Lock

from safelight_mock import Twin
from safelight_mock.config.arguments import check_vendor
from safelight_mock.core.sandbox import Sandbox

Change = Callable[[Sandbox], None]


class SandboxChanges:
    """Applies changes to the sandboxes of a server, and in their order to those that are created later."""

    def __init__(self, twin: Twin) -> None:
        self._twin = twin
        self._changes: tuple[tuple[str, Change], ...] = ()
        self._lock = Lock()
        twin.sandboxes.store.on_new(self._prepare)

    def apply(self, change: Change, *, vendor: str = "") -> None:
        """Change all sandboxes, and those that are created later; with `vendor`, those of one API."""
        self.prepare(change, vendor=vendor)
        for name in self._twin.sandboxes.store.names():
            about = self._twin.sandboxes.store.about(name)
            if about is not None and vendor in ("", about.vendor):
                self._twin.sandboxes.change(name, change)

    def prepare(self, change: Change, *, vendor: str = "") -> None:
        """Change sandboxes that are created later, before their first request.

        Raises ValueError for an API that is not served.
        """
        if vendor:
            check_vendor(vendor, self._twin.served)
        with self._lock:
            self._changes = (*self._changes, (vendor, change))

    def _prepare(self, sandbox: Sandbox) -> None:
        for vendor, change in self._changes:
            if vendor in ("", sandbox.vendor):
                change(sandbox)
