"""Taking an edit in: one operation answers at once, the others when the result is there."""

from collections.abc import Mapping

from safelight_mock.core.engine import Engine, UnknownJobError
from safelight_mock.core.job import State
from safelight_mock.vendors.claid import answers, limits, rules
from safelight_mock.vendors.claid.edits import Edit, Options, read, sent
from safelight_mock.vendors.claid.tasks import Task, load, next_id, standing, take, task
from safelight_mock.vendors.claid.trials import try_account, try_scope
from safelight_mock.wire.call import Call, Hold, Reply
from safelight_mock.wire.problem import Refusal

REMOVED, CANCELLED = "Image edit was removed.", "Image edit was cancelled."


def submit(engine: Engine, call: Call) -> Reply:
    """Answer editImageAsync: an input that cannot be used makes the edit fail later."""
    admit(engine, call)
    request = sent(call)
    made = _addressed("editImageAsync", call, request)
    try_account(engine, call.key)
    job = take(engine, made, next_id(engine))
    told = answers.accepted(call, job, request, engine.lifecycle.word(State.QUEUED))
    return Reply.json(200, told, limits.told(engine))


def edit(engine: Engine, call: Call) -> Reply | Hold:
    """Answer editImage."""
    if call.holds:
        return _answer(engine, call)
    admit(engine, call)
    return _hold(engine, call, _addressed("editImage", call, call.values))


def upload(engine: Engine, call: Call) -> Reply | Hold:
    """Answer editUploadedImage: what was sent takes the place of an address."""
    if call.holds:
        return _answer(engine, call)
    admit(engine, call)
    sent, request = call.files["file"], {"input": call.files["file"].filename, **call.values["data"]}
    asked = check(call, request, {}, below="data.")
    return _hold(engine, call, task("editUploadedImage", request, asked, sent, load(call, asked, ())))


def admit(engine: Engine, call: Call) -> None:
    """Raise what an account is refused with before its request is looked at."""
    try_scope(engine)
    if call.options["rate_limits"]:
        limits.check(engine)


def check(call: Call, request: Options, addresses: Mapping[str, str], below: str = "") -> Edit:
    """Return what a request asks for; raises InvalidError when that, or an address, breaks a rule."""
    asked = read(request)
    rules.check(asked, addresses, strict=call.options["strict_auto"], below=below)
    return asked


def _addressed(operation: str, call: Call, request: Options) -> Task:
    address = request["input"]
    asked = check(call, request, {"input": address})
    loaded = load(call, asked, [address])
    return task(operation, request, asked, loaded[address], loaded)


def _hold(engine: Engine, call: Call, made: Task) -> Hold:
    """Wait for an edit; an input that could not be had is a 400, one of which nothing can be made a 422."""
    source = made.job.source
    if source.fault:
        raise Refusal(422 if source.digest else 400, source.fault)
    try_account(engine, call.key)
    job = take(engine, made, next_id(engine))
    return Hold(job=job.id, until=job.ends)


def _answer(engine: Engine, call: Call) -> Reply | Hold:
    try:
        found = standing(engine, call.holds)
    except UnknownJobError as error:
        raise Refusal(422, REMOVED) from error
    match found.state:
        case State.FAILED:
            raise Refusal(422, answers.reason(found))
        case State.CANCELLED:
            raise Refusal(422, CANCELLED)
        case State.SUCCEEDED:
            pair = answers.pair(engine, call, found)
            told = {"input": pair["input_object"], "output": pair["output_object"]}
            return Reply.json(200, {"data": told}, limits.told(engine))
    return Hold(job=found.job.id, until=found.due)
