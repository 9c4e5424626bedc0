"""Files that were recorded with a job: links to them, and responses with them."""

from math import floor

from safelight_mock.core.job import Job
from safelight_mock.core.recorded import RecordedFile
from safelight_mock.wire.messages import RenderedFile, Request
from safelight_mock.wire.placeholders import Filling

PURPOSE = "recorded"  # of links, before the name of a file in the scenario
LINK_LIFE = 86_400  # seconds that links to recorded files work


def filling(job: Job, request: Request, api: str) -> Filling:
    """Return what placeholders of a job are replaced by; `request` makes links, `api` is a base URL."""

    def link(name: str) -> str:
        file = None if job.fault is None or job.fault.recorded is None else job.fault.recorded.files.get(name)
        purpose = f"{PURPOSE}/{name}/{'' if file is None else file.filename}"
        return request.presign(job.id, purpose, floor(job.submitted) + LINK_LIFE)

    return Filling(job=job.id, submitted=job.submitted, api=api, link=link)


def file_of(job: Job, purpose: str) -> RecordedFile | None:
    """Return the recorded file that a link of this purpose leads to; None for another purpose."""
    kind, _, rest = purpose.partition("/")
    if kind != PURPOSE or job.fault is None or job.fault.recorded is None:
        return None
    return job.fault.recorded.files.get(rest.partition("/")[0])


def content_of(file: RecordedFile) -> RenderedFile:
    """Return the body of a response with a file."""
    return RenderedFile(digest=file.digest, recipe=None, filename=file.filename)
