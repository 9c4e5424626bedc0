"""What a service refuses arrives as an error with its status and its words."""

import pickle
from collections.abc import Callable

import httpx
import pytest

from safelight import (
    ApiError,
    JobFailedError,
    NetworkError,
    SafelightError,
    Topaz,
    UnexpectedAnswerError,
    WaitTimeoutError,
)

Connect = Callable[[Callable[[httpx.Request], httpx.Response]], Topaz]


@pytest.mark.parametrize(
    "status", [400, 401, 402, 403, 404, 409, 412, 413, 415, 422, 425, 429, 499, 500, 529]
)
def test_every_refusal_is_an_api_error_with_the_services_words(connect: Connect, status: int) -> None:
    topaz = connect(lambda _: httpx.Response(status, json={"message": "No, thank you."}))

    with pytest.raises(ApiError) as raised:
        topaz.enhance(b"image")

    assert (raised.value.status, raised.value.message) == (status, "No, thank you.")


@pytest.mark.parametrize(
    "body", [b"", b"<html>Bad gateway</html>", b"[]", b'{"message": {"en": "no"}}', b"\xff\xfe"]
)
def test_a_refusal_without_words_is_named_by_its_status(connect: Connect, body: bytes) -> None:
    topaz = connect(lambda _: httpx.Response(502, content=body))

    with pytest.raises(ApiError, match=r"/image/v1/status/a-job answered 502: Bad Gateway$"):
        topaz.job("a-job").status()


def test_a_redirect_is_an_error_and_is_not_followed(connect: Connect, sent: list[httpx.Request]) -> None:
    topaz = connect(lambda _: httpx.Response(302, headers={"Location": "https://elsewhere.example/"}))

    with pytest.raises(ApiError, match="answered 302"):
        topaz.jobs()

    assert len(sent) == 1


def test_the_seconds_to_wait_come_with_the_error(connect: Connect) -> None:
    topaz = connect(lambda _: httpx.Response(429, headers={"Retry-After": "12"}))

    with pytest.raises(ApiError) as raised:
        topaz.jobs()

    assert raised.value.retry_after == 12
    assert raised.value.is_passing


@pytest.mark.parametrize("body", [b"<html>Welcome</html>", b"{}", b"[]", b""])
def test_an_answer_of_success_without_the_promised_values_is_an_error(connect: Connect, body: bytes) -> None:
    topaz = connect(lambda _: httpx.Response(200, content=body))

    with pytest.raises(UnexpectedAnswerError):
        topaz.enhance(b"image")


def test_no_answer_is_a_network_error(connect: Connect) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no route", request=request)

    with pytest.raises(NetworkError, match="no answer: no route"):
        connect(answer).jobs()


def test_a_submission_is_never_sent_twice(connect: Connect, sent: list[httpx.Request]) -> None:
    topaz = connect(lambda _: httpx.Response(503))

    with pytest.raises(ApiError):
        topaz.denoise(b"image")

    assert len(sent) == 1


@pytest.mark.parametrize("job_id", ["", ".", ".."])
def test_an_id_that_would_name_another_address_is_refused(connect: Connect, job_id: str) -> None:
    topaz = connect(lambda _: httpx.Response(204))

    with pytest.raises(ValueError, match="is no job's id"):
        topaz.job(job_id)


@pytest.mark.parametrize("base_url", ["api.example", "ftp://api.example", "http://", ""])
def test_a_base_url_that_is_no_http_address_is_refused(base_url: str) -> None:
    with pytest.raises(ValueError, match="is no http address"):
        Topaz(api_key="key", base_url=base_url)


@pytest.mark.parametrize(
    "error",
    [
        ApiError(404, "Not found.", "GET https://api.example/", 1.0, "{}"),
        JobFailedError("a-job", "Failed"),
        WaitTimeoutError("a-job", 3),
        NetworkError("no answer"),
    ],
)
def test_an_error_survives_the_way_out_of_a_worker_process(error: SafelightError) -> None:
    again = pickle.loads(pickle.dumps(error))  # noqa: S301  our own bytes, just made

    assert str(again) == str(error)
    assert vars(again) == vars(error)
