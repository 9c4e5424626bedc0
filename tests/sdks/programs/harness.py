"""What each program needs beside its SDK: its arguments, the control plane, a webhook receiver, its report.

Standard library only: it runs in the environment of the SDK.
"""

import json
import os
import queue
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import NamedTuple
from urllib.request import Request, urlopen

BASE_URL, KEY, FOLDER = sys.argv[1], sys.argv[2], Path(sys.argv[3])
CONTROL = os.environ["SAFELIGHT_CONTROL"]  # URL of the control plane
SECONDS = 30  # that one webhook may take


class Notification(NamedTuple):
    """A webhook as it was received."""

    headers: dict[str, str]
    body: str


def force(job: str, state: str) -> None:
    """Force a job into a state."""
    control("POST", f"jobs/{job}/move", {"to": state})


@contextmanager
def stopped_clock(vendor: str) -> Iterator[None]:
    """Stop the clock of the sandbox meanwhile: a poller with a thread of its own would end the job first."""
    sandbox = control("POST", "sandboxes", {"vendor": vendor, "key": KEY})["name"]
    control("PATCH", f"sandboxes/{sandbox}/clock", {"mode": "manual"})
    yield
    control("PATCH", f"sandboxes/{sandbox}/clock", {"mode": "auto"})


def set_webhook(vendor: str, url: str, secret: str) -> None:
    """Set the webhook of the account."""
    sandbox = control("POST", "sandboxes", {"vendor": vendor, "key": KEY})["name"]
    control("PATCH", f"sandboxes/{sandbox}/webhook", {"url": url, "secret": secret})


def control(method: str, path: str, body: dict[str, str]) -> dict[str, str]:
    """Send a request to the control plane; return the body of its response."""
    headers = {"content-type": "application/json"}
    data = json.dumps(body).encode()
    request = Request(f"{CONTROL}/{path}", data=data, headers=headers, method=method)  # noqa: S310 - ours
    with urlopen(request, timeout=SECONDS) as response:  # noqa: S310 - ours
        answered: dict[str, str] = json.load(response)
        return answered


@contextmanager
def receiver() -> Iterator[tuple[str, Callable[[], Notification]]]:
    """Receive webhooks on a loopback port; give the URL, and what returns the next one."""
    received: queue.Queue[Notification] = queue.Queue()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            received.put(Notification({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Keep the output clean."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/hook", lambda: received.get(timeout=SECONDS)
        server.shutdown()


def error_of(call: Callable[[], object]) -> Exception:
    """Return the exception that a call raises."""
    try:
        call()
    except Exception as error:  # noqa: BLE001 - which one it is, the test asserts
        return error
    raise AssertionError("no exception was raised")


def report(**values: object) -> None:
    """Print what was seen, as JSON."""
    json.dump(values, sys.stdout)
