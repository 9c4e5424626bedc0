"""Masks API keys and signed URLs in log lines and errors."""

import json
import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from urllib.parse import quote

MASK = "***"
MIN_SUBSTRING_LENGTH = 8  # a key of at least this length is not part of a word, so it is masked anywhere
MOST_HEADERS, LONGEST_HEADER = 100, 500
# A run of characters that URLs consist of, in text, JSON or HTML. A pattern for the URL itself would be tried
# again at each "http" of a long text, which takes quadratic time.
URL_CHARACTERS = re.compile(r"""[^\s"'<>]+""")
SCHEME = re.compile(r"https?:(?:\\?/){2}", re.IGNORECASE)
QUERY = re.compile(r"(?:\?|%3F)(?=.)", re.IGNORECASE)
VALUE = re.compile(r"=|%3D", re.IGNORECASE)
USERINFO = re.compile(r"""(https?:(?:\\?/){2})[^\s"'<>/?#]*@""", re.IGNORECASE)
SECRET_HEADER = re.compile(r"cookie|authori[sz]ation|authenticat|token|secret|signature|api-?key")
# httpx logs complete URLs, the loggers of httpcore log headers, which include the targets of redirects.
LOGGERS = ("httpx", *(f"httpcore.{part}" for part in ("connection", "http11", "http2", "proxy", "socks")))


@dataclass(frozen=True, slots=True)
class Redactor:
    """Masks one key, and the query of every URL, because a signed URL gives access to a file."""

    keys: tuple[re.Pattern[str], ...] = field(default=(), repr=False)

    @classmethod
    def for_key(cls, key: str) -> "Redactor":
        """Return a redactor for a key as it is, and as it is escaped in JSON and URLs.

        A short key is masked only as a separate word, because it may be part of other words.
        """
        spellings = dict.fromkeys((key, json.dumps(key)[1:-1], quote(key, safe="")))
        edge = ("", "") if len(key) >= MIN_SUBSTRING_LENGTH else (r"(?<![\w-])", r"(?![\w-])")
        return cls(tuple(re.compile(f"{edge[0]}{re.escape(it)}{edge[1]}") for it in spellings if it))

    def redact(self, text: str) -> str:
        """Return a text with the key, and the queries and passwords of URLs, masked."""
        redacted = USERINFO.sub(rf"\1{MASK}@", URL_CHARACTERS.sub(_without_query, text))
        for key in self.keys:
            redacted = key.sub(MASK, redacted)
        return redacted

    def headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        """Return at most MAX_HEADERS headers by lower-case name; secret ones are masked, long ones cut."""
        return {
            name: MASK if SECRET_HEADER.search(name) else self.redact(value[:LONGEST_HEADER])
            for name, value in [*headers.items()][:MOST_HEADERS]
        }


def _without_query(match: re.Match[str]) -> str:
    """Mask what follows the question mark of a URL, or of a path whose query has values.

    A URL inside another URL has its question mark as `%3F`.
    """
    mark = QUERY.search(match[0])
    if mark and (VALUE.search(match[0], mark.end()) or SCHEME.search(match[0])):
        return f"{match[0][: mark.end()]}{MASK}"
    return match[0]


CURRENT_REDACTOR: ContextVar[Redactor | None] = ContextVar("safelight.redactor", default=None)


@contextmanager
def redacted_logs(redactor: Redactor) -> Iterator[None]:
    """Redact what httpx and httpcore log about requests that are sent in this block.

    Filters are added to their loggers once and stay there; they act only where the context variable is set,
    so other threads, tasks and httpx clients of the program log as before.
    """
    for name in LOGGERS:
        logging.getLogger(name).addFilter(_redact)  # has no effect if the filter was added before
    outer = CURRENT_REDACTOR.set(redactor)
    try:
        yield
    finally:
        CURRENT_REDACTOR.reset(outer)


def _redact(record: logging.LogRecord) -> bool:
    redactor = CURRENT_REDACTOR.get()
    if redactor is not None:
        record.msg = redactor.redact(str(record.msg))
        if isinstance(record.args, tuple):
            record.args = tuple(
                it if isinstance(it, int | float) else redactor.redact(str(it)) for it in record.args
            )
    return True
