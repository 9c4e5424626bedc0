"""A vendor as a value: its handlers, keys, errors and settings."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

import msgspec

from safelight_mock.core.engine import Engine
from safelight_mock.core.job import Inspections, Job, Look, Status, look_at
from safelight_mock.wire.api_keys import KeySource, MagicKeys
from safelight_mock.wire.errors import Errors
from safelight_mock.wire.framework import DOCUMENTED, Framework
from safelight_mock.wire.messages import JSON, Call, Hold, Reply
from safelight_mock.wire.object_store import RecipeOf

Handler = Callable[[Engine, Call], Reply | Hold]
WebhookPayload = Callable[[Engine, Call, Status, UUID], JSON]


class LookAt(Protocol):
    """Looks at a job's inputs; raises UnjudgedError."""

    def __call__(self, job: Job, inspections: Inspections) -> Look:
        """Return what is seen."""


IgnoredFields = Callable[[str, Call], Iterable[str]]
Plain = str | int | float | bool
Permit = Callable[[str, str, Mapping[str, Plain]], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A choice of ours where the vendor's documents are silent.

    A number lies between `least` and `most`, a text is one of the `choices`, if there are any. Without a
    `default` it is as the vendor's lifecycle declares, and `kind` says what it is.
    """

    default: Plain | None
    about: str
    least: float = 0.0
    most: float = 1e9
    choices: tuple[str, ...] = ()
    kind: type[Plain] | None = None

    def read(self, value: Plain) -> Plain:
        """Read a value, typed or as text; raises ValueError for one that does not fit."""
        kind: type[Plain] = self.kind or type(self.default)  # type: ignore[assignment] # one of the two is there
        try:
            read: Plain = msgspec.convert(value, kind, strict=False)
        except msgspec.ValidationError as error:
            raise ValueError(f"{value!r} is no {kind.__name__}") from error
        if isinstance(read, int | float) and not self.least <= read <= self.most:
            raise ValueError(f"{value} does not lie between {self.least:g} and {self.most:g}")
        if self.choices and read not in self.choices:
            raise ValueError(f"{value!r} is none of {', '.join(self.choices)}")
        return read


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """All that tells one vendor from another, its document aside.

    - `recipe`: how a job's result is made.
    - `look`: looks at a job's inputs once its success is due; may say why none comes.
    - `auth`: where a request has its API key; the first source that has one counts.
    - `magic_keys`: prefixes of keys that make an error.
    - `permit`: raises Problem for a key that may not make requests of this method, under these settings.
    - `errors`: the vendor's error responses.
    - `body_limit`: in bytes.
    - `request_id_header`: the header that gives every response an id of its own, if there is one.
    - `job_header`: the header that names the job of a synchronous call; one that fails has it too.
    - `account`: what it knows of a key's owner and the control plane may set: `scopes`, `balance`.
    - `inputs`: fields of which a submission has exactly one although its schema requires none; the first
      takes a picture.
    - `ignored_fields`: yields names of described fields in the body of a request for that operation that have
      no effect.
    - `file_hosts`: where the real service puts files, the newest first; a leading dot stands for every name
      below. In process, links lead to the first.
    - `framework`: what its web framework does where no document says it.
    - `webhook_payload`: returns the body of its webhook for a job in its present state, by the id of the
      notification; None: nothing is sent.
    """

    slug: str
    handlers: Mapping[str, Handler]
    recipe: RecipeOf
    auth: tuple[KeySource, ...]
    body_limit: int
    settings: Mapping[str, Setting]
    magic_keys: MagicKeys = field(default_factory=MagicKeys)
    permit: Permit | None = None
    errors: Errors = field(default_factory=Errors)
    request_id_header: str = ""
    job_header: str = ""
    account: frozenset[str] = frozenset()
    file_hosts: tuple[str, ...] = ()
    webhook_payload: WebhookPayload | None = None
    look: LookAt = look_at
    framework: Framework = DOCUMENTED
    inputs: tuple[str, ...] = ()
    ignored_fields: IgnoredFields = lambda _operation, _call: ()

    @property
    def file_host(self) -> str:
        """The host of links to files in process; empty: that of the API."""
        name = next(iter(self.file_hosts), "")
        return f"safelight{name}" if name.startswith(".") else name
