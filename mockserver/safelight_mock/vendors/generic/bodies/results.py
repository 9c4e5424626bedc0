"""What a job gives: links to files, values, and the ids of files."""

from math import floor
from pathlib import PurePosixPath

import msgspec

from safelight_lifecycle import JobResult, ResultKind
from safelight_mock.core.engine import PURGED
from safelight_mock.core.job import Job
from safelight_mock.vendors.generic.bodies.facts import FOREVER, KEPT, NOTHING, JobFacts
from safelight_mock.vendors.generic.bodies.media_types import extension_of, media_type_of
from safelight_mock.vendors.generic.bodies.writes import results_of
from safelight_mock.wire.messages import JSON

OUTPUT = "output"  # the first part of the purpose of a link to a result
COUNTS = ("n", "num_images", "num_outputs", "numImages", "numberOfImages", "samples", "batch_size", "count")
MOST = 16  # results of one job
NUMBER = 12  # last digits of the id of a file, which have the number of its job


class ResultFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file of a job: the name of its result, empty for that of `result`, and which of several it is."""

    name: str = ""
    index: int = 0

    @property
    def purpose(self) -> str:
        """The purpose in a link to a result."""
        return f"{OUTPUT}.{self.name}.{self.index}" if self.name or self.index else OUTPUT

    @classmethod
    def of(cls, purpose: str) -> "ResultFile | None":
        """Read what a link is for; None if it is not for a result."""
        kind, _, rest = purpose.partition("/")[0].partition(".")
        name, _, index = rest.rpartition(".")
        if kind != OUTPUT or (rest and not index.isdecimal()):
            return None
        return cls(name=name, index=int(index or 0))


def result_value(facts: JobFacts, name: str) -> JSON:
    """Return a result of a job as a response shows it; KEPT for a value, NOTHING without one."""
    result = results_of(facts.lifecycle, facts.job.operation).get(name)
    if result is None or facts.reached not in result.allowed or is_purged(facts.job) or facts.lacks_result:
        return NOTHING
    if not result.when.holds(facts.submission.value):
        return NOTHING
    match result.kind:
        case ResultKind.URL:
            return _links(facts, name, result)
        case ResultKind.FILE:
            ids = [file_id(facts, name, index) for index in range(count_of(facts, result))]
            return ids if result.each else ids[0]
        case ResultKind.VALUE:
            return KEPT
    return NOTHING


def file_id(facts: JobFacts, name: str, index: int) -> str:
    """Return the id of a file that a job has made."""
    drawn = facts.engine.sandbox.id_of(f"{facts.job.id}/{name}/{index}")
    return f"file-{drawn.hex[:-NUMBER]}{facts.job.number:0{NUMBER}x}"


def job_number(file: str) -> int | None:
    """Return the number of the job that has made a file with an id; None if none has."""
    try:
        return int(file[-NUMBER:], 16)
    except ValueError:
        return None


def is_purged(job: Job) -> bool:
    """Whether a client has removed the results of a job."""
    return bool(job.details.get(PURGED))


def is_expired(facts: JobFacts, result: JobResult) -> bool:
    """Whether a job has no longer a result that it had."""
    is_file = result.kind in (ResultKind.BYTES, ResultKind.FILE)
    kept_for = result.expires if is_file else result.within
    return kept_for is not None and facts.engine.now >= facts.status.since + kept_for


def link_expiry(facts: JobFacts, result: JobResult) -> int:
    """Return when a link to a result expires that is made now, in whole Unix seconds."""
    life = FOREVER if result.expires is None else result.expires
    began = facts.engine.now if result.renew else facts.status.since
    return floor(began + life)


def count_of(facts: JobFacts, result: JobResult) -> int:
    """Return how many results there are: one or, where there is a list, as many as the request asks for."""
    sent = facts.submission.body
    if not result.each or not isinstance(sent, dict):
        return 1
    requested = (
        sent[name] for name in COUNTS if isinstance(sent.get(name), int) and not isinstance(sent[name], bool)
    )
    return max(1, min(next(requested, 1), MOST))


def file_name(facts: JobFacts, name: str, result: JobResult, index: int) -> str:
    """Return the name of the file of a result: that of the input, with the extension of its own type."""
    media_type = media_type_of(facts, result)
    stem = name or PurePosixPath(facts.job.source.filename).stem or "output"
    number = f"-{index + 1}" if index else ""
    return f"{stem}{number}.{extension_of(media_type)}"


def _links(facts: JobFacts, name: str, result: JobResult) -> JSON:
    until = link_expiry(facts, result)
    links = [
        facts.request.presign(
            facts.job.id,
            f"{ResultFile(name=name, index=index).purpose}/{file_name(facts, name, result, index)}",
            until,
        )
        for index in range(count_of(facts, result))
    ]
    return links if result.each else links[0]
