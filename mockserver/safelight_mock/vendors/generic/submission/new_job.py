"""New jobs: their id, input, output, price and plan."""

from collections.abc import Iterator
from math import ceil

from msgspec.structs import replace

from safelight_lifecycle import RefusalKind, RequestParts, ResultKind, Submission, Timing, chosen_id
from safelight_mock.core.engine import Engine
from safelight_mock.core.job import Durations, Job, Plan, State
from safelight_mock.core.picture import UNSEEN, Format, Picture
from safelight_mock.vendors.generic.bodies.facts import DEADLINE, PARENT, JobFacts
from safelight_mock.vendors.generic.bodies.media_types import IMAGES, requested_image_type
from safelight_mock.vendors.generic.bodies.remembered_request import REQUEST, parts_of, remembered
from safelight_mock.vendors.generic.bodies.writes import result_places, results_of
from safelight_mock.vendors.generic.errors import JobRequestError
from safelight_mock.vendors.generic.files.uploads import uploaded
from safelight_mock.vendors.generic.kinds import JobKind, as_text
from safelight_mock.vendors.generic.notifications import target_details
from safelight_mock.vendors.generic.schemas.ids import new_id
from safelight_mock.vendors.generic.schemas.shapes import Shape
from safelight_mock.vendors.generic.submission.idempotency import earlier_job, key_details
from safelight_mock.vendors.generic.submission.input_limits import check_input, check_targets, error_of
from safelight_mock.vendors.generic.submission.inputs import source_of
from safelight_mock.vendors.generic.submission.sizes import output_picture, scaled_picture
from safelight_mock.wire.messages import Request

USUAL = Durations()  # ours
NO_TIMING = Timing()


def started(kind: JobKind, submission: Submission, engine: Engine, request: Request) -> JobFacts:
    """Start a job; raises Problem, and NotLoadedError."""
    earlier = earlier_job(kind, submission.operation, engine, request)
    if earlier is not None:
        return kind.facts(engine, request, engine.status(earlier))
    job = new_job(kind, submission, engine, request)
    taken = engine.submit(job)
    request.trace.job = taken.id
    return kind.facts(engine, request, engine.as_submitted(taken))


def new_job(kind: JobKind, submission: Submission, engine: Engine, request: Request) -> Job:
    """Return the job that a request asks for; raises Problem for one that is not accepted or not paid."""
    lifecycle, operation = kind.lifecycle, submission.operation
    parts = parts_of(request, kind.named.headers)
    job_id = _chosen_id(kind, operation, engine, parts)
    media_type = _media_type(kind, operation, parts.body)
    file = uploaded(engine, kind.described.upload_operations, parts.body)
    wants_image = media_type in IMAGES or kind.lifecycle.input is not None
    targets = {one.target: parts.value(one.target) for one in lifecycle.deliver if one.target}
    check_targets(lifecycle, targets, request)
    accepted = lifecycle.accepts
    address = "" if accepted is None else as_text(parts.value(accepted.place))
    source = source_of(request, wants_image=wants_image, address=address) if file is None else file.source
    details: dict[str, str | int | float | bool] = {
        **target_details(kind, targets),
        **key_details(kind, engine, request),
        REQUEST: remembered(parts, kind.named),
    }
    if submission.of is not None:
        details[PARENT] = engine.find(as_text(parts.value(submission.of))).job.id
    seconds = lifecycle.deadline.seconds(parts.value) if lifecycle.deadline else None
    if seconds is not None:
        details[DEADLINE] = seconds
    picture = None if source.picture is UNSEEN else source.picture
    output = _output(kind, parts, picture, IMAGES.get(media_type, Format.PNG))
    if accepted is not None:
        error = source.error or error_of(accepted, source.picture, output)
        check_input(accepted, error, request)
        source = replace(source, error=error)
    price = ceil(lifecycle.price_of(operation) or 0)
    kind.described.magic_keys.check_payment(engine, request.key, price)
    return Job(
        id=job_id or new_id(engine.sandbox.draw(), _id_shapes(kind, operation)),
        operation=operation,
        plan=replace(plan_of(kind, operation, output.megapixels), deadline=seconds),
        source=source,
        output=output,
        price=price,
        details=details,
    )


def _chosen_id(kind: JobKind, operation: str, engine: Engine, parts: RequestParts) -> str:
    """Return the id that the client chooses for its job; empty if the server chooses it.

    A job that is over is replaced. Raises JobRequestError for the id of another one, and of another kind.
    """
    chosen = chosen_id(kind.lifecycle.ids_of(operation), parts.value)
    other = engine.sandbox.jobs.get(chosen) if chosen else None
    if other is not None and not (kind.has(other) and engine.status(other).state.is_over):
        raise JobRequestError(RefusalKind.MOVED, f"{chosen} is the id of another job, which goes on")
    return chosen


def plan_of(kind: JobKind, operation: str, megapixels: float) -> Plan:
    """Return how long a job takes: as declared, else a few seconds."""
    declared, usual = kind.lifecycle.timing_of(operation) or NO_TIMING, USUAL.plan(megapixels)
    words, any_words = kind.lifecycle.words, bool(kind.lifecycle.words.listed)
    queued = usual.queued if declared.queued is None else declared.queued
    running = usual.running if declared.running is None else declared.running
    return Plan(
        queued=queued if words.passed(State.QUEUED) or not any_words else 0.0,
        running=running if words.passed(State.RUNNING) or not any_words else 0.0,
    )


def _output(kind: JobKind, parts: RequestParts, source: Picture | None, format_: Format) -> Picture:
    """Return format and size of the image of a job."""
    place = kind.lifecycle.scale
    if place is None:
        return output_picture(parts.body, source, format_)
    is_chosen = bool(requested_image_type(parts.body))
    return scaled_picture(source, parts.value(place), format_, is_chosen=is_chosen)


def _media_type(kind: JobKind, operation: str, body: object) -> str:
    """Return the media type of the result of a job that is to be started."""
    result = results_of(kind.lifecycle, operation).get("")
    if result is None or result.kind is ResultKind.VALUE:
        return ""
    declared = result.media
    names = " ".join(token for place in result_places(result) for token in place).lower()
    hinted = "" if any(word in names for word in ("video", "audio", "mp4")) else "image/png"
    return (requested_image_type(body) if not declared or declared in IMAGES else "") or declared or hinted


def _id_shapes(kind: JobKind, operation: str) -> Iterator[Shape]:
    """Yield the schemas of a job's id: of the parameter that takes it, and in the response that gives it."""
    described, ids = kind.described, kind.lifecycle.ids_of(operation)
    readers = [kind.lifecycle.read.operation] if kind.lifecycle.read else []
    shapes = described.shapes
    for name in readers:
        schema = described.api.operations[name].parameter(ids.parameter) if ids.parameter else None
        if schema is not None:
            yield shapes.of(schema.described)
    for name in (operation, *readers):
        media = described.media(name, described.success(name))
        for place in (one for one in ids.places if media is not None and not one.is_request):
            shape = None if media is None else shapes.at(media.schema, place.pointer)
            if shape is not None:
                yield shape
