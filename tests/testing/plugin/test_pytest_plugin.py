"""The fixtures, the marker and the options of the pytest plugin, in runs of pytest as users make them."""

import subprocess
import sys

import pytest
from tests.testing.plugin.conftest import Inner

pytestmark = pytest.mark.slow


def test_each_test_has_a_mock_server_of_its_own(inner: Inner) -> None:
    run = inner.run("""
        import pytest

        @pytest.mark.parametrize("number", range(2))
        def test_a_job(safelight, number):
            safelight.jobs.create("postEnhanceAsync", vendor="topaz", key="k")
            assert len(safelight.jobs) == 1
    """)

    run.assert_outcomes(passed=2)


def test_the_server_listens_on_a_real_port(inner: Inner) -> None:
    run = inner.run("""
        import json, urllib.request

        def test_other_programs_reach_it(safelight_server):
            url = safelight_server.url("topaz") + "/status"
            request = urllib.request.Request(url, headers={"X-API-Key": "k"})
            assert url.startswith("http://127.0.0.1:")
            with urllib.request.urlopen(request) as response:
                assert json.load(response) == []
            assert [one.status for one in safelight_server.requests] == [200]
    """)

    run.assert_outcomes(passed=1)


def test_the_nearest_marker_counts(inner: Inner) -> None:
    run = inner.run(
        """
        from datetime import UTC, datetime
        import pytest

        pytestmark = pytest.mark.safelight(clock="manual", start=datetime(2026, 1, 1, tzinfo=UTC))

        @pytest.mark.safelight(scenario="failed", clock="auto")
        def test_a_failed_job(safelight):
            assert safelight.clock.now == datetime(2026, 1, 1, tzinfo=UTC)
            job = safelight.topaz.enhance("photo.jpg")
            assert [job.status().vendor_state for _ in range(2)] == ["Processing", "Failed"]
    """,
        photo=True,
    )

    run.assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("marker", "what"), [("speed=3", "argument 'speed'"), ("'auto'", "positional arguments")]
)
def test_a_wrong_marker_is_an_error_that_lists_the_arguments(inner: Inner, marker: str, what: str) -> None:
    run = inner.run(f"""
        import pytest

        @pytest.mark.safelight({marker})
        def test_nothing(safelight):
            pass
    """)

    run.assert_outcomes(errors=1)
    run.stdout.fnmatch_lines([f"*the marker safelight has no {what}; use allow, clock, key, scenario, seed*"])


@pytest.mark.parametrize(
    ("marker", "sentence"),
    [
        ("start='tomorrow'", "start must be a time such as datetime(2026, 1, 1, tzinfo=UTC), not 'tomorrow'"),
        ("allow=['http://db']", "allow: 'http://db' is not a host; use a name, an IP address, or .example *"),
        (
            "tolerate=['sent-ignored-fields']",
            "tolerate: unknown kind of misconduct *did you mean 'sent-ignored-field'?",
        ),
    ],
    ids=["start", "allow", "tolerate"],
)
def test_a_wrong_value_in_a_marker_is_one_sentence(inner: Inner, marker: str, sentence: str) -> None:
    run = inner.run(f"""
        import pytest

        @pytest.mark.safelight({marker})
        def test_nothing(safelight):
            pass
    """)

    run.assert_outcomes(errors=1)
    run.stdout.fnmatch_lines([f"the mock server cannot start: {sentence}"])
    run.stdout.no_fnmatch_line("*_safelight.py*")


def test_documents_are_found_beside_the_test_module(inner: Inner, pytester: pytest.Pytester) -> None:
    pytester.makefile(
        ".yaml",
        acme="""
        openapi: 3.1.0
        info: {title: Acme, version: "1"}
        paths:
          /tasks:
            get:
              operationId: listTasks
              responses:
                "200":
                  description: All.
                  content: {application/json: {example: []}}
        """,
    )

    run = inner.run("""
        import pytest

        @pytest.mark.safelight(spec="acme.yaml")
        def test_a_document(safelight):
            assert safelight.http("acme").get("tasks").json() == []
            assert safelight.url("acme") == "https://acme.safelight.test"
    """)

    run.assert_outcomes(passed=1)


def test_a_failed_test_shows_the_timeline_with_repeats_folded(inner: Inner) -> None:
    run = inner.run("""
        def test_it_fails(safelight):
            job = safelight.jobs.create("postEnhanceAsync", vendor="topaz", key=safelight.key)
            safelight.clock.advance(100)
            for _ in range(40):
                safelight.http("topaz").get(f"status/{job.id}")
            assert False

        def test_it_passes(safelight):
            safelight.http("topaz").get("status")
    """)

    run.assert_outcomes(passed=1, failed=1)
    run.stdout.fnmatch_lines(
        [
            "*- safelight timeline -*",
            "      0.0 s  job * queued (Pending)",
            "* s  job * running (Processing)",
            "* s  job * succeeded (Completed)",
            "    105.0 s  GET /image/v1/status/* -> 200",
            "             … 40 times, until 300.0 s",
        ]
    )
    assert run.stdout.str().count("safelight timeline") == 1


MISCONDUCT = """
    from pathlib import Path
    import pytest

    def enlarge(topaz, **options):
        return topaz.post("enhance/async", files={"image": PHOTO}, data=options)

    def test_a_misspelt_option(safelight):
        enlarge(safelight.http("topaz"), output_widht="2000")

    @pytest.mark.safelight(tolerate=["sent-ignored-field"])
    def test_it_is_tolerated(safelight):
        enlarge(safelight.http("topaz"), output_widht="2000")

    def test_a_good_program(safelight):
        enlarge(safelight.http("topaz"), output_width="2000")

    PHOTO = Path("photo.jpg").read_bytes()
"""


def test_strict_runs_fail_tests_whose_program_did_something_wrong(inner: Inner) -> None:
    run = inner.run(MISCONDUCT, "--safelight-strict", photo=True)

    run.assert_outcomes(passed=2, failed=1)
    run.stdout.fnmatch_lines(["a client did something wrong:", "sent-ignored-field: *'output_widht'*"])
    run.stdout.fnmatch_lines(["*- safelight timeline -*"])
    run.stdout.no_fnmatch_line("*another exception occurred*")


def test_other_runs_do_not(inner: Inner) -> None:
    inner.run(MISCONDUCT, photo=True).assert_outcomes(passed=3)


def test_four_processes_have_servers_of_their_own_and_report_timelines(inner: Inner) -> None:
    run = inner.run(
        """
        import pytest

        @pytest.mark.parametrize("number", range(8))
        def test_a_job(safelight, number):
            safelight.jobs.create("postEnhanceAsync", vendor="topaz", key="k")
            assert len(safelight.jobs) == 1
            assert number != 5
        """,
        "-n",
        "4",
        apart=True,
    )

    run.assert_outcomes(passed=7, failed=1)
    run.stdout.fnmatch_lines(["*- safelight timeline -*", "* job * queued (Pending)"])


def test_test_cases_of_unittest_get_the_fixture(inner: Inner) -> None:
    run = inner.run("""
        import unittest
        import pytest

        class ShopTest(unittest.TestCase):
            @pytest.fixture(autouse=True)
            def _mock_server(self, safelight):
                self.safelight = safelight

            def test_a_job(self):
                self.safelight.jobs.create("postEnhanceAsync", vendor="topaz", key="k")
                self.assertEqual([one.state for one in self.safelight.jobs], ["queued"])
    """)

    run.assert_outcomes(passed=1)


def test_a_run_without_the_extra_is_told_what_to_install(inner: Inner, pytester: pytest.Pytester) -> None:
    pytester.makeconftest("import sys; sys.modules['uvicorn'] = None")

    run = inner.run(
        """
        def test_without_the_fixture():
            pass

        def test_with_it(safelight):
            pass
        """,
        apart=True,
    )

    run.assert_outcomes(passed=1, errors=1)
    run.stdout.fnmatch_lines(["*needs uvicorn; run: pip install 'safelight[[]testing]'"])


def test_a_run_imports_nothing_until_a_fixture_is_used() -> None:
    program = """
import pytest, sys
before = {*sys.modules}
import safelight_testing._pytest_plugin
print(*({name.partition(".")[0] for name in {*sys.modules} - before} - sys.stdlib_module_names))
"""

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["safelight_testing"]


def test_coroutines_of_pytest_asyncio_get_the_fixture(inner: Inner) -> None:
    run = inner.run(
        """
        import asyncio, httpx, pytest
        from pathlib import Path

        received = []

        async def shop(scope, receive, send):
            received.append(asyncio.get_running_loop())
            await asyncio.sleep(5)
            await send({"type": "http.response.start", "status": 204, "headers": []})
            await send({"type": "http.response.body", "body": b""})

        @pytest.mark.asyncio
        @pytest.mark.safelight(sleeps=True)
        async def test_a_program(safelight):
            safelight.webhooks.to("https://shop.example", shop)
            async with httpx.AsyncClient(headers={"X-API-Key": "k"}) as client:
                data = {"webhook_url": "https://shop.example/hooks"}
                files = {"image": Path("photo.jpg").read_bytes()}
                url = "https://api.topazlabs.com/image/v1/enhance/async"
                response = await client.post(url, data=data, files=files)
            assert response.status_code == 200
            await asyncio.sleep(60)
            assert received == [asyncio.get_running_loop()] * 2
            assert safelight.clock.elapsed == 60
        """,
        "-o",
        "asyncio_default_fixture_loop_scope=function",
        plugin="asyncio",
        photo=True,
    )

    run.assert_outcomes(passed=1)
