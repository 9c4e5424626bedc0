"""Another server on this machine, which inputs are loaded from."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@dataclass(frozen=True)
class LocalServer:
    """Another server on this machine: its responses by path, and the requests it received."""

    origin: str
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)


@contextmanager
def local_server(answers: dict[str, tuple[int, dict[str, str], bytes]]) -> Iterator[LocalServer]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            observed.requests.append((self.path, dict(self.headers)))
            status, headers, body = answers[self.path]
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        observed = LocalServer(f"http://127.0.0.1:{server.server_port}")
        thread = Thread(target=partial(server.serve_forever, 0.01), daemon=True)
        thread.start()
        try:
            yield observed
        finally:
            server.shutdown()
            thread.join()
