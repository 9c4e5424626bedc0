"""Sends webhooks to receivers in this process, and all others as the server does by itself."""

import logging
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import NamedTuple
from urllib.parse import urlsplit

import httpx

from safelight_mock.core.webhook import Outcome
from safelight_mock.outgoing.http import FIELDS
from safelight_mock.webhooks.attempts import Sender
from safelight_mock.wire.redaction import masked
from safelight_testing._apps.app_loop import BlockedLoopError, EndedLoopError
from safelight_testing._apps.receivers import Receiver

PORTS = {"http": 80, "https": 443}
BROKEN = 500

log = logging.getLogger("safelight_testing")


class Address(NamedTuple):
    """Scheme, host and port of a URL, and its path without a slash at the end."""

    scheme: str
    host: str
    port: int
    path: str

    @classmethod
    def of(cls, url: str) -> "Address":
        """Read a URL; raises ValueError for one that is not HTTP."""
        parts = urlsplit(url)
        if parts.scheme not in PORTS or not parts.hostname:
            raise ValueError(f"{url!r} must be a URL such as https://shop.example/hooks")
        return cls(parts.scheme, parts.hostname, parts.port or PORTS[parts.scheme], parts.path.rstrip("/"))

    def covers(self, other: "Address") -> bool:
        """Return whether another one is here or below."""
        return self[:3] == other[:3] and f"{other.path}/".startswith(f"{self.path}/")


class AppSender:
    """Sends to the receiver whose address covers the target, the longest if there are several.

    `make_other` makes the sender of all other webhooks when the first one is sent. `now` is in seconds of the
    test's clock.
    """

    def __init__(
        self,
        receivers: Mapping[Address, Receiver],
        make_other: Callable[[], Sender],
        now: Callable[[], float],
    ) -> None:
        self._receivers = receivers
        self._make_other = make_other
        self._now = now

    def post(
        self, target: str, headers: Mapping[str, str], body: bytes, method: str, *, within: float
    ) -> tuple[Outcome, int]:
        """Return the outcome and status of the response; an application that raises responds with 500.

        One that has slept for longer than `within`, on the clock of the test, has not responded in time.
        """
        receiver = self._receiver(target)
        if receiver is None:
            return self._other.post(target, headers, body, method, within=within)
        began = self._now()
        request = httpx.Request(method, target, headers={**FIELDS, **headers}, content=body)
        try:
            status = receiver.status_of(request)
        except BlockedLoopError:
            raise
        except EndedLoopError:
            return Outcome.NETWORK, 0
        except Exception:
            log.exception(
                "the receiver of webhooks at %s raised an error, which is a response of 500", masked(target)
            )
            status = BROKEN
        return (Outcome.TIMEOUT, 0) if self._now() - began > within else (Outcome.of(status), status)

    def close(self) -> None:
        """Close the sender of other webhooks."""
        if "_other" in self.__dict__:
            self._other.close()

    def _receiver(self, target: str) -> Receiver | None:
        try:
            wanted = Address.of(target)
        except ValueError:
            return None
        covering = [address for address in self._receivers if address.covers(wanted)]
        return self._receivers[max(covering, key=lambda one: len(one.path))] if covering else None

    @cached_property
    def _other(self) -> Sender:
        return self._make_other()
