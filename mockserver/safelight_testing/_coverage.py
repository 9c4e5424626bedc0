"""The option `--safelight-coverage`: one coverage of all mock servers that the processes of a run start."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import wraps
from pathlib import Path
from threading import Lock
from typing import Any, Final, Protocol

import pytest

from safelight_mock import Coverage, Twin, merge_coverage, read_coverage, write_coverage
from safelight_mock.coverage.summary import shares
from safelight_mock.coverage.writing import as_json, check_file
from safelight_testing._patches import Function, Patches

OUTPUT: Final = "safelight_coverage"  # the key of what an xdist worker sends to its controller


class CoverageCollector:
    """Collects the coverage of the mock servers of this process, wherever they are made. Thread-safe.

    A server that is closed is replaced by its report, which takes some milliseconds.
    """

    def __init__(self) -> None:
        self._open: dict[int, Twin] = {}
        self._closed = Coverage()
        self._lock = Lock()

    @contextmanager
    def collecting(self) -> Iterator[None]:
        """Collect from servers that are made while the context is open."""
        patches = Patches()
        patches.replace(Twin, "__init__", self._noting)
        patches.replace(Twin, "close", self._closing)
        try:
            yield
        finally:
            patches.undo()

    def add(self, report: Coverage) -> None:
        """Add the report of another process."""
        with self._lock:
            self._closed = merge_coverage([self._closed, report])

    def report(self) -> Coverage:
        """Return the coverage of all servers so far."""
        with self._lock:
            still_open, closed = [*self._open.values()], self._closed
        return merge_coverage([closed, *(twin.coverage() for twin in still_open)])

    def _noting(self, make: Function) -> Function:
        @wraps(make)
        def noting(twin: Twin, *args: Any, **rest: Any) -> None:  # noqa: ANN401 - whatever a Twin takes
            make(twin, *args, **rest)
            with self._lock:
                self._open[id(twin)] = twin

        return noting

    def _closing(self, close: Callable[[Twin], None]) -> Function:
        @wraps(close)
        def closing(twin: Twin) -> None:
            close(twin)
            with self._lock:
                is_new = self._open.pop(id(twin), None) is not None
            if is_new:
                self.add(twin.coverage())

        return closing


class XdistWorker(Protocol):
    """An xdist worker as its controller sees it."""

    workeroutput: dict[str, Any]


class CoverageReport:
    """Collects in every process that runs tests; the controller, or the only process, writes the file.

    Raises UsageError for a file that cannot be written. One that cannot be written at the end fails the run.
    """

    def __init__(self, config: pytest.Config, file: Path) -> None:
        try:
            check_file(file)
        except ValueError as error:
            raise pytest.UsageError(f"--safelight-coverage: {error}") from error
        self._config, self._file = config, file
        self._session: pytest.Session | None = None
        self._collector = CoverageCollector()
        collecting = ExitStack()
        collecting.enter_context(self._collector.collecting())
        config.add_cleanup(collecting.close)

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Remember the session, whose exit status says whether the file was written."""
        self._session = session

    def pytest_sessionfinish(self) -> None:
        """Send what a worker collected to its controller, as text: execnet carries plain types only."""
        output = getattr(self._config, "workeroutput", None)
        if output is not None:
            output[OUTPUT] = as_json(self._collector.report())

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: XdistWorker) -> None:
        """Add what a worker collected; a worker that crashed sends nothing."""
        text = getattr(node, "workeroutput", {}).get(OUTPUT)
        if text:
            self._collector.add(read_coverage(text))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Write the file, and print a line for each API that was called; not in a worker."""
        if hasattr(self._config, "workeroutput"):
            return
        report = self._collector.report()
        try:
            write_coverage(report, self._file)
        except OSError as error:
            terminalreporter.section(f"safelight coverage: cannot write {self._file}: {error.strerror}")
            if self._session is not None and self._session.exitstatus == pytest.ExitCode.OK:
                self._session.exitstatus = pytest.ExitCode.TESTS_FAILED
            return
        terminalreporter.section(f"safelight coverage, in full in {self._file}")
        for name, api in report.apis.items():
            parts = ", ".join(f"{kind} {share.percent} %" for kind, share in shares(api).items())
            terminalreporter.write_line(f"{name}: {parts}")
