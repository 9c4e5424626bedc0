"""One image's edit as a job: its input judged by the header, its result by arithmetic."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from zlib import crc32

import msgspec

from safelight_mock.core.engine import Engine
from safelight_mock.core.job import Job, Plan, Source, State, Status
from safelight_mock.core.picture import UNSEEN, Picture
from safelight_mock.vendors.claid import sizes
from safelight_mock.vendors.claid.edits import REQUEST, Edit, Options
from safelight_mock.vendors.claid.recipes import REFERENCE
from safelight_mock.vendors.claid.storage import UNKNOWN, loadable
from safelight_mock.wire.call import Call, Upload

SECONDS_QUEUED = 0.5  # durations are ours: the vendor publishes none
SECONDS_AT_LEAST = 1.5
SECONDS_PER_MEGAPIXEL = 0.1

IDS = 100_000_000  # among which the ids of an account begin

NOT_HAD = "Unable to download the input image."  # sentences on inputs are ours: none is published
NO_IMAGE = "Input file is not an image."
NO_STORAGE = "Unable to find the storage of the input image."
NO_STYLE = "Unable to use the style reference image."


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A job that has no id yet, and the picture whose style it borrows, if any."""

    job: Job
    style: Source | None = None


def load(call: Call, asked: Edit, addresses: Iterable[str]) -> dict[str, Upload]:
    """Return what is at these addresses, and at the style's; raises UnloadedError until that is known."""
    wanted = dict.fromkeys([*addresses, *([_reference(asked)] if asked.style else [])])
    there = [loadable(address, call.options["storages"]) for address in wanted]
    brought = zip(wanted, there, call.load(*there), strict=True)
    return {
        address: replace(upload, fault=NO_STORAGE) if place == UNKNOWN else upload
        for address, place, upload in brought
    }


def task(operation: str, request: Options, asked: Edit, sent: Upload, loaded: dict[str, Upload]) -> Task:
    """Return the edit of an image that was sent or loaded."""
    source, style = _source(sent), None
    if asked.style:
        style = _source(loaded[_reference(asked)])
    output = _output(asked, source)
    fault = source.fault or (NO_STYLE if style and style.fault else "") or sizes.fault_of(asked, output)
    job = Job(
        id="",
        operation=operation,
        plan=plan(output),
        source=replace(source, fault=fault),
        output=output,
        details={
            REQUEST: msgspec.json.encode(request).decode(),
            **({REFERENCE: style.digest} if style else {}),
        },
    )
    return Task(job=job, style=style)


def plan(*outputs: Picture) -> Plan:
    """Return how long results will take: about two seconds for a few megapixels."""
    pixels = sum(output.megapixels for output in outputs)
    return Plan(queued=SECONDS_QUEUED, running=SECONDS_AT_LEAST + SECONDS_PER_MEGAPIXEL * pixels)


def next_id(engine: Engine) -> str:
    """Return the next id: whole numbers that grow, from a start that another account does not share."""
    engine.sandbox.draw()
    return str(crc32(engine.sandbox.name.encode()) % IDS + engine.sandbox.drawn)


def take(engine: Engine, task: Task, job_id: str) -> Job:
    """Take a task in; the picture whose style it borrows is kept by a job beside it."""
    taken = engine.submit(replace(task.job, id=job_id))
    if task.style:
        engine.submit(replace(task.job, id=f"{job_id}.style", source=task.style, output=task.style.picture))
    return taken


def standing(engine: Engine, job_id: str) -> Status:
    """Look at an edit; one whose style cannot be seen whole has failed."""
    found = engine.find(job_id)
    if found.state is not State.SUCCEEDED or REFERENCE not in found.job.details:
        return found
    if engine.look(str(found.job.details[REFERENCE])).is_whole:
        return found
    source = replace(found.job.source, fault=NO_STYLE)
    return replace(found, state=State.FAILED, job=replace(found.job, source=source))


def _source(sent: Upload) -> Source:
    picture = sent.picture or UNSEEN
    fault = ""
    if sent.fault == NO_STORAGE:
        fault = NO_STORAGE
    elif sent.fault or not picture.width or not picture.height:
        fault = NO_IMAGE if sent.digest else NOT_HAD
    return Source(id="", digest=sent.digest, filename=sent.filename, picture=picture, fault=fault)


def _output(asked: Edit, source: Source) -> Picture:
    return replace(UNSEEN, format=asked.file) if source.fault else sizes.output(asked, source.picture)


def _reference(asked: Edit) -> str:
    return str(asked.style["style_reference_image"])
