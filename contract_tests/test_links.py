"""Where links lead; docs/control.md has these tables."""

import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
import pytest

from safelight_mock import ClockMode, MockServer, Settings, Twin, TwinTransport
from safelight_mock.wire import JSON

Row = tuple[dict[str, str], dict[str, Any], str, str, str]

# Headers of the request, settings, and what links begin with: result_url, Claid's files, Topaz's files.
OVER_A_SOCKET: Final[list[Row]] = [
    ({}, {}, "http://127.0.0.1:PORT", "http://127.0.0.1:PORT", "http://127.0.0.1:PORT"),
    ({}, {"files_port": 0}, "http://127.0.0.1:PORT", "http://127.0.0.1:FILES", "http://127.0.0.1:FILES"),
    ({"Host": "shop.test:81"}, {}, "http://shop.test:81", "http://shop.test:81", "http://shop.test:81"),
    (
        {"Host": "shop.test:81"},
        {"files_port": 0},
        "http://shop.test:81",
        "http://shop.test:FILES",
        "http://shop.test:FILES",
    ),
    ({"Host": "api.claid.ai"}, {}, "http://127.0.0.1:PORT", "http://127.0.0.1:PORT", "http://127.0.0.1:PORT"),
    (
        {"Host": "API.topazlabs.com.:443"},
        {},
        "http://127.0.0.1:PORT",
        "http://127.0.0.1:PORT",
        "http://127.0.0.1:PORT",
    ),
    ({"Host": "dl.claid.ai"}, {}, "http://127.0.0.1:PORT", "http://127.0.0.1:PORT", "http://127.0.0.1:PORT"),
    (
        {"Host": "a.r2.cloudflarestorage.com"},
        {},
        "http://127.0.0.1:PORT",
        "http://127.0.0.1:PORT",
        "http://127.0.0.1:PORT",
    ),
    (
        {"Host": "shop.test", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.test"},
        {},
        "http://shop.test",
        "http://shop.test",
        "http://shop.test",
    ),
    (
        {"Host": "shop.test", "X-Forwarded-Proto": "https"},
        {"trusted_proxies": {"127.0.0.1"}},
        "https://shop.test",
        "https://shop.test",
        "https://shop.test",
    ),
    (
        {"X-Forwarded-Proto": "http, https", "X-Forwarded-Host": "evil.test, shop.test"},
        {"trusted_proxies": {"127.0.0.0/8"}},
        "https://shop.test",
        "https://shop.test",
        "https://shop.test",
    ),
    (
        {
            "Forwarded": 'proto=http, for=192.0.2.7;proto=https;host="shop.test:8443"',
            "X-Forwarded-Proto": "http",
        },
        {"trusted_proxies": {"127.0.0.1"}},
        "https://shop.test:8443",
        "https://shop.test:8443",
        "https://shop.test:8443",
    ),
    (
        {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "api.claid.ai", "Host": "api.claid.ai"},
        {"trusted_proxies": {"127.0.0.1"}},
        "http://127.0.0.1:PORT",
        "http://127.0.0.1:PORT",
        "http://127.0.0.1:PORT",
    ),
    (
        {"Host": "shop.test", "X-Forwarded-Proto": "http"},
        {"public_url": "https://mock.test/below/", "trusted_proxies": {"127.0.0.1"}},
        "https://mock.test/below",
        "https://mock.test/below",
        "https://mock.test/below",
    ),
    (
        {"Host": "shop.test"},
        {"files_url": "https://files.test"},
        "http://shop.test",
        "https://files.test",
        "https://files.test",
    ),
    (
        {"Host": "shop.test"},
        {"public_url": "https://mock.test", "files_url": {"topaz": "https://files.test"}},
        "https://mock.test",
        "https://mock.test",
        "https://files.test",
    ),
]

# The base URL of a client without a socket, and what links begin with.
IN_PROCESS: Final[list[tuple[str, str, str, str]]] = [
    (
        "https://api.claid.ai",
        "http://api.claid.ai",  # as observed
        "https://dl.claid.ai",
        "https://safelight.r2.cloudflarestorage.com",
    ),
    ("http://twin:81", "http://twin:81", "http://twin:81", "http://twin:81"),
]

CLAID = {"Authorization": "Bearer k"}
TOPAZ = {"X-API-Key": "k"}
FORM = {"source_url": (None, "safelight://coffee.jpg")}
EDIT = {
    "input": "safelight://coffee.jpg",
    "operations": {"resizing": {"width": 64, "height": 64, "fit": "bounds"}},
}


@dataclass(frozen=True)
class Caller:
    """A client of both vendors that sends the same headers in each request."""

    client: httpx.Client
    twin: Twin
    headers: Mapping[str, str]

    def ask(self, method: str, path: str, key: Mapping[str, str], **rest: JSON) -> JSON:
        response = self.client.request(method, path, headers={**self.headers, **key}, **rest)
        assert response.is_success, response.text
        return response.json()

    def links(self, inbox: str) -> dict[str, set[str]]:
        """Run a job at each vendor; return the origin of every link in its responses."""
        account = {"url": inbox, "events": ["succeeded"]}
        with httpx.Client(
            transport=TwinTransport(self.twin), base_url="http://control/_safelight/"
        ) as control:
            control.post("sandboxes", json={"vendor": "claid", "key": "k", "label": "c"})
            assert control.patch("sandboxes/c/webhook", json=account).is_success
            edit = self.ask("POST", "/claid/v1/image/edit/async", CLAID, json=EDIT)["data"]
            job = self.ask("POST", "/topaz/image/v1/denoise/async", TOPAZ, files=FORM)["process_id"]
            for vendor in ("claid", "topaz"):
                self.twin.advance(60, vendor=vendor, key="k")
            (message,) = control.get("inbox/mine").json()["messages"]
        done = self.ask("GET", f"/claid/v1/image/edit/async/{edit['id']}", CLAID)["data"]["result"]
        actual = [self.ask("GET", f"/topaz/image/v1/download/{one}{job}", TOPAZ) for one in ("", "input/")]
        received = json.loads(message["body"])
        return {
            "api": {edit["result_url"].removesuffix(f"/claid/v1/image/edit/async/{edit['id']}")},
            "claid": {_base(done["output_object"]["tmp_url"]), *map(_base, _links(received))},
            "topaz": {_base(one[name]) for one in actual for name in ("download_url", "head_url")},
        }


def _links(value: JSON) -> Iterator[str]:
    match value:
        case dict():
            for name, one in value.items():
                yield from [one] if name == "tmp_url" else _links(one)
        case list():
            for one in value:
                yield from _links(one)


def _base(link: str) -> str:
    return link.partition("/files/")[0]


@pytest.mark.fidelity("twin:links", "twin.public_url", "twin.files_url", "twin.trusted_proxies")
@pytest.mark.parametrize(("headers", "settings", "api", "claid", "topaz"), OVER_A_SOCKET)
def test_links_over_a_socket(
    headers: dict[str, str], settings: dict[str, Any], api: str, claid: str, topaz: str
) -> None:
    rest = {name: value for name, value in settings.items() if name != "files_port"}
    chosen = Settings(clock=ClockMode.MANUAL, **rest)
    with (
        MockServer(chosen, files_port=settings.get("files_port")) as server,
        httpx.Client(base_url=server.origin) as client,
    ):
        links = Caller(client, server.twin, headers).links(f"{server.origin}/_safelight/inbox/mine")

        ports = {"PORT": server.origin, "FILES": server.files_origin}
        wanted = {"api": api, "claid": claid, "topaz": topaz}
    for name, origin in ports.items():
        wanted = {key: url.replace(name, str(urlsplit(origin).port)) for key, url in wanted.items()}
    assert links == {key: {url} for key, url in wanted.items()}


@pytest.mark.fidelity("twin:links", "topaz:file-host", "claid:file-host")
@pytest.mark.parametrize(("base_url", "api", "claid", "topaz"), IN_PROCESS)
def test_links_in_process(base_url: str, api: str, claid: str, topaz: str) -> None:
    with (
        closing(Twin(Settings(clock=ClockMode.MANUAL))) as twin,
        httpx.Client(transport=TwinTransport(twin), base_url=base_url) as client,
    ):
        links = Caller(client, twin, {}).links(f"{base_url}/_safelight/inbox/mine")

    assert links == {"api": {api}, "claid": {claid}, "topaz": {topaz}}
