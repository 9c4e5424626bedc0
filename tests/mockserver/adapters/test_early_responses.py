"""A response that is sent before the body has arrived reaches the client, which is still sending."""

from collections.abc import Iterator

import httpx
import pytest

from safelight_mock import MockServer, Settings

pytestmark = pytest.mark.slow

LARGE = bytes(16_000_000)  # more than the buffers of both sockets hold
FORM = "multipart/form-data; boundary=b"


@pytest.fixture(scope="module")
def server() -> Iterator[MockServer]:
    with MockServer(Settings(seed="early")) as running:
        yield running


@pytest.mark.parametrize("is_chunked", [False, True])
@pytest.mark.parametrize(
    ("target", "headers", "status"),
    [
        ("PUT /_files/7b3b3b3b/output", {}, 404),
        ("POST /topaz/image/v1/enhance/async", {"Content-Type": FORM}, 401),
        ("POST /topaz/image/v1/enhance/async", {"X-API-Key": "k", "Content-Type": "text/plain"}, 415),
        ("PUT /topaz/image/v1/enhance/async", {"X-API-Key": "k", "Content-Type": FORM}, 405),
        ("POST /tengr/v1/artworks/upscaling", {"Authorization": "Bearer k"}, 404),
    ],
)
def test_a_refusal_is_received_by_a_client_that_is_still_sending(
    server: MockServer, target: str, headers: dict[str, str], status: int, *, is_chunked: bool
) -> None:
    body = iter([LARGE[:1_000_000]] * 16) if is_chunked else LARGE
    method, path = target.split()
    with httpx.Client(base_url=server.origin) as client:
        refused = client.request(method, path, headers=headers, content=body)
        again = client.get("/topaz/image/v1/status", headers={"X-API-Key": "k"})

    assert (refused.status_code, again.status_code) == (status, 200)
