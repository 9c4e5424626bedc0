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
    """Which response a webhook repeats as its body: that of the operation of `read`, or of `result`."""

    READ = "read"
    RESULT = "result"


class EventFilter(Record):
    """How a submission selects the states that it is notified of.

    `place` is that of a list of event names in its request, `words` has the states of each name.
    """

    place: Expression
    words: Mapping[str, StateSet]

    def selected(self, names: JSON) -> list[StateSet] | None:
        """Return the states of the listed names.

        None without a list: then all states of the rule are notified.
        """
        if not isinstance(names, list):
            return None
        return [self.words[name] for name in names if isinstance(name, str) and name in self.words]


class RetryRule(Record):
    """Which outcomes are retried (`4xx`, `5xx`, `network`, `timeout`), and after how many seconds.

    Either `waits` lists all waits, or the first is `first` and each next one is `factor` times as long, at
    most `ceiling`. `attempts` includes the first attempt. `timeout`: seconds until an attempt without a
    response has failed; None: the server's default.
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

    By `source`:

    - ACCOUNT: it is a setting of the account
    - FIELD: it is at `place` in the submission's request; without it nothing is signed
    - OPERATION: `operation` responds with it at `place`. If it `rotates`, each call makes a new one, and
      nothing is signed before the first call
    - KEYS: `keys` is the URL of the API's public keys (a JSON Web Key Set)
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
    the header of the time, in seconds. Standard Webhooks prescribes header, format, content and timestamp:
    they are not read from here.
    """

    scheme: SignatureScheme
    secret: Secret
    header: str = ""
    format: str = ""
    content: str = "{body}"
    timestamp: str = ""


class DeliveryRule(Record):
    """One webhook.

    The OpenAPI document describes it under `webhook`, or under the webhook that `events` has for the job's
    word or state, or as the `callback` of the submit operation. `target`: the place of the URL in the
    submission's request; None: the account has one URL. `is_public`: that URL must be HTTPS on a public host.
    `body`: None makes it from the document's schema. `method` and the names of headers are texts, or places
    in the request.
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
