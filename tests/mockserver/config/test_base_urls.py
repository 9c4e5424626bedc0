"""What links begin with, where contract_tests/test_links.py does not look: kept base URLs and odd headers."""

import pytest

from safelight_mock import Settings
from safelight_mock.config.base_urls import BaseUrls
from safelight_mock.config.services import services
from safelight_mock.wire import Listener, Request
from safelight_mock.wire.listener import SINGLE_PORT

OWN = "http://127.0.0.1:4010"
SERVED = Listener(own=OWN)
MOVED = Listener(own="http://127.0.0.1:5000")
R2 = "https://safelight.r2.cloudflarestorage.com"


@pytest.fixture(scope="module")
def urls() -> BaseUrls:
    settings = Settings()
    return BaseUrls.of(settings, services(settings))


def over_a_socket(host: str = "", reached: str = OWN) -> Request:
    return Request(
        method="GET",
        path="/",
        at=0,
        headers={"host": host} if host else {},
        reached=reached,
        peer="127.0.0.1",
    )


def in_process(url: str) -> Request:
    return Request(method="GET", path="/", at=0, origin=url, reached=url)


@pytest.mark.parametrize(
    ("host", "url", "kept"),
    [
        ("", OWN, "http://127.0.0.1:0"),
        ("localhost:4010", "http://localhost:4010", "http://localhost:0"),
        ("shop.test:4010", "http://shop.test:4010", "http://shop.test:0"),
        ("[::1]:4010", "http://[::1]:4010", "http://[::1]:0"),
        ("shop.test", "http://shop.test", "http://shop.test"),
        ("shop.test:8080", "http://shop.test:8080", "http://shop.test:8080"),
        ("api.claid.ai", OWN, "http://127.0.0.1:0"),
        ("STORAGE.googleapis.com.", OWN, "http://127.0.0.1:0"),
        ("u.amazonaws.com:80", OWN, "http://127.0.0.1:0"),
        ("my-amazonaws.com", "http://my-amazonaws.com", "http://my-amazonaws.com"),
    ],
)
def test_the_port_of_this_server_is_stored_as_its_own(urls: BaseUrls, host: str, url: str, kept: str) -> None:
    base = urls.of_request(over_a_socket(host))

    assert (base.url, base.kept) == (url, kept)


@pytest.mark.fidelity("twin:links")
@pytest.mark.parametrize(
    "host",
    [
        "evil.test/x",
        "u@evil.test",
        "evil.test@localhost",
        "a b",
        "a:0",
        "a:65536",
        "a:1:2",
        "[::1",
        "é",
        "a" * 300,
    ],
)
def test_an_invalid_host_is_not_in_a_link(urls: BaseUrls, host: str) -> None:
    assert urls.of_request(over_a_socket(host)).url == OWN


def test_the_path_below_which_it_is_mounted_is_in_links(urls: BaseUrls) -> None:
    base = urls.of_request(over_a_socket("shop.test:4010", reached=f"{OWN}/mock"))

    assert (base.url, base.kept) == ("http://shop.test:4010/mock", "http://shop.test:0/mock")


@pytest.mark.parametrize(
    ("kept", "call", "served", "wanted"),
    [
        ("http://localhost:0", over_a_socket("shop.test"), SERVED, "http://localhost:4010"),
        ("http://localhost:0", over_a_socket("shop.test"), MOVED, "http://localhost:5000"),
        ("http://localhost:0/mock", over_a_socket(), MOVED, "http://localhost:5000/mock"),
        ("http://localhost:0", over_a_socket(), Listener(own="http://127.0.0.1:80"), "http://localhost"),
        ("http://localhost:0", in_process("http://twin"), MOVED, "http://localhost:5000"),
        ("http://localhost:0", in_process("http://twin"), SINGLE_PORT, "http://twin"),
        ("http://localhost:0", in_process("https://api.claid.ai"), SINGLE_PORT, R2),
        ("http://shop.test:81", over_a_socket(), MOVED, "http://shop.test:81"),
        ("https://api.topazlabs.com", in_process("https://api.topazlabs.com"), SINGLE_PORT, R2),
        ("https://api.topazlabs.com", over_a_socket("shop.test"), SERVED, "http://shop.test"),
        ("https://api.topazlabs.com", in_process("http://twin"), SINGLE_PORT, "http://twin"),
        ("", over_a_socket("shop.test"), SERVED, "http://shop.test"),
        ("not a url", over_a_socket("shop.test"), SERVED, "not a url"),
    ],
)
def test_links_of_a_stored_job(
    urls: BaseUrls, kept: str, call: Request, served: Listener, wanted: str
) -> None:
    assert urls.files("topaz", kept, call, served) == wanted


def test_a_stored_jobs_links_have_the_files_port(urls: BaseUrls) -> None:
    apart = Listener(own=OWN, files_port=4011)

    assert (
        urls.files("topaz", "http://localhost:0", in_process("http://twin"), apart) == "http://localhost:4011"
    )


def test_without_a_known_file_host_links_have_the_host_of_the_api() -> None:
    settings = Settings(options={"tengr.host": "tengr.test"})
    urls = BaseUrls.of(settings, services(settings))

    assert urls.files("tengr", "", in_process("https://tengr.test"), SINGLE_PORT) == "https://tengr.test"
    assert urls.of_request(over_a_socket("tengr.test")).url == OWN


@pytest.mark.parametrize(
    ("kept", "served", "wanted"),
    [
        ("http://localhost:0", MOVED, "http://localhost:5000"),
        ("http://localhost:0", SINGLE_PORT, "http://localhost"),
        ("https://shop.test", MOVED, "https://shop.test"),
        ("https://api.claid.ai", SINGLE_PORT, "https://api.claid.ai"),
        ("https://api.claid.ai", MOVED, "http://127.0.0.1:5000"),
    ],
)
def test_links_made_without_a_request(urls: BaseUrls, kept: str, served: Listener, wanted: str) -> None:
    assert urls.of_job(kept, served) == wanted


@pytest.mark.parametrize("address", ["localhost", "10.0.0.0/33", "*", ""])
def test_a_proxy_that_is_not_an_ip_address_is_rejected(address: str) -> None:
    with pytest.raises(ValueError, match="is not an IP address or network"):
        Settings(trusted_proxies=frozenset({address}))


def test_a_files_url_for_an_unknown_vendor_is_refused() -> None:
    with pytest.raises(
        ValueError, match=r"unknown vendor 'acme' in files_url; use one of topaz, claid, tengr"
    ):
        services(Settings(files_url={"acme": "https://files.test"}))
