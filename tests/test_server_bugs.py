"""A bug of the mock server fails the test during which it shows, in process and over a socket."""

import pytest
from tests.pytest_in_process import RunInProcess

CONFTEST = "from tests.server_bugs import server_bugs as server_bugs"
TESTS = """
import logging
from contextlib import closing

import httpx
import pytest
from msgspec.structs import replace

from safelight_mock import MockServer, Twin, TwinTransport
from safelight_mock.wire.logs import log_to_stderr

def broken():
    def handler(*_):
        raise ZeroDivisionError

    twin = Twin()
    topaz = twin.served["topaz"]
    vendor = replace(topaz.vendor, handlers={"getAllStatuses": handler})
    twin.served["topaz"] = replace(topaz, served=replace(topaz.served, make=lambda: vendor))
    return twin

def status_of(url, **options):
    with httpx.Client(headers={"X-API-Key": "k"}, **options) as client:
        return client.get(f"{url}/topaz/image/v1/status").status_code

def in_process(twin):
    with closing(twin):
        return status_of("http://twin", transport=TwinTransport(twin))

def test_that_configures_logging_as_commands_and_libraries_do():
    log_to_stderr(logging.CRITICAL)
    logging.getLogger("uvicorn.error").disabled = True
    logging.disable(logging.CRITICAL)

def test_in_process():
    assert in_process(broken()) == 500

def test_over_a_socket():
    with closing(broken()) as twin, MockServer(twin=twin) as server:
        assert status_of(server.origin) == 500

@pytest.mark.internal_error
def test_meant():
    assert in_process(broken()) == 500

@pytest.mark.internal_error
def test_not_needed():
    assert in_process(Twin()) == 200

def test_scripted():
    scenario = {"version": "1", "rules": [{"respond": {"status": 500}}]}
    with closing(Twin()) as twin, httpx.Client(transport=TwinTransport(twin)) as client:
        opened = client.post("http://twin/_safelight/sandboxes", json={"vendor": "topaz", "key": "k"}).json()
        path = f"http://twin/_safelight/sandboxes/{opened['name']}/scenario"
        assert client.put(path, json={"scenario": scenario}).status_code == 200
        assert client.get("http://twin/topaz/image/v1/status", headers={"X-API-Key": "k"}).status_code == 500
"""


@pytest.mark.slow
@pytest.mark.internal_error
def test_a_bug_of_the_server_fails_the_test_unless_it_is_meant(
    run_in_process: RunInProcess, pytester: pytest.Pytester
) -> None:
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile(TESTS)

    outcome = run_in_process("-p", "no:cacheprovider", "-p", "no:asyncio")

    outcome.assert_outcomes(passed=6, errors=3)
    for name in ("test_in_process", "test_over_a_socket"):
        outcome.stdout.fnmatch_lines(
            [f"*ERROR at teardown of {name}*", "the mock server met a bug of its own:"]
        )
    outcome.stdout.fnmatch_lines(["no bug of the mock server was logged: remove the marker internal_error"])
    outcome.stdout.fnmatch_lines(["*getAllStatuses*", "*ZeroDivisionError*"])
