"""What no well-meant client sends is refused, or fails as a job, in bounded time; and the twin goes on."""

import socket
import struct
import zlib
from collections.abc import Iterator

import httpx
import pytest

from safelight_mock import ClockMode, MockServer, Settings

pytestmark = pytest.mark.slow

PATH = "/topaz/image/v1/enhance/async"
FORM = "multipart/form-data; boundary=x"
PATIENCE = 10.0  # seconds after which an answer counts as none


@pytest.fixture(scope="module")
def server() -> Iterator[MockServer]:
    with MockServer(Settings(clock=ClockMode.AUTO, body_timeout=0.3)) as running:
        yield running


@pytest.fixture
def client(server: MockServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.origin, headers={"X-API-Key": "k"}, timeout=PATIENCE) as opened:
        yield opened


def part(name: str, content: bytes, filename: str = "") -> bytes:
    result = f'; filename="{filename}"' if filename else ""
    head = f'--x\r\nContent-Disposition: form-data; name="{name}"{result}\r\n\r\n'
    return head.encode() + content + b"\r\n"


def form(*parts: bytes) -> bytes:
    return b"".join(parts) + b"--x--\r\n"


def png(width: int, height: int, pixels: bytes) -> bytes:
    def chunk(name: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def raw(server: MockServer, *pieces: bytes) -> bytes:
    """Send bytes as they are; return the head of the answer, or what came until the twin hung up."""
    host, port = server.origin.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=PATIENCE) as connection:
        for piece in pieces:
            connection.sendall(piece)
        response = b""
        while b"\r\n\r\n" not in response and (more := connection.recv(65536)):
            response += more
    return response


def head(*lines: str) -> bytes:
    return "\r\n".join([f"POST {PATH} HTTP/1.1", "Host: twin", "X-API-Key: k", *lines, "", ""]).encode()


BOMB = zlib.compress(bytes(50_000_000), 9)  # 50 KB that become 50 MB


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (form(*(part(f"p{number}", b"x") for number in range(10_000))), 400),
        (form(part("n" * 1_000_000, b"x")), 400),
        (form(part("model", b"x" * 1_000_000)), 413),
        (form(part("image", b"", "a.jpg")), 415),
        (form(part("image", b"GIF89a" + bytes(100), "a.gif")), 415),
        (form(part("image", png(0, 10, b""), "a.png")), 422),
        (form(part("image", png(2**31 - 1, 2**31 - 1, BOMB), "a.png")), 413),
        (b"[object FormData]", 400),
        (b"", 400),
        (b"--x\r\n" * 100_000, 400),
        (b"--x--", 400),
        (part("image", b"x", "a.jpg"), 400),
        (b"\x00" * 1_000_000, 400),
    ],
    ids=[
        "10,000 parts",
        "a name of 1 MB",
        "a text of 1 MB",
        "an empty file",
        "a GIF",
        "no width",
        "2 ** 62 pixels",
        "[object FormData]",
        "nothing",
        "boundaries",
        "an end",
        "no end",
        "zeros",
    ],
)
def test_a_hostile_form_is_refused(client: httpx.Client, content: bytes, status: int) -> None:
    response = client.post(PATH, content=content, headers={"Content-Type": FORM})

    assert response.status_code == status, response.text
    assert client.get("/topaz/image/v1/status").status_code == 200


def test_decoding_ends_for_an_image_that_unpacks_to_more_than_declared(client: httpx.Client) -> None:
    content = form(part("image", png(100, 100, BOMB), "a.png"))
    process_id = client.post(PATH, content=content, headers={"Content-Type": FORM}).json()["process_id"]

    result = [client.get(f"/topaz/image/v1/status/{process_id}").json()["status"] for _ in range(3)]

    assert result[-1] in ("Completed", "Failed")


def test_decoding_ends_for_an_image_much_larger_than_its_file(client: httpx.Client) -> None:
    rows = zlib.compress(bytes((1 + 3 * 20_000) * 2_000), 9)  # 120 MB in 120 KB
    content = form(part("image", png(20_000, 2_000, rows), "a.png"), part("output_width", b"200"))
    process_id = client.post(PATH, content=content, headers={"Content-Type": FORM}).json()["process_id"]

    result = [client.get(f"/topaz/image/v1/status/{process_id}").json()["status"] for _ in range(3)]

    assert result[-1] == "Completed"


@pytest.mark.parametrize("type_", ["multipart/form-data", "text/plain", "application/json", "x", ""])
def test_a_form_of_another_type_is_refused(client: httpx.Client, type_: str) -> None:
    response = client.post(PATH, content=form(part("model", b"x")), headers={"Content-Type": type_})

    assert response.status_code in (400, 415)


def test_expect_100_continue_is_answered(server: MockServer, photo: bytes) -> None:
    body = form(part("image", photo, "a.jpg"))
    asking = head(f"Content-Type: {FORM}", f"Content-Length: {len(body)}", "Expect: 100-continue")

    assert raw(server, asking).startswith(b"HTTP/1.1 100 ")


def test_a_chunked_body_is_accepted(client: httpx.Client, photo: bytes) -> None:
    body = form(part("image", photo, "a.jpg"))
    pieces = (body[at : at + 7] for at in range(0, len(body), 7))

    response = client.post(PATH, content=pieces, headers={"Content-Type": FORM})

    assert response.status_code == 200


@pytest.mark.parametrize(
    ("pieces", "begins"),
    [
        ((head(f"Content-Type: {FORM}", "Content-Length: 100"), b"--x"), b"HTTP/1.1 408 "),
        ((head(f"Content-Type: {FORM}", "Content-Length: 600000000"),), b"HTTP/1.1 413 "),
        ((head(f"Content-Type: {FORM}", "Content-Length: -1"),), b"HTTP/1.1 400 "),
        ((head(f"Content-Type: {FORM}", "Transfer-Encoding: chunked"), b"zz\r\n"), b"HTTP/1.1 400 "),
        ((b"BREW / HTTP/1.1\r\n\r\n",), b"HTTP/1.1 4"),
        ((b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",), b"HTTP/1.1 400 "),
        ((b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\n\r\n",), b"HTTP/1.1 4"),
    ],
    ids=["a slow body", "600 MB", "less than nothing", "no chunk", "coffee", "TLS", "a long path"],
)
def test_a_hostile_request_is_refused_in_time(
    server: MockServer, pieces: tuple[bytes, ...], begins: bytes
) -> None:
    assert raw(server, *pieces).startswith(begins)
