"""Which addresses a webhook may have, where they must be public ones."""

import pytest

from safelight_mock.vendors.generic.submission.public_hosts import error_of_address, is_public

HTTPS = "it must be an HTTPS address"
PUBLIC = "its host must be publicly routable"


@pytest.mark.fidelity("tengr.strict_webhooks")
@pytest.mark.parametrize(
    "address",
    [
        None,
        "https://example.com/hook",
        "https://example.com:8443/hook?job=1",
        "https://EXAMPLE.com./",
        "https://93.184.215.14/",
        "https://[2606:4700::1111]/",
        "https://[::ffff:93.184.215.14]/",
        "https://10.example.com/",
        "https://localhost.example.com/",
    ],
)
def test_in_strict_mode_a_public_host_is_accepted(address: str | None) -> None:
    assert error_of_address(address, strict=True) == ""


@pytest.mark.fidelity("tengr.strict_webhooks")
@pytest.mark.parametrize(
    ("address", "error"),
    [
        ("http://example.com/hook", HTTPS),
        ("https://localhost/", PUBLIC),
        ("https://LOCALHOST./", PUBLIC),
        ("https://a.localhost/", PUBLIC),
        ("https://receiver/", PUBLIC),
        ("https://127.0.0.1/", PUBLIC),
        ("https://127.1/", PUBLIC),
        ("https://2130706433/", PUBLIC),
        ("https://0x7f000001/", PUBLIC),
        ("https://0177.0.0.1/", PUBLIC),
        ("https://127.0.0.1./", PUBLIC),
        ("https://0.0.0.0/", PUBLIC),
        ("https://10.1.2.3/", PUBLIC),
        ("https://172.16.0.1/", PUBLIC),
        ("https://172.31.255.255/", PUBLIC),
        ("https://192.168.1.1/", PUBLIC),
        ("https://100.64.0.1/", PUBLIC),
        ("https://169.254.169.254/latest/meta-data", PUBLIC),
        ("https://224.0.0.1/", PUBLIC),
        ("https://1.2.3.4.5/", PUBLIC),
        ("https://[::1]/", PUBLIC),
        ("https://[::]/", PUBLIC),
        ("https://[fe80::1]/", PUBLIC),
        ("https://[fe80::1%25eth0]/", PUBLIC),
        ("https://[fc00::1]/", PUBLIC),
        ("https://[fd12:3456::1]/", PUBLIC),
        ("https://[::ffff:127.0.0.1]/", PUBLIC),
        ("https://[::ffff:a00:1]/", PUBLIC),
        ("https://[2002:7f00:1::]/", PUBLIC),
        ("https://[64:ff9b::a9fe:a9fe]/", PUBLIC),
        ("https://metadata.google.internal/computeMetadata/v1/", PUBLIC),
        ("https://user@127.0.0.1/", PUBLIC),
    ],
)
def test_other_urls_are_rejected_only_in_strict_mode(address: str, error: str) -> None:
    assert error_of_address(address, strict=True) == error
    assert error_of_address(address, strict=False) == ""


@pytest.mark.fidelity("tengr:webhook-address")
@pytest.mark.parametrize("strict", [True, False])
@pytest.mark.parametrize("address", ["ftp://example.com/", "mailto:a@example.com", "https:///x", "https://["])
def test_a_url_that_cannot_be_posted_to_is_rejected(address: str, strict: bool) -> None:  # noqa: FBT001 - a table's column
    assert error_of_address(address, strict=strict)


def test_the_network_translators_address_of_a_public_host_is_public() -> None:
    assert is_public("64:ff9b::5db8:d70e")
