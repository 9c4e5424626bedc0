"""The jobs of any API, by the table of its generated client."""

from __future__ import annotations

from time import time
from types import NoneType
from typing import TYPE_CHECKING, Self

from safelight._errors import UnsupportedOperationError
from safelight._http.arguments import check_type
from safelight._jobs.job import Job, JobClient
from safelight._jobs.operations import OperationClient
from safelight._jobs.polling import Polling
from safelight._jobs.signatures import SignedMessage, verify
from safelight._jobs.webhooks import (
    WebhookEvent,
    notification_id,
    parse_body,
    webhook_job_id,
    webhook_state,
)
from safelight_lifecycle import JSON, ApiTable, KeyLocation, SecretSource, Signature, first_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from uuid import UUID

    import httpx

    from safelight._jobs.job_requests import JobOrigin


class JobApi:
    """The jobs of an API, by the table `API` that `safelight-codegen generate --spec` writes.

    `base_url` is by default that of the document. `key_prefix` is the text before the key where the document
    does not say it, such as `Token `; for HTTP Basic the key is `user:password`. The key is sent to the
    origin of `base_url` alone: URLs of other hosts, at which some services have jobs read, are called without
    it, unless their origin is one of `key_origins`. `timeout` is in seconds, for connecting and between two
    received bytes. `transport` replaces the network, for example in tests. `polling` sets the delays of
    `Job.wait`. `insecure` allows sending the key to another machine over plain http. Close the client, or use
    it in a `with` block. Several threads may use it.

    `lifecycle` of the methods is the name of one of the API's lifecycles; it is needed where there are
    several. The constructor raises ValueError for an invalid key or URL.
    """

    def __init__(  # noqa: PLR0913 - independent options
        self,
        api: ApiTable,
        *,
        api_key: str = "",
        base_url: str = "",
        key_prefix: str | None = None,
        key_origins: Sequence[str] = (),
        timeout: float = 60.0,
        transport: httpx.BaseTransport | None = None,
        insecure: bool = False,
        polling: Polling | None = None,
    ) -> None:
        from safelight._http.session import ApiKey, Session

        check_type("api", api, ApiTable, "the API of a generated client, such as acme_client.async_jobs.API")
        check_type("key_prefix", key_prefix, (str, NoneType), "a string or None")
        if not base_url and not api.server:
            raise ValueError("the document has no complete server URL; pass base_url")
        location = api.key or KeyLocation(prefix="Bearer ")
        if key_prefix is not None:
            location = location._replace(prefix=key_prefix)
        self._session = Session.open(
            base_url or api.server,
            api_key=ApiKey(key=api_key, location=location) if api_key or api.key else None,
            messages=api.messages,
            timeout=timeout,
            transport=transport,
            insecure=insecure,
            key_origins=key_origins,
        )
        self._operations = OperationClient(session=self._session, api=api)
        self._clients = {
            name: JobClient(lifecycle=one, operations=self._operations, polling=polling or Polling())
            for name, one in api.lifecycles.items()
        }

    def submit(self, operation: str, /, *, idempotency_key: str | None = None, **arguments: object) -> Job:
        """Send the request of an operation that starts a job, and return the job without waiting for it.

        `arguments` are those of the operation's generated function: path parameters, `body`, and others.
        `idempotency_key` is the caller's own; where the API takes one the client makes it otherwise, and
        sends the request again after temporary errors. Where responses show a field that is free for clients
        (`nonce`), the job of a lost response is found by it. Raises ApiError, NotConnectedError, and
        UnknownOutcomeError if the job may exist although its id is unknown.
        """
        return self._client_of(operation).submit(operation, idempotency_key=idempotency_key, **arguments)

    def run(self, operation: str, /, **arguments: object) -> JSON:
        """Send an operation that waits for its job, and return the result: a value, a URL, or a list of them.

        `timeout` of the client must be longer than the job takes. Raises what `submit` raises.
        """
        return self._client_of(operation).run(operation, **arguments)

    def job(
        self,
        job_id: str | int | UUID,
        *,
        lifecycle: str = "",
        parameters: Mapping[str, str] | None = None,
        origin: JobOrigin | None = None,
    ) -> Job:
        """Return the job with an id, without a request; raises ValueError if it cannot be an id.

        `parameters` are those that operations on the job take besides its id, by the names in the document.
        `origin` is that of a job that was submitted before, in place of `parameters`.
        """
        return self._client(lifecycle).job(job_id, parameters=parameters, origin=origin)

    def jobs(self, *, lifecycle: str = "", **parameters: object) -> list[Job]:
        """List a page of the account's jobs, each with its `last_status`; `parameters` are in the query."""
        return self._client(lifecycle).jobs(**parameters)

    def all_jobs(self, *, lifecycle: str = "", **parameters: object) -> Iterator[Job]:
        """Yield the jobs of all pages; a page is requested when its first job is taken."""
        return self._client(lifecycle).all_jobs(**parameters)

    def webhook(
        self,
        body: bytes,
        headers: Mapping[str, str],
        *,
        secret: str = "",
        lifecycle: str = "",
        now: float | None = None,
    ) -> WebhookEvent:
        """Verify a webhook that was received, and return what it says of a job.

        `body` are the bytes as they were received. `secret` is that of the account or of the request; where
        the API has an operation that returns it, or publishes public keys, it is requested by default. `now`
        is a Unix time, by default that of this machine. Raises InvalidWebhookError if the webhook is not
        genuine, or is not within five minutes of its time, ValueError if a secret is needed,
        UnsupportedOperationError if the API sends no webhooks.
        """
        client = self._client(lifecycle)
        content = parse_body(body)
        named = {name.lower(): value for name, value in headers.items()}
        rules = client.lifecycle.deliver
        if not rules:
            raise UnsupportedOperationError("this service sends no webhooks about these jobs")
        rule = next((one for one in rules if webhook_job_id(client.lifecycle, one, content)), rules[0])
        id_ = notification_id(rule, named, content)
        if isinstance(rule.sign, Signature):
            message = SignedMessage(headers=named, body=body, id=id_)
            verify(rule.sign, self._secrets(rule.sign, secret), message, time() if now is None else now)
        job_id = webhook_job_id(client.lifecycle, rule, content)
        return WebhookEvent(
            job=client.job(job_id) if job_id else None,
            state=webhook_state(client.lifecycle, rule, content),
            id=id_,
            is_signed=isinstance(rule.sign, Signature),
            body=content,
        )

    def close(self) -> None:
        """Close all connections; its jobs cannot be used any more."""
        self._session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"JobApi(base_url={self._session.base_url!r})"

    def _client(self, lifecycle: str) -> JobClient:
        known = ", ".join(self._clients) or "none"
        if lifecycle and lifecycle not in self._clients:
            raise ValueError(f"unknown lifecycle {lifecycle!r}; there are: {known}")
        if not lifecycle and len(self._clients) != 1:
            raise ValueError(f"pass lifecycle=, one of: {known}")
        return self._clients[lifecycle or next(iter(self._clients))]

    def _client_of(self, operation: str) -> JobClient:
        clients = self._clients.values()
        named = ((one.lifecycle.submissions, one.lifecycle.sync, one) for one in clients)
        found = (one for submissions, sync, one in named if operation in submissions or operation in sync)
        client = next(found, None)
        if client is None:
            known = ", ".join(name for one in clients for name in one.lifecycle.submissions)
            raise ValueError(f"{operation!r} starts no job; these do: {known or 'none'}")
        return client

    def _secrets(self, sign: Signature, secret: str) -> list[str]:
        """Return the secrets, or public keys, that may have made a signature."""
        if secret:
            return [secret]
        source = sign.secret
        if source.rotates:
            raise ValueError(f"each call of {source.operation} replaces the secret; pass the last as secret=")
        if source.source is SecretSource.OPERATION:
            response = self._operations.call(source.operation, {})
            found = first_value((source.place,) if source.place else (), response.value)
            if not isinstance(found, str) or not found:
                raise response.invalid(f"it has no {source.place}")
            return [found]
        if source.source is SecretSource.KEYS:
            response = self._session.send({"method": "GET", "url": source.keys})
            if error := self._session.error_of(response):
                raise error
            keys = response.body.get("keys", []) if isinstance(response.body, dict) else []
            return [str(key["x"]) for key in keys if isinstance(key, dict) and "x" in key]
        raise ValueError("this webhook is signed with a secret of yours; pass secret=")
