"""Turns recorded values into those of a scenario: placeholders for what differs each time, and no secrets."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

from safelight_mock.recording.links import Links
from safelight_mock.recording.secrets import URL, Secrets, without_query
from safelight_mock.wire.messages import JSON
from safelight_mock.wire.redaction import MASK, is_secret

TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|\+00:00)?", re.ASCII)
BEFORE, AFTER = 86_400.0, 400 * 86_400.0  # seconds around a submission in which a number is a time
PRECISE = 6  # digits of a second that a placeholder has
MOST = 100  # files of a job, as scenarios have it
LONG = 6  # characters of an id that is found within texts
OWN = "${own}"


class Files:
    """Names of the files of a job, by digest, in the order in which they are first named."""

    def __init__(self) -> None:
        self.by_digest: dict[str, str] = {}

    def name(self, digest: str) -> str:
        """Return the name of a file; empty for one beyond those that a job may have."""
        if digest not in self.by_digest and len(self.by_digest) >= MOST:
            return ""
        return self.by_digest.setdefault(digest, str(len(self.by_digest) + 1))


class Template(NamedTuple):
    """Makes templates of the bodies of one job, by its id and, by the service's clock, its submission."""

    links: Links
    secrets: Secrets
    job: str
    submitted: float
    files: Files

    def json(self, value: JSON) -> JSON:
        """Return a value with placeholders."""
        if isinstance(value, Mapping):
            return {
                self.secrets.masked(name): (
                    OWN if isinstance(one, str) and one and is_secret(name) else self.json(one)
                )
                for name, one in value.items()
            }
        if isinstance(value, list):
            return [self.json(one) for one in value]
        if isinstance(value, str):
            return self.text(value)
        return value if isinstance(value, bool) or value is None else self._number(value)

    def text(self, text: str) -> str:
        """Return a text with placeholders."""
        time = TIME.fullmatch(text)
        if time is not None:
            return self._time(time)
        if URL.fullmatch(text) and self.links.has(text) and not self.links.digest_of(text):
            return OWN  # nothing is known of the file but that there is one
        last, pieces = 0, []
        for match in URL.finditer(text):
            pieces += [self._plain(text[last : match.start()]), self._url(match[0])]
            last = match.end()
        return "".join((*pieces, self._plain(text[last:])))

    def _plain(self, text: str) -> str:
        text = self.secrets.masked(text).replace("${", "$${")
        is_id = text == self.job or (len(self.job) >= LONG and self.job in text)
        return text.replace(self.job, "${job}") if self.job and is_id else text

    def _url(self, url: str) -> str:
        digest = self.links.digest_of(url)
        name = self.files.name(digest) if digest else ""
        if name:
            return f"${{file {name}}}"
        below = self.links.below_api(url)
        if below is None:
            return self._plain(without_query(url))
        path, _, query = below.partition("?")
        kept = [(name, value) for name, value in parse_qsl(query) if value == self.job or value.isalnum()]
        open_ = urlencode([pair for pair in kept if not is_secret(pair[0])])
        return f"${{api}}{self._plain(path)}{f'?{self._plain(open_)}' if open_ else ''}"

    def _time(self, match: re.Match[str]) -> str:
        seconds, fraction, zone = match[1], match[2] or "", match[3] or ""
        try:
            at = datetime.fromisoformat(f"{seconds}+00:00").timestamp() + float(f"0.{fraction or 0}")
        except ValueError:  # the 30th of February
            return match[0]
        if not self._is_near(at):
            return match[0]
        digits = f".{min(len(fraction), PRECISE)}" if fraction else ""
        return f"${{time{digits} {self._since(at)}}}{'0' * (len(fraction) - PRECISE)}{zone}"

    def _number(self, value: float) -> JSON:
        if str(value) == self.job:
            return "${job int}"
        if self._is_near(value):
            return f"${{unix {self._since(value)}}}"
        return f"${{unix_ms {self._since(value / 1000)}}}" if self._is_near(value / 1000) else value

    def _is_near(self, at: float) -> bool:
        return self.submitted - BEFORE <= at <= self.submitted + AFTER

    def _since(self, at: float) -> str:
        return f"{at - self.submitted:.3f}".rstrip("0").rstrip(".")


def constant(value: JSON, secrets: Secrets) -> JSON:
    """Return a value without secrets for a rule, whose bodies have no placeholders."""
    if isinstance(value, Mapping):
        return {
            secrets.masked(name): (
                MASK if isinstance(one, str) and one and is_secret(name) else constant(one, secrets)
            )
            for name, one in value.items()
        }
    if isinstance(value, list):
        return [constant(one, secrets) for one in value]
    return without_secrets(value, secrets) if isinstance(value, str) else value


def without_secrets(text: str, secrets: Secrets) -> str:
    """Return a text without keys, and with the URLs in it cut before their queries."""
    return secrets.masked(URL.sub(lambda match: without_query(match[0]), text))
