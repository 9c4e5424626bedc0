"""Webhooks: what is sent where, at which states, how it is signed, and when it is tried again."""

from collections.abc import Mapping
from enum import StrEnum

from safelight_lifecycle._conditions import ALWAYS, Condition
from safelight_lifecycle._expressions import Expression
from safelight_lifecycle._pointers import JSON
from safelight_lifecycle._record import EMPTY, Record
from safelight_lifecycle._values import Pointer, Value
from safelight_lifecycle._words import StateSet


class BodyOf(StrEnum):
    """The operation whose response a webhook's body is like: that which reads, or that of the result."""

    READ = "read"
    RESULT = "result"


class EventFilter(Record):
    """How a submission selects among the notified states: the place of a list of names, and their states."""

    place: Expression
    words: Mapping[str, StateSet]

    def selected(self, names: JSON) -> list[StateSet] | None:
        """Return the states of the listed names; None if the submission selects nothing."""
        if not isinstance(names, list):
            return None
        return [self.words[name] for name in names if isinstance(name, str) and name in self.words]


class RetryRule(Record):
    """Which outcomes are tried again (`4xx`, `5xx`, `network`, `timeout`), and after how many seconds.

    The waits are listed, or begin with `first` and grow by `factor` up to `ceiling`. `attempts` counts the
    first one; `timeout` is how long a response is waited for, None for the server's own.
    """

    on: frozenset[str]
    waits: tuple[float, ...] = ()
    first: float = 0.0
    factor: float = 1.0
    ceiling: float | None = None
    attempts: int = 1
    timeout: float | None = None


class SecretSource(StrEnum):
    """Where a secret or key comes from."""

    ACCOUNT = "account"
    FIELD = "field"
    OPERATION = "operation"
    KEYS = "keys"


class Secret(Record):
    """Where the secret or key of a signature comes from.

    `place` is that of a field of the request, without which nothing is signed, or that in the response of
    `operation`. An operation that `rotates` it gives another one each time: before the first nothing is
    signed. `keys` is the address of the API's public keys, a JSON Web Key Set.
    """

    source: SecretSource
    place: Expression | None = None
    operation: str = ""
    rotates: bool = False
    keys: str = ""


class SignatureScheme(StrEnum):
    """How a webhook is signed: `echo` sends the secret itself; of `unverified` only the secret is known."""

    HMAC_SHA256 = "hmac-sha256"
    STANDARD_WEBHOOKS = "standard-webhooks"
    ED25519 = "ed25519"
    ECHO = "echo"
    UNVERIFIED = "unverified"


class Unsigned(StrEnum):
    """Why a webhook has no signature: it is not signed, or nothing is known of it."""

    NONE = "none"
    UNVERIFIED = "unverified"


class Signature(Record):
    """The header of a signature, its value, and what is signed.

    `format` has `{hex}`, `{base64}`, `{timestamp}` or `{secret}`; `content` has `{body}`, `{sha256}` (of the
    body), `{timestamp}`, `{id}` (of the notification) and headers that are sent, `{X-Name}`. `timestamp` is
    the header of the time, in seconds. Of Standard Webhooks all four are fixed, and empty here.
    """

    scheme: SignatureScheme
    secret: Secret
    header: str = ""
    format: str = ""
    content: str = "{body}"
    timestamp: str = ""


class DeliveryRule(Record):
    """One webhook.

    Its description in the document is that of `webhook`, of one of `events` by state or word (see `by_word`),
    or of a `callback` of the submission. `target` is the place of the URL in the submission's request, None
    for a setting of the account; `is_public` if it must be HTTPS on a public host. `body` is None if only the
    document says what is sent. `method` and the names of headers are texts, or places in the request.
    """

    target: Expression | None
    on: StateSet
    sign: Signature | Unsigned
    is_public: bool = False
    webhook: str = ""
    events: Mapping[str, str] = EMPTY
    callback: str = ""
    body: BodyOf | Mapping[Pointer, Value] | None = None
    filter: EventFilter | None = None
    when: Condition = ALWAYS
    method: Expression | str = "POST"
    headers: Mapping[Expression | str, Value] = EMPTY
    retry: RetryRule | None = None
