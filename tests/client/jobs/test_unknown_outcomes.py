"""A charged request with an unknown outcome is an error of its own."""

import pickle
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import httpx
import pytest

from safelight import (
    ApiError,
    Claid,
    InvalidResponseError,
    NetworkError,
    NotConnectedError,
    SafelightError,
    Tengr,
    Topaz,
    UnknownOutcomeError,
)

Answer = Callable[[httpx.Request], httpx.Response]
Connect = Callable[[Answer], Topaz]
ConnectClaid = Callable[[Answer], Claid]
ConnectTengr = Callable[[Answer], Tengr]

ID = "5f0c9f5a-7d4e-4b8e-9a55-6a3f0d1c2b10"
IMAGE = "https://a.example/1.jpg"
SUBMIT = "POST https://api.topazlabs.com/image/v1/enhance/async"


def raising(error: type[httpx.TransportError]) -> Answer:
    def answer(request: httpx.Request) -> httpx.Response:
        raise error("", request=request)

    return answer


@pytest.mark.parametrize(
    "lost",
    [
        httpx.ReadTimeout,
        httpx.ReadError,
        httpx.WriteTimeout,
        httpx.WriteError,
        httpx.CloseError,
        httpx.RemoteProtocolError,
        httpx.LocalProtocolError,
    ],
)
def test_a_submission_whose_response_is_lost_is_not_to_be_sent_again(
    connect: Connect, sent: list[httpx.Request], lost: type[httpx.TransportError]
) -> None:
    with pytest.raises(UnknownOutcomeError) as raised:
        connect(raising(lost)).enhance(b"image")

    assert not raised.value.is_retryable
    assert str(raised.value) == (
        f"{SUBMIT} got no response: {lost.__name__}; it may have been executed and charged,"
        " so do not send it again: "
        "look for the job in jobs()"
    )
    assert (raised.value.status, raised.value.job_id) == (0, "")
    assert len(sent) == 1


@pytest.mark.parametrize(
    "error", [httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError]
)
def test_a_submission_that_was_not_sent_may_be_sent_again(
    connect: Connect, error: type[httpx.TransportError]
) -> None:
    with pytest.raises(NotConnectedError) as raised:
        connect(raising(error)).enhance(b"image")

    assert isinstance(raised.value, NetworkError)
    assert raised.value.is_retryable


@contextmanager
def hanging_up(answer: bytes) -> Iterator[str]:
    """Yield the base URL of a service that reads a request, sends these bytes and closes the connection."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(5)

        def serve() -> None:
            with closing(listener.accept()[0]) as connection:
                received = b""
                while b"\r\n0\r\n\r\n" not in received and b"--\r\n" not in received:
                    received += connection.recv(65536)
                connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread.join()


def test_a_connection_closed_after_the_request_has_an_unknown_outcome() -> None:
    with (
        hanging_up(b"") as base_url,
        Topaz(api_key="k", base_url=base_url) as topaz,
        pytest.raises(UnknownOutcomeError, match="got no response: Server disconnected"),
    ):
        topaz.enhance(b"image")


def test_nothing_was_sent_to_a_closed_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    with Topaz(api_key="k", base_url=f"http://127.0.0.1:{port}") as topaz, pytest.raises(NotConnectedError):
        topaz.enhance(b"image")


def test_a_response_that_breaks_off_after_its_headers_has_the_job_id_of_the_headers() -> None:
    head = f"HTTP/1.1 200 OK\r\nX-Process-ID: {ID}\r\nContent-Length: 900\r\n\r\n{{".encode()

    with hanging_up(head) as base_url, Topaz(api_key="k", base_url=base_url) as topaz:
        assert topaz.enhance(b"image").id == ID


def test_a_response_that_breaks_off_without_a_job_id_has_an_unknown_outcome() -> None:
    with (
        hanging_up(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{") as base_url,
        Topaz(api_key="k", base_url=base_url) as topaz,
        pytest.raises(UnknownOutcomeError, match="returned 200, but the response broke off"),
    ):
        topaz.enhance(b"image")


@pytest.mark.parametrize("status", [303, 500, 502, 503, 504, 520, 524, 529, 599])
def test_a_status_with_an_unknown_outcome_is_not_retryable(connect: Connect, status: int) -> None:
    topaz = connect(lambda _: httpx.Response(status, json={"message": "Upstream hung up."}))

    with pytest.raises(
        UnknownOutcomeError, match=f"returned {status}: Upstream hung up.; it may have been executed"
    ) as raised:
        topaz.enhance(b"image")

    assert not raised.value.is_retryable
    assert isinstance(raised.value.__cause__, ApiError)
    assert (raised.value.status, raised.value.request) == (status, SUBMIT)


@pytest.mark.parametrize("status", [301, 302, 307, 400, 402, 408, 429, 501, 505, 511])
def test_a_status_of_a_rejected_request_is_an_api_error(connect: Connect, status: int) -> None:
    with pytest.raises(ApiError) as raised:
        connect(lambda _: httpx.Response(status)).enhance(b"image")

    assert raised.value.is_retryable == (status == 429)


@pytest.mark.parametrize("status", [502, 503, 504])
def test_the_same_status_of_a_call_that_costs_nothing_is_retryable(connect: Connect, status: int) -> None:
    with pytest.raises(ApiError) as raised:
        connect(lambda _: httpx.Response(status)).jobs()

    assert raised.value.is_retryable


def test_an_error_response_with_a_job_id_has_it(connect: Connect) -> None:
    topaz = connect(lambda _: httpx.Response(502, headers={"X-Process-ID": ID}))

    with pytest.raises(UnknownOutcomeError, match=f"check the status of job {ID}") as raised:
        topaz.enhance(b"image")

    assert raised.value.job_id == ID


@pytest.mark.parametrize(
    "body", [b"<html>Welcome</html>", b"{}", b"[]", b"", b'{"process_id": null}', b"[" * 9999]
)
def test_a_job_is_found_in_the_header_when_the_body_is_of_another_shape(
    connect: Connect, body: bytes
) -> None:
    answer = httpx.Response(200, content=body, headers={"X-PROCESS-ID": ID})

    assert connect(lambda _: answer).enhance(b"image").id == ID


@pytest.mark.parametrize("charset", ["hex", "idna", "undefined", "punycode", "x-unknown", "utf-16"])
def test_a_job_is_found_whatever_charset_the_response_claims(connect: Connect, charset: str) -> None:
    headers = {"X-Process-ID": ID, "Content-Type": f"text/html; charset={charset}"}

    assert (
        connect(lambda _: httpx.Response(200, content=b"<p>\xff", headers=headers)).enhance(b"image").id == ID
    )


@pytest.mark.parametrize(
    "url",
    [
        "https://api.claid.ai/v1/image/edit/async/71",
        "http://api.claid.ai/v1-beta1/image/edit/async/71",
        "/v1/image/edit/async/71/",
    ],
)
def test_a_job_is_found_in_the_url_of_its_result(
    connect_claid: ConnectClaid, sent: list[httpx.Request], url: str
) -> None:
    claid = connect_claid(lambda _: httpx.Response(200, json={"data": {"result_url": url, "id": None}}))

    assert claid.edit(IMAGE).id == "71"
    assert len(sent) == 1  # the URL itself is not requested: it may be plain http, and would receive the key


@pytest.mark.parametrize(
    "url", ["https://api.claid.ai/v1/image/edit/batch/71", "https://x.example/..", 7, ""]
)
def test_a_url_of_something_else_names_no_job(connect_claid: ConnectClaid, url: object) -> None:
    claid = connect_claid(lambda _: httpx.Response(200, json={"data": {"result_url": url}}))

    with pytest.raises(
        UnknownOutcomeError,
        match="compare the account's credits with those before this call, since jobs are not listed",
    ):
        claid.edit(IMAGE)


@pytest.mark.parametrize("named", [True, "", "..", " ", None, 1.5, {}])
def test_a_value_that_cannot_be_an_id_is_ignored(connect_tengr: ConnectTengr, named: object) -> None:
    with pytest.raises(UnknownOutcomeError, match="returned 202, but the response has no job id"):
        connect_tengr(lambda _: httpx.Response(202, json={"id": named})).detail(IMAGE)


def test_the_error_has_the_response_without_secrets(connect: Connect) -> None:
    link = "https://files.example/a.png?X-Amz-Signature=abc"
    headers = {
        "X-Trace": "7",
        "Set-Cookie": "session=abc",
        "X-Auth-Token": "abc",
        "Location": link,
        "X-Echo": "key sk-secret",
    }
    topaz = connect(
        lambda _: httpx.Response(200, text=f"<a href='{link}'>sk-secret</a>" + "x" * 9_000, headers=headers)
    )

    with pytest.raises(UnknownOutcomeError) as raised:
        topaz.enhance(b"image")

    error = raised.value
    assert error.status == 200
    assert (error.headers["x-trace"], error.headers["x-echo"]) == ("7", "key ***")
    assert (error.headers["set-cookie"], error.headers["x-auth-token"]) == ("***", "***")
    assert error.headers["location"] == "https://files.example/a.png?***"
    assert error.body.startswith("<a href='https://files.example/a.png?***'>***</a>xxx")
    assert len(error.body) == 2_000
    assert isinstance(error.__cause__, InvalidResponseError)
    assert (error.__cause__.status, error.__cause__.headers, error.__cause__.body) == (
        200,
        error.headers,
        error.body,
    )


@pytest.mark.parametrize(
    "call",
    [lambda claid: claid.edit_now(IMAGE), lambda claid: claid.upload(b"image")],
)
def test_a_synchronous_edit_is_charged_too(
    connect_claid: ConnectClaid, call: Callable[[Claid], object]
) -> None:
    with pytest.raises(UnknownOutcomeError, match="compare the account's credits with those before"):
        call(connect_claid(raising(httpx.ReadTimeout)))
    with pytest.raises(UnknownOutcomeError, match="returned 504"):
        call(connect_claid(lambda _: httpx.Response(504)))
    with pytest.raises(ApiError, match="returned 422"):
        call(connect_claid(lambda _: httpx.Response(422)))
    with pytest.raises(InvalidResponseError, match="returned 200, but it has no output"):
        call(connect_claid(lambda _: httpx.Response(200, json={"data": {}})))


def test_a_loop_that_obeys_the_error_pays_once(connect: Connect, sent: list[httpx.Request]) -> None:
    answers = iter([httpx.ConnectError, httpx.ReadTimeout, httpx.ReadTimeout])

    def answer(request: httpx.Request) -> httpx.Response:
        raise next(answers)("", request=request)

    topaz = connect(answer)
    for _ in range(3):
        try:
            topaz.enhance(b"image")
        except SafelightError as error:
            if not error.is_retryable:
                break

    assert len(sent) == 2


def test_the_error_can_be_pickled() -> None:
    error = UnknownOutcomeError(SUBMIT, "returned 502", "look", ID, 502, {"a": "b"}, "body")

    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes, just made

    assert (str(again), vars(again)) == (str(error), vars(error))
