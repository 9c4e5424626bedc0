"""Plays each lifecycle of an API over HTTP on a manual clock, step by step, up to where it sticks."""

from collections.abc import Callable, Iterator

import httpx
import msgspec

from safelight_lifecycle import AsyncJobs, RefusalKind, State, WordState, first_value
from safelight_mock.adapters.dry_run.control import Exchange, SandboxControl, StuckError
from safelight_mock.adapters.dry_run.example_requests import JSON_TYPE, ExampleRequests
from safelight_mock.adapters.dry_run.job_calls import LONGEST_WAIT, JobCalls, cancels
from safelight_mock.wire.api import Api
from safelight_mock.wire.operation import MULTIPART

KEY = "dry-run"
WRONG_KEY = "invalid"  # one of the keys that are always refused
BAD_REQUEST, INTERNAL_SERVER_ERROR = httpx.codes.BAD_REQUEST, httpx.codes.INTERNAL_SERVER_ERROR
UNKNOWN_UUID = "00000000-0000-4000-8000-000000000000"
UUID_DASHES = 4


class DryRunStep(msgspec.Struct, frozen=True, kw_only=True):
    """One step: its requests and responses, its outcome, and what went wrong if anything did."""

    lifecycle: str
    operation: str
    title: str
    exchanges: tuple[Exchange, ...]
    outcome: str = ""
    problem: str = ""


class Player(msgspec.Struct, frozen=True, kw_only=True):
    """Plays the lifecycles of the API `slug` at the mock server at `origin`, which `client` reaches.

    Not safe for several threads.
    """

    api: Api
    slug: str
    client: httpx.Client
    origin: str

    @property
    def jobs(self) -> AsyncJobs:
        """The lifecycles."""
        return self.api.async_jobs

    def play(self) -> Iterator[DryRunStep]:
        """Play each submit operation of each lifecycle, each up to the first step that sticks."""
        control = SandboxControl.open(self.client, self.origin, self.slug, KEY)
        requests = ExampleRequests(api=self.api, slug=self.slug, key=KEY, origin=self.origin)
        for lifecycle in self.jobs.lifecycles.values():
            for number, submission in enumerate(lifecycle.submit):
                calls = JobCalls(
                    control=control, requests=requests, lifecycle=lifecycle, submission=submission
                )
                yield from _Story(self.jobs, calls).play(is_first=number == 0)


class _Story(msgspec.Struct, frozen=True):
    """The steps of one submit operation."""

    jobs: AsyncJobs
    calls: JobCalls

    def play(self, *, is_first: bool) -> Iterator[DryRunStep]:
        """Yield the steps: all for the first submission of a lifecycle, for others those to the results."""
        parts: list[Callable[[], Iterator[DryRunStep]]] = [self._succeed]
        if is_first:
            parts += [self._cancel, self._fail, self._refuse]
        for part in parts:
            try:
                yield from part()
            except StuckError as error:
                yield self._step("sticks here", problem=str(error))
                return

    def _succeed(self) -> Iterator[DryRunStep]:
        """Submit a job with a webhook; read it until its end; fetch its results; list it."""
        lifecycle, control = self.calls.lifecycle, self.calls.control
        if any(one.target is None for one in lifecycle.deliver):
            control.deliver_to_inbox()
        control.messages()
        job = self.calls.submit(with_webhook=True)
        yield self._step("submit", f"job {job.id}" if job.id else "accepted")
        if lifecycle.read is None:
            control.advance(LONGEST_WAIT)
        else:
            reached, words = self.calls.until_over(job)
            yield self._step("poll", " -> ".join(words))
            self._expect(reached, State.SUCCEEDED)
        results = {"result": lifecycle.result_of(self.calls.submission.operation), **lifecycle.results}
        for name, result in results.items():
            if result is not None and lifecycle.read is not None and result.when.holds(job.request.value):
                count = len(self.calls.fetch(job, result))
                yield self._step(name, f"{count} of kind {result.kind}")
                if not count and name == "result":
                    raise StuckError(f"there is nothing where `{name}` says")
        if lifecycle.listing is not None:
            yield self._step("list", f"{self.calls.listed()} jobs")
        yield from self._webhooks()

    def _webhooks(self) -> Iterator[DryRunStep]:
        if not self.calls.lifecycle.deliver:
            return
        count = len(self.calls.control.messages())
        yield self._step("webhook", f"{count} received")
        if not count:
            raise StuckError("no webhook came")

    def _cancel(self) -> Iterator[DryRunStep]:
        """Cancel a second job, if the API lets a client do that."""
        move = next(filter(cancels, self.calls.lifecycle.moves), None)
        if move is None or self.calls.lifecycle.read is None:
            return
        job = self.calls.submit()
        self.calls.move(move, job)
        reached, words = self.calls.until_over(job)
        yield self._step("cancel", " -> ".join(words))
        self._expect(reached, State.CANCELLED)

    def _fail(self) -> Iterator[DryRunStep]:
        """Let a third job fail, if a job can."""
        lifecycle = self.calls.lifecycle
        if lifecycle.read is None or State.FAILED not in lifecycle.words.usual:
            return
        job = self.calls.submit()
        self.calls.control.fail(job.id)
        reached, words = self.calls.until_over(job)
        error = first_value(lifecycle.errors, self.calls.read(job).value)
        yield self._step("failure", " -> ".join(words) + (f": {error}" if error else ""))
        self._expect(reached, State.FAILED)

    def _refuse(self) -> Iterator[DryRunStep]:
        """Send an unknown id, no key, a wrong key and a malformed body."""
        if self.calls.lifecycle.read is not None:
            job = self.calls.submit()
            status = self.calls.read(job, self.calls.chosen_id() or _unknown(job.id)).status
            yield self._step("unknown id", f"status {status}")
            self._expect_refusal(RefusalKind.UNKNOWN, self.calls.lifecycle.read.operation, status)
        if self.calls.requests.needs_key(self.calls.submission.operation):
            yield from self._refuse_keys()
        request = self.calls.submission_request()
        if request.headers.get("content-type", "").startswith((JSON_TYPE, MULTIPART)):
            kept = {name: value for name, value in request.headers.items() if name != "content-length"}
            broken = httpx.Request(request.method, request.url, headers=kept, content=b"{")
            status = self.calls.control.send(broken).status_code
            yield self._step("bad body", f"status {status}")
            self._expect_refusal(RefusalKind.INVALID, self.calls.submission.operation, status)

    def _refuse_keys(self) -> Iterator[DryRunStep]:
        wrong = msgspec.structs.replace(self.calls.requests, key=WRONG_KEY)
        requests = {
            "no key": self.calls.submission_request(has_key=False),
            "wrong key": wrong.request(self.calls.submission.operation),
        }
        for title, request in requests.items():
            status = self.calls.control.send(request).status_code
            yield self._step(title, f"status {status}")
            self._expect_refusal(RefusalKind.UNAUTHORIZED, self.calls.submission.operation, status)

    def _expect(self, reached: WordState, state: State) -> None:
        """Raise StuckError unless a job has a state, or a word that may mean it."""
        word = self.calls.lifecycle.words.by_name.get(reached.word)
        if reached.state is not state and (word is None or state not in word.means):
            raise StuckError(f"it should have become {state}, but is {reached.word or reached.state}")

    def _expect_refusal(self, kind: RefusalKind, operation: str, status: int) -> None:
        """Raise StuckError unless a status is the one declared, or documented for the operation."""
        refusal = self.jobs.refusals.kinds.get(kind)
        documented = self.calls.requests.api.operations[operation].described.get("responses", {})
        is_documented = status >= httpx.codes.BAD_REQUEST and str(status) in documented
        if refusal is not None and refusal.status != status and not is_documented:
            raise StuckError(f"`refusals` says status {refusal.status}")
        if refusal is None and not BAD_REQUEST <= status < INTERNAL_SERVER_ERROR:
            raise StuckError("it should have been refused with a status of 4xx")

    def _step(self, title: str, outcome: str = "", problem: str = "") -> DryRunStep:
        return DryRunStep(
            lifecycle=self.calls.lifecycle.name,
            operation=self.calls.submission.operation,
            title=title,
            exchanges=self.calls.control.taken(),
            outcome=outcome,
            problem=problem,
        )


def _unknown(job_id: str) -> str:
    """Return an id of the same form that no job has."""
    if job_id.count("-") == UUID_DASHES:
        return UNKNOWN_UUID
    last = job_id[-1:]
    end = ("8" if last != "8" else "7") if last.isdigit() else "x" if last != "x" else "y"
    return "".join("9" if one.isdigit() else one for one in job_id[:-1]) + end
