"""Sessions of clients with a service, recorded and played again; the service is another mock server."""

import hashlib
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import httpx
from tests.mockserver.conftest import NO_CERTIFICATES

from safelight_mock import ClockMode, MockServer, Settings, Spec
from safelight_mock.adapters.record.recorder import Recorder
from safelight_mock.config.services import Service, services
from safelight_mock.config.vendors import choose_vendors

KEY = "sk-2f9b41c07d"
PHOTO = Path("docs/photograph/dahlia.jpg").read_bytes()
URL = re.compile(r"https?://\S+")
TIME = re.compile(r"\d{4}-\d\d-\d\dT[0-9:.]+(Z|\+00:00)?")
Rule = dict[str, Any]
Outcome = tuple[str, object]
"""Status or exception, and body: its JSON, or the digest of a file."""


class Client:
    """A client of a service at a base URL. It logs what it gets, with what differs each time as one word.

    It calls `pause` before each GET.
    """

    def __init__(
        self, base: str, headers: Mapping[str, str], pause: Callable[[], object] = lambda: None
    ) -> None:
        self.base = base
        self._pause = pause
        self._log: list[Outcome] = []
        self.digests: list[str] = []
        self.times: list[float] = []
        self._ids: list[str] = []
        self._http = httpx.Client(headers=headers, verify=NO_CERTIFICATES, timeout=5)

    @property
    def log(self) -> list[Outcome]:
        """What it got so far."""
        return [(status, self._plain(body)) for status, body in self._log]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def call(self, method: str, url: str, **rest: Any) -> Any:  # noqa: ANN401 - any JSON
        """Return the JSON of a response, None for another body or none."""
        if method == "GET":
            self._pause()
        try:
            response = self._http.request(method, url if "://" in url else f"{self.base}{url}", **rest)
        except httpx.TransportError as error:
            self._log.append((type(error).__name__, None))
            return None
        is_json = "json" in response.headers.get("content-type", "")
        body = response.json() if is_json and response.content else None
        self._log.append((str(response.status_code), body))
        self.times.append(time.monotonic())
        return body

    def known_as(self, job: object) -> str:
        """Take a text for the id of a job."""
        self._ids.append(str(job))
        return str(job)

    def download(self, url: str) -> None:
        """Download a file, and log its digest if it is whole."""
        try:
            response = self._http.get(url)
        except httpx.TransportError as error:
            self._log.append((type(error).__name__, None))
            return
        digest = hashlib.sha256(response.content).hexdigest() if response.is_success else ""
        self.digests.append(digest)
        self._log.append((str(response.status_code), digest))

    def _plain(self, value: Any) -> Any:  # noqa: ANN401 - any JSON
        if isinstance(value, dict):
            return {name: self._plain(one) for name, one in value.items()}
        if isinstance(value, list):
            return [self._plain(one) for one in value]
        if str(value) in self._ids:
            return "ID"
        if isinstance(value, str):
            return "LINK" if URL.fullmatch(value) else "TIME" if TIME.fullmatch(value) else value
        return "TIME" if isinstance(value, int) and 1_600_000_000 < value < 2_000_000_000 else value


def service_of(name: str) -> tuple[Service, list[Spec]]:
    """Return a built-in API, or that of an example with its document."""
    folder = Path("examples") / name
    specs = (
        [Spec(folder / "openapi.yaml", folder / "lifecycle.overlay.yaml", name)] if folder.exists() else []
    )
    vendors = choose_vendors([] if specs else [name], specs)
    return services(Settings(), vendors)[name], specs


@contextmanager
def served(name: str, clock: str = "auto", scenario: object = None, **rest: Any) -> Iterator[MockServer]:  # noqa: ANN401
    """Serve one API, under a scenario."""
    _, specs = service_of(name)
    vendors = frozenset() if specs else frozenset([name])
    settings = Settings(clock=ClockMode(clock), scenario=scenario, vendors=vendors, **rest)  # type: ignore[arg-type]
    with MockServer(settings, specs=specs) as server:
        yield server


class Recording:
    """A folder with a recorded session, and what the client of that got."""

    def __init__(
        self, name: str, folder: Path, story: Callable[[Client], None], headers: Mapping[str, str]
    ) -> None:
        self.name = name
        self.folder = folder
        self._story = story
        self._headers = headers
        self.recorded: list[Outcome] = []
        self.lines: list[str] = []

    def record(self, upstream: str) -> "Recording":
        """Let the client have its session with a service through a recorder."""
        service, _ = service_of(self.name)
        with Recorder(service, upstream, self.folder, report=self.lines.append) as recorder:
            self.recorded = self._told(recorder.url)
        return self

    def replay(self, clock: str = "auto", **settings: Any) -> list[Outcome]:  # noqa: ANN401 - any setting
        """Return what the client gets from a mock server under the scenario."""
        with served(self.name, clock, self.scenario, **settings) as server:

            def pause() -> None:
                if clock == "manual":
                    server.twin.advance(1, vendor=self.name, key=KEY)

            return self._told(server.url(self.name), pause)

    @property
    def scenario(self) -> Path:
        """The scenario that was written."""
        return self.folder / f"{self.name}.yaml"

    @property
    def observations(self) -> list[list[str]]:
        """The cells of the rows of the observations."""
        rows = (self.folder / "observations.md").read_text(encoding="utf-8").splitlines()[4:]
        return [[cell.strip() for cell in row.strip("|").split(" | ")] for row in rows if row.startswith("|")]

    def written(self) -> dict[str, bytes]:
        """Return everything that is on disk, by path."""
        files = (path for path in self.folder.rglob("*") if path.is_file())
        return {path.relative_to(self.folder).as_posix(): path.read_bytes() for path in files}

    def _told(self, base: str, pause: Callable[[], object] = lambda: None) -> list[Outcome]:
        with Client(base, self._headers, pause) as client:
            self._story(client)
            return client.log
