"""A vendor as a value: its handlers and recipes, its keys, errors, limits, webhooks and settings."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Protocol
from uuid import UUID

import msgspec

from safelight_mock.core.engine import Engine
from safelight_mock.core.job import Inspection, Inspections, Job, Status, inspect_job
from safelight_mock.core.lifecycle import Deliver
from safelight_mock.wire.api_keys import MagicKeys, Permit, RequiredScope
from safelight_mock.wire.errors import Errors
from safelight_mock.wire.framework import DOCUMENTED, Framework
from safelight_mock.wire.key_sources import KeySource
from safelight_mock.wire.messages import JSON, PendingResponse, ReceivedFile, Request, Response
from safelight_mock.wire.object_store import RecipeOf
from safelight_mock.wire.rate_limits import RateLimits
from safelight_mock.wire.setting import Setting
from safelight_mock.wire.webhook_settings import WebhookSettings

Handler = Callable[[Engine, Request], Response | PendingResponse]
IgnoredFields = Callable[[str, Request], Iterable[str]]
FileOf = Callable[[Engine, Request, str, str], Response]
ReceiveFile = Callable[[Engine, str, str, ReceivedFile], None]
WebhookPayload = Callable[[Engine, Request, Status, UUID], JSON]


class Notification(msgspec.Struct, frozen=True, kw_only=True):
    """What a webhook sends, except for its signature.

    `secret` signs it; None: that of the account. `violation`: why it is not sent, if it is invalid.
    """

    value: JSON
    headers: Mapping[str, str] = msgspec.field(default_factory=dict)
    method: str = "POST"
    secret: str | None = None
    violation: str = ""


Notify = Callable[[Engine, Request, Status, Deliver, UUID], Notification | None]


class InspectJob(Protocol):
    """Inspects the inputs of a job; raises NotInspectedError."""

    def __call__(self, job: Job, inspections: Inspections) -> Inspection:
        """Return the inspection."""


class Vendor(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about a vendor besides its document.

    - `handlers`: by operationId; `guarded_handlers` has the checks that go before them.
    - `recipe`: returns the recipe of a job's result.
    - `inspect`: inspects a job's inputs once its success is due; may return a reason for which the job fails.
    - `auth`: where a request has its API key; the first source that has one counts.
    - `operation_auth`: the same by operationId, for operations that have another one; without a source a key
      is optional.
    - `magic_keys`: prefixes of keys that cause errors or lack scopes.
    - `permit`: raises Problem for a key that may not make requests of this method, under these settings,
      before the body is read.
    - `scopes`: by operationId, the scope that an account needs.
    - `rate_limits`: how many jobs an account may submit; None: any number.
    - `errors`: the vendor's error responses.
    - `body_limit`: in bytes.
    - `request_id_header`: the header that gives every response an id of its own, if there is one.
    - `job_header`: the header that names the job of a synchronous request; error responses have it too.
    - `account`: entries of an account that the control plane may set: `scopes`, `balance`.
    - `inputs`: fields of which a submission has exactly one although its schema requires none; the first
      is for an image.
    - `ignored_fields`: yields names of described fields in the body of a request for that operation that have
      no effect.
    - `file_hosts`: where the real service puts files, the newest first; a leading dot covers every name
      below. In-process links lead to the first.
    - `file`: responds with a file of a job by the purpose of its link; None: by `recipe`.
    - `receive`: takes a file that is sent to a link of a job, by the link's purpose; None: none is taken.
    - `framework`: behaviour of its web framework, which the document does not describe.
    - `webhooks`: defaults of its webhook settings.
    - `webhook_payload`: returns the body of its webhook for a job in its present state, by the id of the
      notification; None: nothing is sent.
    - `notify`: instead of `webhook_payload`, returns all that one of its webhooks sends; None: nothing is.
    - `own_settings`: settings that no other vendor has, by name.
    """

    slug: str
    handlers: Mapping[str, Handler]
    recipe: RecipeOf
    auth: tuple[KeySource, ...]
    operation_auth: Mapping[str, tuple[KeySource, ...]] = msgspec.field(default_factory=dict)
    body_limit: int
    magic_keys: MagicKeys = msgspec.field(default_factory=MagicKeys)
    permit: Permit | None = None
    scopes: Mapping[str, RequiredScope] = msgspec.field(default_factory=dict)
    rate_limits: RateLimits | None = None
    errors: Errors = msgspec.field(default_factory=Errors)
    request_id_header: str = ""
    job_header: str = ""
    account: frozenset[str] = frozenset()
    file_hosts: tuple[str, ...] = ()
    webhooks: WebhookSettings = msgspec.field(default_factory=WebhookSettings)
    webhook_payload: WebhookPayload | None = None
    notify: Notify | None = None
    inspect: InspectJob = inspect_job
    file: FileOf | None = None
    receive: ReceiveFile | None = None
    framework: Framework = DOCUMENTED
    inputs: tuple[str, ...] = ()
    ignored_fields: IgnoredFields = lambda _operation, _call: ()
    own_settings: Mapping[str, Setting] = msgspec.field(default_factory=dict)

    @property
    def settings(self) -> Mapping[str, Setting]:
        """Every setting of this vendor, by name."""
        limits = {} if self.rate_limits is None else self.rate_limits.settings
        return {**self.webhooks.settings, **limits, **self.own_settings}

    @property
    def file_host(self) -> str:
        """The host of links to files in process; empty: that of the API."""
        name = next(iter(self.file_hosts), "")
        return f"safelight{name}" if name.startswith(".") else name

    def guarded_handlers(self, submits: Collection[str]) -> Mapping[str, Handler]:
        """Return the handlers, each behind the checks of its operation: scope, then rate limits.

        `submits` are the operations that submit a job by the document's lifecycles.
        """
        limits = self.rate_limits
        counted = () if limits is None else limits.operations or submits
        return {
            name: self._guarded(handler, self.scopes.get(name), limits if name in counted else None)
            for name, handler in self.handlers.items()
        }

    def _guarded(self, handler: Handler, scope: RequiredScope | None, limits: RateLimits | None) -> Handler:
        if scope is None and limits is None:
            return handler

        def guarded(engine: Engine, request: Request) -> Response | PendingResponse:
            is_new = not request.pending_job  # a held request was checked and counted when it arrived
            if scope is not None and is_new:
                self.magic_keys.require_scope(engine, request, scope)
            if limits is None:
                return handler(engine, request)
            if is_new:
                limits.check(engine, request.options)
            outcome = handler(engine, request)
            if is_new:
                limits.count(engine, request.options)
            headers = limits.headers_of(engine, request.options)
            return outcome.also(headers) if headers and isinstance(outcome, Response) else outcome

        return guarded
