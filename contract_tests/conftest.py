"""Journeys run against a target over each of its transports, by default a mock server and Prism before it."""

from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TypeAlias

import pytest
from tests.server_bugs import server_bugs as server_bugs  # noqa: PLC0414 - a fixture of every test

from contract_tests.client_bench import ClientBench, client_bench
from contract_tests.prism.judging import PrismBench
from contract_tests.prism.running import source
from contract_tests.targets.live import NOTEBOOK, announce
from contract_tests.targets.observations import Notebook
from contract_tests.targets.served import BASES, Served
from contract_tests.targets.transports import PRISM, seek, transport, transports
from safelight_clients.topaz.client import AuthenticatedClient

collect_ignore = ["toy"]  # run by test_registry.py, where it has a client

__all__ = ["Bench", "Served"]

Bench: TypeAlias = ClientBench[AuthenticatedClient]

DEFAULT = ("twin", "prism")
# They come first: of two processes, neither waits long for the last test of the other.
LONGEST = ("contract_tests/fuzz/", "contract_tests/golden/", "tests/mockserver/app/test_edited_snapshots.py")
PHOTOGRAPH = Path(__file__).parent.parent / "docs" / "photograph" / "dahlia.jpg"


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("safelight")
    group.addoption(
        "--target",
        action="append",
        help="where journeys are made: twin, prism, live, or the URL of a twin; may be repeated "
        "(default: twin and prism)",
    )
    group.addoption("--spend", action="store_true", help="let --target live cost what it says it costs")
    group.addoption(
        "--observations",
        type=Path,
        default=Path("observations.json"),
        help="where --target live writes down what it saw",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.stash[NOTEBOOK] = Notebook()
    for target in targets(config):
        transports(target, is_journey=True)  # raises UsageError for an unknown target
    if "live" in targets(config) and getattr(config.option, "numprocesses", None):
        raise pytest.UsageError("--target live runs alone: leave -n out")


def pytest_sessionstart(session: pytest.Session) -> None:
    config = session.config
    if not (config.option.collectonly or hasattr(config, "workerinput")):  # a worker cannot refuse
        for target in targets(config):
            seek(target)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "served" in metafunc.fixturenames:
        is_journey = metafunc.definition.path.parent.name in BASES
        named = [
            name for target in targets(metafunc.config) for name in transports(target, is_journey=is_journey)
        ]
        metafunc.parametrize("served", named, indirect=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    chosen = targets(config)
    kept = [item for item in items if "twin" in chosen or _is_made_somewhere(item)]
    if "live" in chosen:
        kept = [item for item in kept if item.get_closest_marker("live")]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = sorted(kept, key=lambda item: not item.nodeid.startswith(LONGEST))


def pytest_collection_finish(session: pytest.Session) -> None:
    config = session.config
    if "live" in targets(config) and not config.option.collectonly:
        print(announce(session.items, may_spend=config.option.spend))  # noqa: T201 - shown before credits are spent


def pytest_sessionfinish(session: pytest.Session) -> None:
    notebook = session.config.stash[NOTEBOOK]
    if notebook.entries:
        notebook.write(session.config.option.observations)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    made = [report.nodeid for report in terminalreporter.stats.get("passed", ())]
    if any(PRISM in name or "contract_tests/prism" in name for name in made):
        places = {"docker": "the image that compose.yaml names", "npm": "npm, as benchmarks/ pins it"}
        if source() in places:
            terminalreporter.write_line(f"Prism came from {places[source()]}.")


def _is_made_somewhere(item: pytest.Item) -> bool:
    """Return whether a test uses a service that the chosen targets provide."""
    made = getattr(item, "callspec", None)
    return made is not None and isinstance(made.params.get("served"), str)


def targets(config: pytest.Config) -> tuple[str, ...]:
    return tuple(config.getoption("target", None) or DEFAULT)  # the option is unknown in a run of `pytest .`


@pytest.fixture(scope="session")
def photograph() -> bytes:
    """The photograph of the demo."""
    return PHOTOGRAPH.read_bytes()


@pytest.fixture(scope="session")
def prism_bench() -> Iterator[PrismBench]:
    """A twin with a Prism before each vendor, for all journeys: each has keys of its own."""
    with closing(PrismBench()) as bench:
        yield bench


@pytest.fixture
def served(request: pytest.FixtureRequest) -> Iterator[Served]:
    """Open a service over one of the transports; no journey sends a key to the file host."""
    with transport(request.param, request) as served:
        yield served


@pytest.fixture
def bench(served: Served) -> Iterator[Bench]:
    """Topaz's generated client for journeys."""
    client_class = partial(AuthenticatedClient, prefix="", auth_header_name="X-API-Key")
    with client_bench(served, "topaz", client_class) as bench:
        yield bench
