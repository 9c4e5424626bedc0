"""Operations on files: uploaded ones, and those that jobs have made and name by an id."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec
from msgspec.structs import replace

from safelight_lifecycle import FileList, JobList, JobResult, RefusalKind, ResultKind, Upload
from safelight_mock.core.engine import Engine
from safelight_mock.core.engine_errors import UnknownJobError
from safelight_mock.core.job import Job, Source
from safelight_mock.core.picture import UNSEEN
from safelight_mock.vendors.generic.bodies.links import UPLOAD, parts_count
from safelight_mock.vendors.generic.bodies.media_types import media_type_of
from safelight_mock.vendors.generic.bodies.result_files import result_file
from safelight_mock.vendors.generic.errors import JobRequestError
from safelight_mock.vendors.generic.files.job_files import JobFile, find_job_file, job_files
from safelight_mock.vendors.generic.files.uploads import Uploads
from safelight_mock.vendors.generic.kinds import JobKind
from safelight_mock.vendors.generic.operations.lists import JobLists
from safelight_mock.vendors.generic.operations.results import check_result
from safelight_mock.wire.messages import JSON, ReceivedFile, Request, Response
from safelight_mock.wire.vendor import Handler

RECEIVED = "received"  # the detail of a job with the numbers of the parts that were sent


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
                yield one.rule.delete, self._delete(one)
            if one.rule.content:
                yield one.rule.content, self._content(one.rule.content, one.rule.parameter)
            if one.rule.listing is not None:
                yield one.rule.listing.operation, self._list(one, one.rule.listing)

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
                made = self._made(own, engine, request)
                return own.respond(own.rule.read, engine, request, made.as_upload(own.rule, engine))

        return read

    def _content(self, operation: str, parameter: str) -> Handler:
        owners = [one for one in self.uploads if one.rule.content == operation]

        def content(engine: Engine, request: Request) -> Response:
            id_ = str(request.parameters[parameter])
            job = engine.sandbox.jobs.get(id_)
            for one in owners:
                if job is not None and job.operation == one.rule.operation:
                    return one.kind.described.typed(operation, one.content(engine, request))
            facts, result, file = find_job_file(self.kinds, engine, request, id_)
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

    def _shown(self, own: Uploads, engine: Engine, request: Request) -> list[Job]:
        """Return the files that a list shows: uploaded ones, and those of jobs with the same operation."""
        made = (one for one in job_files(self.kinds, engine, request) if _is_read_as(one, own.rule))
        files = [*own.all(engine), *(one.as_upload(own.rule, engine) for one in made)]
        return sorted(files, key=lambda one: one.submitted, reverse=True)

    def _list(self, own: Uploads, listing: FileList) -> Handler:
        lists = JobLists(kind=own.kind, rule=JobList(operation=listing.operation, each=listing.each))
        selecting = own.kind.described.api.operations[listing.operation].query_parameters

        def respond(engine: Engine, request: Request) -> Response:
            files = self._shown(own, engine, request)
            entries = [own.entry(engine, request, one, lists.entry_media) for one in files]
            wanted = {name: request.parameters[name] for name in selecting}
            return lists.enveloped([one for one in entries if _has(one, wanted)], request)

        return respond

    def _delete(self, own: Uploads) -> Handler:
        def delete(engine: Engine, request: Request) -> Response:
            try:
                return own.delete(engine, request)
            except UnknownJobError:
                made = self._made(own, engine, request)
                response = own.respond(own.rule.delete, engine, request, made.as_upload(own.rule, engine))
                made.delete()
                return response

        return delete

    def _made(self, own: Uploads, engine: Engine, request: Request) -> JobFile:
        """Return the file of a job that a request is about; raises JobRequestError if it is not there."""
        id_ = str(request.parameters[own.rule.parameter])
        made = find_job_file(self.kinds, engine, request, id_)
        if not made.is_there or not _is_read_as(made, own.rule):
            raise JobRequestError(RefusalKind.UNKNOWN, f"no file {id_}")
        return made


def _has(entry: JSON, wanted: Mapping[str, JSON]) -> bool:
    """Whether an entry has the values that parameters with the names of its fields ask for."""
    fields = entry if isinstance(entry, dict) else {}
    return all(value is None or fields.get(name, value) == value for name, value in wanted.items())


def _is_read_as(made: JobFile, rule: Upload) -> bool:
    """Whether a file of a job is one of those that are uploaded, for its client."""
    return made.result.content is not None and made.result.content.operation == rule.content
