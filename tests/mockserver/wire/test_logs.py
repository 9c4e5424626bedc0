"""Whatever callers send, a line of the log stays one line, obeys no terminal, and opens nothing."""

import io
import json
import logging
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import safelight_mock
from safelight_mock.adapters.access_log import as_json, as_text
from safelight_mock.core import Outcome
from safelight_mock.outgoing.allowed_hosts import AllowedHosts
from safelight_mock.webhooks.http_sender import HttpSender
from safelight_mock.wire import Request, Response
from safelight_mock.wire.logs import clean, escaped, legible, log, log_to_stderr

HOSTILE = "\r\nPOST /forged 200\x1b[31m\x9b31m\x7f\u202e\u2066\u2028\ud800"
SHOWN = r"\r\nPOST /forged 200\x1b[31m\x9b31m\x7f\u202e\u2066\u2028\ud800"
SIGNED = "https://s3.example/a.jpg?X-Amz-Expires=60&X-Amz-Signature=open-sesame"


@given(st.text())
def test_what_is_logged_is_one_line_of_printable_text(text: str) -> None:
    assert escaped(text).isprintable()
    assert legible(text).isprintable()


def test_ordinary_text_in_any_script_is_not_changed() -> None:
    assert escaped("kötü token: 無効 🙂 a\\b") == "kötü token: 無効 🙂 a\\b"
    assert escaped("kötü\na\\b") == "kötü\\na\\b"


def test_each_hostile_character_is_shown_as_what_it_is() -> None:
    assert escaped(HOSTILE) == SHOWN


def test_a_log_line_is_not_longer_than_what_is_kept_of_a_text() -> None:
    assert len(legible("a" * 1_000_000)) == 2_000


@pytest.mark.parametrize("text", ["?" * 300_000, "?" + "key" * 100_000, "://" * 100_000, "&a" * 150_000])
def test_a_long_text_is_masked_at_once(text: str) -> None:
    assert legible(text) == text[:2_000]  # with a pattern that is quadratic, one of these takes minutes


@pytest.mark.internal_error
def test_arguments_and_templates_are_cleaned(caplog: pytest.LogCaptureFixture) -> None:
    log.error("%s and %d", f"{HOSTILE} {SIGNED}", 7)

    assert caplog.messages == [f"{SHOWN} https://s3.example/a.jpg?X-Amz-Expires=60&X-Amz-Signature=*** and 7"]


@pytest.mark.internal_error
def test_a_traceback_can_neither_forge_a_line_nor_show_a_link(caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> None:
        raise ValueError(f"{HOSTILE} {SIGNED}")

    try:
        broken()
    except ValueError:
        log.exception("it broke")

    first, *rest = caplog.text.splitlines()
    assert first.endswith("it broke")
    assert all(line.startswith("    ") and line.isprintable() for line in rest)
    assert r"    POST /forged 200\x1b[31m" in caplog.text
    assert rest[0] == "    Traceback (most recent call last):"
    assert rest[3] == f'      File "{__file__}", line {broken.__code__.co_firstlineno + 1}, in broken'
    assert "open-sesame" not in caplog.text


def test_a_refused_webhook_address_cannot_forge_a_line(caplog: pytest.LogCaptureFixture) -> None:
    with closing(HttpSender(AllowedHosts(frozenset(), lambda: True))) as post:
        refused = post.post(f"https://hooks.example/{HOSTILE}?token=open-sesame", {}, b"{}")

    (line,) = caplog.messages
    assert refused == (Outcome.NOT_ALLOWED, 0)
    assert line.isprintable()
    assert SHOWN in line
    assert "open-sesame" not in line


def test_the_reason_of_a_refused_call_is_cleaned_in_both_logs() -> None:
    refused = Response.json(400, {"message": SIGNED + " \u202e\x9b is no image"})
    call = Request(method="POST", path="/a", at=0)

    text, result = as_text(call, refused, 400, None), json.loads(as_json(call, refused, 400, None))["reason"]

    assert text == f"POST /a 400: {result}"
    assert result == r"https://s3.example/a.jpg?X-Amz-Expires=60&X-Amz-Signature=*** \u202e\x9b is no image"


def test_every_log_call_uses_the_cleaning_logger() -> None:
    package = Path(safelight_mock.__file__).parent
    loggers = {file.name for file in package.rglob("*.py") if "getLogger" in file.read_text("utf-8")}

    assert loggers == {"logs.py"}


def test_what_libraries_log_is_cleaned_by_the_commands_handler() -> None:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.addFilter(clean)

    handler.handle(logging.makeLogRecord({"name": "asyncio", "msg": f"odd: {HOSTILE}"}))

    assert written.getvalue() == f"odd: {SHOWN}\n"


@contextmanager
def unconfigured() -> Iterator[None]:
    """Let a block configure logging as a command does, without the handlers of pytest, and undo that."""
    root, uvicorn = logging.getLogger(), logging.getLogger("uvicorn")
    handlers, levels = root.handlers[:], [(one, one.level) for one in (root, log, uvicorn)]
    root.handlers.clear()
    try:
        yield
    finally:
        root.handlers[:] = handlers
        for logger, level in levels:
            logger.setLevel(level)


def test_a_command_writes_its_own_log_from_a_level_on_and_errors_of_libraries(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with unconfigured():
        log_to_stderr(logging.WARNING)

        log.info("not shown")
        log.warning(HOSTILE)
        logging.getLogger("library").warning("not shown")
        logging.getLogger("library").error(HOSTILE)
        logging.getLogger("uvicorn").error("not shown")

    assert capsys.readouterr().err == f"{SHOWN}\n{SHOWN}\n"
