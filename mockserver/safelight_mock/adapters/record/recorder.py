"""A recorder on a loopback port: the proxy under uvicorn, and what is written once it has stopped."""

import asyncio
import time
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from pathlib import Path
from threading import Thread
from typing import NamedTuple, Self
from urllib.parse import urlsplit

from safelight_mock.adapters.record.proxy import RecordingApp
from safelight_mock.adapters.server import LOOPBACK, listen, listener_of, server_of
from safelight_mock.config.parsing import check_address, check_target
from safelight_mock.config.services import Service
from safelight_mock.config.settings import Settings
from safelight_mock.outgoing.allowed_hosts import AllowedHosts
from safelight_mock.recording.folder import Folder
from safelight_mock.recording.links import Links
from safelight_mock.recording.observations import observations
from safelight_mock.recording.rules import RuleWriter
from safelight_mock.recording.session import Session
from safelight_mock.recording.templates import Template
from safelight_mock.scenarios.files import load_scenario
from safelight_mock.webhooks.http_sender import HttpSender
from safelight_mock.wire.problem import Kind, Problem

RULES = 1_000  # of a scenario


class Stop(NamedTuple):
    """When a recording stops by itself: after so many requests, or seconds after the last; None: never."""

    requests: int | None = None
    idle: float | None = None


NEVER = Stop()


class Recorder:
    """Records a session with the API of `service` at `upstream`, into a folder.

    `url` is the base URL for clients, on this machine. Use it in a `with` block, in whose length it runs in a
    thread and at whose end it writes; or call `run`, then `write`. Raises ValueError for a URL that is none,
    FileExistsError for a folder with a recording of this name, and OSError.
    """

    def __init__(  # noqa: PLR0913 - what is recorded, and how
        self,
        service: Service,
        upstream: str,
        folder: Path,
        *,
        port: int = 0,
        public_url: str = "",
        account_webhook: str = "",
        webhook_hosts: AbstractSet[str] = frozenset(),
        stop: Stop = NEVER,
        report: Callable[[str], None] = lambda _: None,
    ) -> None:
        for url in filter(None, (upstream, public_url)):
            check_address(url)
        if account_webhook:
            check_target(account_webhook)
        self.folder: Folder = Folder(folder, service.slug)
        self._socket = listen(LOOPBACK, port)
        self.url: str = f"{listener_of([self._socket]).own}/{service.slug}{service.facts.base}"
        self.session: Session = Session(service=service, links=Links(upstream, self.url, _is_api(service)))
        sender = HttpSender(AllowedHosts(webhook_hosts, lambda: not public_url))
        try:
            self._app = RecordingApp(
                self.session,
                self.folder,
                sender,
                public_url=public_url,
                account_webhook=account_webhook,
                report=report,
                on_end=self._count,
            )
        except ValueError:
            self._socket.close()
            raise
        self._server = server_of(self._app, Settings())
        self._stop, self._requests = stop, 0
        self._timer: asyncio.TimerHandle | None = None
        self._thread = Thread(target=self.run, daemon=True)

    @property
    def webhook_address(self) -> str:
        """The URL to set in the account, if its webhooks are recorded."""
        return self._app.webhook_address

    def run(self) -> None:
        """Serve until it is stopped, in this thread."""
        self._server.run(sockets=[self._socket])
        self.session.ended = time.time()

    def stop(self) -> None:
        """Stop; thread-safe."""
        self._server.stop()

    def write(self) -> int:
        """Write scenario and observations; return the number of observations.

        Raises InvalidScenarioError for a scenario that cannot be played as it is, as one that is too long.
        """
        session, jobs = self.session, self.session.jobs()
        links, keys = session.links, session.secrets
        writer = RuleWriter(
            vendor=session.service.slug,
            secrets=keys,
            template_of=lambda job, files: Template(links, keys, job.id, job.submitted_there, files),
            described_headers=session.described_headers,
            path_of=self.folder.path_of,
        )
        rules, rows = [*writer.rules(session.exchanges, jobs)], observations(session, jobs)
        if len(rules) > RULES:
            rows.append((f"{len(rules) - RULES} of {len(rules)} rules were left out", "the scenario"))
        host = urlsplit(links.upstream).hostname
        self.folder.write(rules[:RULES], rows, f"A recorded session with {session.service.slug} at {host}.")
        if rules:
            load_scenario(self.folder.scenario)
        return len(rows)

    def __enter__(self) -> Self:
        """Start; the socket listens already."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop, and write."""
        self.stop()
        self._thread.join()
        self.close()
        self.write()

    def close(self) -> None:
        """Close the port."""
        self._socket.close()

    def _count(self) -> None:
        """Stop after the last request, or a while without any."""
        self._requests += 1
        if self._requests == self._stop.requests:
            self.stop()
        if self._timer is not None:
            self._timer.cancel()
        if self._stop.idle is not None and not self._app.active:
            self._timer = asyncio.get_running_loop().call_later(self._stop.idle, self._stop_if_idle)

    def _stop_if_idle(self) -> None:
        """Stop, unless a request has come meanwhile: then its end sets the timer again."""
        if not self._app.active:
            self.stop()


def _is_api(service: Service) -> Callable[[str], bool]:
    """Return what returns whether the document has a path below its base."""

    def is_api(path: str) -> bool:
        try:
            service.api.route("GET", service.facts.base + path)
        except Problem as problem:
            return problem.kind is Kind.WRONG_METHOD
        return True

    return is_api
