"""The edit of an image as a job: its input, the size of its result, and what inspection adds."""

from collections.abc import Iterable
from zlib import crc32

from msgspec.structs import replace

from safelight_mock.core.engine import Engine
from safelight_mock.core.job import (
    Durations,
    Inspection,
    InspectionKey,
    Inspections,
    Job,
    Plan,
    Source,
    inspect_job,
)
from safelight_mock.core.picture import UNSEEN, Picture
from safelight_mock.vendors.claid import sizes
from safelight_mock.vendors.claid.edits import Edit, EditOptions, details, edit_of
from safelight_mock.vendors.claid.responses import NO_IMAGE, NO_STORAGE, NOT_LOADED
from safelight_mock.vendors.claid.storage import UNKNOWN, loadable
from safelight_mock.wire.messages import ReceivedFile, Request

TIMING = Durations()  # ours: the vendor publishes no durations

# Ours, too: the vendor publishes no messages of jobs that fail later.
DAMAGED = "Input image is damaged."
NO_STYLE = "Unable to use the style reference image."

IDS = 100_000_000  # range of the first id of an account


def load(request: Request, edit: Edit, addresses: Iterable[str]) -> dict[str, ReceivedFile]:
    """Return the files at these URLs and at the style's; raises NotLoadedError until they are loaded."""
    wanted = dict.fromkeys([*addresses, *([_reference(edit)] if edit.style else [])])
    urls = [loadable(address, request.options["storages"]) for address in wanted]
    return {
        address: replace(upload, error=NO_STORAGE) if url == UNKNOWN else upload
        for address, url, upload in zip(wanted, urls, request.load(*urls), strict=True)
    }


def job_of(
    operation: str,
    edit_request: EditOptions,
    edit: Edit,
    upload: ReceivedFile,
    loaded: dict[str, ReceivedFile],
) -> Job:
    """Return the job for an uploaded or loaded image, without an id."""
    source = _source(upload)
    style = _source(loaded[_reference(edit)]) if edit.style else None
    unseen = replace(UNSEEN, format=edit.file)
    output = unseen if source.error else sizes.output(edit, source.picture)
    misfit = sizes.error_of(edit, output)
    error = source.error or (NO_STYLE if style and style.error else "")
    if not edit.is_clipped:  # the size of a clipped result follows from pixels
        error = error or misfit
    return Job(
        id="",
        operation=operation,
        plan=plan(output),
        source=replace(source, error=error),
        output=unseen if misfit else output,  # a snapshot with a size that cannot be made is rejected
        price=1,
        details=details(edit_request, edit.absent_side),
        others=(style.digest,) if style and style.digest else (),
    )


def plan(*outputs: Picture) -> Plan:
    """Return the plan of a job with these results."""
    return TIMING.plan(sum(min(sizes.MEGAPIXELS, output.megapixels) for output in outputs))


def inspect(job: Job, inspections: Inspections) -> Inspection:
    """Return the inspection of an edit's inputs, with an error if unusable; raises NotInspectedError.

    The size of a clipped edit follows from its pixels, so padding and limits can be checked only here.
    """
    inspection, edit = inspect_job(job, inspections), edit_of(job)
    if not inspection.is_whole:
        is_source = not inspections(InspectionKey(job.source.digest)).is_whole
        return replace(inspection, error=DAMAGED if is_source else NO_STYLE)
    if not edit.is_clipped:
        return inspection
    key = InspectionKey(job.source.digest, is_for_subject=True)
    clipped = replace(inspection, subject=inspections(key).subject)
    return replace(clipped, error=sizes.error_of(edit, sizes.output_of(job, clipped)))


def next_id(engine: Engine) -> str:
    """Return the next id: growing whole numbers, from a start that depends on the account."""
    engine.sandbox.draw()
    return str(crc32(engine.sandbox.name.encode()) % IDS + engine.sandbox.ids_drawn)


def _source(upload: ReceivedFile) -> Source:
    picture = upload.picture or UNSEEN
    error = ""
    if upload.error == NO_STORAGE:
        error = NO_STORAGE
    elif upload.error or not picture.width or not picture.height:
        error = NO_IMAGE if upload.digest else NOT_LOADED
    return Source(id="", digest=upload.digest, filename=upload.filename, picture=picture, error=error)


def _reference(edit: Edit) -> str:
    return str(edit.style["style_reference_image"])
