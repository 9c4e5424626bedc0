"""The file of a result, as links to it and operations respond with it."""

import re
from collections.abc import Mapping

from safelight_mock.core.job import WHOLE, Inspection, Inspections, Job, inspect_job
from safelight_mock.vendors.generic.bodies.facts import JobFacts
from safelight_mock.vendors.generic.bodies.media_types import IMAGES
from safelight_mock.vendors.generic.bodies.results import ResultFile
from safelight_mock.wire import object_store
from safelight_mock.wire.messages import MadeFile, Response

SECONDS = 2.0  # of a clip or a sound
LONGEST = 8.0
NUMBER = re.compile(r"(\d{1,9}(?:\.\d+)?)s?")


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
