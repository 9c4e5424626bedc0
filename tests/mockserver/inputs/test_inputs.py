"""An input may be named by an address; one policy says where the twin goes for it."""

import socket
from base64 import b64encode
from contextlib import closing, suppress
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from threading import Event, Thread

import pytest
from PIL import Image
from tests.mockserver.conftest import TwinClient
from tests.mockserver.hooks import serve
from tests.mockserver.local_server import local_server

from safelight_mock import Settings, Twin
from safelight_mock.inputs import UrlInputLoader
from safelight_mock.inputs.loader import NO_IMAGE, InputSource, input_source
from safelight_mock.inputs.samples import sample
from safelight_mock.outgoing.allowed_hosts import AllowedHosts
from safelight_mock.outgoing.urls import UrlError, parse

pytestmark = pytest.mark.slow

HERE = AllowedHosts(frozenset(), lambda: True)  # this machine, and nothing else


def submit(client: TwinClient, address: str, path: str = "/enhance/async", **fields: str) -> str:
    response = client.call("POST", path, data={"source_url": address, **fields}, files={"x": ("", b"")})
    assert response.status_code == 200, response.text
    process_id: str = response.json()["process_id"]
    return process_id


def ended(client: TwinClient, process_id: str) -> dict[str, object]:
    client.advance(100)
    result: dict[str, object] = client.call("GET", f"/status/{process_id}").json()
    return result


def fetched(client: TwinClient, process_id: str, path: str = "download") -> bytes:
    return client.request("GET", client.call("GET", f"/{path}/{process_id}").json()["download_url"]).content


@pytest.mark.fidelity("topaz:source-url")
def test_an_input_url_on_this_machine_is_loaded(any_client: TwinClient, photo: bytes) -> None:
    with local_server({"/garden/rose.jpg": (200, {}, photo)}) as host:
        process_id = submit(any_client, f"{host.origin}/garden/rose.jpg")

    result = ended(any_client, process_id)

    assert (result["status"], result["filename"]) == ("Completed", "rose.jpg")
    assert (result["input_width"], result["input_height"]) == Image.open(BytesIO(photo)).size
    assert fetched(any_client, process_id, "download/input") == photo
    assert [path for path, _ in host.requests] == ["/garden/rose.jpg"]
    assert not {"x-api-key", "authorization", "cookie"} & {name.lower() for name in host.requests[0][1]}


@pytest.mark.fidelity("topaz:source-url")
@pytest.mark.parametrize(
    "response",
    [
        (404, {}, b""),
        (200, {}, b"no image"),
        (200, {}, b""),
        (302, {"Location": "http://pictures.example/rose.jpg"}, b""),
        (302, {"Location": "/rose.jpg"}, b""),
        (302, {"Location": "file:///etc/hostname"}, b""),
        (302, {"Location": "http://xn--/rose.jpg"}, b""),
    ],
    ids=["404", "text", "empty", "leads elsewhere", "leads in circles", "leads to a file", "leads nowhere"],
)
def test_a_job_whose_input_cannot_be_loaded_is_accepted_and_fails(
    client: TwinClient, response: tuple[int, dict[str, str], bytes]
) -> None:
    with local_server({"/rose.jpg": response}) as host:
        process_id = submit(client, f"{host.origin}/rose.jpg")

    assert client.call("GET", f"/status/{process_id}").json()["status"] == "Pending"
    assert ended(client, process_id)["status"] == "Failed"
    assert client.call("GET", f"/download/{process_id}").status_code == 409


def test_a_local_url_that_is_404_makes_the_job_fail(client: TwinClient) -> None:
    with local_server({}) as host:
        gone = host.origin

    process_id = submit(client, f"{gone}/rose.jpg")

    assert ended(client, process_id)["status"] == "Failed"
    link = client.call("GET", f"/download/input/{process_id}").json()["download_url"]
    assert client.request("GET", link).status_code == 404


@pytest.mark.fidelity("twin.allowed_input_hosts")
def test_a_local_url_may_redirect_to_another(client: TwinClient, photo: bytes) -> None:
    with local_server({"/rose.jpg": (200, {}, photo)}) as second:
        leading = {"/old": (301, {"Location": f"{second.origin}/rose.jpg"}, b"")}
        with local_server(leading) as first:
            process_id = submit(client, f"{first.origin}/old")

    assert fetched(client, process_id, "download/input") == photo


@pytest.mark.fidelity("twin.input_timeout")
def test_a_slow_local_url_times_out(photo: bytes) -> None:
    with local_server({"/rose.jpg": (200, {}, photo * 40)}) as host, serve(input_timeout=1e-9) as client:
        process_id = submit(client, f"{host.origin}/rose.jpg")

        assert ended(client, process_id)["status"] == "Failed"


@pytest.mark.parametrize("drop", [b"X-Slow: a\r\n", b"\r\nbytes without an end"], ids=["head", "body"])
def test_a_local_url_that_responds_byte_by_byte_times_out(drop: bytes) -> None:
    def serve(listening: socket.socket) -> None:
        with suppress(OSError), listening.accept()[0] as connection:
            connection.recv(4096)
            connection.sendall(b"HTTP/1.1 200 OK\r\n")
            while not over.wait(0.02) and next(left):
                connection.sendall(drop)

    over, left = Event(), iter(range(200, -1, -1))
    with socket.create_server(("127.0.0.1", 0)) as listening, closing(Twin(Settings())) as twin:
        Thread(target=serve, args=(listening,), daemon=True).start()
        loader = UrlInputLoader(twin.blobs, lambda _path, _query: None, HERE, placeholders=False, timeout=0.2)
        (loaded,) = loader.load([f"http://127.0.0.1:{listening.getsockname()[1]}/a"], limit=100_000).values()
        over.set()

    assert loaded.error
    assert next(left) > 100


def test_an_allowed_host_that_cannot_exist_makes_the_job_fail() -> None:
    with serve(allowed_input_hosts=frozenset({f"{'a' * 64}.example"})) as client:
        assert ended(client, submit(client, f"http://{'a' * 64}.example/rose.jpg"))["status"] == "Failed"


def test_an_input_larger_than_a_body_may_be_is_not_loaded(client: TwinClient) -> None:
    loader = UrlInputLoader(client.twin.blobs, lambda *_: None, HERE, placeholders=False, timeout=10)

    with local_server({"/big": (200, {}, b"x" * 2000)}) as host:
        (loaded,) = loader.load([f"{host.origin}/big"], 1000).values()

    assert loaded.error == "it is larger than 1000 bytes"


@pytest.mark.parametrize(
    ("address", "error"),
    [
        ("data:image/png;base64,iVBORw0KGgo=", NO_IMAGE),
        ("data:;base64,####", "its base64 is not valid"),
        ("data:text/plain,Rain", "a data URL has to be in base64"),
        (f"data:;base64,{'A' * 2000}", "it is larger than 1000 bytes"),
    ],
)
def test_a_data_url_that_has_no_image_is_a_fault(client: TwinClient, address: str, error: str) -> None:
    loader = UrlInputLoader(client.twin.blobs, lambda *_: None, HERE, placeholders=False, timeout=10)

    (loaded,) = loader.load([address], 1000).values()

    assert loaded.error == error


def test_an_image_in_a_data_url_is_loaded_from_it(client: TwinClient, photo: bytes) -> None:
    loader = UrlInputLoader(client.twin.blobs, lambda *_: None, HERE, placeholders=False, timeout=10)

    (loaded,) = loader.load([f"data:image/jpeg;base64,{b64encode(photo).decode()}"], len(photo)).values()

    assert (loaded.digest, loaded.error) == (sha256(photo).hexdigest(), "")


@pytest.mark.fidelity("topaz:source-url-elsewhere")
def test_a_url_of_another_host_gives_a_placeholder_image(
    client: TwinClient, caplog: pytest.LogCaptureFixture
) -> None:
    addresses = ["https://a.example/1.png?secret=1", "https://a.example/2.png", "https://a.example/2"]
    jobs = [submit(client, address, "/denoise/async") for address in [*addresses, addresses[0]]]
    client.advance(100)

    first, other, plain, again = (fetched(client, job, "download/input") for job in jobs)

    assert first == again != other
    assert [Image.open(BytesIO(file)).format for file in (first, other, plain)] == ["PNG", "PNG", "JPEG"]
    assert "a.example is not an allowed input host" in caplog.text
    assert "secret" not in caplog.text


@pytest.mark.fidelity("topaz:source-url-elsewhere", "twin.placeholder_inputs")
def test_a_job_fails_instead_when_placeholders_are_off() -> None:
    with serve(placeholder_inputs=False) as client:
        process_id = submit(client, "https://pictures.example/1.png")

        assert ended(client, process_id)["status"] == "Failed"


@pytest.mark.parametrize(
    ("name", "status"),
    [("coffee.jpg", "Completed"), ("damaged.jpg", "Failed"), ("text.txt", "Failed"), ("none.jpg", "Failed")],
)
def test_samples_are_built_in(client: TwinClient, name: str, status: str) -> None:
    process_id = submit(client, f"safelight://{name}", "/denoise/async")

    assert ended(client, process_id)["status"] == status


def test_the_link_of_a_result_can_be_an_input(any_client: TwinClient, photo: bytes) -> None:
    first = any_client.submit(photo, "/denoise/async")
    any_client.advance(100)
    link = any_client.call("GET", f"/download/{first}").json()["download_url"]

    second = submit(any_client, link)

    assert fetched(any_client, second, "download/input") == any_client.request("GET", link).content


def test_an_expired_link_is_not_an_input(client: TwinClient, photo: bytes) -> None:
    first = client.submit(photo, "/denoise/async")
    client.advance(100)
    link = client.call("GET", f"/download/{first}").json()["download_url"]
    client.advance(100_000)

    assert ended(client, submit(client, link))["status"] == "Failed"


def test_a_result_larger_than_the_input_limit_is_not_an_input(tmp_path: Path) -> None:
    (tmp_path / "result").write_bytes(b"x" * 11)
    with closing(Twin(Settings())) as twin:
        loader = UrlInputLoader(
            twin.blobs,
            lambda _path, _query: (tmp_path / "result").open("rb"),
            HERE,
            placeholders=False,
            timeout=1,
        )

        (loaded,) = loader.load(["http://twin/files/a"], limit=10).values()

    assert loaded.error == "it is larger than 10 bytes"


def test_a_synchronous_call_loads_its_input_too(client: TwinClient) -> None:
    client.advance(0)

    response = client.call(
        "POST", "/denoise", data={"source_url": "safelight://coffee.jpg"}, files={"x": ("", b"")}
    )

    assert Image.open(BytesIO(response.content)).size == (600, 400)


def test_inputs_loaded_for_a_rejected_request_are_discarded(client: TwinClient) -> None:
    fields = {"source_url": "safelight://coffee.jpg", "output_width": "32000", "output_height": "32000"}
    response = client.call("POST", "/enhance/async", data=fields, files={"x": ("", b"")})

    assert response.status_code == 413
    digest = sha256(sample("coffee.jpg")).hexdigest()
    store = client.twin.blobs
    assert store.input(digest).exists()
    store.reserve(store.bound)
    assert not store.input(digest).exists()


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "data:image/png;base64,AA",
        "ftp://127.0.0.1/a",
        "http://",
        "http://me:pw@127.0.0.1/a",
        "http://[::1",
        "http://xn--/a",
    ],
)
def test_some_urls_are_rejected_as_inputs(address: str) -> None:
    with pytest.raises(UrlError):
        parse(address)


@pytest.mark.fidelity("twin.allowed_input_hosts")
@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("http://127.0.0.1:8000/a", InputSource.FETCH),
        ("http://127.9.9.9/a", InputSource.FETCH),
        ("http://[::1]/a", InputSource.FETCH),
        ("http://localhost/a", InputSource.FETCH),
        ("https://Allowed.example/a", InputSource.FETCH),
        ("http://localhost.example/a", InputSource.PLACEHOLDER),
        ("http://10.0.0.1/a", InputSource.PLACEHOLDER),
        ("http://169.254.169.254/latest/meta-data", InputSource.PLACEHOLDER),
        ("http://2130706433/a", InputSource.PLACEHOLDER),
        ("http://0x7f000001/a", InputSource.PLACEHOLDER),
        ("safelight://coffee.jpg", InputSource.SAMPLE),
    ],
)
def test_only_this_machine_and_allowed_hosts_are_reached(address: str, expected: InputSource) -> None:
    assert (
        input_source(parse(address), AllowedHosts(frozenset({"allowed.example"}), lambda: True)) is expected
    )
