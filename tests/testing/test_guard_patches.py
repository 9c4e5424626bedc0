"""The patches of guards are there until the last guard ends, beside those of other tools."""

import socket
from contextlib import ExitStack
from functools import partial

import pytest
import requests
from tests.testing.guarded import HOST, INSTEAD, URL, numeric, refused

from safelight_testing._active_guards import refuse_hosts
from safelight_testing._network_guard import RefusedConnectionError
from safelight_testing._network_hooks import HOOKS

pytestmark = pytest.mark.slow  # every HTTP library is imported


def attributes() -> list[object]:
    """Every function that a guard patches, and whether its owner has it of its own."""
    actual: list[object] = []
    for hook in HOOKS:
        module = __import__(hook.module, fromlist=["_"])
        owner = getattr(module, hook.owner) if hook.owner else module
        actual += [getattr(owner, hook.name), hook.name in vars(owner)]
    return actual


def test_patches_are_removed_at_the_end() -> None:
    before = attributes()

    refused(lambda: requests.get(URL, timeout=1))

    assert attributes() == before


def test_guards_end_in_any_order_and_each_refuses_until_its_own_end() -> None:
    before = attributes()
    first, second = ExitStack(), ExitStack()
    first.enter_context(refuse_hosts(["first.example"], instead="1"))
    second.enter_context(
        pytest.raises(RefusedConnectionError, match=r"second\.example from .* is rejected; 2")
    )
    second.enter_context(refuse_hosts(["second.example"], instead="2"))

    first.close()

    with pytest.raises(socket.gaierror):
        numeric("first.example")
    with pytest.raises(RefusedConnectionError):
        numeric("second.example")
    second.close()
    assert attributes() == before


def test_an_inner_guard_keeps_what_it_refused_to_itself() -> None:
    with refuse_hosts([HOST], instead="outer") as outer:
        refused(lambda: numeric(HOST))

    assert outer.errors == []


def test_a_patch_of_another_tool_that_stays_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    with refuse_hosts([HOST], instead=INSTEAD):
        guarded = socket.gethostbyname
        monkeypatch.setattr(socket, "gethostbyname", partial(guarded))
        others = socket.gethostbyname

    assert socket.gethostbyname is others
    assert socket.gethostbyname("127.0.0.1") == "127.0.0.1"
