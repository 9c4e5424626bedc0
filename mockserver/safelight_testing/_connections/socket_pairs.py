"""Pairs of sockets within the process, which reach no network, where a tool for tests forbids all sockets.

Event loops of asyncio and trio are woken by such a pair, and so need one to start.
"""

import functools
import socket
from types import ModuleType
from typing import Any

from safelight_mock.adapters.own_sockets import Socket, own_pair
from safelight_testing._network_guard import Watch
from safelight_testing._patches import Function, Patches


def patch_socket(module: ModuleType, _: Watch, patches: Patches) -> None:
    """Have `socketpair` work while `socket.socket` is replaced, as by pytest-socket."""
    if hasattr(socket, "AF_UNIX"):
        patches.replace(module, "socketpair", _allowed)


def _allowed(original: Function) -> Function:
    @functools.wraps(original)
    def socketpair(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - as the original
        is_special = bool(arguments or named)
        return original(*arguments, **named) if socket.socket is Socket or is_special else own_pair()

    return socketpair
