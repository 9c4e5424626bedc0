"""Files that jobs have made, which operations on files show, list, read and delete by their ids."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from msgspec.structs import replace

from safelight_lifecycle import JobResult, RefusalKind, ResultKind, Upload
from safelight_mock.core.engine import Engine
from safelight_mock.core.job import Job, Source
from safelight_mock.core.picture import UNSEEN
from safelight_mock.vendors.generic.bodies.facts import NOTHING, JobFacts
from safelight_mock.vendors.generic.bodies.links import SIZE
from safelight_mock.vendors.generic.bodies.results import (
    ResultFile,
    count_of,
    file_id,
    file_name,
    is_expired,
    job_number,
    result_value,
)
from safelight_mock.vendors.generic.bodies.writes import results_of
from safelight_mock.vendors.generic.errors import JobRequestError
from safelight_mock.vendors.generic.files.uploads import AT_ONCE, PIXEL
from safelight_mock.vendors.generic.kinds import JobKind
from safelight_mock.wire.messages import Request

DELETED = "deleted files"  # the detail of a job with the ids of files that its client has deleted


class JobFile(NamedTuple):
    """A file that a job has made, or will make."""

    facts: JobFacts
    result: JobResult
    file: ResultFile

    @property
    def id(self) -> str:
        """Its id."""
        return file_id(self.facts, self.file.name, self.file.index)

    @property
    def is_there(self) -> bool:
        """Whether it is made, and still there."""
        has_result = result_value(self.facts, self.file.name) is not NOTHING
        return has_result and not is_expired(self.facts, self.result)

    def as_upload(self, rule: Upload, engine: Engine) -> Job:
        """Return it as if it had been uploaded when its job ended."""
        facts, file = self.facts, self.file
        name = file_name(facts, file.name, self.result, file.index)
        return Job(
            id=self.id,
            operation=rule.operation,
            plan=AT_ONCE,
            source=Source(id="", digest="", filename=name, picture=UNSEEN),
            output=PIXEL,
            details={SIZE: len(facts.job.id)},
            lifecycle=engine.name,
            submitted=facts.status.since,
        )

    def delete(self) -> None:
        """Delete it; its job still shows the id."""
        job = self.facts.job
        deleted = f"{job.details.get(DELETED, '')} {self.id}".strip()
        self.facts.engine.sandbox.jobs[job.id] = replace(job, details={**job.details, DELETED: deleted})


def job_files(kinds: Mapping[str, JobKind], engine: Engine, request: Request) -> Iterator[JobFile]:
    """Yield the files of all jobs that are there, those of older jobs first."""
    for job in engine.sandbox.jobs.values():
        yield from (one for one in _files_of(kinds, engine, request, job) if one.is_there)


def find_job_file(kinds: Mapping[str, JobKind], engine: Engine, request: Request, id_: str) -> JobFile:
    """Return the file of a job by its id, made or not; raises JobRequestError for an unknown one."""
    number = job_number(id_)
    owners = (job for job in engine.sandbox.jobs.values() if job.number == number)
    files = (one for job in owners for one in _files_of(kinds, engine, request, job))
    found = next((one for one in files if one.id == id_), None)
    if found is None:
        raise JobRequestError(RefusalKind.UNKNOWN, f"no file {id_}")
    return found


def _files_of(kinds: Mapping[str, JobKind], engine: Engine, request: Request, job: Job) -> Iterator[JobFile]:
    """Yield the files of a job that its client has not deleted."""
    kind = kinds.get(job.lifecycle)
    if kind is None or not kind.has(job):
        return
    results = results_of(kind.lifecycle, job.operation).items()
    named = [(name, result) for name, result in results if result.kind is ResultKind.FILE]
    if not named:
        return
    own = replace(engine, name=job.lifecycle, lifecycle=kind.played)
    facts = kind.facts(own, request, own.status(job))
    deleted = str(job.details.get(DELETED, "")).split()
    for name, result in named:
        for index in range(count_of(facts, result)):
            made = JobFile(facts, result, ResultFile(name=name, index=index))
            if made.id not in deleted:
                yield made
