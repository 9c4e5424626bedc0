"""Creates a job in any state, by the vendor's own submit operation, without an upload."""

from dataclasses import dataclass

import msgspec

from safelight_mock.admin import jobs
from safelight_mock.admin.admin_request import AdminRequest
from safelight_mock.app.steps import Load
from safelight_mock.config.services import Service
from safelight_mock.core.engine import Engine, InvalidTransitionError, UnknownJobError
from safelight_mock.core.job import State
from safelight_mock.wire.messages import JSON, Form, NotLoadedError, PendingResponse, Request, Response
from safelight_mock.wire.minimal_example import smallest
from safelight_mock.wire.operation import MULTIPART, Operation
from safelight_mock.wire.problem import Kind, Problem, Refusal

PICTURE = "safelight://coffee.jpg"  # what a job is made of when nobody says anything else


def make(asked: AdminRequest) -> Response | Load:
    """Answer makeJob."""
    sandbox = asked.sandbox(asked.parameters["sandbox"])
    service = asked.backend.served[sandbox.vendor]
    lifecycle = _lifecycle(service, asked.values["operation"])
    try:
        service.lifecycles[lifecycle].meaning(asked.values["state"])
    except ValueError as error:
        raise Problem(Kind.BAD_FIELD, place="state", why=f"{error}.") from error
    origin = asked.backend.base_urls.of_call(asked.call)
    engine = asked.engine(sandbox, lifecycle, origin.kept)
    creation = JobCreation(asked, service)
    try:
        job = creation.submit(engine)
    except NotLoadedError as missing:
        return Load(missing.addresses, service.vendor.body_limit)
    sandbox.is_kept = True
    refused = _brought(engine, job, asked.values["state"])
    if refused is not None:
        asked.transaction.commit()  # it is taken in all the same
        raise Refusal(409, f"{refused}.") from refused
    return Response.json(201, jobs.body(engine, engine.find(job)))


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
class JobCreation:
    """The submission of one job; the sandbox is changed, or nothing is, as the transaction ends."""

    asked: AdminRequest
    service: Service

    @property
    def operation(self) -> Operation:
        """The operation that submits the job."""
        return self.service.api.operations[self.asked.values["operation"]]

    def submit(self, engine: Engine) -> str:
        """Submit the job through the vendor's handler; return its id.

        Raises NotLoadedError and NotInspectedError.
        """
        call = _with_files(self._call(engine), self.operation)
        call = msgspec.structs.replace(call, values=self.operation.read_body(call))
        vendor = self.service.vendor
        try:
            reply = vendor.handlers[self.operation.id](engine, call)
        except (Problem, Refusal, InvalidTransitionError, UnknownJobError) as refusal:
            if isinstance(refusal, Problem) and refusal.kind is Kind.NO_ROOM:
                raise
            reply = vendor.errors.render(refusal)
        job = engine.lifecycle.id.of(reply.value) if isinstance(reply, Response) else ""
        if not job:
            raise Problem(Kind.BAD_FIELD, place="values", why=f"{vendor.slug} refuses it: {_said(reply)}")
        return job

    def _call(self, engine: Engine) -> Request:
        """Return the request that submits the job: the least that is valid, and over it the given values.

        In the place of a file it has an address.
        """
        backend, given, inputs = self.asked.backend, self.asked.values["values"], self.service.vendor.inputs
        media_type, schema = next(iter(self.operation.media_types.items()))
        taken = {} if given.keys() & set(inputs) else dict.fromkeys(inputs[:1], PICTURE)
        values = {**smallest(schema, PICTURE), **taken, **given}
        call = Request(
            method=self.operation.method,
            path=f"/{self.service.vendor.slug}{self.operation.paths[0]}",
            at=self.asked.at,
            headers={"content-type": media_type},
            origin=backend.base_urls.public_url or backend.base_urls.of_call(self.asked.call).url,
            body=_form(values) if media_type == MULTIPART else msgspec.json.encode(values),
            parameters=self.operation.parameters({}, ""),
            options=self.service.options,
            loaded=self.asked.call.loaded,
        )
        return msgspec.structs.replace(call, presign=backend.presign(call, engine.sandbox))


def _brought(engine: Engine, job: str, word: str) -> InvalidTransitionError | UnknownJobError | None:
    """Bring the job to its state, unless it came to its end there by itself; return why it cannot be."""
    try:
        is_done = engine.lifecycle.meaning(word) is State.SUCCEEDED and engine.find(job).state.is_over
        if not is_done:
            engine.put(job, word)
    except (InvalidTransitionError, UnknownJobError) as refused:
        return refused
    return None


def _said(reply: Response | PendingResponse) -> str:
    if isinstance(reply, Response) and isinstance(reply.content, bytes):
        return reply.content.decode()
    return "no job came of it"


def _form(values: dict[str, JSON]) -> Form:
    return Form(fields={name: _text(value) for name, value in values.items()})


def _text(value: JSON) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _with_files(call: Request, operation: Operation) -> Request:
    """Put files in the place of their addresses; raises NotLoadedError until they are loaded."""
    if not isinstance(call.body, Form):
        return call
    fields = dict(call.body.fields)
    addresses = {name: fields.pop(name) for name in operation.file_fields & fields.keys()}
    files = dict(zip(addresses, call.load(*addresses.values()), strict=True))
    return msgspec.structs.replace(call, body=Form(fields=fields, files=files))
