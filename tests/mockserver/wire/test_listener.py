"""Where files are served, and what links to them begin with."""

import pytest

from safelight_mock.wire import Listener
from safelight_mock.wire.listener import FILES, SINGLE_PORT, ServerAddress, loopback_urls

APART = Listener(files_port=4011)


@pytest.mark.parametrize(
    ("listener", "serves_files_at"),
    [(SINGLE_PORT, True), (APART, False), (APART.on(4011), True), (FILES, True)],
)
def test_files_are_served_on_the_files_port(listener: Listener, serves_files_at: bool) -> None:  # noqa: FBT001 - a column of the table
    assert listener.serves_files_at("/files/a/b/c/d") is serves_files_at


@pytest.mark.parametrize(
    ("listener", "serves_files_at"),
    [(SINGLE_PORT, False), (APART, False), (APART.on(4010), False), (APART.on(None), False), (FILES, True)],
)
def test_the_files_port_serves_no_api(listener: Listener, serves_files_at: bool) -> None:  # noqa: FBT001 - a column of the table
    assert listener.serves_files_at("/topaz/image/v1/status") is serves_files_at


@pytest.mark.parametrize(
    ("origin", "files"),
    [
        ("http://127.0.0.1:4010", "http://127.0.0.1:4011"),
        ("http://localhost", "http://localhost:4011"),
        ("https://mock.example/below/a/path", "https://mock.example:4011"),
        ("http://[::1]:4010", "http://[::1]:4011"),
        ("http://[::1]", "http://[::1]:4011"),
        ("http://[", "http://[:4011"),
    ],
)
def test_files_of_another_port_are_on_the_same_host(origin: str, files: str) -> None:
    assert APART.files(origin) == files
    assert SINGLE_PORT.files(origin) == origin


@pytest.mark.parametrize(
    ("own", "urls"),
    [
        (
            "http://192.0.2.1:4010",
            (
                "http://192.0.2.1:4010",
                "http://127.0.0.1:4010",
                "http://localhost:4010",
                "http://[::1]:4010",
            ),
        ),
        ("https://mock.example", ()),
        ("", ()),
    ],
)
def test_the_api_is_reached_by_loopback_names_where_its_port_is_known(
    own: str, urls: tuple[str, ...]
) -> None:
    assert loopback_urls(own) == urls


@pytest.mark.parametrize(
    ("own", "is_local"),
    [
        ("", True),
        ("http://127.0.0.1:4010", True),
        ("http://[::1]:4010", True),
        ("http://192.0.2.1:4010", False),
        ("http://mock.example", False),
        ("http:", False),
    ],
)
def test_a_server_on_a_loopback_address_is_local(own: str, is_local: bool) -> None:  # noqa: FBT001 - a column of the table
    assert ServerAddress(listener=Listener(own=own)).is_local() is is_local
    assert not ServerAddress(listener=Listener(own=own), is_exposed=True).is_local()
