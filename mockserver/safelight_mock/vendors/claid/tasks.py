"""One image's edit as a job: its input judged by the header, its result by arithmetic."""

from collections.abc import Iterable
from dataclasses import replace
from zlib import crc32

from safelight_mock.core.engine import Engine
from safelight_mock.core.job import Job, Plan, Source
from safelight_mock.core.picture import UNSEEN, Picture
from safelight_mock.vendors.claid import sizes
from safelight_mock.vendors.claid.edits import Edit, Options, details
from safelight_mock.vendors.claid.inspection import NO_STYLE
from safelight_mock.vendors.claid.responses import NO_IMAGE, NO_STORAGE, NOT_HAD
from safelight_mock.vendors.claid.storage import UNKNOWN, loadable
from safelight_mock.wire.messages import Call, Upload

SECONDS_QUEUED = 0.5  # durations are ours: the vendor publishes none
SECONDS_AT_LEAST = 1.5
SECONDS_PER_MEGAPIXEL = 0.1

IDS = 100_000_000  # among which the ids of an account begin


def load(call: Call, asked: Edit, addresses: Iterable[str]) -> dict[str, Upload]:
    """Return what is at these addresses, and at the style's; raises UnloadedError until that is known."""
    wanted = dict.fromkeys([*addresses, *([_reference(asked)] if asked.style else [])])
    there = [loadable(address, call.options["storages"]) for address in wanted]
    return {
        address: replace(upload, fault=NO_STORAGE) if place == UNKNOWN else upload
        for address, place, upload in zip(wanted, there, call.load(*there), strict=True)
    }


def job_of(operation: str, request: Options, asked: Edit, sent: Upload, loaded: dict[str, Upload]) -> Job:
    """Return the edit of an image that was sent or loaded; it has no id yet."""
    source = _source(sent)
    style = _source(loaded[_reference(asked)]) if asked.style else None
    unseen = replace(UNSEEN, format=asked.file)
    output = unseen if source.fault else sizes.output(asked, source.picture)
    misfit = sizes.fault_of(asked, output)
    fault = source.fault or (NO_STYLE if style and style.fault else "")
    if not asked.is_clipped:  # how large such a result will be no header tells
        fault = fault or misfit
    return Job(
        id="",
        operation=operation,
        plan=plan(output),
        source=replace(source, fault=fault),
        output=unseen if misfit else output,  # a snapshot with a size that nobody could make is refused
        price=1,
        details=details(request, asked.absent_side),
        others=(style.digest,) if style and style.digest else (),
    )


def plan(*outputs: Picture) -> Plan:
    """Return how long results will take: about two seconds for a few megapixels."""
    pixels = sum(min(sizes.MEGAPIXELS, output.megapixels) for output in outputs)
    return Plan(queued=SECONDS_QUEUED, running=SECONDS_AT_LEAST + SECONDS_PER_MEGAPIXEL * pixels)


def next_id(engine: Engine) -> str:
    """Return the next id: whole numbers that grow, from a start that another account hardly shares."""
    engine.sandbox.draw()
    return str(crc32(engine.sandbox.name.encode()) % IDS + engine.sandbox.drawn)


def _source(sent: Upload) -> Source:
    picture = sent.picture or UNSEEN
    fault = ""
    if sent.fault == NO_STORAGE:
        fault = NO_STORAGE
    elif sent.fault or not picture.width or not picture.height:
        fault = NO_IMAGE if sent.digest else NOT_HAD
    return Source(id="", digest=sent.digest, filename=sent.filename, picture=picture, fault=fault)


def _reference(asked: Edit) -> str:
    return str(asked.style["style_reference_image"])
