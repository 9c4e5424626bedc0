"""The files of jobs, as links to them and operations respond with them."""

import re
from collections.abc import Mapping
from pathlib import PurePosixPath

import msgspec

from safelight_mock.core.engine import Engine, UnknownJobError
from safelight_mock.core.job import WHOLE, Inspection, Inspections, Job, inspect_job
from safelight_mock.vendors.generic.facts import JobFacts
from safelight_mock.vendors.generic.kinds import JobKind
from safelight_mock.vendors.generic.media_types import IMAGES, media_type_of
from safelight_mock.vendors.generic.results import ResultFile, is_purged
from safelight_mock.vendors.generic.streams import event_stream
from safelight_mock.vendors.generic.writes import results_of
from safelight_mock.wire import object_store
from safelight_mock.wire.messages import MadeFile, Request, Response
from safelight_mock.wire.presigned_links import EVENTS

SECONDS = 2.0  # of a clip or a sound
LONGEST = 8.0
NUMBER = re.compile(r"(\d{1,9}(?:\.\d+)?)s?")


class JobFiles(msgspec.Struct, frozen=True, kw_only=True):
    """Responds with the files of the jobs of an API."""

    kinds: Mapping[str, JobKind]
    recipe: object_store.RecipeOf

    def respond(self, engine: Engine, request: Request, job_id: str, purpose: str) -> Response:
        """Return the file of a link: a result of a job, its input, or its events."""
        kind, file = self.kinds[engine.name], ResultFile.of(purpose)
        if file is None and purpose != EVENTS:
            return object_store.find(engine, job_id, purpose, self.recipe)
        try:
            status = engine.find(job_id)
        except UnknownJobError:
            return object_store.missing()
        facts = kind.facts(engine, request, status)
        if purpose == EVENTS and kind.lifecycle.stream is not None:
            return event_stream(kind, kind.lifecycle.stream, facts)
        result = None if file is None else results_of(kind.lifecycle, status.job.operation).get(file.name)
        if file is None or result is None or facts.reached not in result.allowed or is_purged(status.job):
            return object_store.missing()
        name = PurePosixPath(purpose).name if "/" in purpose else ""
        return result_file(facts, media_type_of(facts, result), file, name)


def result_file(facts: JobFacts, media_type: str, file: ResultFile, name: str = "") -> Response:
    """Return a result of a job: an image made of its input, or a made file of that media type."""
    job, status = facts.job, facts.status
    if media_type in IMAGES and job.source.digest and job.source.picture.width and not file.name:
        made_by = facts.recipe(job, status.inspection)
        return object_store.output(status, made_by, name, modified=status.since)
    label = job.id if not file.index else f"{job.id} ({file.index + 1})"
    made = MadeFile(
        media_type=media_type,
        label=label,
        width=job.output.width,
        height=job.output.height,
        seconds=_seconds(facts),
        filename=name,
    )
    return object_store.made(made, status.since)


def inspect(job: Job, inspections: Inspections) -> Inspection:
    """Inspect the image of a job, if it has one."""
    return inspect_job(job, inspections) if job.source.digest and job.source.picture.width else WHOLE


def _seconds(facts: JobFacts) -> float:
    """Return how long a clip is: as requested, as a number or a text (`5s`), but not longer than LONGEST."""
    body = facts.submission.body
    requested = body.get("seconds", body.get("duration")) if isinstance(body, Mapping) else None
    number = NUMBER.fullmatch(str(requested))
    return min(float(number[1]), LONGEST) if number and float(number[1]) > 0 else SECONDS
