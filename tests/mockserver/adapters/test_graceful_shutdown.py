"""A twin that has nothing to do stops at once; one that has, after its shutdown timeout."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import httpx
import pytest
from tests.mockserver.hooks import receiver, until
from tests.mockserver.processes import closing_down

from safelight_mock import ClockMode, MockServer, Settings
from safelight_mock.storage.upload_spool import MAX_IN_MEMORY

pytestmark = pytest.mark.slow

HEADERS = {"X-API-Key": "k"}
UVICORN_SLEEPS = 0.1  # seconds, whenever it is stopped


@contextmanager
def holding(settings: Settings, image: bytes) -> Iterator[Future[httpx.Response]]:
    """A synchronous call that is held by a twin, which is stopped at the end."""
    with MockServer(settings) as server, ThreadPoolExecutor(1) as elsewhere:
        url = server.url("topaz")
        files = {"image": ("a.jpg", image)}
        response = elsewhere.submit(httpx.post, f"{url}/enhance", files=files, headers=HEADERS, timeout=60)
        while not response.done() and not httpx.get(f"{url}/status", headers=HEADERS).json():
            pass
        server.__exit__()
        yield response


def test_an_idle_server_stops_sooner_than_plain_uvicorn() -> None:
    took = []
    for _ in range(5):
        with MockServer() as server, httpx.Client() as client:
            client.get(f"{server.url('topaz')}/status", headers=HEADERS)
            before = time.monotonic()
            server.__exit__()
            took.append(time.monotonic() - before)

    assert min(took) < UVICORN_SLEEPS


def test_a_twin_can_be_stopped_before_it_has_begun_and_twice() -> None:
    with MockServer() as server:
        server.__exit__()


@pytest.mark.fidelity("twin.shutdown_timeout")
def test_a_held_request_that_ends_within_the_shutdown_timeout_returns_its_image(photo: bytes) -> None:
    with holding(Settings(job_speedup=4, shutdown_timeout=60), photo) as response:
        assert response.result().status_code == 200


@pytest.mark.fidelity("topaz:sync", "twin.shutdown_timeout")
def test_a_held_request_that_does_not_end_gets_the_vendors_503(photo: bytes) -> None:
    with holding(Settings(job_speedup=0.001, shutdown_timeout=0), photo) as response:
        refused = response.result()

    assert refused.status_code == 503
    assert refused.json() == {"code": 503, "message": "The mock server is being stopped."}
    assert str(UUID(refused.headers["X-Process-ID"])) == refused.headers["X-Process-ID"]  # the job lives on


UPLOAD = (
    b"POST /topaz/image/v1/enhance/async HTTP/1.1\r\nHost: twin\r\nX-API-Key: k\r\n"
    b"Content-Length: 9000000\r\nContent-Type: multipart/form-data; boundary=b\r\n\r\n"
    b'--b\r\nContent-Disposition: form-data; name="image"; filename="a.jpg"\r\n\r\n'
)


@pytest.mark.fidelity("twin.shutdown_timeout")
def test_an_incomplete_upload_gets_the_vendors_503() -> None:
    with MockServer(Settings(shutdown_timeout=0)) as server:
        host, _, port = server.origin.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port))) as caller, ThreadPoolExecutor(1) as elsewhere:
            caller.sendall(UPLOAD + bytes(2 * MAX_IN_MEMORY))
            until(lambda: server.twin.blobs.used)
            stopped = elsewhere.submit(server.__exit__)
            responded = b"".join(iter(lambda: caller.recv(4096), b""))
            stopped.result(10)

    assert responded.startswith(b"HTTP/1.1 503 "), responded
    assert responded.endswith(b'{"code":503,"message":"The mock server is being stopped."}')


def test_a_second_interrupt_ends_the_shutdown_timeout_with_the_vendors_503() -> None:
    command = [sys.executable, "-m", "safelight_mock", "serve", "--port", "0", "--shutdown-timeout", "60"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process, closing_down(process):
        assert process.stderr is not None
        base = next(line for line in process.stderr if line.startswith("topaz: ")).split()[1]
        location = urlsplit(base)
        assert location.hostname is not None
        with socket.create_connection((location.hostname, location.port or 0)) as caller:
            caller.sendall(UPLOAD + bytes(2 * MAX_IN_MEMORY))
            until(
                lambda: httpx.get(f"{base}/status", headers=HEADERS).is_success
            )  # it has read the head by now
            process.send_signal(signal.SIGINT)
            until(lambda: not is_listening(base))
            process.send_signal(signal.SIGINT)
            responded = b"".join(iter(lambda: caller.recv(4096), b""))

    assert responded.startswith(b"HTTP/1.1 503 "), responded
    assert responded.endswith(b'{"code":503,"message":"The mock server is being stopped."}')


def is_listening(base: str) -> bool:
    try:
        httpx.get(base)
    except httpx.TransportError:
        return False
    return True


@pytest.mark.fidelity("twin.shutdown_timeout")
def test_a_job_is_acknowledged_although_its_webhook_outlasts_the_shutdown_timeout(photo: bytes) -> None:
    arrived, responded = Event(), Event()

    def take(_: bytes) -> int:
        arrived.set()
        responded.wait(30)
        return 200

    settings = Settings(
        shutdown_timeout=0, job_speedup=1e9, clock=ClockMode.MANUAL
    )  # its work begins, and its webhook is due, at once
    with receiver(take) as (address, _), MockServer(settings) as server, ThreadPoolExecutor(1) as elsewhere:
        form: dict[str, Any] = {"files": {"image": ("a.jpg", photo)}, "data": {"webhook_url": address}}
        url = f"{server.url('topaz')}/enhance/async"
        submitted = elsewhere.submit(httpx.post, url, headers=HEADERS, timeout=60, **form)
        assert arrived.wait(30)
        server.__exit__()
        responded.set()

        assert submitted.result(30).status_code == 200


@pytest.mark.parametrize("grace", [-1, float("nan"), float("inf")])
def test_the_shutdown_timeout_is_a_number_from_zero(grace: float) -> None:
    with pytest.raises(ValueError, match="shutdown_timeout must be a number from zero"):
        Settings(shutdown_timeout=grace)
