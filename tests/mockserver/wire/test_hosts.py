"""Hosts of requests: what is a valid Host field, and which hosts are this machine."""

import pytest

from safelight_mock.wire.hosts import LONGEST, check_host, host_in, is_loopback


@pytest.mark.parametrize(("length", "is_read"), [(LONGEST, True), (LONGEST + 1, False)])
def test_a_host_field_is_read_up_to_a_length(length: int, is_read: bool) -> None:  # noqa: FBT001 - a parameter
    field = "a" * length

    assert host_in(field) == (field if is_read else None)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("localhost", True),
        ("LocalHost", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("::ffff:10.0.0.1", False),
        ("localhost.example", False),
        ("", False),
        ("0" * (LONGEST + 1), False),
    ],
)
def test_loopback_hosts_are_recognised_without_resolving_names(host: str, expected: bool) -> None:  # noqa: FBT001 - a parameter
    assert is_loopback(host) is expected


@pytest.mark.parametrize("host", ["api.example.com", "localhost", "10.0.0.1", "::1", "[::1]"])
def test_a_name_or_an_address_is_a_host(host: str) -> None:
    check_host(host)


@pytest.mark.parametrize("host", ["https://api.example.com", "api.example.com:80", "a/b", "a b", ""])
def test_an_address_with_scheme_port_or_path_is_not_a_host(host: str) -> None:
    with pytest.raises(ValueError, match=r"is not a host; use a name or an IP address"):
        check_host(host)
