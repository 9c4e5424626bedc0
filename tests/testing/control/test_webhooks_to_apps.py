"""Webhooks are delivered to applications in this process, as the vendor sends them and without a socket."""

import asyncio
import hmac
import json
import logging
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any, Self
from wsgiref.validate import validator

import pytest

from safelight_testing import Safelight
from safelight_testing._active_guards import refuse_hosts
from safelight_testing._apps import app_loop

PHOTO = Path("tests/data/chelsea.jpg")
HOOKS = "https://shop.example/hooks"
HOUR = 3600.0
Start = Callable[..., object]


@pytest.fixture
def safelight() -> Iterator[Safelight]:
    with Safelight(clock="manual", start=datetime(2026, 1, 1, tzinfo=UTC)) as safelight:
        yield safelight


class WsgiShop:
    """A WSGI application that keeps what it receives."""

    def __init__(self) -> None:
        self.received: list[tuple[str, str, dict[str, Any]]] = []

    def __call__(self, environ: dict[str, Any], start_response: Start) -> list[bytes]:
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        where = f"{environ['wsgi.url_scheme']}://{environ['HTTP_HOST']}{environ['PATH_INFO']}"
        self.received.append((where, environ["QUERY_STRING"], json.loads(body)))
        start_response("204 No Content", [])
        return []


class AsgiShop:
    """An ASGI application that keeps what it receives, and on which event loop."""

    def __init__(self) -> None:
        self.received: list[dict[str, Any]] = []
        self.loops: list[asyncio.AbstractEventLoop] = []

    async def __call__(self, scope: dict[str, Any], receive: Start, send: Start) -> None:
        body = b""
        while (message := await receive())["more_body"]:  # type: ignore[misc]
            body += message["body"]
        self.received.append(json.loads(body))
        self.loops.append(asyncio.get_running_loop())
        await send({"type": "http.response.start", "status": 200, "headers": []})  # type: ignore[misc]
        await send({"type": "http.response.body", "body": b"thanks"})  # type: ignore[misc]
        self.received[-1]["path"] = scope["path"]  # as a background task does, after the response


def test_a_wsgi_application_receives_them(safelight: Safelight) -> None:
    shop = WsgiShop()
    safelight.webhooks.to(HOOKS, validator(shop))
    job = safelight.topaz.enhance(PHOTO, webhook_url=f"{HOOKS}/topaz?order=7")

    safelight.clock.advance(60)

    assert [where for where, _, _ in shop.received] == [f"{HOOKS}/topaz"] * 2
    assert {query for _, query, _ in shop.received} == {"order=7"}
    assert [(body["process_id"], body["status"]) for _, _, body in shop.received] == [
        (job.id, "Processing"),
        (job.id, "Completed"),
    ]
    assert [one.attempts[0].status for one in safelight.webhooks.deliveries] == [204, 204]


@pytest.mark.parametrize("wrapped", [lambda app: app, partial, lambda app: app.__call__])
def test_an_asgi_application_receives_them(
    safelight: Safelight, wrapped: Callable[[AsgiShop], Callable[..., Any]]
) -> None:
    shop = AsgiShop()
    safelight.webhooks.to(HOOKS, wrapped(shop))
    safelight.topaz.enhance(PHOTO, webhook_url=HOOKS)

    safelight.clock.advance(60)

    assert [body["status"] for body in shop.received] == ["Processing", "Completed"]
    assert {body["path"] for body in shop.received} == {"/hooks"}
    assert len(set(shop.loops)) == 1


def test_an_asgi_application_is_called_on_the_event_loop_on_which_it_was_registered(
    safelight: Safelight,
) -> None:
    shop = AsgiShop()

    async def test() -> None:
        safelight.webhooks.to(HOOKS, shop)
        safelight.topaz.enhance(PHOTO, webhook_url=HOOKS)
        await safelight.clock.advance_async(60)
        assert set(shop.loops) == {asyncio.get_running_loop()}

    asyncio.run(test())

    assert len(shop.received) == 2


def test_an_event_loop_that_waits_for_its_own_application_is_an_error(safelight: Safelight) -> None:
    shop = AsgiShop()

    async def test() -> None:
        safelight.webhooks.to(HOOKS, shop)
        safelight.topaz.enhance(PHOTO, webhook_url=HOOKS)
        safelight.clock.advance(60)

    with pytest.raises(RuntimeError, match=r"use `await safelight\.clock\.advance_async"):
        asyncio.run(test())


def test_an_event_loop_that_waits_between_two_runs_is_not_waited_for(safelight: Safelight) -> None:
    shop = AsgiShop()

    async def register() -> None:
        safelight.webhooks.to(HOOKS, shop)

    with asyncio.Runner() as runner:
        runner.run(register())
        safelight.topaz.enhance(PHOTO, webhook_url=HOOKS)
        safelight.clock.advance(60)

        assert len(shop.received) == 2
        assert runner.get_loop() not in shop.loops


def test_an_event_loop_that_ends_before_its_application_responds_is_not_waited_for(
    safelight: Safelight,
) -> None:
    called = threading.Event()

    async def shop(*_: object) -> None:
        called.set()
        await asyncio.Event().wait()

    async def test() -> "asyncio.Future[Any]":
        safelight.webhooks.to(HOOKS, shop)
        safelight.topaz.enhance(PHOTO, webhook_url=HOOKS)
        advancing = asyncio.get_running_loop().run_in_executor(pool, safelight.clock.advance, 1)
        await asyncio.to_thread(called.wait)
        return advancing

    with ThreadPoolExecutor() as pool, asyncio.Runner() as runner:
        advancing = runner.run(test())
        pool.shutdown()
        runner.run(asyncio.wait([advancing]))

    assert [one.attempts[0].outcome for one in safelight.webhooks.deliveries] == ["network"]


def test_an_event_loop_that_waits_for_its_own_application_in_another_thread_is_an_error(
    safelight: Safelight, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app_loop, "PATIENCE", 0.01)

    async def test() -> None:
        safelight.webhooks.to(HOOKS, AsgiShop())
        safelight.topaz.enhance(PHOTO, webhook_url=HOOKS)
        with ThreadPoolExecutor() as pool:
            pool.submit(safelight.clock.advance, 60).result()  # blocks this event loop

    with pytest.raises(RuntimeError, match=r"an event loop that has been blocked for 0\.01 s"):
        asyncio.run(test())


def test_a_test_that_fails_while_its_application_is_called_ends() -> None:
    async def test() -> None:
        called = asyncio.Event()

        async def shop(*_: object) -> None:
            called.set()
            await asyncio.Event().wait()

        with Safelight(sleeps=True) as safelight:
            safelight.webhooks.to(HOOKS, shop)
            safelight.topaz.enhance(PHOTO, webhook_url=HOOKS)
            sleeping = asyncio.create_task(asyncio.sleep(60))
            await called.wait()
            sleeping.cancel()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        asyncio.run(test())


def test_an_application_that_fails_gets_retries_by_the_clock_for_an_hour(safelight: Safelight) -> None:
    safelight.webhooks.to(HOOKS, [503] * 11 + [200])
    job = safelight.topaz.enhance(PHOTO, webhook_url=HOOKS)
    safelight.jobs.move(job.id, "failed")

    safelight.clock.advance(HOUR)
    (before,) = safelight.webhooks.deliveries
    safelight.clock.advance(HOUR)
    (after,) = safelight.webhooks.deliveries

    times = [attempt.at for attempt in before.attempts]
    assert [later - earlier for earlier, later in pairwise(times)][:4] == [5, 10, 20, 40]
    assert {attempt.status for attempt in before.attempts} == {503}
    assert (after.attempts[-1].status, after.next_attempt) == (200, None)


def test_an_error_in_an_application_is_logged_and_a_response_of_500(
    safelight: Safelight, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_: object, __: object) -> list[bytes]:
        raise ZeroDivisionError("a bug")

    safelight.webhooks.to(HOOKS, broken)
    safelight.topaz.enhance(PHOTO, webhook_url=HOOKS)

    with caplog.at_level(logging.ERROR, logger="safelight_testing"):
        safelight.clock.advance(3)

    assert {attempt.status for one in safelight.webhooks.deliveries for attempt in one.attempts} == {500}
    assert "ZeroDivisionError: a bug" in caplog.text


def test_they_are_signed_as_the_vendor_signs_them(safelight: Safelight) -> None:
    signed: list[bool] = []

    def shop(environ: dict[str, Any], start_response: Start) -> list[bytes]:
        digest = hmac.new(b"between us", environ["wsgi.input"].read(), "sha256").hexdigest()
        signed.append(environ["HTTP_X_CLAID_HMAC_SHA256"] == f"sha256={digest}")
        start_response("200 OK", [])
        return [b"thanks"]

    safelight.webhooks.to(HOOKS, shop)
    safelight.webhooks.configure("claid", url=HOOKS, secret="between us")  # noqa: S106 - a test's
    safelight.claid.edit("safelight://coffee.jpg", operations={"resizing": {"width": 60}})

    safelight.clock.advance(60)

    assert signed == [True]


def test_nothing_is_sent_and_no_other_address_is_received(safelight: Safelight) -> None:
    safelight.webhooks.to(HOOKS, 204)
    others = [
        "https://shop.example/hooksome",
        "https://shop.example/",
        "http://shop.example/hooks",
        "https://shop.example:8443/hooks",
        "https://other.example/hooks",
    ]
    for url in others:
        safelight.topaz.enhance(PHOTO, webhook_url=url)

    with refuse_hosts(["shop.example", "other.example"], instead=""):
        safelight.clock.advance(60)

    outcomes = {attempt.outcome for one in safelight.webhooks.deliveries for attempt in one.attempts}
    assert outcomes == {"not-allowed"}


def test_the_longest_address_receives_them(safelight: Safelight) -> None:
    safelight.webhooks.to("https://shop.example", 500)
    safelight.webhooks.to(HOOKS, 204)
    safelight.topaz.enhance(PHOTO, webhook_url=f"{HOOKS}/topaz")

    safelight.clock.advance(60)

    assert {one.attempts[-1].status for one in safelight.webhooks.deliveries} == {204}


def test_the_event_loop_needs_no_socket_that_a_test_may_not_make(
    safelight: Safelight, monkeypatch: pytest.MonkeyPatch
) -> None:
    class ForbiddenSocket(socket.socket):  # as pytest-socket replaces it
        def __new__(cls, *_: object, **__: object) -> Self:
            raise AssertionError("a socket was made")

    shop = AsgiShop()
    safelight.webhooks.to(HOOKS, shop)
    safelight.topaz.enhance(PHOTO, webhook_url=HOOKS)
    monkeypatch.setattr(socket, "socket", ForbiddenSocket)

    safelight.clock.advance(60)

    assert len(shop.received) == 2
    assert socket.socket is ForbiddenSocket


@pytest.mark.parametrize("url", ["shop.example/hooks", "ftp://shop.example", "https://"])
def test_an_address_must_be_a_url(safelight: Safelight, url: str) -> None:
    with pytest.raises(ValueError, match=r"must be a URL such as https://shop\.example/hooks"):
        safelight.webhooks.to(url, 200)


def test_a_receiver_must_be_an_application_or_statuses(safelight: Safelight) -> None:
    with pytest.raises(TypeError, match="must be a WSGI or ASGI application, or statuses, not <object"):
        safelight.webhooks.to(HOOKS, object())  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="statuses must be at least one"):
        safelight.webhooks.to(HOOKS, [])
    with pytest.raises(ValueError, match="a status must be a number from 200 to 599, not 99"):
        safelight.webhooks.to(HOOKS, [204, 99])
