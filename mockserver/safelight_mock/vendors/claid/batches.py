"""New batches: a job for the batch, and one for each image.

A job has one input, so that of the batch is the first usable one; the state of a batch follows from its
images.
"""

from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from safelight_mock.core.engine import Engine
from safelight_mock.core.job import Job, State
from safelight_mock.vendors.claid import responses
from safelight_mock.vendors.claid.edits import EditOptions, as_sent, details, edit_of
from safelight_mock.vendors.claid.errors import MAGIC_KEYS, invalid
from safelight_mock.vendors.claid.storage import contents, is_stored
from safelight_mock.vendors.claid.submit import check
from safelight_mock.vendors.claid.tasks import job_of, load, next_id, plan
from safelight_mock.wire.messages import JSON, Request, Response

OPERATION = "editImageBatch"


def submit(engine: Engine, request: Request) -> Response:
    """Handle editImageBatch: unusable images fail later, each for itself."""
    edit_request = as_sent(request)
    jobs = _jobs(request, edit_request)
    MAGIC_KEYS.check_payment(engine, request.key, len(jobs))
    job = _take(engine, edit_request, jobs)
    state = engine.lifecycle.vendor_state(State.QUEUED)
    return Response.json(200, responses.accepted(request, job, edit_request, state))


def _jobs(request: Request, edit_request: EditOptions) -> list[Job]:
    addresses = dict(_addresses(edit_request["input"], request.options["folder_size"]))
    most = int(request.options["batch_size"])
    if len(addresses) > most:
        raise invalid({"input": [f"ensure this value has at most {most} items"]})
    edit = check(request, edit_request)
    loaded = load(request, edit, addresses.values())
    folder = {"output": _as_folder(edit_request.get("output"))} if edit.destination else {}
    return [
        job_of(OPERATION, one, check(request, one), loaded[address], loaded)
        for address in addresses.values()
        for one in [{**edit_request, "input": address, **folder}]
    ]


def _take(engine: Engine, edit_request: EditOptions, jobs: list[Job]) -> Job:
    """Submit the batch before its images, so that it is evicted first; all of them end at once."""
    first = next((job for job in jobs if not job.source.error), jobs[0])
    life = plan(*(job.output for job in jobs))
    kept = details(edit_request, edit_of(first).absent_side)
    job_id = next_id(engine)
    images = [replace(job, id=f"{job_id}.{number}", plan=life) for number, job in enumerate(jobs)]
    parts = tuple(image.id for image in images)
    whole = replace(first, id=job_id, plan=life, price=0, details=kept, parts=parts)
    return engine.submit(whole, *images)


def _addresses(inputs: JSON, in_folder: float) -> Iterator[tuple[str, str]]:
    """Yield each URL with the path of its field; for a folder, the URLs of its placeholder images."""
    if isinstance(inputs, list):
        yield from ((f"input.{number}", address) for number, address in enumerate(inputs))
        return
    path, source = ("input.source", inputs["source"]) if isinstance(inputs, Mapping) else ("input", inputs)
    if is_stored(source) and source.endswith("/"):
        yield from ((f"{path}.{address}", address) for address in contents(source, int(in_folder)))
    else:
        yield path, source


def _as_folder(output: JSON) -> Mapping[str, JSON]:
    """Return an output whose destination is a folder, because a batch has many results."""
    output = {"destination": output} if isinstance(output, str) else output
    return {**output, "destination": f"{output['destination'].removesuffix('/')}/"}
