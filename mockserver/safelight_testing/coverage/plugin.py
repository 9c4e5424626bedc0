"""The pytest side: records while tests run, collects from xdist workers, prints and writes the summary."""

from collections.abc import Iterator
from json import dumps
from pathlib import Path
from typing import Any, Final, Protocol

import pytest

from safelight_specs import read_spec
from safelight_testing.coverage.recorder import Recorder
from safelight_testing.coverage.summary import summarise

OUTPUT: Final = "safelight_document_coverage"  # key of what a worker sends to its controller


class XdistWorker(Protocol):
    """An xdist worker as its controller sees it."""

    workeroutput: dict[str, Any]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --document-coverage."""
    parser.addoption(
        "--document-coverage",
        type=Path,
        metavar="FILE",
        help="record which documented responses and schema keywords the tests reach, and write them to FILE",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Record if --document-coverage is given."""
    file = config.getoption("--document-coverage")
    if file is not None:
        config.pluginmanager.register(DocumentCoverage(config, file), OUTPUT)


class DocumentCoverage:
    """Records in every process that runs tests; the controller, or the only process, reports."""

    def __init__(self, config: pytest.Config, file: Path) -> None:
        self._config, self._file = config, file
        self._recorder = Recorder()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self) -> Iterator[None]:
        """Record while tests run."""
        with self._recorder.recording():
            return (yield)

    def pytest_sessionfinish(self) -> None:
        """Send what a worker recorded to its controller, in types that execnet can carry."""
        output = getattr(self._config, "workeroutput", None)
        if output is not None:
            record = self._recorder
            output[OUTPUT] = [list(record.responses.items()), list(record.satisfied), list(record.violated)]

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: XdistWorker) -> None:
        """Add what a worker recorded; a worker that crashed sends nothing."""
        output = getattr(node, "workeroutput", {}).get(OUTPUT)
        if output:
            responses, satisfied, violated = output
            self._recorder.responses.update(dict(responses))
            self._recorder.satisfied.update(satisfied)
            self._recorder.violated.update(violated)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print a line for each API that was called, and write the file."""
        called = sorted({vendor for vendor, _, _ in self._recorder.responses})
        summaries = [summarise(vendor, read_spec(vendor), self._recorder) for vendor in called]
        self._file.parent.mkdir(parents=True, exist_ok=True)
        written = {summary.vendor: summary.json() for summary in summaries}
        self._file.write_text(dumps(written, indent=1) + "\n", encoding="utf-8")
        terminalreporter.section(f"document coverage, in full in {self._file}")
        for summary in summaries:
            terminalreporter.write_line(str(summary))
