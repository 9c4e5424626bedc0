"""Keys and signed URLs are masked in log lines and errors, and nothing else is changed."""

import logging
import traceback
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import httpx
import pytest

from safelight import ApiError, Claid, EditResult, JobFailedError, SafelightError, Topaz
from safelight._http.redaction import Redactor

Connect = Callable[[Callable[[httpx.Request], httpx.Response]], Topaz]
ConnectClaid = Callable[[Callable[[httpx.Request], httpx.Response]], Claid]

SIGNED = "X-Amz-Signature=0a1b2c"


@pytest.mark.parametrize(
    ("key", "text", "shown"),
    [
        ("k", "Bad token", "Bad token"),
        ("k", "Unknown key k.", "Unknown key ***."),
        ("k", '{"key": "k"}', '{"key": "***"}'),
        ("message", '{"message": "No."}', '{"***": "No."}'),
        ("sk-secret", "Unknown key 'sk-secret'.", "Unknown key '***'."),
        ("sk-secret", "Bearer_sk-secretx", "Bearer_***x"),
        ("abc+def/8==", "x&abc%2Bdef%2F8%3D%3D abc+def/8==", "x&*** ***"),
        ('quo"te\\12', r'{"key": "quo\"te\\12"}', '{"key": "***"}'),
        ("", "Bad token", "Bad token"),
    ],
)
def test_a_key_is_masked_and_nothing_else_is(key: str, text: str, shown: str) -> None:
    assert Redactor.for_key(key).redact(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"see https://f.example/a.png?{SIGNED}&b=2 now", "see https://f.example/a.png?*** now"),
        (f'{{"url":"https:\\/\\/f.example\\/a?{SIGNED}"}}', '{"url":"https:\\/\\/f.example\\/a?***"}'),
        ("HTTPS://f.example?token", "HTTPS://f.example?***"),
        (f"(b'Location', b'/a?{SIGNED}')", "(b'Location', b'/a?***')"),
        ("http://user:word@f.example/a", "http://***@f.example/a"),
        ("http://user:w@rd@f.example/a", "http://***@f.example/a"),
        ("moved?https://f.example/a?token", "moved?***"),
        (
            f"to=https%3A%2F%2Ff.example%2Fa%3F{SIGNED.replace('=', '%3D')}",
            "to=https%3A%2F%2Ff.example%2Fa%3F***",
        ),
        (
            f"https://proxy.example/https%3a%2f%2ff.example%2fa%3f{SIGNED}",
            "https://proxy.example/https%3a%2f%2ff.example%2fa%3f***",
        ),
        ("https://f.example/a?", "https://f.example/a?"),
        ("Why? Because.", "Why? Because."),
        ("Why?Because.", "Why?Because."),
        (
            "What is wrong? See https://docs.example/errors#422",
            "What is wrong? See https://docs.example/errors#422",
        ),
        ("a@b.example", "a@b.example"),
    ],
)
def test_only_the_query_of_a_url_is_masked(text: str, shown: str) -> None:
    assert Redactor().redact(text) == shown


def test_a_message_of_a_service_is_not_garbled_by_a_short_key() -> None:
    answer = httpx.Response(401, json={"message": "Bad token"})
    transport = httpx.MockTransport(lambda _: answer)

    for key in ("k", "message", "Bad"):
        with Topaz(api_key=key, transport=transport) as topaz, pytest.raises(ApiError) as raised:
            topaz.jobs()
        assert raised.value.message == ("*** token" if key == "Bad" else "Bad token")


@pytest.fixture
def file_host() -> Iterator[str]:
    """Yield the origin of a host that redirects to the signed URL of a file, and echoes the request."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            moved = not self.path.startswith("/moved")
            self.send_response(302 if moved else 200)
            if moved:
                self.send_header("Location", f"/moved{self.path}")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Log nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_no_log_line_contains_a_complete_signed_url(
    file_host: str, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)

    with Topaz(api_key="sk-secret", base_url=file_host) as topaz:
        session = topaz.job("7")._client.operations.session
        EditResult(url=f"{file_host}/a.png?{SIGNED}", details={}, _session=session).save(tmp_path / "a.png")

    assert f"HTTP Request: GET {file_host}/moved/a.png?***" in caplog.text
    assert "b'Location', b'/moved/a.png?***'" in caplog.text
    assert SIGNED not in caplog.text


def test_logs_of_other_clients_are_unchanged(
    file_host: str, caplog: pytest.LogCaptureFixture, connect: Connect
) -> None:
    caplog.set_level(logging.INFO)
    connect(lambda _: httpx.Response(200, json=[])).jobs()

    httpx.get(f"{file_host}/moved?{SIGNED}")

    assert f"HTTP Request: GET {file_host}/moved?{SIGNED}" in caplog.text


def test_a_record_keeps_its_template_and_its_numbers(
    connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="httpx")

    connect(lambda _: httpx.Response(200, json=[])).jobs()

    (record,) = caplog.records
    assert record.msg == 'HTTP Request: %s %s "%s %d %s"'
    assert isinstance(record.args, tuple)
    assert record.args[3] == 200


def test_a_link_in_the_reason_of_a_failure_is_masked(connect_claid: ConnectClaid) -> None:
    errors = [{"error": f"https://f.example/in.png?{SIGNED} is damaged."}]
    content = {"data": {"id": 7, "status": "ERROR", "errors": errors}}
    job = connect_claid(lambda _: httpx.Response(200, json=content)).job("7")

    with pytest.raises(JobFailedError, match=r"https://f\.example/in\.png\?\*\*\* is damaged") as raised:
        job.wait()

    assert SIGNED not in f"{raised.value} {job.status()!r}"


def test_a_rejected_link_is_not_quoted(connect: Connect, tmp_path: Path) -> None:
    link = f"https://f.example/a.png?{SIGNED}"

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host == "f.example":
            return httpx.Response(500, text=f"<Error>{link}</Error>", headers={"Location": link})
        return httpx.Response(200, json={"download_url": link})

    with pytest.raises(SafelightError) as raised:
        connect(answer).job("7").save(tmp_path / "a.png")

    assert SIGNED not in "".join(traceback.format_exception(raised.value)) + str(vars(raised.value))
    assert SIGNED not in repr(
        EditResult(
            url=link, details={"tmp_url": link}, _session=connect(answer).job("7")._client.operations.session
        )
    )
