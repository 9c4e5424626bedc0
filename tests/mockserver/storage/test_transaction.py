"""A call works on a copy: one that is refused has moved nothing, in memory or in a folder."""

from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.mockserver.conftest import TwinClient, picture
from tests.mockserver.hooks import serve
from tests.mockserver.stored import sandboxes

from safelight_mock import ClockMode, Settings, Twin, TwinTransport
from safelight_mock.wire import Response

CONTROL = "/_safelight"
START = 1_800_000_000.25
PHOTO = picture(48, 32)
HEADERS = {
    "topaz": {"X-API-Key": "k"},
    "claid": {"Authorization": "Bearer k"},
    "tengr": {"Authorization": "Bearer k"},
}

Submit = Callable[[httpx.Client], httpx.Response]


def topaz(client: httpx.Client, **fields: str) -> httpx.Response:
    image = {"image": ("photo.jpg", PHOTO)}
    path = "/topaz/image/v1/enhance/async"
    return client.post(path, files=image, data=fields, headers=HEADERS["topaz"])


def claid(client: httpx.Client, **rest: object) -> httpx.Response:
    request = {"input": "safelight://coffee.jpg", "operations": {}, **rest}
    return client.post("/claid/v1/image/edit/async", json=request, headers=HEADERS["claid"])


def tengr(client: httpx.Client, **rest: object) -> httpx.Response:
    request = {"imageUrl": "safelight://coffee.jpg", "scaleFactor": 2, **rest}
    return client.post("/tengr/v2/artworks/detailer-upscaler", json=request, headers=HEADERS["tengr"])


SUBMITS = {"topaz": topaz, "claid": claid, "tengr": tengr}
REFUSED = {
    "topaz": lambda client: topaz(client, output_width="99999999"),
    "claid": lambda client: claid(client, operations={"resizing": {"width": 0}}),
    "tengr": lambda client: tengr(client, webhook="nonsense"),
}


@pytest.fixture(params=["memory", "folder"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path | None:
    """Both ways in which sandboxes are kept."""
    return tmp_path if request.param == "folder" else None


def opened(
    folder: Path | None,
    clock: ClockMode = ClockMode.MANUAL,
    **settings: Any,  # noqa: ANN401 - whatever settings there are
) -> AbstractContextManager[TwinClient]:
    return serve(clock, data_dir=folder, **settings)


def http_client(client: TwinClient) -> httpx.Client:
    return httpx.Client(transport=TwinTransport(client.twin), base_url="http://twin")


def state(client: TwinClient) -> list[bytes]:
    """All sandboxes as every reader sees them."""
    return [sandbox.to_json() for sandbox in sandboxes(client.twin)]


def ids(client: TwinClient) -> list[str]:
    return [job for sandbox in sandboxes(client.twin) for job in sandbox.jobs]


@pytest.mark.parametrize("vendor", SUBMITS)
def test_a_rejected_request_changes_nothing(folder: Path | None, vendor: str) -> None:
    with opened(folder) as client, http_client(client) as caller:
        assert SUBMITS[vendor](caller).is_success
        before = state(client)

        refused = REFUSED[vendor](caller)

        assert refused.is_client_error, refused.text
        assert state(client) == before


def test_insufficient_credits_consume_no_id(tmp_path: Path) -> None:
    def submitted(folder: Path, *, poor: bool) -> list[str]:
        with opened(folder) as client, http_client(client) as caller:
            topaz(caller)
            (sandbox,) = sandboxes(client.twin)
            account = f"{CONTROL}/sandboxes/{sandbox.name}/account"
            if poor:
                caller.patch(account, json={"balance": 0})
                assert topaz(caller).status_code == 402
            caller.patch(account, json={"balance": None})
        with opened(folder) as client, http_client(client) as caller:
            topaz(caller)
            return ids(client)

    assert submitted(tmp_path / "poor", poor=True) == submitted(tmp_path / "rich", poor=False)


def test_a_key_whose_first_request_is_rejected_is_not_stored_on_a_running_clock(
    folder: Path | None,
) -> None:
    with opened(folder, ClockMode.REAL) as client, http_client(client) as caller:
        assert topaz(caller, output_width="99999999").status_code == 400

        assert state(client) == []


def test_a_stopped_clock_begins_with_the_first_request_even_if_rejected(folder: Path | None) -> None:
    moments = [START]
    settings = Settings(seed="tests", clock=ClockMode.MANUAL, data_dir=folder)
    with (
        closing(Twin(settings, real=lambda: moments[-1])) as twin,
        httpx.Client(transport=TwinTransport(twin), base_url="http://twin") as caller,
    ):
        first = topaz(caller, output_width="99999999")
        moments.append(START + 3600)
        second = topaz(caller)

    assert first.headers["date"] == second.headers["date"]


def test_a_retry_after_that_was_sent_is_stored(folder: Path | None) -> None:
    chosen = {"topaz.rate_limit": 1, "topaz.retry_after": True}
    with opened(folder, options=chosen) as client, http_client(client) as caller:
        topaz(caller)
        refused = topaz(caller)

        assert (refused.status_code, refused.headers["retry-after"]) == (429, "60")
        assert [sandbox.pause for sandbox in sandboxes(client.twin)] == [60.0]
    if folder is not None:
        with opened(folder, options=chosen) as again:
            assert [sandbox.pause for sandbox in sandboxes(again.twin)] == [60.0]


@pytest.mark.internal_error
def test_a_broken_handler_changes_nothing(folder: Path | None, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*requested: object) -> object:
        works(*requested)
        raise ZeroDivisionError

    with opened(folder) as client, http_client(client) as caller:
        handlers: Any = client.twin.served["topaz"].vendor.handlers
        works = handlers["postEnhanceAsync"]
        topaz(caller)
        before = state(client)
        monkeypatch.setitem(handlers, "postEnhanceAsync", broken)

        assert topaz(caller).status_code == 500
        assert state(client) == before


@pytest.mark.internal_error
def test_an_invalid_response_leaves_no_job(folder: Path | None, monkeypatch: pytest.MonkeyPatch) -> None:
    def undescribed(*requested: object) -> Response:
        works(*requested)
        return Response.json(200, {"process_id": 7})

    with opened(folder) as client, http_client(client) as caller:
        handlers: Any = client.twin.served["topaz"].vendor.handlers
        works = handlers["postEnhanceAsync"]
        topaz(caller)
        before = state(client)
        monkeypatch.setitem(handlers, "postEnhanceAsync", undescribed)

        assert topaz(caller).status_code == 500
        assert state(client) == before


def test_a_restart_returns_the_same_responses(tmp_path: Path) -> None:
    with opened(tmp_path) as client, http_client(client) as caller:
        for submit in SUBMITS.values():
            submit(caller)
        before = state(client)

    with opened(tmp_path) as client:
        assert sorted(state(client)) == sorted(before)
