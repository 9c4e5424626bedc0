"""Outgoing requests reach what is listed, and this machine only where it alone reaches the twin."""

import asyncio
import logging
import socket
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, closing
from typing import Any

import httpx
import pytest
from tests.mockserver.conftest import TwinClient
from tests.mockserver.hooks import CONTROL, advance, deliveries, inbox_messages, receiver, serve
from tests.mockserver.inputs.test_inputs import ended, fetched, submit
from tests.mockserver.local_server import local_server

from safelight_mock import App, Settings, Twin
from safelight_mock.adapters.server import listen, listener_of
from safelight_mock.core import Outcome
from safelight_mock.inputs import UrlInputLoader
from safelight_mock.outgoing.allowed_hosts import AllowedHosts, canonical
from safelight_mock.webhooks.http_sender import HttpSender
from safelight_mock.wire import Listener

pytestmark = pytest.mark.slow

PUBLIC = Listener(own="http://192.0.2.7:4010")
BEARER = {"Authorization": "Bearer k"}


def reach(*hosts: str, alone: bool = False, actual: Iterable[str] = ()) -> AllowedHosts:
    return AllowedHosts(frozenset(hosts), lambda: alone, look_up=lambda _host: actual)


def exposed(
    **settings: Any,  # noqa: ANN401 - whatever settings there are
) -> AbstractContextManager[TwinClient]:
    """A mock server that listens where other machines reach it."""
    return serve(listener=PUBLIC, **settings)


LOOPBACK = ["127.0.0.1", "127.9.9.9", "::1", "localhost", "LocalHost.", "::ffff:127.0.0.1", "::ffff:7f00:1"]


@pytest.mark.parametrize("host", LOOPBACK)
def test_loopback_is_allowed_only_while_the_server_is_local(host: str) -> None:
    assert reach(alone=True).admits(host)
    assert not reach(alone=False).admits(host)
    assert reach("localhost").admits("localhost.")


@pytest.mark.parametrize(
    "host",
    ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0.0.0.0", "::", "localhost.example", "10.0.0.1", ""],  # noqa: S104 - it is refused
)
def test_an_unlisted_host_is_rejected_whatever_it_resolves_to(host: str) -> None:
    assert not reach("allowed.example", alone=True).admits(host)


@pytest.mark.parametrize(
    ("listed", "host"),
    [
        ("Allowed.example", "allowed.EXAMPLE."),
        ("allowed.example.", "allowed.example"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("10.0.0.1", "::ffff:10.0.0.1"),
        ("[2001:db8::1]", "2001:DB8:0::1"),
    ],
)
def test_a_listed_host_is_allowed_in_each_of_its_spellings(listed: str, host: str) -> None:
    assert reach(listed).admits(host)


@pytest.mark.parametrize(
    ("host", "alone", "actual", "reached"),
    [
        ("allowed.example", False, ["198.51.100.1"], ["198.51.100.1"]),
        ("allowed.example", False, ["10.0.0.1", "fd00::1"], ["10.0.0.1", "fd00::1"]),
        ("allowed.example", False, ["127.0.0.1", "198.51.100.1"], ["198.51.100.1"]),
        ("allowed.example", True, ["127.0.0.1"], ["127.0.0.1"]),
        ("allowed.example", False, ["::1", "::ffff:127.0.0.1", "::ffff:7f00:1", "2002:7f00:1::"], []),
        ("allowed.example", False, ["64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "0.0.0.0", "::"], []),  # noqa: S104 - it is refused
        ("allowed.example", True, ["169.254.169.254", "fe80::1%2", "224.0.0.1", "255.255.255.255"], []),
        ("169.254.169.254", False, ["169.254.169.254"], ["169.254.169.254"]),
    ],
)
def test_each_address_that_a_name_resolves_to_is_checked(
    host: str, actual: list[str], reached: list[str], *, alone: bool
) -> None:
    assert reach(host, alone=alone, actual=actual).addresses(host) == reached


def test_localhost_that_resolves_to_another_machine_is_rejected() -> None:
    assert reach(alone=True, actual=["::1", "127.0.0.1", "10.0.0.1"]).addresses("localhost") == [
        "::1",
        "127.0.0.1",
    ]


def test_a_name_may_resolve_to_a_listed_address() -> None:
    assert reach("allowed.example", "169.254.169.254", actual=["169.254.169.254"]).addresses(
        "allowed.example"
    )


def test_listed_localhost_is_every_loopback_address() -> None:
    assert reach("localhost", actual=["127.0.0.1", "::1"]).addresses("localhost") == ["127.0.0.1", "::1"]


def test_an_invalid_host_name_is_rejected() -> None:
    assert canonical("ü" * 70) == "ü" * 70
    assert not reach(alone=True).admits("ü" * 70)


def test_a_name_is_looked_up_once_and_its_host_is_named(client: TwinClient, photo: bytes) -> None:
    looked_up = []

    def look_up(host: str) -> list[str]:
        looked_up.append(host)
        return ["127.0.0.1"] if len(looked_up) == 1 else ["192.0.2.1"]

    named = AllowedHosts(frozenset({"pictures.example"}), lambda: True, look_up)
    loader = UrlInputLoader(client.twin.blobs, lambda *_: None, named, placeholders=False, timeout=10)
    with local_server({"/a.jpg": (200, {}, photo)}) as host:
        port = host.origin.rpartition(":")[2]
        (loaded,) = loader.load([f"http://Pictures.example:{port}/a.jpg"], 100_000).values()

    assert (loaded.error, looked_up) == ("", ["pictures.example"])
    assert [fields["Host"] for _, fields in host.requests] == [f"pictures.example:{port}"]


def test_dns_rebinding_to_loopback_is_rejected(client: TwinClient, photo: bytes) -> None:
    with local_server({"/a.jpg": (200, {}, photo)}) as host:
        port = host.origin.rpartition(":")[2]
        turned = reach("pictures.example", actual=["127.0.0.1"])
        loader = UrlInputLoader(client.twin.blobs, lambda *_: None, turned, placeholders=False, timeout=10)
        (loaded,) = loader.load([f"http://pictures.example:{port}/a.jpg"], 100_000).values()
        with closing(HttpSender(turned)) as post:
            posted = post.post(f"http://pictures.example:{port}/a.jpg", {}, b"{}")

    assert (loaded.error, posted) == ("none of its addresses may be reached", (Outcome.NOT_ALLOWED, 0))
    assert host.requests == []


def test_the_next_address_of_a_name_is_tried_if_the_first_refuses() -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused_port:
        free = unused_port.getsockname()[1]
    two = AllowedHosts(frozenset(), lambda: True, look_up=lambda _host: ["127.0.0.2", "127.0.0.1"])
    with receiver(lambda _body: 204) as (target, got), closing(HttpSender(two)) as post:
        assert post.post(target.replace("127.0.0.1", "localhost"), {}, b"{}") == (Outcome.DELIVERED, 204)
        assert post.post(f"http://localhost:{free}/", {}, b"{}") == (Outcome.NETWORK, 0)

    assert got == [b"{}"]


def named_by_topaz(client: TwinClient, address: str) -> httpx.Response:
    form = {"data": {"source_url": address}, "files": {"x": ("", b"")}}
    return client.request("POST", "/topaz/image/v1/denoise/async", headers=client.key, **form)


def named_by_claid(client: TwinClient, address: str) -> httpx.Response:
    body = {"input": address, "operations": {"resizing": {"width": 8, "height": 8}}}
    return client.request("POST", "/claid/v1/image/edit", headers=BEARER, json=body)


def named_by_tengr(client: TwinClient, address: str) -> httpx.Response:
    return client.request("POST", "/tengr/v2/artworks/upscaling", headers=BEARER, json={"imageUrl": address})


@pytest.mark.fidelity("twin.allowed_input_hosts")
@pytest.mark.parametrize("name", [named_by_topaz, named_by_claid, named_by_tengr])
@pytest.mark.parametrize(("listed", "requested"), [((), 0), (("127.0.0.1",), 1), (("localhost",), 1)])
def test_a_public_server_loads_loopback_inputs_only_if_listed(
    photo: bytes, name: Callable[[TwinClient, str], httpx.Response], listed: tuple[str, ...], requested: int
) -> None:
    with (
        local_server({"/a.jpg": (200, {}, photo)}) as host,
        exposed(allowed_input_hosts=frozenset(listed)) as client,
    ):
        assert name(client, f"{host.origin}/a.jpg").is_success

    assert len(host.requests) == requested


def test_a_public_server_accepts_its_own_links_as_inputs(photo: bytes) -> None:
    with exposed(placeholder_inputs=False) as client:
        first = client.submit(photo, "/denoise/async")
        client.advance(100)
        link = client.call("GET", f"/download/{first}").json()["download_url"]

        assert fetched(client, submit(client, link), "download/input") == client.request("GET", link).content


@pytest.mark.fidelity("twin.allowed_input_hosts")
@pytest.mark.parametrize(
    "location",
    [
        "http://me:word@127.0.0.1:{port}/a.jpg",
        "http://me@localhost:{port}/a.jpg",
        "ftp://127.0.0.1:{port}/a.jpg",
    ],
)
def test_a_redirect_is_checked_like_the_first_url(client: TwinClient, photo: bytes, location: str) -> None:
    with local_server({"/a.jpg": (200, {}, photo)}) as second:
        there = location.format(port=second.origin.rpartition(":")[2])
        with local_server({"/old": (302, {"Location": there}, b"")}) as first:
            assert ended(client, submit(client, f"{first.origin}/old"))["status"] == "Failed"
    assert second.requests == []


def test_a_listed_host_cannot_redirect_a_public_server_to_loopback(photo: bytes) -> None:
    with (
        local_server({"/a.jpg": (200, {}, photo)}) as second,
        exposed() as client,
        local_server(
            {"/old": (302, {"Location": second.origin.replace("127.0.0.1", "localhost") + "/a.jpg"}, b"")}
        ) as first,
    ):
        listed = AllowedHosts(frozenset({"127.0.0.1"}), lambda: False)
        loader = UrlInputLoader(client.twin.blobs, lambda *_: None, listed, placeholders=False, timeout=10)
        (loaded,) = loader.load([f"{first.origin}/old"], 100_000).values()

    assert loaded.error == "localhost may not be reached; allow it as an input host (--allow-input-host)"
    assert second.requests == []


def test_a_redirect_may_lead_to_a_link_of_the_twin_itself(photo: bytes) -> None:
    with exposed(allowed_input_hosts=frozenset({"127.0.0.1"})) as client:
        process_id = client.submit(photo, "/denoise/async")
        client.advance(100)
        link = client.call("GET", f"/download/{process_id}").json()["download_url"]
        with local_server({"/old": (302, {"Location": link}, b"")}) as host:
            second = submit(client, f"{host.origin}/old")

        assert fetched(client, second, "download/input") == client.request("GET", link).content


def test_the_control_plane_is_rejected_as_an_input(client: TwinClient) -> None:
    process_id = submit(client, f"http://127.0.0.1:4010{CONTROL}/metrics")

    assert ended(client, process_id)["status"] == "Failed"


def test_no_url_is_logged_in_full(client: TwinClient, photo: bytes, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    with local_server({"/a.jpg?X-Amz-Signature=open-sesame": (200, {}, photo)}) as host:
        submit(client, f"{host.origin}/a.jpg?X-Amz-Signature=open-sesame")
    with (
        receiver(lambda _body: 204) as (target, _),
        closing(HttpSender(reach(alone=True, actual=["127.0.0.1"]))) as post,
    ):
        post.post(f"{target}?token=open-sesame", {}, b"{}")

    assert len(host.requests) == 1
    assert "open-sesame" not in caplog.text


@pytest.mark.fidelity("twin.allowed_webhook_hosts")
@pytest.mark.parametrize(("listed", "outcomes"), [((), ["not-allowed"]), (("127.0.0.1",), ["2xx"])])
def test_a_public_server_calls_loopback_webhooks_only_if_listed(
    photo: bytes, listed: tuple[str, ...], outcomes: list[str]
) -> None:
    with (
        receiver(lambda _body: 200) as (target, got),
        exposed(allowed_webhook_hosts=frozenset(listed)) as client,
    ):
        client.submit(photo, webhook_url=target)
        advance(client, 100)
        result = [attempt["outcome"] for one in deliveries(client) for attempt in one["attempts"]]

    assert set(result) == set(outcomes)
    assert bool(got) == bool(listed)


@pytest.mark.fidelity("twin.allowed_webhook_hosts")
@pytest.mark.parametrize(
    "base", ["http://twin", "http://127.0.0.1:4010", "http://localhost:4010", "http://[::1]:4010", PUBLIC.own]
)
def test_a_public_server_delivers_to_its_own_inboxes(photo: bytes, base: str) -> None:
    with exposed() as client:
        client.submit(photo, webhook_url=f"{base}{CONTROL}/inbox/box")
        advance(client, 100)

        assert inbox_messages(client)


@pytest.mark.fidelity("twin.allowed_webhook_hosts")
@pytest.mark.parametrize(
    "path",
    [
        "/_safelight/deliveries/7/resend",
        "/_safelight/jobs/7/move",
        "/_safelight",
        "/_safelight/",
        "/below/_safelight/sandboxes",
        "/%5fsafelight/sandboxes",
        "/_safelight%2fsandboxes",
        "/a/../_safelight/sandboxes",
        "/_safelight/inbox/../sandboxes",
        "/_safelight/inbox/%2e%2e/sandboxes",
        "/_safelight/inbox/mine/../../sandboxes",
        "/_safelight/inbox/..",
        "/_safelight/inbox/",
    ],
)
def test_a_webhook_to_a_control_plane_reaches_only_inboxes(
    path: str, caplog: pytest.LogCaptureFixture
) -> None:
    with (
        receiver(lambda _body: 200) as (target, got),
        closing(HttpSender(reach(alone=True, actual=["127.0.0.1"]))) as post,
    ):
        base = target.removesuffix("/hook")
        assert post.post(f"{base}{path}", {}, b"{}") == (Outcome.NOT_ALLOWED, 0)
        assert post.post(f"{base}/_safelight/inbox/mine", {}, b"{}") == (Outcome.DELIVERED, 200)

    assert got == [b"{}"]
    assert "on a control plane, a webhook may only be sent to an inbox" in caplog.text


def test_a_server_on_a_wildcard_address_is_public() -> None:
    with listen("0.0.0.0", 0) as everywhere, listen("127.0.0.1", 0) as here:  # noqa: S104 - nothing is served
        for listening, alone in ((everywhere, False), (here, True)):
            with closing(Twin(listener=listener_of([listening]))) as twin:
                assert twin.address.is_local() is alone


@pytest.mark.parametrize(("peer", "alone"), [("127.0.0.1", True), ("192.168.0.7", False)])
def test_under_another_server_a_remote_request_makes_it_public(peer: str, *, alone: bool) -> None:
    async def ask() -> None:
        transport = httpx.ASGITransport(App(twin), client=(peer, 5000))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            await client.get("/topaz/image/v1/status", headers={"X-API-Key": "k"})

    with closing(Twin(Settings())) as twin:
        asyncio.run(ask())

        assert twin.address.is_local() is alone
