"""Two runs of the command with the same seed and start send the same bytes, whatever goes wrong in them.

A plain socket client sees each byte of the responses, and a receiver each header and body of the webhooks.
"""

import json
import re
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
from tests.mockserver.hooks import http_server
from tests.mockserver.processes import closing_down
from tests.small_photograph import PHOTO

pytestmark = pytest.mark.slow

HOST = "127.0.0.1"  # in the requests, and so in links, without the port: those of two processes differ
PATIENCE = 30.0  # real seconds
NO_HEADERS: Mapping[str, str] = {}
DATE = re.compile(rb"\r\ndate: [^\r]+")
START = "2026-01-01T00:00:00Z"
HTML = {"status": 200, "html": "<p>proxy</p>"}
RULES = [
    {"match": {"operation": "submit", "call": 2}, "respond": {"status": 503, "retry_after": {"date": 30}}},
    {"match": {"operation": "submit", "call": 9}, "transfer": {"reset": "before"}},
    {"match": {"operation": "submit"}, "chance": 0.2, "job": {"fail": {"at": 0.3, "message": "Worn out."}}},
    {"match": {"operation": "submit"}, "chance": 0.2, "job": {"cancel": True, "progress": [0, 60, 20]}},
    {"match": {"operation": "submit"}, "chance": 0.2, "job": {"slow": 3, "link_life": 2}},
    {"match": {"operation": "submit"}, "chance": 0.2, "job": {"lost": {"after": 8}}},
    {"match": {"operation": "read"}, "chance": 0.1, "transfer": {"drip": {"bytes": 90, "every": 0.01}}},
    {"match": {"operation": "read"}, "chance": 0.1, "transfer": {"reset": "during"}},
    {"match": {"operation": "read"}, "chance": 0.1, "transfer": {"truncate": 0.5, "first_byte": 0.01}},
    {"match": {"operation": "read"}, "chance": 0.1, "respond": HTML},
    {"match": {"operation": "read"}, "chance": 0.1, "respond": {"error": "limited", "retry_after": 2}},
    {"match": {"operation": "download"}, "chance": 0.2, "transfer": {"corrupt": True, "length": -3}},
    {"match": {"operation": "download"}, "chance": 0.2, "transfer": {"drip": {"bytes": 999, "every": 0.001}}},
    *({"chance": 0.2, "webhook": fault} for fault in ("duplicate", "late", "out-of-order", "never")),
    *({"chance": 0.3, "webhook": fault} for fault in ("wrong-signature", "old-secret")),
]


class Seen(NamedTuple):
    """All that came in a run, in order: what was asked or `webhook`, and the bytes."""

    what: str
    content: bytes


class Run:
    """One process, and all that came from it."""

    def __init__(self, port: int, seen: list[Seen]) -> None:
        self.port = port
        self.seen = seen

    def send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] = NO_HEADERS,
        body: bytes = b"",
        patience: float = PATIENCE,
    ) -> bytes:
        """Make a request on a connection of its own; return the body of the response, as far as it came."""
        path = urlsplit(url)._replace(scheme="", netloc="").geturl()
        fields = {"Host": HOST, "Connection": "close", "Content-Length": str(len(body)), **headers}
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        got = bytearray()
        with socket.create_connection(("127.0.0.1", self.port), timeout=patience) as client:
            client.sendall(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body)
            try:
                while piece := client.recv(65_536):
                    got += piece
            except (TimeoutError, ConnectionResetError) as error:
                got += type(error).__name__.encode()
        # What concerns no sandbox has the real date: no clock is known for it.
        is_undated = path.startswith(("/_safelight", "/nothing"))
        self.seen.append(Seen(f"{method} {path}", DATE.sub(b"", got) if is_undated else bytes(got)))
        return bytes(got).partition(b"\r\n\r\n")[2]

    def send_json(
        self, method: str, url: str, body: object, headers: Mapping[str, str] = NO_HEADERS
    ) -> bytes:
        fields = {"Content-Type": "application/json", **headers}
        return self.send(method, url, fields, json.dumps(body).encode())

    def control(self, method: str, path: str, body: object) -> bytes:
        return self.send_json(method, f"/_safelight/{path}", body)


def first(pattern: str, body: bytes) -> str:
    """Return what a pattern finds in a body; "" in one that went wrong."""
    found = re.search(pattern, body.decode(errors="replace"))
    return found[1] if found else ""


URL = rf'"(https?:(?:\\?/){{2}}{re.escape(HOST)}[^"]*/files/[^"]+'
LINK, STREAM = rf'{URL}(?<!/events)\?[^"]+)"', rf'{URL}/events\?[^"]+)"'


class Api(NamedTuple):
    """How a job of an API is submitted, found in a response and polled, and where its file is."""

    name: str
    path: str
    body: Mapping[str, object]
    id: str
    poll: str
    result: str = ""
    has_account_webhook: bool = True

    def submit(self, run: Run, hook: str) -> bytes:
        """Submit a job; Topaz takes a form."""
        if self.name == "topaz":
            return run.send("POST", self.path, {**KEY, "Content-Type": FORM}, form(hook))
        body = {name: hook if value == "HOOK" else value for name, value in self.body.items()}
        return run.send_json("POST", self.path, body, KEY)


FORM = "multipart/form-data; boundary=b"
KEY = {"X-API-Key": "k", "Authorization": "Bearer k"}


def form(hook: str) -> bytes:
    """Return a submission to Topaz."""
    parts = {
        'name="webhook_url"': hook.encode(),
        'name="image"; filename="a.jpg"\r\nContent-Type: image/jpeg': PHOTO,
    }
    heads = {f"--b\r\nContent-Disposition: form-data; {head}\r\n\r\n": part for head, part in parts.items()}
    return b"".join(head.encode() + part + b"\r\n" for head, part in heads.items()) + b"--b--\r\n"


TOPAZ = Api(
    "topaz",
    "/topaz/image/v1/enhance/async",
    {},
    r'"process_id":"([^"]+)"',
    "/topaz/image/v1/status/{}",
    "/topaz/image/v1/download/{}",
    has_account_webhook=False,
)
CLAID = Api(
    "claid",
    "/claid/v1/image/edit/async",
    {"input": "safelight://coffee.jpg", "operations": {}},
    r'"id":(\d+)',
    "/claid/v1/image/edit/async/{}",
)
TENGR = Api(
    "tengr",
    "/tengr/v2/artworks/detailer-upscaler",
    {"imageUrl": "safelight://chelsea.jpg"},
    r'"id":"([^"]+)"',
    "/tengr/v2/artworks/{}",
)
REPLICATE = Api(
    "replicate",
    "/replicate/v1/predictions",
    {"version": "a/b", "input": {"prompt": "Rain"}, "webhook": "HOOK"},
    r'"id":"([^"]+)"',
    "/replicate/v1/predictions/{}",
    has_account_webhook=False,
)


def play(run: Run, hook: str, clock: str) -> None:
    """Run some jobs of each API to their ends, and download what came of them."""
    for api in (TOPAZ, CLAID, TENGR, REPLICATE):
        name = first(r'"name":"(\w+)"', run.control("POST", "sandboxes", {"vendor": api.name, "key": "k"}))
        if api.has_account_webhook:
            run.control("PATCH", f"sandboxes/{name}/webhook", {"url": hook})
        run.control("POST", f"sandboxes/{name}/faults", {"next": ["late", {"job": {"stuck": "queued"}}]})
        streams = [
            _play_job(run, api, first(api.id, api.submit(run, hook)), name if clock == "manual" else "")
            for _ in range(8)
        ]
        run.control("POST", f"sandboxes/{name}/clock/advance", {"seconds": 200})
        for stream in filter(None, streams):  # that of a job which is stuck does not end
            run.send("GET", stream, patience=0.5)
        for path in (f"sandboxes/{name}/conduct", f"jobs?sandbox={name}", f"deliveries?sandbox={name}"):
            run.send("GET", f"/_safelight/{path}")
    hanging = {**KEY, "Content-Type": FORM, "X-Safelight-Scenario": "hanging-submit"}
    run.send("POST", TOPAZ.path, hanging, form(hook), patience=0.5)
    run.send("GET", "/topaz/image/v1/status", KEY)
    run.send("GET", "/nothing")


def _play_job(run: Run, api: Api, job: str, advanced: str) -> str:
    """Poll a job, if its submission went well, and advance a sandbox if there is one; download its file.

    Return the link to its events, if there is one.
    """
    body = b""
    for _ in range(5 if job else 0):
        body = run.send("GET", api.poll.format(job), KEY)
        if advanced:
            run.control("POST", f"sandboxes/{advanced}/clock/advance", {"seconds": 2})
    if job and api.result:
        body = run.send("GET", api.result.format(job), KEY)
    if link := first(LINK, body):
        run.send("GET", link.replace("\\/", "/"))
    return first(STREAM, body)


@contextmanager
def served(folder: Path, clock: str) -> Iterator[int]:
    """Run the command; yield its port."""
    scenario = folder / "mixed.json"
    scenario.write_text(json.dumps({"version": "1", "rules": RULES}))
    example = "examples/replicate"
    command = [
        sys.executable,
        "-m",
        "safelight_mock",
        "serve",
        f"{example}/openapi.yaml",
        "--name",
        "replicate",
    ]
    command += ["--lifecycle", f"{example}/lifecycle.overlay.yaml", "--scenario", str(scenario)]
    command += ["--port", "0", "--clock", clock, "--seed", "s", "--start", START, "--log", "none"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process, closing_down(process):
        assert process.stderr is not None
        line = next(line for line in process.stderr if line.startswith("topaz: "))
        port = urlsplit(line.split()[1]).port
        assert port is not None
        yield port


def recorded(folder: Path, clock: str, hook: str, seen: list[Seen]) -> list[Seen]:
    """Return all that came from one process."""
    seen.clear()
    with served(folder, clock) as port:
        play(Run(port, seen), hook, clock)
    return [*seen]


@pytest.mark.fidelity("twin.start")
@pytest.mark.parametrize("clock", ["auto", "manual"])
def test_two_processes_send_the_same_bytes(tmp_path: Path, clock: str) -> None:
    seen: list[Seen] = []

    def take(headers: Mapping[str, str], body: bytes) -> int:
        seen.append(Seen("webhook", json.dumps([*headers.items()]).encode() + body))
        return 500 if len(body) % 5 == 0 else 200

    with http_server(take) as hook:
        one, other = (recorded(tmp_path, clock, hook, seen) for _ in "ab")

    for before, after in zip(one, other, strict=False):
        assert before == after
    assert len(one) == len(other)
    kinds = {"webhook", "files", "reset", "hang", "limited", "refused", "lost"}
    assert {kind for one_seen in one for kind in _kinds(one_seen)} == kinds


def _kinds(seen: Seen) -> Iterator[str]:
    if seen.what == "webhook" or "/files/" in seen.what:
        yield "webhook" if seen.what == "webhook" else "files"
    endings = {b"ConnectionResetError": "reset", b"TimeoutError": "hang"}
    yield from (kind for ending, kind in endings.items() if seen.content.endswith(ending))
    statuses = {b"429": "limited", b"503": "refused", b"404": "lost"}
    yield from (kind for status, kind in statuses.items() if seen.content.startswith(b"HTTP/1.1 " + status))
