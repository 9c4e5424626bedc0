"""Taking a batch in: a job for the whole of it, and one beside it for each image.

A job has one input, so that of the whole is the first that can be used; what became of a batch is read off
its images.
"""

from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from safelight_mock.core.engine import Engine
from safelight_mock.core.job import Job, State
from safelight_mock.vendors.claid import responses
from safelight_mock.vendors.claid.edits import Options, details, edit_of, sent
from safelight_mock.vendors.claid.errors import MAGIC_KEYS, invalid
from safelight_mock.vendors.claid.storage import contents, is_stored
from safelight_mock.vendors.claid.submit import check
from safelight_mock.vendors.claid.tasks import job_of, load, next_id, plan
from safelight_mock.wire.messages import JSON, Request, Response

OPERATION = "editImageBatch"


def submit(engine: Engine, call: Request) -> Response:
    """Answer editImageBatch: images that cannot be used fail later, each for itself."""
    request = sent(call)
    jobs = _jobs(call, request)
    MAGIC_KEYS.check_payment(engine, call.key, len(jobs))
    job = _take(engine, request, jobs)
    told = responses.accepted(call, job, request, engine.lifecycle.vendor_state(State.QUEUED))
    return Response.json(200, told)


def _jobs(call: Request, request: Options) -> list[Job]:
    addresses = dict(_addresses(request["input"], call.options["folder_size"]))
    most = int(call.options["batch_size"])
    if len(addresses) > most:
        raise invalid({"input": [f"ensure this value has at most {most} items"]})
    asked = check(call, request)
    loaded = load(call, asked, addresses.values())
    folder = {"output": _as_folder(request.get("output"))} if asked.destination else {}
    return [
        job_of(OPERATION, one, check(call, one), loaded[address], loaded)
        for address in addresses.values()
        for one in [{**request, "input": address, **folder}]
    ]


def _take(engine: Engine, request: Options, jobs: list[Job]) -> Job:
    """Take the whole in first, so that it goes first when room is made; all of it ends at once."""
    first = next((job for job in jobs if not job.source.fault), jobs[0])
    life = plan(*(job.output for job in jobs))
    kept = details(request, edit_of(first).absent_side)
    job_id = next_id(engine)
    images = [replace(job, id=f"{job_id}.{number}", plan=life) for number, job in enumerate(jobs)]
    parts = tuple(image.id for image in images)
    whole = replace(first, id=job_id, plan=life, price=0, details=kept, parts=parts)
    return engine.submit(whole, *images)


def _addresses(told: JSON, in_folder: float) -> Iterator[tuple[str, str]]:
    """Yield each address under the place where it stands; of a folder, what is taken to be in it."""
    if isinstance(told, list):
        yield from ((f"input.{number}", address) for number, address in enumerate(told))
        return
    place, source = ("input.source", told["source"]) if isinstance(told, Mapping) else ("input", told)
    if is_stored(source) and source.endswith("/"):
        yield from ((f"{place}.{address}", address) for address in contents(source, int(in_folder)))
    else:
        yield place, source


def _as_folder(told: JSON) -> Mapping[str, JSON]:
    """Return an output whose destination is a folder, for a batch has many results."""
    output = {"destination": told} if isinstance(told, str) else told
    return {**output, "destination": f"{output['destination'].removesuffix('/')}/"}
