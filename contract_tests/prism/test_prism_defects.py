"""What Prism itself gets wrong, each by the smallest call that shows it, and that it finds what is wrong.

When one of these fails Prism has learnt something: take the reason for a bypass, or the row, out.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import httpx
import pytest

from contract_tests.prism.judging import complaints
from contract_tests.prism.running import NPM, ROOT, Prism, prism

pytestmark = pytest.mark.slow

JPEG = b"\xff\xd8\xff\xe0"
FORM = {
    "type": "object",
    "properties": {
        "image": {"type": "string", "contentMediaType": "application/octet-stream"},
        "width": {"type": "integer"},
        "options": {"type": "object"},
    },
}
ANSWERS = {
    "200": {
        "description": "Any.",
        "content": {
            "application/json": {"schema": {"type": "object", "properties": {"id": {"type": "integer"}}}},
            "image/jpeg": {"schema": {"type": "string", "contentMediaType": "image/jpeg"}},
        },
    }
}
UPLOAD = {
    "requestBody": {"content": {"multipart/form-data": {"schema": FORM}}},
    "responses": ANSWERS,
}
DOCUMENT = {
    "openapi": "3.1.2",
    "info": {"title": "The smallest", "version": "1"},
    "servers": [{"url": "https://service.test/image"}],
    "paths": {
        "/edit": {"post": UPLOAD},
        "/picture": {"get": {"responses": ANSWERS}},
        "/wrong": {"get": {"responses": ANSWERS}},
        "/balance": {"servers": [{"url": "https://service.test/account"}], "get": {"responses": ANSWERS}},
    },
}


class Upstream(BaseHTTPRequestHandler):
    """A service that returns the path and body of the last request."""

    bodies: Mapping[str, tuple[str, bytes]] = {
        "/picture": ("image/jpeg", JPEG),
        "/wrong": ("application/json", b'{"id": "one"}'),
    }

    def do_GET(self) -> None:
        """Answer a picture, something wrong, or nothing."""
        self._answer(*self.bodies.get(self.path, ("application/json", b"{}")))

    def do_POST(self) -> None:
        """Respond whether the bytes of a JPEG have arrived."""
        body = self.rfile.read(int(self.headers["content-length"]))
        self._answer("application/json", json.dumps({"id": int(JPEG in body)}).encode())

    def log_message(self, *_: object) -> None:
        """Keep quiet."""

    def _answer(self, media_type: str, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def judge(folder: Path) -> Iterator[Prism]:
    """Prism before the upstream, on the smallest document."""
    document = folder / "smallest.json"
    document.write_text(json.dumps(DOCUMENT))
    with ThreadingHTTPServer(("127.0.0.1", 0), Upstream) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        with prism("proxy", document, f"http://127.0.0.1:{server.server_port}", "--errors") as running:
            yield running
        server.shutdown()


@pytest.fixture(scope="module")
def living(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prism]:
    with judge(tmp_path_factory.mktemp("smallest")) as running:
        yield running


def test_the_image_and_the_package_are_of_one_version() -> None:
    pinned = json.loads((NPM / "package.json").read_text())["dependencies"]["@stoplight/prism-cli"]

    assert f"image: stoplight/prism:{pinned}\n" in (ROOT / "compose.yaml").read_text()


def test_prism_rejects_an_invalid_request(living: Prism) -> None:
    response = httpx.post(
        f"{living.origin}/edit", data={"width": "wide"}, files={"image": ("i", b"x", "image/png")}
    )

    assert [*complaints(response)] == [("request", "body.width: Request body property width must be integer")]


def test_prism_reports_an_invalid_response(living: Prism) -> None:
    (actual,) = complaints(httpx.get(f"{living.origin}/wrong"))

    assert actual == ("response", "response.body.id: Response body property id must be integer")


def test_prism_passes_on_valid_requests(living: Prism) -> None:
    response = httpx.post(
        f"{living.origin}/edit", data={"width": "1"}, files={"image": ("i", b"x", "image/png")}
    )

    assert (response.json(), [*complaints(response)]) == ({"id": 0}, [])


def test_prism_changes_the_bytes_of_an_uploaded_image(living: Prism) -> None:
    response = httpx.post(f"{living.origin}/edit", files={"image": ("i", JPEG, "image/jpeg")})

    assert response.json() == {"id": 0}


def test_prism_changes_the_bytes_of_a_returned_image(living: Prism) -> None:
    response = httpx.get(f"{living.origin}/picture", headers={"Accept": "image/jpeg"})

    assert response.content != JPEG


def test_prism_treats_an_object_in_a_form_as_text(living: Prism) -> None:
    files = {"options": (None, b'{"width": 1}', "application/json"), "image": ("i", b"x", "image/png")}

    response = httpx.post(f"{living.origin}/edit", files=files)

    assert [*complaints(response)] == [
        ("request", "body.options: Request body property options must be object")
    ]


def test_a_path_with_a_server_of_its_own_is_not_found_there(living: Prism) -> None:
    assert httpx.get(f"{living.origin}/account/balance").status_code == 404
    assert httpx.get(f"{living.origin}/balance").status_code == 200


@pytest.mark.parametrize(
    "head",
    [
        'Content-Disposition: form-data; name="image"; filename="cat.jpg"',
        'Content-Disposition: form-data; name="image"; filename="a;b.jpg"\r\nContent-Type: image/jpeg',
    ],
    ids=["a file without a media type", "a semicolon in its name"],
)
def test_prism_crashes_on_a_form(tmp_path: Path, head: str) -> None:
    body = f"--x\r\n{head}\r\n\r\ncat\r\n--x--\r\n".encode()
    form = {"Content-Type": "multipart/form-data; boundary=x"}

    with judge(tmp_path) as dying:
        with pytest.raises(httpx.TransportError):
            httpx.post(f"{dying.origin}/edit", content=body, headers=form)

        assert dying.process.wait(timeout=10) != 0
        assert any("parse-multipart-data" in line for line in dying.log)
