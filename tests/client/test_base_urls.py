"""A key goes over plain http only to this machine, or where that is allowed."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from safelight import Claid, Tengr, Topaz

CLIENTS: list[Callable[..., Any]] = [Topaz, Claid, Tengr]


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize(
    "base_url",
    [
        "http://api.example.com/image/v1",
        "HTTP://API.EXAMPLE.COM",
        "http://10.0.0.5:4010/topaz",
        "http://0.0.0.0:4010",
        "http://localhost.example.com",
        "http://127.0.0.1.example.com",
        "http://127.0.0.1@example.com",
        "http://[2001:db8::1]:4010",
    ],
)
def test_a_key_is_not_sent_unencrypted_to_another_machine(client: Callable[..., Any], base_url: str) -> None:
    with pytest.raises(
        ValueError, match=r"the API key would go to \S+ unencrypted; use https, or insecure=True"
    ):
        client(api_key="sk-secret", base_url=base_url)


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize(
    "base_url",
    [
        "http://localhost:4010",
        "http://LOCALHOST.",
        "http://topaz.localhost:4010",
        "http://127.0.0.1:4010/topaz/image/v1",
        "http://127.8.9.10",
        "http://[::1]:4010",
        "https://api.example.com",
    ],
)
def test_this_machine_and_https_need_no_leave(client: Callable[..., Any], base_url: str) -> None:
    client(api_key="k", base_url=base_url).close()


@pytest.mark.parametrize("client", CLIENTS)
def test_it_is_allowed_by_a_word(client: Callable[..., Any]) -> None:
    client(api_key="k", base_url="http://api.example.com", insecure=True).close()


def test_the_password_of_a_base_url_is_not_shown() -> None:
    with Topaz(api_key="k", base_url="https://me:pass@api.example.com/image/v1") as topaz:
        assert repr(topaz) == "Topaz(base_url='https://***@api.example.com/image/v1')"


@pytest.mark.parametrize(
    "url",
    [
        "https://elsewhere.example/status",
        "http://api.topazlabs.com/image/v1/status",
        "https://api.topazlabs.com:8443/image/v1/status",
    ],
)
def test_a_key_goes_to_the_origin_of_the_base_url_alone(url: str, sent: list[httpx.Request]) -> None:
    transport = httpx.MockTransport(lambda request: sent.append(request) or httpx.Response(200))  # type: ignore[func-returns-value]

    with Topaz(api_key="sk-secret", transport=transport) as topaz:
        api = topaz.job("7").service.line.api
        api.get("https://api.topazlabs.com:443/image/v1/status")
        with pytest.raises(ValueError, match=r"the API key is for api\.topazlabs\.com, it is not sent to"):
            api.get(url)

    assert len(sent) == 1
