"""Making a job in any state, as its vendor's own operation does, without anybody who uploads something."""

from contextlib import suppress
from dataclasses import dataclass
from functools import partial

import msgspec

from safelight_mock.admin import jobs
from safelight_mock.admin.admin_request import Asked
from safelight_mock.app.steps import Errand
from safelight_mock.config.services import Service
from safelight_mock.core.engine import Engine, RefusedError, UnknownJobError
from safelight_mock.core.job import State, UnjudgedError
from safelight_mock.storage.port import NotKeptError
from safelight_mock.wire.messages import JSON, Call, Form, Hold, Reply, UnloadedError
from safelight_mock.wire.minimal_example import smallest
from safelight_mock.wire.operation import MULTIPART, Operation
from safelight_mock.wire.problem import Kind, Problem, Refusal

PICTURE = "safelight://coffee.jpg"  # what a job is made of when nobody says anything else
ERRORS = 400


def make(asked: Asked) -> Reply | Errand:
    """Answer makeJob, after it was made."""
    sandbox = asked.sandbox(asked.parameters["sandbox"])
    service = asked.twin.served[sandbox.vendor]
    lifecycle = _lifecycle(service, asked.values["operation"])
    if asked.is_done:
        engine = asked.twin.engine(sandbox, lifecycle, asked.at)
        return Reply.json(201, jobs.body(engine, engine.find(asked.call.trace.job)))
    try:
        service.lifecycles[lifecycle].meaning(asked.values["state"])
    except ValueError as error:
        raise Problem(Kind.BAD_FIELD, place="state", why=f"{error}.") from error
    maker = Maker(asked, sandbox.name, lifecycle, service)
    return Errand(run=partial(maker.make, maker.call()), call=asked.call)


def _lifecycle(service: Service, operation: str) -> str:
    """Return the name of the lifecycle that an operation submits jobs to; raises Problem for any other."""
    for name, cycle in service.lifecycles.items():
        if operation in cycle.submit:
            return name
    is_sync = any(operation in cycle.sync for cycle in service.lifecycles.values())
    why = "answers at once, with its picture: nobody can ask for its state" if is_sync else "submits no job"
    there = ", ".join(known for cycle in service.lifecycles.values() for known in cycle.submit)
    raise Problem(Kind.BAD_FIELD, place="operation", why=f"{operation} {why}. There are {there}.")


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes one job in a sandbox; that it is submitted already is told by the trace of what was asked."""

    asked: Asked
    sandbox: str
    lifecycle: str
    service: Service

    @property
    def operation(self) -> Operation:
        """The operation that submits the job."""
        return self.service.api.operations[self.asked.values["operation"]]

    def call(self) -> Call:
        """Return the call that submits the job: the least that is valid, and over it what was given.

        In the place of a file it has an address.
        """
        twin, given, inputs = self.asked.twin, self.asked.values["values"], self.service.vendor.inputs
        media_type, schema = next(iter(self.operation.media_types.items()))
        taken = {} if given.keys() & set(inputs) else dict.fromkeys(inputs[:1], PICTURE)
        values = {**smallest(schema, PICTURE), **taken, **given}
        return Call(
            method=self.operation.method,
            path=f"/{self.service.vendor.slug}{self.operation.paths[0]}",
            at=self.asked.at,
            headers={"content-type": media_type},
            origin=twin.base_urls.public_url or twin.base_urls.of_call(self.asked.call).url,
            body=_form(values) if media_type == MULTIPART else msgspec.json.encode(values),
            parameters=self.operation.parameters({}, ""),
            options=self.service.options,
        )

    def make(self, call: Call) -> None:
        """Make the job, with inputs loaded and judged as needed, and see to what it makes due; may block."""
        twin, is_made = self.asked.twin, False
        try:
            while not is_made:
                try:
                    with twin.lock:
                        self._make(call)
                    is_made = True
                except UnjudgedError as unjudged:
                    twin.judge(unjudged.keys)
                except UnloadedError as unloaded:
                    call = twin.load(call, unloaded.addresses)
        finally:
            twin.release(call)
        self._see_to()

    def _make(self, call: Call) -> None:
        """Submit the job and bring it to its state: both are kept together, or neither.

        A job that cannot be brought there is taken in all the same.
        """
        twin, trace = self.asked.twin, self.asked.call.trace
        desk = twin.desk()
        sandbox = desk.named(self.sandbox)
        if sandbox is None:
            raise Problem(Kind.UNKNOWN_ROUTE, why=f"No sandbox is called {self.sandbox}.")
        origin = twin.base_urls.of_call(self.asked.call).kept
        engine = twin.engine(sandbox, self.lifecycle, twin.real(), origin, desk=desk)
        presign = twin.files.presign(call, sandbox)
        job = self._submitted(engine, msgspec.structs.replace(call, presign=presign))
        sandbox.is_kept = True
        refused = self._brought(engine, job, self.asked.values["state"])
        desk.commit()
        trace.job = job
        if refused is not None:
            raise Refusal(409, f"{refused}.") from refused

    @staticmethod
    def _brought(engine: Engine, job: str, word: str) -> RefusedError | UnknownJobError | None:
        """Bring the job to its state, unless it came to its end there by itself; return why it cannot be."""
        try:
            is_done = engine.lifecycle.meaning(word) is State.SUCCEEDED and engine.find(job).state.is_over
            if not is_done:
                engine.put(job, word)
        except (RefusedError, UnknownJobError) as refused:
            return refused
        return None

    def _submitted(self, engine: Engine, call: Call) -> str:
        """Have the vendor's own operation take the job in; return its id."""
        told = _with_files(call, self.operation)
        told = msgspec.structs.replace(told, values=self.operation.read_body(told))
        vendor = self.service.vendor
        try:
            reply = vendor.handlers[self.operation.id](engine, told)
        except (Problem, Refusal, RefusedError, UnknownJobError) as refusal:
            if isinstance(refusal, Problem) and refusal.kind is Kind.NO_ROOM:
                raise
            reply = vendor.errors.render(refusal)
        job = engine.lifecycle.id.of(reply.value) if isinstance(reply, Reply) else ""
        if not job:
            raise Problem(Kind.BAD_FIELD, place="values", why=f"{vendor.slug} refuses it: {_said(reply)}")
        return job

    def _see_to(self) -> None:
        """Have delivered what is due, at once where time stands."""
        twin = self.asked.twin
        with twin.lock:
            sandbox = twin.crowd.named(self.sandbox)
            if sandbox is None:
                return
            twin.courier.expect(sandbox)
            now = sandbox.now(twin.real())
            is_due = sandbox.clock.stands and sandbox.next_due <= now
        if is_due:
            with suppress(NotKeptError):  # the job is made, and who comes next delivers
                twin.courier.carry(sandbox.name, now)


def _said(reply: Reply | Hold) -> str:
    if isinstance(reply, Reply) and isinstance(reply.content, bytes):
        return reply.content.decode()
    return "no job came of it"


def _form(values: dict[str, JSON]) -> Form:
    return Form(fields={name: _text(value) for name, value in values.items()})


def _text(value: JSON) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _with_files(call: Call, operation: Operation) -> Call:
    """Put files in the place of their addresses; raises UnloadedError until they are loaded."""
    if not isinstance(call.body, Form):
        return call
    fields = dict(call.body.fields)
    addresses = {name: fields.pop(name) for name in operation.file_fields & fields.keys()}
    files = dict(zip(addresses, call.load(*addresses.values()), strict=True))
    return msgspec.structs.replace(call, body=Form(fields=fields, files=files))
