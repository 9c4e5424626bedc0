"""What people write for lengths of time and addresses is read, or refused in words."""

from datetime import timedelta

import pytest

from safelight_mock import Settings
from safelight_mock.config.base_urls import BaseUrls
from safelight_mock.config.parsing import check_address, check_target, duration


@pytest.mark.fidelity("twin.retention")
@pytest.mark.parametrize(
    ("text", "seconds"),
    [("24h", 86_400), ("7d", 604_800), ("90s", 90), ("5m", 300), ("PT24H", 86_400), ("P1DT12H", 129_600)],
)
def test_a_duration_is_written_short_or_in_iso_8601(text: str, seconds: int) -> None:
    assert duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "24", "h", "1.5h", "24 h", "1w", "tomorrow", "٢d", "9999999999999d"])
def test_an_invalid_duration_is_rejected(text: str) -> None:
    with pytest.raises(
        ValueError, match="is not a duration; use a number and a unit, such as 90s, 24h or 7d"
    ):
        duration(text)


@pytest.mark.parametrize(
    "url", ["http://localhost", "https://mock.example:8443/", "http://[::1]:80", "https://host/a/path"]
)
def test_links_can_begin_with_an_http_address(url: str) -> None:
    check_address(url)

    urls = BaseUrls.of(Settings(public_url=url, files_url=url), {})

    assert (urls.public_url, urls.files_urls) == (url.rstrip("/"), {"": url.rstrip("/")})


@pytest.mark.parametrize(
    "url",
    [
        "localhost:4010",
        "ftp://host",
        "http://",
        "http://:80",
        "http://host:0",
        "http://host:99999",
        "http://[::1",
        "http://host?query",
        "http://host#part",
        "http://user@host",
        "http://two hosts",
        "http://host\n",
        "http://bücher.example",
    ],
)
@pytest.mark.parametrize("name", ["public_url", "files_url"])
def test_other_link_bases_are_rejected(name: str, url: str) -> None:
    with pytest.raises(ValueError, match="is not a base URL"):
        Settings(**{name: url})  # type: ignore[arg-type] # both are texts


@pytest.mark.parametrize("url", ["https://shop.example/hooks?token=a", "http://127.0.0.1:80"])
def test_webhooks_can_be_sent_to_a_url_with_a_query(url: str) -> None:
    check_target(url)


@pytest.mark.parametrize(
    "url", ["here", "ftp://host", "http://", "http://host:0", "http://me:pass@host/a", "http://host/a b"]
)
def test_webhooks_cannot_be_sent_elsewhere(url: str) -> None:
    with pytest.raises(ValueError, match="is not the URL of a webhook; use https://host/path") as refused:
        check_target(url)

    assert "pass" not in str(refused.value)
