"""Prism between clients and a twin: its verdict on each request and response, compared with ours."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import httpx

from contract_tests.prism.explained import Complaint, is_explained
from contract_tests.prism.running import SPECS, Prism, prism
from contract_tests.targets.served import BASES
from safelight_mock import ClockMode, MockServer, Settings, Twin
from safelight_mock.wire.schema import resolve
from safelight_testing._request_validator import RequestValidator

VIOLATIONS = "sl-violations"  # the header with Prism's findings
SEED = "contract"
REQUEST, ANSWER = "request", "response"  # as Prism has them
THEIRS, OURS = "request, by Prism alone", "request, by us alone"


class PrismBench:
    """A twin, and a Prism before each vendor, started when it is first called."""

    def __init__(self) -> None:
        self._opened = ExitStack()
        server = self._opened.enter_context(
            MockServer(Settings(seed=SEED, clock=ClockMode.MANUAL), files_port=0)
        )
        self.twin: Twin = server.twin
        self.origin = server.origin
        self.promises = {vendor: RequestValidator.of(vendor, prefix=f"/{vendor}") for vendor in BASES}
        self._prisms: dict[str, Prism] = {}
        self.upstream = httpx.HTTPTransport(verify=False)
        self._opened.callback(self.upstream.close)

    def prism(self, vendor: str) -> Prism:
        """Return the Prism before a vendor."""
        known = self._prisms.get(vendor)
        if known is None or known.is_dead:
            upstream = f"{self.origin}/{vendor}{BASES[vendor]}"
            known = self._opened.enter_context(prism("proxy", SPECS / f"{vendor}.json", upstream, "--errors"))
            self._prisms[vendor] = known
        return known

    @contextmanager
    def judged(self, is_wrong: bool) -> Iterator["JudgedTransport"]:  # noqa: FBT001 - one caller
        """Judge what passes; fails if what is wrong was not meant to be, or if the judges differ."""
        judged = JudgedTransport(self)
        yield judged
        actual = [complaint for complaint in judged.complaints if not is_explained(complaint)]
        meant = [complaint for complaint in actual if is_wrong and complaint.about == REQUEST]
        unmeant = [complaint for complaint in actual if complaint not in meant]
        assert unmeant == [], f"a judge complains, and nobody has explained it: {unmeant}"
        assert list(self.twin.credential_leaks) == []

    def close(self) -> None:
        """End everything."""
        self._opened.close()


class JudgedTransport(httpx.BaseTransport):
    """Sends vendors' calls by Prism, but what it cannot pass on; a call it refuses is made without it."""

    def __init__(self, bench: PrismBench) -> None:
        self._bench = bench
        self.complaints: list[Complaint] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request."""
        request.read()
        vendor = request.url.path.split("/")[1]
        promises = self._bench.promises.get(vendor)
        if promises is None or bypass(promises, request):
            return self._bench.upstream.handle_request(request)
        operation = promises.operation(request)
        name = operation.id if operation else f"{request.method} {request.url.path}"
        response, actual = self._by_prism(vendor, promises, request)
        violation = promises.violation(request)
        refused = any(about == REQUEST for about, _ in actual)
        if violation and not refused:
            actual.append((OURS, violation))
        for about, text in actual:
            alone = about == REQUEST and not violation
            self.complaints.append(Complaint(operation=name, about=THEIRS if alone else about, message=text))
        return self._bench.upstream.handle_request(request) if refused else response

    def _by_prism(
        self, vendor: str, promises: RequestValidator, request: httpx.Request
    ) -> tuple[httpx.Response, list[tuple[str, str]]]:
        judge = self._bench.prism(vendor)
        path = request.url.raw_path.decode().removeprefix(f"/{vendor}{promises.api.base}")
        sent = httpx.Request(
            request.method, judge.origin + path, headers=request.headers, content=request.content
        )
        sent.headers["host"] = judge.origin.removeprefix("http://")
        try:
            response = self._bench.upstream.handle_request(sent)
            response.read()
        except httpx.TransportError as error:
            raise AssertionError(f"Prism died on {request}:\n{''.join(judge.log)}") from error
        return response, [*complaints(response)]


def bypass(promises: RequestValidator, request: httpx.Request) -> str:
    """Return why a request cannot pass through Prism; empty if it can."""
    operation = promises.operation(request)
    if operation is None:
        return "Prism answers what no path matches by itself"
    if not promises.path(request).startswith(f"{promises.api.base}/"):
        return "a path with a server of its own is passed on as if it had none"
    try:
        request.content.decode()
    except UnicodeDecodeError:
        return "a body is passed on as text, which an image is not"
    succeeded = resolve(promises.api.document, operation.described["responses"].get("200", {}))
    if any(media_type.startswith("image/") for media_type in succeeded.get("content", {})):
        return "an answer is passed on as text, which an image is not"
    return ""


def complaints(response: httpx.Response) -> Iterator[tuple[str, str]]:
    """Yield the violations that Prism reports of a request or its response.

    An answer of its own says what; to one that the document describes or that came from the twin, a header is
    added that does.
    """
    if response.headers.get("content-type", "").startswith("application/problem+json"):
        problem = response.json()
        about = ANSWER if problem["type"].endswith("#VIOLATIONS") else REQUEST
        for violation in problem.get("validation", [{"location": [], "message": problem["title"]}]):
            yield about, f"{'.'.join(map(str, violation['location']))}: {violation['message']}"
        return
    result = response.headers.get(VIOLATIONS, "[]")
    if not result.startswith("["):
        yield ANSWER, result  # they are too many for a header
        return
    for violation in json.loads(result):
        if violation["severity"] == "Error":
            about, *spot = violation["location"]
            yield about, f"{'.'.join(map(str, spot))}: {violation['message']}"
