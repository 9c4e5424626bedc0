"""Keys and signed links, taken out of log lines and of what errors say."""

import json
import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from urllib.parse import quote

MASK = "***"
LONG = 8  # a key of as many characters is part of no word, so it is masked wherever it stands
MOST_HEADERS, LONGEST_HEADER = 100, 500
# Where a URL may stand in text, JSON or HTML: a whole run of what is in URLs. A pattern for the URL itself
# would be tried again at each "http" of a long text, in time that grows with its square.
RUN = re.compile(r"""[^\s"'<>]+""")
SCHEME = re.compile(r"https?:(?:\\?/){2}", re.IGNORECASE)
QUERY = re.compile(r"(?:\?|%3F)(?=.)", re.IGNORECASE)
VALUE = re.compile(r"=|%3D", re.IGNORECASE)
USERINFO = re.compile(r"""(https?:(?:\\?/){2})[^\s"'<>/?#]*@""", re.IGNORECASE)
SECRET_HEADER = re.compile(r"cookie|authori[sz]ation|authenticat|token|secret|signature|api-?key")
# Loggers of what sends for us: the first writes whole URLs, the others headers with links of redirects.
LOGGERS = ("httpx", *(f"httpcore.{part}" for part in ("connection", "http11", "http2", "proxy", "socks")))


@dataclass(frozen=True, slots=True)
class Redactor:
    """Masks one key, and the query of every URL: who has a signed link has the file."""

    keys: tuple[re.Pattern[str], ...] = field(default=(), repr=False)

    @classmethod
    def of(cls, key: str) -> "Redactor":
        """Return one that masks a key as it is, and as JSON and URLs spell it.

        A short key is masked only as a word of its own, or it would garble what it happens to be part of.
        """
        spellings = dict.fromkeys((key, json.dumps(key)[1:-1], quote(key, safe="")))
        edge = ("", "") if len(key) >= LONG else (r"(?<![\w-])", r"(?![\w-])")
        return cls(tuple(re.compile(f"{edge[0]}{re.escape(it)}{edge[1]}") for it in spellings if it))

    def text(self, text: str) -> str:
        """Return a text without the key, queries and passwords of URLs."""
        shown = USERINFO.sub(rf"\1{MASK}@", RUN.sub(_without_query, text))
        for key in self.keys:
            shown = key.sub(MASK, shown)
        return shown

    def headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        """Return headers by lower-case name, as many as an error should hold; secret ones are masked."""
        return {
            name: MASK if SECRET_HEADER.search(name) else self.text(value[:LONGEST_HEADER])
            for name, value in [*headers.items()][:MOST_HEADERS]
        }


def _without_query(match: re.Match[str]) -> str:
    """Mask what follows the question mark of a URL, or of a path with a query that has values.

    A URL inside another one has its question mark as `%3F`.
    """
    mark = QUERY.search(match[0])
    if mark and (VALUE.search(match[0], mark.end()) or SCHEME.search(match[0])):
        return f"{match[0][: mark.end()]}{MASK}"
    return match[0]


CURRENT: ContextVar[Redactor | None] = ContextVar("safelight.redactor", default=None)


@contextmanager
def redacted_logs(redactor: Redactor) -> Iterator[None]:
    """Redact what the libraries log about requests that are sent in this block, and nothing else they log."""
    for name in LOGGERS:
        logging.getLogger(name).addFilter(_redact)  # which does nothing if the filter is there already
    outer = CURRENT.set(redactor)
    try:
        yield
    finally:
        CURRENT.reset(outer)


def _redact(record: logging.LogRecord) -> bool:
    redactor = CURRENT.get()
    if redactor is not None:
        record.msg = redactor.text(str(record.msg))
        if isinstance(record.args, tuple):
            record.args = tuple(
                it if isinstance(it, int | float) else redactor.text(str(it)) for it in record.args
            )
    return True
