"""Which headers of which proxies set the scheme and host of a request."""

import pytest

from safelight_mock.wire import Request
from safelight_mock.wire.forwarding import NOTHING, ForwardedOrigin, Proxies, network


@pytest.mark.fidelity("twin.trusted_proxies")
@pytest.mark.parametrize(
    ("headers", "observed"),
    [
        ({}, NOTHING),
        ({"x-forwarded-proto": "HTTPS"}, ForwardedOrigin(scheme="https")),
        ({"x-forwarded-proto": "ftp", "x-forwarded-host": "a, b"}, ForwardedOrigin(host="b")),
        ({"forwarded": "for=1.2.3.4;proto=https"}, ForwardedOrigin(scheme="https")),
        ({"forwarded": "Proto=https ; Host=a"}, ForwardedOrigin(scheme="https", host="a")),
        ({"forwarded": 'for="[::1]:80";host="a:1";, proto=http;'}, ForwardedOrigin(scheme="http")),
        ({"forwarded": r'host="a\"b,c;d"'}, ForwardedOrigin(host='a"b,c;d')),
        ({"forwarded": "proto=https, host"}, NOTHING),
        ({"forwarded": 'host="a'}, NOTHING),
        ({"forwarded": "proto=ftp", "x-forwarded-proto": "https"}, NOTHING),
        ({"forwarded": "proto=https, host=b"}, ForwardedOrigin(host="b")),
        ({"forwarded": "host=b"}, ForwardedOrigin(host="b")),
        ({"forwarded": ""}, NOTHING),
        ({"x-forwarded-proto": "http, https "}, ForwardedOrigin(scheme="https")),
    ],
)
def test_headers_of_the_last_proxy_count(headers: dict[str, str], observed: ForwardedOrigin) -> None:
    call = Request(method="GET", path="/", at=0, headers=headers, peer="10.0.0.7")

    assert Proxies.of(["10.0.0.0/8"]).origin_of(call) == observed


@pytest.mark.fidelity("twin.trusted_proxies")
@pytest.mark.parametrize(
    ("peer", "trusted"),
    [
        ("10.1.2.3", True),
        ("::ffff:10.1.2.3", True),
        ("fd00::1", True),
        ("11.1.2.3", False),
        ("unknown", False),
        ("", False),
    ],
)
def test_a_proxy_is_trusted_by_the_address_it_calls_from(peer: str, trusted: bool) -> None:  # noqa: FBT001 - a column of the table
    call = Request(method="GET", path="/", at=0, headers={"x-forwarded-proto": "https"}, peer=peer)

    assert Proxies.of(["10.0.0.0/8", "fd00::1"]).origin_of(call) == (
        ForwardedOrigin(scheme="https") if trusted else NOTHING
    )


@pytest.mark.parametrize("text", ["localhost", "10.0.0.0/33", "*", ""])
def test_an_error_names_the_invalid_address_and_has_an_example(text: str) -> None:
    with pytest.raises(
        ValueError, match=r"is not an IP address or network; use one such as 127\.0\.0\.1"
    ) as error:
        network(text)

    assert str(error.value).startswith(repr(text))


def test_an_address_within_a_network_names_the_network() -> None:
    assert network("10.1.2.3/8") == network("10.0.0.0/8")
