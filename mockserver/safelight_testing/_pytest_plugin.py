"""The pytest plugin: fixtures, the marker `safelight` and options, which docs/testing.md describes.

Every run of pytest loads it where this package is installed. So it imports nothing but the standard library
and pytest until a test asks for a fixture.
"""

from collections.abc import Collection, Generator, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from safelight_testing import Safelight

MARKER = "safelight"
STRICT = "--safelight-strict"
COVERAGE = "--safelight-coverage"
BLOCK, ALLOW = "--safelight-block-network", "--safelight-allow-host"
INSTEAD = f"{BLOCK} is given; to allow it: {ALLOW}=HOST"
OF_SERVER = {"allow", "clock", "key", "scenario", "seed", "settings", "sleeps", "spec", "start"}
ARGUMENTS = frozenset({*OF_SERVER, "tolerate"})  # of the marker

SERVERS = pytest.StashKey["list[Safelight]"]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup(MARKER, "mock server for asynchronous APIs")
    group.addoption(
        STRICT,
        action="store_true",
        help="fail tests whose program did something wrong that no response shows, such as paying twice",
    )
    group.addoption(
        COVERAGE,
        type=Path,
        metavar="FILE",
        help="write what the tests cover of the APIs: as .txt, .json, .html, or .xml for JUnit",
    )
    group.addoption(
        BLOCK, action="store_true", help="fail all tests that connect to another host than this machine"
    )
    group.addoption(
        ALLOW,
        action="append",
        default=[],
        metavar="HOST",
        help=f"a host that tests may connect to in spite of {BLOCK}; .example is all below it",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker, and collect the coverage if that is asked for."""
    config.addinivalue_line(
        "markers",
        f"{MARKER}({', '.join(sorted(ARGUMENTS))}): how the mock server of the fixtures safelight and "
        "safelight_server starts (docs/testing.md)",
    )
    file = config.getoption(COVERAGE)
    if file is not None:
        from safelight_testing._coverage import CoverageReport  # noqa: PLC0415 - see the module's docstring

        config.pluginmanager.register(CoverageReport(config, file), "safelight-coverage")
    if config.getoption(BLOCK):
        from safelight_testing._host_names import allowed_hosts  # noqa: PLC0415 - as above

        try:
            allowed = allowed_hosts(ALLOW, config.getoption(ALLOW))
        except ValueError as error:
            raise pytest.UsageError(str(error)) from error
        config.pluginmanager.register(_NetworkBlock(allowed), "safelight-network-block")


@pytest.fixture
def safelight(request: pytest.FixtureRequest) -> Iterator["Safelight"]:
    """Give a mock server of the test's own, in this process and without a port."""
    with _server(request.node, {}) as server:
        yield server


@pytest.fixture
def safelight_server(request: pytest.FixtureRequest) -> Iterator["Safelight"]:
    """Give a mock server of the test's own on a loopback port, for programs outside this process."""
    with _server(request.node, {"port": 0}) as server:
        yield server


@contextmanager
def _server(item: pytest.Item, arguments: Mapping[str, Any]) -> Iterator["Safelight"]:
    marked = _marked(item)
    of_server = {name: value for name, value in marked.items() if name in OF_SERVER}
    make, problem = _safelight_class(), ""
    try:
        _check_tolerated(marked)
        server = make(**of_server, **arguments)
    except (ValueError, TypeError) as error:  # of an argument, a document or a scenario
        problem = str(error)
    if problem:
        pytest.fail(f"the mock server cannot start: {problem}", pytrace=False)
    with server:
        item.stash.setdefault(SERVERS, []).append(server)
        yield server


def _check_tolerated(marked: Mapping[str, Any]) -> None:
    if "tolerate" in marked:
        from safelight_testing._safelight import check_tolerated  # noqa: PLC0415 - see the module's docstring

        check_tolerated(marked["tolerate"])


def _safelight_class() -> "type[Safelight]":
    """Import the class, or fail the test with what has to be installed."""
    try:
        from safelight_testing import Safelight  # noqa: PLC0415 - see the module's docstring
    except ModuleNotFoundError as error:
        missing = str(error)
    else:
        return Safelight
    pytest.fail(f"the fixtures of safelight cannot be used: {missing}", pytrace=False)


def _marked(item: pytest.Item) -> dict[str, Any]:
    """Return the arguments of all markers of a test; the nearest one counts."""
    arguments: dict[str, Any] = {}
    for marker in reversed([*item.iter_markers(MARKER)]):
        unknown = sorted(marker.kwargs.keys() - ARGUMENTS)
        if marker.args or unknown:
            what = f"argument {unknown[0]!r}" if unknown else "positional arguments"
            raise pytest.UsageError(
                f"{item.nodeid}: the marker {MARKER} has no {what}; use {', '.join(sorted(ARGUMENTS))}"
            )
        arguments |= marker.kwargs
    if "spec" in arguments:
        arguments["spec"] = _documents(item, arguments["spec"])
    return arguments


def _documents(item: pytest.Item, spec: Any) -> list[Any]:  # noqa: ANN401 - one document or several
    """Find documents named by relative paths: beside the test module, else in the root folder."""
    several = spec if isinstance(spec, list | tuple) else [spec]
    return [_found(item, one) if isinstance(one, str | Path) else one for one in several]


def _found(item: pytest.Item, name: str | Path) -> Path:
    beside = item.path.parent / name
    return beside if beside.exists() else item.config.rootpath / name


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Fail a test that passed if a connection was refused or, with --safelight-strict, for misconduct."""
    try:
        yield
    finally:  # a refusal that failed the test is not to fail its fixture again
        refused = [error for server in item.stash.get(SERVERS, []) for error in server.take_refused()]
    if refused:
        raise refused[0]
    if item.config.getoption(STRICT):
        _check_conduct(item)


def _check_conduct(item: pytest.Item) -> None:
    tolerate, problem = _marked(item).get("tolerate", ()), ""
    for server in item.stash.get(SERVERS, []):
        try:
            server.check_conduct(tolerate=tolerate)
        except AssertionError as error:
            problem = problem or str(error)
    if problem:  # outside of the `except`, which would show it twice
        pytest.fail(problem, pytrace=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show what happened in the mock server of a test that failed."""
    report = yield
    if call.when == "call" and report.failed:
        for server in item.stash.get(SERVERS, []):
            report.sections.append(("safelight timeline", str(server.timeline)))
    return report


class _NetworkBlock:
    """Refuses connections to other hosts while tests and their fixtures run."""

    def __init__(self, allow: Collection[str]) -> None:
        self._allow = allow
        self._refused: list[Any] = []

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self) -> Iterator[None]:
        """Refuse them from the first test to the last."""
        from safelight_testing._active_guards import refuse_all  # noqa: PLC0415 - see the module's docstring

        with refuse_all(instead=INSTEAD, allow=self._allow) as self._refused:
            return (yield)

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_runtest_setup(self) -> Iterator[None]:
        """Fail a fixture that has connected."""
        yield from self._check()

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_runtest_call(self) -> Iterator[None]:
        """Fail a test that has connected."""
        yield from self._check()

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_runtest_teardown(self) -> Iterator[None]:
        """Fail the end of a fixture that has connected."""
        yield from self._check()

    def _check(self) -> Iterator[None]:
        try:
            yield
        finally:
            refused = [*self._refused]
            self._refused.clear()
        if refused:
            raise refused[0]
