"""Checks of the arguments of a Twin: settings, clocks, syncing to disk, and its listener."""

from safelight_mock.config.arguments import check_callable, check_type
from safelight_mock.config.settings import check_settings
from safelight_mock.wire.listener import Listener


def check_twin(settings: object, *, real: object, monotonic: object, sync: object, listener: object) -> None:
    """Raise TypeError for an argument of another type."""
    check_settings(settings)
    for name, clock in (("real", real), ("monotonic", monotonic)):
        if clock is not None:
            check_callable(name, clock, "a function that returns seconds")
    check_callable("sync", sync, "a function such as os.fsync")
    check_type("listener", listener, Listener, "a Listener")
