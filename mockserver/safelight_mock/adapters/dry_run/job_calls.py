"""Requests about the jobs of one lifecycle: submit, read, move, fetch the results, list."""

import json
from collections.abc import Mapping

import httpx
import msgspec

from safelight_lifecycle import (
    JSON,
    Condition,
    Expression,
    ExpressionSource,
    JobMove,
    JobResult,
    Lifecycle,
    RequestParts,
    ResponseParts,
    ResultKind,
    State,
    Submission,
    WordState,
    find_job_id,
    first_value,
    select_values,
    url_parameters,
)
from safelight_mock.adapters.dry_run.control import SandboxControl, StuckError
from safelight_mock.adapters.dry_run.example_requests import ANY, JSON_TYPE, ExampleRequests

POLLS = 60  # after these a job is taken to never end
FIRST_WAIT, GROWTH, LONGEST_WAIT = 0.5, 1.5, 86_400.0  # seconds of the sandbox's clock between polls


class PlayedJob(msgspec.Struct, frozen=True, kw_only=True):
    """A job: its id, and the submission's request and response."""

    id: str
    request: RequestParts
    response: ResponseParts

    def value(self, place: Expression) -> JSON:
        """Return the value at a place of either message."""
        return self.request.value(place) if place.is_request else self.response.value(place)

    def url(self, place: Expression | None) -> str:
        """Return the URL at a place, or an empty text."""
        value = None if place is None else self.value(place)
        return value if isinstance(value, str) else ""


class JobCalls(msgspec.Struct, frozen=True, kw_only=True):
    """Requests about the jobs that one operation of a lifecycle submits; raises StuckError."""

    control: SandboxControl
    requests: ExampleRequests
    lifecycle: Lifecycle
    submission: Submission

    def submit(self, *, with_webhook: bool = False) -> PlayedJob:
        """Submit a job."""
        request = self.submission_request(with_webhook=with_webhook)
        parts = self._call(self.submission.operation, request)
        sent = _request_parts(request, self.requests.path_of(self.submission.operation))
        job_id = find_job_id(self.lifecycle.ids_of(self.submission.operation), parts.value, sent.value)
        if not job_id and self.lifecycle.read is not None:
            raise StuckError(f"the response of {self.submission.operation} has no id where `id` says")
        return PlayedJob(id=job_id, request=sent, response=parts)

    def submission_request(self, *, with_webhook: bool = False, has_key: bool = True) -> httpx.Request:
        """Return a request that submits a job, whose webhooks are sent to the inbox `with_webhook`."""
        edits = _wanted(self.submission.when)
        for delivery in self.lifecycle.deliver if with_webhook else ():
            edits |= _wanted(delivery.when)
            edits |= {} if delivery.target is None else {delivery.target: self.control.inbox}
        values: dict[str, str] = {}
        place = self.submission.of
        if place is not None and has_key:
            parent = self._finished_parent()
            if place.part is ExpressionSource.PATH:
                values[place.name] = parent
            else:
                edits[place] = parent
        chosen = self._chosen
        if chosen is not None:
            edits[chosen] = self._new_id(chosen)
            values |= {chosen.name: str(edits[chosen])} if chosen.part is ExpressionSource.PATH else {}
        return self.requests.request(self.submission.operation, values, edits, has_key=has_key)

    def chosen_id(self) -> str:
        """Return an id that no job has, if clients choose those of their jobs; else an empty text."""
        return "" if self._chosen is None else str(self._new_id(self._chosen))

    @property
    def _chosen(self) -> Expression | None:
        """The place in a submission of the id that the client chooses."""
        places = self.lifecycle.ids_of(self.submission.operation).places
        return next((one for one in places if one.is_request), None)

    def _new_id(self, place: Expression) -> JSON:
        read, parameter = self.lifecycle.read, self.lifecycle.ids.parameter
        reader = read.operation if read is not None else ""
        number = next(self.control.numbers)
        return self.requests.new_id(self.submission.operation, place, number, reader, parameter)

    def read(self, job: PlayedJob, job_id: str = "") -> ResponseParts:
        """Read a job, or the one with the id `job_id`."""
        read = self.lifecycle.read
        if read is None:
            raise StuckError("no operation reads this job")
        return _response_parts(self.control.send(self._read_request(job, job_id)))

    def until_over(self, job: PlayedJob) -> tuple[WordState, list[str]]:
        """Poll a job until it is over; return its last state, and all vendor states that were read."""
        words: list[str] = []
        wait = FIRST_WAIT
        for _ in range(POLLS):
            parts = self.read(job)
            reached = self.lifecycle.state_in(parts.value, parts.status)
            if reached is None:
                raise StuckError(
                    f"the job was read with status {parts.status}, and no state where `read` says"
                )
            name = reached.word or reached.state
            words += [name] if words[-1:] != [name] else []
            if reached.state.is_over:
                return reached, words
            self._go_on(reached, job)
            self.control.advance(wait)
            wait = min(wait * GROWTH, LONGEST_WAIT)
        raise StuckError(f"the job never ended: {' -> '.join(words)}")

    def move(self, move: JobMove, job: PlayedJob) -> ResponseParts:
        """Call the operation of a move."""
        url = job.url(move.follow)
        request = self.requests.at(url, move.operation) if url else None
        return self._call(
            move.operation, request or self.requests.request(move.operation, self.parameters(job))
        )

    def fetch(self, job: PlayedJob, result: JobResult) -> list[JSON]:
        """Return the values of a result; files behind URLs and ids are fetched too."""
        parts = self._result_parts(job, result)
        if result.kind is ResultKind.BYTES:
            return [] if parts.body is None else ["bytes"]
        selected = (
            select_values(result.each, parts.body)
            if result.each
            else (first_value(result.places, parts.value),)
        )
        values = [one for one in selected if one is not None]
        for value in values:
            self._open(value, result)
        return values

    def listed(self) -> int:
        """Return how many jobs the list has."""
        listing = self.lifecycle.listing
        if listing is None:
            return 0
        parts = self._call(listing.operation, self.requests.request(listing.operation))
        return len([*select_values(listing.each, parts.body)])

    def parameters(self, job: PlayedJob, job_id: str = "") -> dict[str, str]:
        """Return the parameters of an operation that identify a job."""
        ids = self.lifecycle.ids
        others = {name: job.value(place) for name, place in ids.others.items()}
        known = {name: str(value) for name, value in others.items() if value is not None}
        return {**known, **({ids.parameter: job_id or job.id} if ids.parameter else {})}

    def _call(self, operation: str, request: httpx.Request) -> ResponseParts:
        response = self.control.send(request)
        if response.is_error:
            raise StuckError(f"{operation} responded {response.status_code}")
        return _response_parts(response)

    def _read_request(self, job: PlayedJob, job_id: str) -> httpx.Request:
        read = self.lifecycle.read
        assert read is not None  # noqa: S101 - the caller has looked
        url = "" if job_id else job.url(read.follow)
        return (
            self.requests.at(url, read.operation)
            if url
            else self.requests.request(read.operation, self.parameters(job, job_id))
        )

    def _finished_parent(self) -> str:
        """Return the id of a job that has succeeded, from which another one can be made."""
        first = next((one for one in self.lifecycle.submit if one.of is None), None)
        if first is None:
            raise StuckError(
                "every submit operation makes a job from another job, so none can be submitted first"
            )
        calls = msgspec.structs.replace(self, submission=first)
        job = calls.submit()
        calls.until_over(job)
        return job.id

    def _go_on(self, reached: WordState, job: PlayedJob) -> None:
        """Move a job that waits for its client to its next state."""
        word = self.lifecycle.words.by_name.get(reached.word)
        if word is None or not word.waits:
            return
        moves = (one for one in self.lifecycle.moves if reached in one.allowed and leads_on(one))
        move = next(moves, None)
        if move is None:
            raise StuckError(f"the job waits for its client in {reached.word}, and no move leads on")
        self.move(move, job)

    def _result_parts(self, job: PlayedJob, result: JobResult) -> ResponseParts:
        """Return the response that has a result: that of its operation, or of the read."""
        url = job.url(result.follow)
        if url:
            return self._call(f"the URL at {result.follow}", self.requests.at(url, result.operation))
        if not result.operation:
            return self.read(job)
        read = self.read(job) if self.lifecycle.read is not None else ResponseParts()
        values = self.parameters(job)
        for name, one in result.parameters.items():
            value = one if isinstance(one, str) else (job.value(one) if one.is_request else read.value(one))
            values |= {} if value is None else {name: str(value)}
        return self._call(result.operation, self.requests.request(result.operation, values))

    def _open(self, value: JSON, result: JobResult) -> None:
        """Fetch the file behind a URL or an id."""
        if result.kind is ResultKind.URL:
            response = self.control.send(httpx.Request("GET", str(value)))
            if response.is_error:
                raise StuckError(f"the result at {value} responded {response.status_code}")
        elif result.kind is ResultKind.FILE and result.content is not None:
            content = result.content
            request = self.requests.request(content.operation, {content.parameter: str(value)})
            self._call(content.operation, request)


def cancels(move: JobMove) -> bool:
    """Whether a move cancels one job."""
    return not move.every and isinstance(move.to, WordState) and _is_towards(move.to, State.CANCELLED)


def leads_on(move: JobMove) -> bool:
    """Whether a job goes on after a move."""
    return isinstance(move.to, WordState) and not move.to.state.is_over


def _is_towards(to: WordState, state: State) -> bool:
    """Whether a move leads to a state, or to a word on the way to it."""
    return to.state is state or "cancel" in to.word.lower()


def _wanted(condition: Condition) -> dict[Expression, JSON]:
    """Return what a request has to have for a condition."""
    return {place: ANY if values is None else values[0] for place, values in condition.wanted}


def _request_parts(request: httpx.Request, template: str) -> RequestParts:
    body = json.loads(request.content) if request.headers.get("content-type") == JSON_TYPE else None
    parameters = url_parameters(str(request.url), template)
    return RequestParts(path=parameters, query=dict(request.url.params), headers=_headers(request), body=body)


def _response_parts(response: httpx.Response) -> ResponseParts:
    is_json = "json" in response.headers.get("content-type", "") and response.content
    body: JSON = response.json() if is_json else response.content or None
    return ResponseParts(status=response.status_code, headers=_headers(response), body=body)


def _headers(message: httpx.Request | httpx.Response) -> Mapping[str, str]:
    return {name.lower(): value for name, value in message.headers.items()}
