"""Taking an edit in: one operation answers at once, the others when the result is there."""

from dataclasses import replace

from safelight_mock.core.engine import Engine, UnknownJobError
from safelight_mock.core.job import Job, State
from safelight_mock.vendors.claid import responses, rules
from safelight_mock.vendors.claid.edits import Edit, Options, read, sent
from safelight_mock.vendors.claid.errors import MAGIC_KEYS, unusable
from safelight_mock.vendors.claid.tasks import job_of, load, next_id
from safelight_mock.wire.messages import Call, Hold, Reply

REMOVED, CANCELLED = "Image edit was removed.", "Image edit was cancelled."


def submit(engine: Engine, call: Call) -> Reply:
    """Answer editImageAsync: an input that cannot be used makes the edit fail later."""
    request = sent(call)
    job = _take(engine, call, _addressed("editImageAsync", call, request))
    told = responses.accepted(call, job, request, engine.lifecycle.word(State.QUEUED))
    return Reply.json(200, told)


def edit(engine: Engine, call: Call) -> Reply | Hold:
    """Answer editImage."""
    if call.holds:
        return _answer(engine, call)
    return _hold(engine, call, _addressed("editImage", call, call.values))


def upload(engine: Engine, call: Call) -> Reply | Hold:
    """Answer editUploadedImage: what was sent takes the place of an address."""
    if call.holds:
        return _answer(engine, call)
    file = call.files["file"]
    request = {"input": file.filename, **call.values["data"]}
    asked = check(call, request, below="data.")
    return _hold(engine, call, job_of("editUploadedImage", request, asked, file, load(call, asked, ())))


def check(call: Call, request: Options, below: str = "") -> Edit:
    """Return what a request asks for; raises Refusal when that breaks a rule."""
    asked = read(request, str(call.options["absent_side"]))
    rules.check(asked, strict=call.options["strict_auto"], below=below)
    return asked


def _addressed(operation: str, call: Call, request: Options) -> Job:
    address = request["input"]
    asked = check(call, request)
    loaded = load(call, asked, [address])
    return job_of(operation, request, asked, loaded[address], loaded)


def _take(engine: Engine, call: Call, made: Job) -> Job:
    MAGIC_KEYS.check_payment(engine, call.key, 1)
    return engine.submit(replace(made, id=next_id(engine)))


def _hold(engine: Engine, call: Call, made: Job) -> Hold:
    """Wait for an edit; an input that could not be had is a 400, one of which nothing can be made a 422."""
    if made.source.fault:
        raise unusable(422 if made.source.digest else 400, made.source.fault)
    job = _take(engine, call, made)
    return Hold(job=job.id, until=job.ends)


def _answer(engine: Engine, call: Call) -> Reply | Hold:
    try:
        found = engine.find(call.holds)
    except UnknownJobError as error:
        raise unusable(422, REMOVED) from error
    match found.state:
        case State.FAILED:
            raise unusable(422, responses.reason(engine, found))
        case State.CANCELLED:
            raise unusable(422, CANCELLED)
        case State.SUCCEEDED:
            pair = responses.pair(engine, call, found)
            told = {"input": pair["input_object"], "output": pair["output_object"]}
            return Reply.json(200, {"data": told})
    return Hold(job=found.job.id, until=found.due)
