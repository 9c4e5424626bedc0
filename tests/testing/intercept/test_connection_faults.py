"""Each library raises the exceptions that it raises over TCP, whatever goes wrong with a connection."""

import pytest
from tests.testing.intercept.failing_server import failing
from tests.testing.intercept.http_clients import CLIENTS, TIMEOUT, Client, Reply

from safelight_mock import MockServer, Settings
from safelight_testing import ConnectionFault, intercept

pytestmark = pytest.mark.slow  # real timeouts pass

API = "https://api.topazlabs.com"
STATUS = "/image/v1/status"
# Faults that end by the client's timeout; with others a busy machine may take longer than that.
TIMED = (ConnectionFault.CONNECT_TIMEOUT, ConnectionFault.NO_RESPONSE, "slow body", "no response")
PATIENCE = 20.0
STANDARD = ("builtins", "socket", "trio")
KEY = {"X-API-Key": "k"}
# Faults of responses, which scenarios describe.
RESPONSES = {
    "slow body": {"first_byte": 30},
    "truncated": {"truncate": 0.5},
    "reset before": {"reset": "before"},
    "reset during": {"reset": "during"},
    "no response": {"hang": True},
}


def chain(error: BaseException) -> list[str]:
    """Return the classes of an exception, and of what it shows that it was raised for.

    Of a cause, only a library's own one: whether that has one itself depends on how many addresses were
    tried.
    """
    shown = [one for one in (getattr(error, "reason", None), *error.args) if isinstance(one, BaseException)]
    own = [] if error.__cause__ is None or type(error.__cause__).__module__ in STANDARD else [error.__cause__]
    inner = [*shown, *own][:1]
    name = f"{type(error).__module__}.{type(error).__qualname__}".replace(
        "trio.TooSlowError", "builtins.TimeoutError"
    )
    return [name, *(one for deeper in inner for one in chain(deeper))]


def outcome(client: Client, url: str, timeout: float) -> list[str] | Reply:
    """Return what a program sees: a response, or the classes of an exception."""
    with client(timeout) as call:
        try:
            reply: Reply = call("GET", url, KEY)
        except Exception as error:  # noqa: BLE001 - any library's own
            return chain(error)
        return reply


@pytest.mark.parametrize("fault", ConnectionFault)
@pytest.mark.parametrize("name", CLIENTS)
def test_a_connection_fails_as_over_tcp(name: str, fault: ConnectionFault) -> None:
    timeout = TIMEOUT if fault in TIMED else PATIENCE
    with failing(fault) as url:
        expected = outcome(CLIENTS[name], url, timeout)

    with intercept() as mock:
        mock.fail_connections(fault, times=None)  # aiohttp tries twice
        actual = outcome(CLIENTS[name], API + STATUS, timeout)

    assert actual == expected


@pytest.mark.parametrize("fault", RESPONSES)
@pytest.mark.parametrize("name", CLIENTS)
def test_a_response_fails_as_over_tcp(name: str, fault: str) -> None:
    scenario = {"version": "1", "rules": [{"match": {"vendor": "topaz"}, "transfer": RESPONSES[fault]}]}
    settings, timeout = Settings(scenario=scenario), TIMEOUT if fault in TIMED else PATIENCE
    with MockServer(settings) as server:
        expected = outcome(CLIENTS[name], f"{server.url('topaz')}/status", timeout)

    with intercept(settings):
        actual = outcome(CLIENTS[name], API + STATUS, timeout)

    assert actual == expected
    assert actual != Reply(200, b"[]")  # urllib3 1 lets requests read a truncated body
