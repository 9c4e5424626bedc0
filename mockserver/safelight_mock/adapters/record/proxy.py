"""The ASGI application of the proxy: passes requests, downloads and webhooks on, and notes them."""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from contextlib import suppress
from typing import Any, NamedTuple
from urllib.parse import urljoin, urlsplit

import httpx
import msgspec
from msgspec.structs import replace

from safelight_mock.adapters.asgi import Scope, request_from
from safelight_mock.adapters.faulty_sending import CONNECTION, Send
from safelight_mock.adapters.held_requests import Receive
from safelight_mock.adapters.record.request_body import parsed, read_body
from safelight_mock.adapters.record.response_body import Relay
from safelight_mock.adapters.record.upstream import HOP, Fields, Unreachable, Upstream, failure, passed
from safelight_mock.app.driver import ClientDisconnectedError
from safelight_mock.core.scenario import Role
from safelight_mock.core.transfer_faults import TransferFault
from safelight_mock.core.webhook import Outcome
from safelight_mock.recording.calls import Call, Sent, call_of, keys_of, webhook_in, with_webhook
from safelight_mock.recording.checks import response_findings, value_findings
from safelight_mock.recording.exchange import Body, Exchange, ReceivedDelivery
from safelight_mock.recording.folder import Folder
from safelight_mock.recording.links import HOOKS, LINKS, is_link
from safelight_mock.recording.session import Session
from safelight_mock.webhooks.http_sender import HttpSender
from safelight_mock.wire.hosts import host_in, is_loopback
from safelight_mock.wire.logs import log
from safelight_mock.wire.messages import JSON
from safelight_mock.wire.problem import Problem
from safelight_mock.wire.schema import Query

LOCATIONS = frozenset({"location", "operation-location", "content-location"})
KEYS = frozenset({"authorization", "cookie"})  # headers that no link needs
WEBHOOK = 1024 * 1024  # bytes of one
WEBHOOKS = 10_000  # of a session


class Hook(NamedTuple):
    """The webhook that an address of the proxy replaces: its URL, and its name in the document."""

    target: str
    webhook: str


class Asgi(NamedTuple):
    """The three that ASGI gives with a request."""

    scope: Scope
    receive: Receive
    send: Send

    @property
    def fields(self) -> Fields:
        """The headers of the request."""
        return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in self.scope["headers"]]

    async def say(self, status: int, sentence: str) -> None:
        """Respond for the proxy itself."""
        content = msgspec.json.encode({"message": sentence}) if sentence else b""
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(content))]
        await self.send({"type": "http.response.start", "status": status, "headers": headers})
        await self.send({"type": "http.response.body", "body": content})

    async def end_early(self) -> None:
        """Close the connection without the rest of a response; return when the server has noticed it.

        It reports an application that returns before as one with a bug.
        """
        connection = self.scope.get(CONNECTION)
        if connection is not None:
            connection.close()
            while (await self.receive())["type"] != "http.disconnect":
                pass


class RecordingApp:
    """Records a session in memory, and files in a folder.

    `public_url` is where the service reaches the proxy with webhooks, if that is not on this machine;
    `account_webhook` where those go whose URL is a setting of the account. Raises ValueError if they cannot.
    `report` gets a line for each request and finding. `on_end` is called after each request.
    """

    def __init__(  # noqa: PLR0913 - two of them are called back
        self,
        session: Session,
        folder: Folder,
        sender: HttpSender,
        *,
        public_url: str,
        account_webhook: str,
        report: Callable[[str], None],
        on_end: Callable[[], None],
    ) -> None:
        self._session = session
        self._folder = folder
        self._sender = sender
        self._public = public_url.rstrip("/")
        self._report = report
        self._on_end = on_end
        self._upstream = Upstream()
        self._hooks: dict[str, Hook] = {}
        self.webhook_address: str = self._for_account(account_webhook) if account_webhook else ""
        self.active: int = 0

    @property
    def is_delivering(self) -> bool:
        """Whether requests are on their way."""
        return self.active > 0

    def wind_down(self) -> None:
        """Do nothing: the proxy starts nothing by itself."""

    def give_up(self) -> None:
        """Do nothing: the server closes the connections."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request or the lifespan."""
        if scope["type"] == "lifespan":
            while (await receive())["type"] != "lifespan.shutdown":
                await send({"type": "lifespan.startup.complete"})
            await self._upstream.close()
            await send({"type": "lifespan.shutdown.complete"})
            return
        self.active += 1
        try:
            with suppress(ClientDisconnectedError):
                await self._respond(Asgi(scope, receive, send))
        except Exception:
            log.exception("%s %s cannot be passed on", scope["method"], scope["path"])
            raise
        finally:
            self.active -= 1
            self._on_end()

    async def _respond(self, asgi: Asgi) -> None:
        own, host = urlsplit(self._session.links.own), host_in(dict(asgi.fields).get("host", "")) or ""
        path, below = asgi.scope["path"], asgi.scope["raw_path"].decode("latin-1")
        is_hook = path.startswith(HOOKS)
        if not is_loopback(host) and not (
            is_hook and self._public and host == urlsplit(self._public).hostname
        ):
            await asgi.say(421, "this is not a host of the recorder")
        elif is_hook:
            await self._deliver(path.removeprefix(HOOKS), asgi)
        elif path.startswith(LINKS):
            await self._follow(path, asgi)
        elif below == own.path or below.startswith(f"{own.path}/"):
            await self._call(self._session.links.upstream + below.removeprefix(own.path), asgi)
        else:
            await asgi.say(404, f"nothing is recorded at this path; the API is at {own.geturl()}")

    async def _call(self, url: str, asgi: Asgi) -> None:
        """Pass a request to the API on."""
        service, request = self._session.service, request_from(asgi.scope, time.time())
        content, rest = await read_body(asgi.receive)
        self._session.secrets.note(request.headers, keys_of(service, request))
        call = call_of(
            service, replace(request, body=parsed(content, request.headers.get("content-type", "")))
        )
        if rest is not None:
            await self._pass(call, f"{url}?{request.query}".rstrip("?"), passed(asgi.fields), rest, asgi)
            return
        self._find(
            call.findings(), call.name or f"{request.method} {self._session.secrets.masked(request.path)}"
        )
        values: JSON = None
        with suppress(Problem):
            values = call.operation.read_body(call.request) if call.operation else None
        self._session.links.note_sent([values, dict(Query(request.query))])
        self._session.secrets.note_values([values, dict(Query(request.query))])
        sent = Sent(query=request.query, headers=dict(asgi.fields), content=content)
        webhook = webhook_in(call, values) if self._own_host and len(self._hooks) < WEBHOOKS else None
        if webhook is not None:
            rule, target = webhook
            call = replace(call, hook=secrets.token_hex(8))
            self._hooks[call.hook] = Hook(target, rule.described.webhook)
            sent = with_webhook(rule, target, f"{self._own_host}{HOOKS}{call.hook}", sent)
        headers = passed(asgi.fields if webhook is None else sent.headers.items())
        await self._pass(call, f"{url}?{sent.query}".rstrip("?"), headers, sent.content, asgi)

    async def _follow(self, path: str, asgi: Asgi) -> None:
        """Pass a request to a link of the service on, without keys."""
        link, request = self._session.links.find(path), request_from(asgi.scope, time.time())
        if link is None:
            await asgi.say(404, "no response of this session had this link")
            return
        content, rest = await read_body(asgi.receive)
        keys = keys_of(self._session.service, request)
        secret = {name for name, value in request.headers.items() if value in keys}
        role = Role.DOWNLOAD if request.method in ("GET", "HEAD") else Role.UPLOAD
        call = Call(request=request, role=role, job=link.job, url=link.url)
        await self._pass(call, link.url, passed(asgi.fields, KEYS | secret), rest or content, asgi)

    async def _pass(
        self, call: Call, url: str, headers: Fields, content: bytes | AsyncIterator[bytes], asgi: Asgi
    ) -> None:
        """Send a request on, and its response back, with what goes wrong with it; note both."""
        begun, is_whole = time.time(), isinstance(content, bytes)
        fields = [one for one in headers if one[0].lower() != "accept-encoding"]
        fields.append(("accept-encoding", "identity"))
        length = call.request.headers.get("content-length")
        if length is not None and not is_whole:  # object stores take no chunked uploads
            fields.append(("content-length", length))
        sending = self._upstream.send(call.request.method, url, fields, content)
        waiting = _unless_gone(sending, asgi.receive) if is_whole else sending
        exchange = self._exchange(call, begun)
        try:
            response = await waiting
        except ClientDisconnectedError:
            self._note(call, replace(exchange, at=time.time(), transfer=TransferFault(hang=True)))
            raise
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            await self._fail(call, replace(exchange, at=time.time()), error, asgi)
            return
        try:
            await self._relay(call, replace(exchange, at=time.time()), response, asgi)
        finally:
            await response.aclose()

    async def _fail(self, call: Call, exchange: Exchange, error: Exception, asgi: Asgi) -> None:
        """Let the client see that no response came: by a reset, or a response of the proxy's own."""
        fault, connection = failure(error), asgi.scope.get(CONNECTION)
        if isinstance(fault, Unreachable):
            host = urlsplit(call.url or self._session.links.upstream).hostname
            await asgi.say(502, f"{host} cannot be reached: {fault.reason}")
            self._report(f"{call.request.method} {call.name} 502: {host} cannot be reached: {fault.reason}")
            return
        self._note(call, replace(exchange, transfer=fault))
        if fault.reset is not None and connection is not None:
            await connection.reset()
            await asgi.end_early()
        else:
            await asgi.say(504, "no response came in time")

    async def _relay(self, call: Call, exchange: Exchange, response: httpx.Response, asgi: Asgi) -> None:
        links, url = self._session.links, str(response.request.url)
        headers = {name.lower(): value for name, value in response.headers.items()}
        headers |= {name: urljoin(url, headers[name]) for name in LOCATIONS & headers.keys()}

        def job_in(value: JSON) -> str:
            return call.job or call.submitted(value, headers)

        own = [
            (name, links.own_url(headers[name], call.job) if is_link(name, headers[name]) else value)
            for name, value in ((name.lower(), value) for name, value in response.headers.multi_items())
            if name not in HOP
        ]
        relay = Relay(
            response=response,
            headers=own,
            send=asgi.send,
            connection=asgi.scope.get(CONNECTION),
            folder=self._folder,
            is_file=call.role is Role.DOWNLOAD,
        )
        body, transfer = await relay.run(lambda value: links.rewritten(value, job_in(value)))
        job = job_in(body.json)
        if body.digest and call.url:
            links.note_file(call.url, body.digest)
        if call.operation is not None:
            self._find(response_findings(call.operation, response.status_code, body), call.name)
        has_links = call.role is Role.OTHER and links.rewritten(body.json, job) != body.json
        if has_links or call.name in self._session.file_operations:
            body = Body(media_type=body.media_type)  # links and ids would be those of this session
        status = response.status_code
        noted = replace(exchange, status=status, headers=headers, body=body, job=job, transfer=transfer)
        self._note(call, noted)
        if transfer is not None:
            await asgi.end_early()

    async def _deliver(self, token: str, asgi: Asgi) -> None:
        """Pass a webhook on as it came, to the URL that the submission or the account had."""
        content, rest = await read_body(asgi.receive)
        hook = self._hooks.get(token)
        if hook is None or rest is not None or len(content) > WEBHOOK:
            await asgi.say(404 if hook is None else 413, "no submission has this webhook, or it is too long")
            return
        headers, method, at = dict(passed(asgi.fields)), asgi.scope["method"], time.time()
        outcome, status = await asyncio.to_thread(self._sender.post, hook.target, headers, content, method)
        if outcome is Outcome.NOT_ALLOWED:
            self._report("a webhook was not passed on: its host is not allowed (--allow-webhook-host)")
        body: JSON = None
        with suppress(msgspec.DecodeError):
            body = msgspec.json.decode(content)
            self._session.links.rewritten(body, "")  # notes its links; it has gone out with its own
        names, is_accepted = frozenset(name.lower() for name in headers), outcome is Outcome.DELIVERED
        self._session.note_delivery(
            ReceivedDelivery(at=at, hook=token, body=body, headers=names, is_accepted=is_accepted)
        )
        schema = None if body is None else self._session.service.api.webhooks.get(hook.webhook)
        found = ["its body is not JSON"] if body is None else value_findings(schema, body) if schema else ()
        self._find(found, f"webhook {hook.webhook}".rstrip())
        await asgi.say(status or 502, "")

    def _for_account(self, target: str) -> str:
        """Return the address to set in the account, from which webhooks are passed on to a URL."""
        if not self._own_host:
            raise ValueError("--account-webhook needs --public-url: the service cannot reach this machine")
        lifecycles = self._session.service.lifecycles.values()
        rules = [rule for one in lifecycles for rule in one.deliveries if rule.is_of_account]
        if not rules:
            raise ValueError(f"webhooks of {self._session.service.slug} have their URL in each submission")
        self._session.account_hook = secrets.token_hex(8)
        self._hooks[self._session.account_hook] = Hook(target, rules[0].described.webhook)
        return f"{self._own_host}{HOOKS}{self._session.account_hook}"

    @property
    def _own_host(self) -> str:
        """Where the service reaches the proxy with webhooks; empty if it does not."""
        own, upstream = urlsplit(self._session.links.own), urlsplit(self._session.links.upstream).hostname
        return self._public or (f"http://{own.netloc}" if is_loopback(upstream or "") else "")

    def _find(self, findings: Iterable[str], where: str) -> None:
        for line in self._session.find(findings, where):
            self._report(line)

    @staticmethod
    def _exchange(call: Call, begun: float) -> Exchange:
        return Exchange(
            operation=call.name,
            role=call.role,
            begun=begun,
            at=begun,
            job=call.job,
            url=call.url,
            hook=call.hook,
        )

    def _note(self, call: Call, exchange: Exchange) -> None:
        method = call.request.method
        if method != "HEAD":
            self._session.note(exchange)
        self._report(f"{method} {call.name or 'unknown operation'} {exchange.status or 'no response'}")


async def _unless_gone(sending: Coroutine[Any, Any, httpx.Response], receive: Receive) -> httpx.Response:
    """Wait for a response; raises ClientDisconnectedError once the client has gone."""
    task, gone = asyncio.ensure_future(sending), asyncio.ensure_future(_disconnected(receive))
    try:
        await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise ClientDisconnectedError
        return await task
    finally:
        task.cancel()
        gone.cancel()


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
