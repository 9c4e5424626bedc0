"""Operations on files: uploaded ones, and those that jobs have made and name by an id."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from safelight_lifecycle import JobList, JobResult, RefusalKind, ResultKind, Upload
from safelight_mock.core.engine import Engine, UnknownJobError
from safelight_mock.core.job import Job, Source
from safelight_mock.core.picture import UNSEEN
from safelight_mock.vendors.generic.errors import JobRequestError
from safelight_mock.vendors.generic.facts import JobFacts
from safelight_mock.vendors.generic.files import result_file
from safelight_mock.vendors.generic.kinds import JobKind
from safelight_mock.vendors.generic.lists import JobLists
from safelight_mock.vendors.generic.media_types import media_type_of
from safelight_mock.vendors.generic.result_operations import check_result
from safelight_mock.vendors.generic.results import ResultFile, count_of, file_id, file_name
from safelight_mock.vendors.generic.upload_links import SIZE, UPLOAD, parts_count
from safelight_mock.vendors.generic.uploads import AT_ONCE, PIXEL, Uploads
from safelight_mock.vendors.generic.writes import results_of
from safelight_mock.wire.messages import ReceivedFile, Request, Response
from safelight_mock.wire.vendor import Handler

RECEIVED = "received"  # the detail of a job with the numbers of the parts that were sent


class JobFile(NamedTuple):
    """A file that a job has made."""

    facts: JobFacts
    result: JobResult
    file: ResultFile


class FileOperations(msgspec.Struct, frozen=True, kw_only=True):
    """The operations on files of one API."""

    kinds: Mapping[str, JobKind]
    uploads: Sequence[Uploads]

    def handlers(self) -> Iterator[tuple[str, Handler]]:
        """Yield the handlers of the operations on files."""
        contents = {
            one.content.operation: one.content.parameter for one in self._file_results() if one.content
        }
        for operation, parameter in contents.items():
            yield operation, self._content(operation, parameter)
        for one in self.uploads:
            yield one.rule.operation, one.create
            if one.rule.read:
                yield one.rule.read, self._read(one)
            if one.rule.delete:
                yield one.rule.delete, one.delete
            if one.rule.content:
                yield one.rule.content, self._content(one.rule.content, one.rule.parameter)
            if one.rule.listing is not None:
                yield one.rule.listing.operation, _list(one)

    def receive(self, engine: Engine, job_id: str, purpose: str, file: ReceivedFile) -> None:
        """Take the bytes that were sent to a link: of a file, or of a part of a job's input."""
        job = engine.sandbox.jobs[job_id]
        own = next((one for one in self.uploads if one.rule.operation == job.operation), None)
        if own is not None:
            own.receive(engine, job, file)
            return
        number = purpose.partition("/")[0].removeprefix(f"{UPLOAD}.")
        received = {*str(job.details.get(RECEIVED) or "").split(), number}
        source = Source(id="", digest=file.digest, filename=file.filename, picture=file.picture or UNSEEN)
        details = {**job.details, RECEIVED: " ".join(sorted(received))}
        changed = replace(job, details=details, source=source if number == "0" else job.source)
        engine.sandbox.jobs[job_id] = changed
        self._move_on(engine, changed, len(received))

    def _move_on(self, engine: Engine, job: Job, received: int) -> None:
        """Give a job the word that it gets when all bytes are there."""
        kind = self.kinds[engine.name]
        facts = kind.facts(engine, Request(method="PUT", path="", at=engine.now), engine.find(job.id))
        rules = [one for one in kind.described.uploads_of(job.operation) if one.to]
        for rule in rules if received >= parts_count(facts.submission.body) else ():
            engine.become(job.id, kind.lifecycle.words.reference(rule.to))

    def _read(self, own: Uploads) -> Handler:
        def read(engine: Engine, request: Request) -> Response:
            try:
                return own.read(engine, request)
            except UnknownJobError:
                made = self._made(engine, request, str(request.parameters[own.rule.parameter]))
                return own.show(engine, request, _as_upload(made, own.rule, engine))

        return read

    def _content(self, operation: str, parameter: str) -> Handler:
        owners = [one for one in self.uploads if one.rule.content == operation]

        def content(engine: Engine, request: Request) -> Response:
            id_ = str(request.parameters[parameter])
            job = engine.sandbox.jobs.get(id_)
            for one in owners:
                if job is not None and job.operation == one.rule.operation:
                    return one.kind.described.typed(operation, one.content(engine, request))
            facts, result, file = self._made(engine, request, id_)
            check_result(facts, result)
            response = result_file(facts, media_type_of(facts, result), file)
            return self.kinds[facts.lifecycle.name].described.typed(operation, response)

        return content

    def _file_results(self) -> Iterator[JobResult]:
        for kind in self.kinds.values():
            first = kind.lifecycle.result
            others = (one.result for one in kind.lifecycle.submit)
            named = (first, *others, *kind.lifecycle.results.values())
            yield from (one for one in named if one is not None and one.kind is ResultKind.FILE)

    def _made(self, engine: Engine, request: Request, id_: str) -> JobFile:
        """Return the file that a job has made, by its id; raises JobRequestError for an unknown one."""
        for job in engine.sandbox.jobs.values():
            kind = self.kinds.get(job.lifecycle)
            if kind is None or not kind.has(job):
                continue
            own = replace(engine, name=job.lifecycle, lifecycle=kind.played)
            facts = kind.facts(own, request, own.status(job))
            for name, result in results_of(kind.lifecycle, job.operation).items():
                indexes = range(count_of(facts, result)) if result.kind is ResultKind.FILE else ()
                for index in indexes:
                    if file_id(facts, name, index) == id_:
                        return JobFile(facts, result, ResultFile(name=name, index=index))
        raise JobRequestError(RefusalKind.UNKNOWN, f"no file {id_}")


def _as_upload(made: JobFile, rule: Upload, engine: Engine) -> Job:
    """Return a file of a job as if it had been uploaded when the job ended."""
    facts, result, file = made
    return Job(
        id=file_id(facts, file.name, file.index),
        operation=rule.operation,
        plan=AT_ONCE,
        source=Source(
            id="", digest="", filename=file_name(facts, file.name, result, file.index), picture=UNSEEN
        ),
        output=PIXEL,
        details={SIZE: len(facts.job.id)},
        lifecycle=engine.name,
        submitted=facts.status.since,
    )


def _list(own: Uploads) -> Handler:
    listing = own.rule.listing
    rule = JobList(
        operation="" if listing is None else listing.operation, each="" if listing is None else listing.each
    )
    lists = JobLists(kind=own.kind, rule=rule)

    def respond(engine: Engine, request: Request) -> Response:
        entries = [own.entry(engine, request, job, lists.entry_media) for job in own.all(engine)]
        return lists.enveloped(entries, request)

    return respond
