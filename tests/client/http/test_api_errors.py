"""An error response becomes an error with the status and the message of the service."""

import pickle
from collections.abc import Callable

import httpx
import pytest

from safelight import (
    ApiError,
    Claid,
    InvalidResponseError,
    JobFailedError,
    NetworkError,
    SafelightError,
    Tengr,
    Topaz,
    UnknownOutcomeError,
    WaitTimeoutError,
)

Answer = Callable[[httpx.Request], httpx.Response]
Connect = Callable[[Answer], Topaz]

TOO_MANY = {"error_code": "2001", "error_type": "general", "error_message": "Too many.", "error_details": {}}


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 409, 412, 413, 415, 422, 425, 429, 499, 501])
def test_every_error_response_is_an_api_error_with_the_services_message(
    connect: Connect, status: int
) -> None:
    topaz = connect(lambda _: httpx.Response(status, json={"message": "No, thank you."}))

    with pytest.raises(ApiError) as raised:
        topaz.enhance(b"image")

    assert (raised.value.status, raised.value.message) == (status, "No, thank you.")


@pytest.mark.parametrize(
    "body", [b"", b"<html>Bad gateway</html>", b"[]", b'{"message": {"en": "no"}}', b"\xff\xfe"]
)
def test_an_error_without_a_message_has_the_name_of_its_status(connect: Connect, body: bytes) -> None:
    topaz = connect(lambda _: httpx.Response(502, content=body))

    with pytest.raises(ApiError, match=r"/image/v1/status/a-job returned 502: Bad Gateway$"):
        topaz.job("a-job").status()


@pytest.mark.parametrize("body", [TOO_MANY, {"detail": TOO_MANY}, {"detail": "Too many."}])
def test_claids_messages_are_read_at_any_depth(
    connect_claid: Callable[[Answer], Claid], body: object
) -> None:
    claid = connect_claid(lambda _: httpx.Response(429, json=body))

    with pytest.raises(ApiError, match=r"/v1/image/edit/async returned 429: Too many\.$"):
        claid.edit("https://a.example/1.jpg")


@pytest.mark.parametrize(
    ("body_message", "message"),
    [
        ("No such image.", "No such image."),
        (["details is too high.", "seed is too low."], "details is too high; seed is too low."),
        ([], "Bad Request"),
        ([7, {"no": "text"}], "Bad Request"),
    ],
)
def test_a_message_of_tengr_may_be_a_list(
    connect_tengr: Callable[[Answer], Tengr], body_message: object, message: str
) -> None:
    tengr = connect_tengr(lambda _: httpx.Response(400, json={"message": body_message, "statusCode": 400}))

    with pytest.raises(ApiError) as raised:
        tengr.upscale("https://a.example/1.jpg")

    assert raised.value.message == message


def test_a_redirect_is_an_error_and_is_not_followed(connect: Connect, sent: list[httpx.Request]) -> None:
    topaz = connect(lambda _: httpx.Response(302, headers={"Location": "https://elsewhere.example/"}))

    with pytest.raises(ApiError, match="returned 302"):
        topaz.jobs()

    assert len(sent) == 1


def test_an_error_has_the_seconds_of_retry_after(connect: Connect) -> None:
    topaz = connect(lambda _: httpx.Response(429, headers={"Retry-After": "12"}))

    with pytest.raises(ApiError) as raised:
        topaz.jobs()

    assert raised.value.retry_after == 12
    assert raised.value.is_retryable


@pytest.mark.parametrize(("status", "seconds"), [(429, 3), (422, 0)])
def test_a_rate_limit_has_the_seconds_to_wait(connect: Connect, status: int, seconds: int) -> None:
    topaz = connect(lambda _: httpx.Response(status, headers={"RateLimit-Reset": "3"}))

    with pytest.raises(ApiError) as raised:
        topaz.jobs()

    assert raised.value.retry_after == seconds


@pytest.mark.parametrize("body", [b"<html>Welcome</html>", b"{}", b"[]", b""])
def test_a_successful_response_without_required_values_is_an_error(connect: Connect, body: bytes) -> None:
    topaz = connect(lambda _: httpx.Response(200, content=body))

    with pytest.raises(InvalidResponseError, match="/status/a-job returned 200, but ") as raised:
        topaz.job("a-job").status()

    assert (raised.value.status, raised.value.body) == (200, body.decode())


def test_an_unexpected_value_in_the_response_to_a_submission_does_not_lose_the_job(connect: Connect) -> None:
    content = {"process_id": "5f0c9f5a-7d4e-4b8e-9a55-6a3f0d1c2b10", "eta": "soon", "queue": ["new"]}

    job = connect(lambda _: httpx.Response(200, json=content)).enhance(b"image")

    assert job.id == content["process_id"]


def test_a_missing_response_is_a_network_error(connect: Connect) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no route", request=request)

    with pytest.raises(NetworkError, match="no response: no route"):
        connect(answer).jobs()


def test_a_submission_is_never_sent_twice(connect: Connect, sent: list[httpx.Request]) -> None:
    topaz = connect(lambda _: httpx.Response(503))

    with pytest.raises(UnknownOutcomeError):
        topaz.denoise(b"image")

    assert len(sent) == 1


@pytest.mark.parametrize("job_id", ["", ".", ".."])
def test_an_id_that_would_be_another_path_is_rejected(connect: Connect, job_id: str) -> None:
    topaz = connect(lambda _: httpx.Response(204))

    with pytest.raises(ValueError, match="is not a job id"):
        topaz.job(job_id)


def test_a_client_of_tengr_requires_a_base_url() -> None:
    with pytest.raises(TypeError, match="base_url"):
        Tengr(api_key="key")  # type: ignore[call-arg]  # what the test is about


@pytest.mark.parametrize("base_url", ["api.example", "ftp://api.example", "http://", ""])
def test_a_base_url_that_is_not_http_is_rejected(base_url: str) -> None:
    with pytest.raises(ValueError, match="is not an http or https URL"):
        Topaz(api_key="key", base_url=base_url)


@pytest.mark.parametrize(
    "error",
    [
        ApiError(404, "Not found.", "GET https://api.example/", 1.0, "{}", {"x-trace": "7"}),
        InvalidResponseError("it has no id", "GET https://api.example/", 200, {"x-trace": "7"}, "{}"),
        JobFailedError("a-job", "Failed"),
        JobFailedError("a-job", "ERROR", "Out of film."),
        WaitTimeoutError("a-job", 3),
        WaitTimeoutError("a-job", 3, "Pending"),
        NetworkError("no response"),
    ],
)
def test_an_error_can_be_pickled(error: SafelightError) -> None:
    again = pickle.loads(pickle.dumps(error))  # noqa: S301  our own bytes, just made

    assert str(again) == str(error)
    assert vars(again) == vars(error)
