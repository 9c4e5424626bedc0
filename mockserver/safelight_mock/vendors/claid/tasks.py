"""One image's edit as a job: its input by the header, its result by arithmetic, and what inspection adds."""

from collections.abc import Iterable
from zlib import crc32

from msgspec.structs import replace

from safelight_mock.core.engine import Engine
from safelight_mock.core.job import Inspection, InspectionKey, Inspections, Job, Plan, Source, Timing, look_at
from safelight_mock.core.picture import UNSEEN, Picture
from safelight_mock.vendors.claid import sizes
from safelight_mock.vendors.claid.edits import Edit, Options, details, edit_of
from safelight_mock.vendors.claid.responses import NO_IMAGE, NO_STORAGE, NOT_HAD
from safelight_mock.vendors.claid.storage import UNKNOWN, loadable
from safelight_mock.wire.messages import Request, Upload

TIMING = Timing()  # ours: the vendor publishes no durations

# Ours, too: the vendor publishes no sentences on what fails later.
DAMAGED = "Input image is damaged."
NO_STYLE = "Unable to use the style reference image."

IDS = 100_000_000  # among which the ids of an account begin


def load(call: Request, asked: Edit, addresses: Iterable[str]) -> dict[str, Upload]:
    """Return the files at these addresses and at the style's; raises NotLoadedError until they are loaded."""
    wanted = dict.fromkeys([*addresses, *([_reference(asked)] if asked.style else [])])
    there = [loadable(address, call.options["storages"]) for address in wanted]
    return {
        address: replace(upload, fault=NO_STORAGE) if place == UNKNOWN else upload
        for address, place, upload in zip(wanted, there, call.load(*there), strict=True)
    }


def job_of(operation: str, request: Options, asked: Edit, sent: Upload, loaded: dict[str, Upload]) -> Job:
    """Return the job for an image that was uploaded or loaded; it has no id yet."""
    source = _source(sent)
    style = _source(loaded[_reference(asked)]) if asked.style else None
    unseen = replace(UNSEEN, format=asked.file)
    output = unseen if source.fault else sizes.output(asked, source.picture)
    misfit = sizes.fault_of(asked, output)
    fault = source.fault or (NO_STYLE if style and style.fault else "")
    if not asked.is_clipped:  # the size of a clipped result follows from pixels
        fault = fault or misfit
    return Job(
        id="",
        operation=operation,
        plan=plan(output),
        source=replace(source, fault=fault),
        output=unseen if misfit else output,  # a snapshot with a size that cannot be made is rejected
        price=1,
        details=details(request, asked.absent_side),
        others=(style.digest,) if style and style.digest else (),
    )


def plan(*outputs: Picture) -> Plan:
    """Return how long results will take together."""
    return TIMING.plan(sum(min(sizes.MEGAPIXELS, output.megapixels) for output in outputs))


def look(job: Job, inspections: Inspections) -> Inspection:
    """Return what inspection finds in an edit's inputs, and why they are unusable; raises NotInspectedError.

    The size of a clipped edit follows from its pixels, so padding and bounds can be checked only here.
    """
    found, edit = look_at(job, inspections), edit_of(job)
    if not found.is_whole:
        is_source = not inspections(InspectionKey(job.source.digest)).is_whole
        return replace(found, fault=DAMAGED if is_source else NO_STYLE)
    if not edit.is_clipped:
        return found
    key = InspectionKey(job.source.digest, is_for_subject=True)
    clipped = replace(found, subject=inspections(key).subject)
    return replace(clipped, fault=sizes.fault_of(edit, sizes.output_of(job, clipped)))


def next_id(engine: Engine) -> str:
    """Return the next id: growing whole numbers, from a start that depends on the account."""
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
