"""Every argument of the public faces refuses a value of another type in a sentence that names it."""

import inspect
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from safelight_mock import (
    App,
    AsyncTwinTransport,
    MockServer,
    Settings,
    Spec,
    Twin,
    TwinTransport,
    merge_coverage,
    read_coverage,
)


class Wrong:
    """A value that no argument takes."""

    def __repr__(self) -> str:
        return "wrong"


SANDBOX = {"vendor": "topaz", "key": "k"}
GOOD: dict[Callable[..., Any], dict[str, Any]] = {
    Settings: {},
    Spec: {"path": "acme.yaml"},
    Twin: {},
    Twin.advance: {"seconds": 1, **SANDBOX},
    Twin.snapshot: SANDBOX,
    Twin.save_snapshot: {"to": "k.zip", **SANDBOX},
    Twin.restore: {"snapshot": b"", **SANDBOX},
    Twin.fork: {"to": "other", **SANDBOX},
    Twin.delete_sandbox: SANDBOX,
    MockServer: {},
    MockServer.url: {"vendor": "topaz"},
    App: {"twin": None},
    TwinTransport: {"twin": None},
    AsyncTwinTransport: {"twin": None},
    merge_coverage: {"reports": []},
    read_coverage: {"text": b""},
}
"""Public callables, with arguments that are right by themselves."""


def arguments() -> Iterator[Any]:
    for call in GOOD:
        for name in inspect.signature(call).parameters:
            if name != "self":
                yield pytest.param(call, name, id=f"{call.__qualname__} {name}")


@pytest.fixture(scope="module")
def server() -> Iterator[MockServer]:
    server = MockServer()
    yield server
    with server:
        pass


@pytest.mark.parametrize(("call", "name"), [*arguments()])
def test_a_value_of_another_type_is_an_error_that_names_the_argument(
    server: MockServer, call: Callable[..., Any], name: str
) -> None:
    good = {
        one: server.twin if one == "twin" and call is not MockServer else value
        for one, value in GOOD[call].items()
    }
    me = {"Twin": server.twin, "MockServer": server}.get(call.__qualname__.partition(".")[0])

    with pytest.raises((TypeError, ValueError)) as refused:
        call(*([me] if "." in call.__qualname__ else []), **{**good, name: Wrong()})

    assert name in str(refused.value)
    assert "must be" in str(refused.value)
