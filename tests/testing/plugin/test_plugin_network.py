"""What the pytest plugin lets programs reach: the server by the vendors' own hosts, and nothing else."""

import pytest
from tests.testing.plugin.conftest import Inner

pytestmark = pytest.mark.slow  # each runs pytest, some with clients that are imported anew

PROGRAM = """
    import requests

    def jobs(host="api.topazlabs.com"):
        url = f"https://{host}/image/v1/status"
        try:
            return requests.get(url, headers={"X-API-Key": "test-key"}, timeout=5).json()
        except Exception:
            return None
"""


def test_an_unmodified_program_reaches_the_server_by_the_vendors_own_host(inner: Inner) -> None:
    run = inner.run(f"""{PROGRAM}
    def test_a_program(safelight):
        assert jobs() == []
        assert [one.operation for one in safelight.requests] == ["getAllStatuses"]
    """)

    run.assert_outcomes(passed=1)


def test_a_connection_to_another_host_fails_the_test_once_and_not_its_fixture(inner: Inner) -> None:
    run = inner.run(f"""{PROGRAM}
    import pytest

    def test_it_is_swallowed(safelight):
        jobs("shop.invalid")

    def test_it_is_raised(safelight):
        requests.get("https://shop.invalid/", timeout=5)

    @pytest.mark.safelight(allow=["shop.invalid"])
    def test_it_is_allowed(safelight):
        assert jobs("shop.invalid") is None
    """)

    run.assert_outcomes(passed=1, failed=2)
    run.stdout.fnmatch_lines(
        ["*a connection to shop.invalid from *test_shop.py:* is rejected; this block serves*"]
    )


def test_the_network_is_blocked_for_all_tests_on_request(inner: Inner) -> None:
    code = f"""{PROGRAM}
    import pytest

    def test_without_a_fixture():
        jobs("shop.invalid")

    def test_with_the_fixture(safelight):
        assert jobs() == []

    def test_with_a_port(safelight_server):
        assert requests.get(safelight_server.url("topaz") + "/status", timeout=5).status_code == 401

    @pytest.fixture
    def connected():
        jobs("shop.invalid")

    def test_a_fixture(connected):
        pass
    """

    run = inner.run(code, "--safelight-block-network")
    allowed = inner.run(code, "--safelight-block-network", "--safelight-allow-host", ".invalid")

    run.assert_outcomes(passed=2, failed=1, errors=1)
    run.stdout.fnmatch_lines(
        ["*shop.invalid from *; --safelight-block-network is given; to allow it: *=HOST"]
    )
    allowed.assert_outcomes(passed=4)


def test_a_host_that_is_none_is_a_usage_error(inner: Inner) -> None:
    run = inner.run("", "--safelight-block-network", "--safelight-allow-host", "http://a.example", apart=True)

    run.stderr.fnmatch_lines(["ERROR: --safelight-allow-host: 'http://a.example' is not a host; use a name*"])


def test_the_fixture_works_where_pytest_socket_disables_sockets(inner: Inner) -> None:
    run = inner.run(
        f"""{PROGRAM}
    async def shop(scope, receive, send):
        await send({{"type": "http.response.start", "status": 204, "headers": []}})
        await send({{"type": "http.response.body", "body": b""}})

    def test_a_program(safelight):
        safelight.webhooks.to("https://shop.example", shop)
        job = safelight.topaz.enhance("photo.jpg", webhook_url="https://shop.example/hooks")
        assert len(jobs()) == 1
        safelight.clock.advance(60)
        assert [one.attempts[-1].status for one in safelight.webhooks.deliveries] == [204, 204]
        """,
        "--disable-socket",
        plugin="socket",
        photo=True,
        apart=True,  # it leaves the sockets of its process disabled
    )

    run.assert_outcomes(passed=1)


LOOPS = """
    import aiohttp, asyncio, httpx, pytest, trio

    URL, KEY = "https://api.topazlabs.com/image/v1/status", {"X-API-Key": "k"}

    async def by_httpx():
        async with httpx.AsyncClient() as client:
            return (await client.get(URL, headers=KEY)).json()

    async def by_aiohttp():
        async with aiohttp.ClientSession() as client, client.get(URL, headers=KEY) as response:
            return await response.json()

    def test_programs_with_event_loops(safelight):
        assert asyncio.run(by_httpx()) == asyncio.run(by_aiohttp()) == trio.run(by_httpx) == []
"""


def test_event_loops_start_where_pytest_socket_disables_sockets(inner: Inner) -> None:
    run = inner.run(LOOPS, "--disable-socket", plugin="socket", apart=True)

    run.assert_outcomes(passed=1)
