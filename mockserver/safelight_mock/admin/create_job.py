"""Creates a job in any state, by the vendor's own submit operation, without an upload."""

import msgspec

from safelight_mock.admin import jobs
from safelight_mock.admin.admin_request import AdminRequest
from safelight_mock.app.steps import Load
from safelight_mock.config.services import Service
from safelight_mock.core.engine import Engine
from safelight_mock.core.engine_errors import InvalidTransitionError, UnknownJobError
from safelight_mock.core.job import State
from safelight_mock.wire.messages import JSON, Form, NotLoadedError, PendingResponse, Request, Response
from safelight_mock.wire.minimal_example import minimal_value
from safelight_mock.wire.operation import MULTIPART, Operation
from safelight_mock.wire.problem import Kind, Problem, VendorError

PICTURE = "safelight://coffee.jpg"  # the built-in image that is the input if the request names none


def create(request: AdminRequest) -> Response | Load:
    """Handle createJob."""
    sandbox = request.sandbox(request.parameters["sandbox"])
    service = request.backend.served[sandbox.vendor]
    lifecycle = _lifecycle(service, request.values["operation"])
    try:
        service.lifecycles[lifecycle].check_word(request.values["state"])
    except ValueError as error:
        raise Problem(Kind.BAD_FIELD, field="state", detail=f"state: {error}") from error
    origin = request.backend.base_urls.of_request(request.http_request)
    engine = request.engine(sandbox, lifecycle, origin.kept)  # the base URL that the job keeps for its links
    creation = JobCreation(request, service)
    try:
        job_id = creation.submit(engine)
    except NotLoadedError as missing:  # once they are loaded, this handler is called again
        return Load(missing.addresses, service.vendor.body_limit)
    sandbox.never_evicted = True
    rejected = _force(engine, job_id, request.values["state"])
    if rejected is not None:
        request.transaction.commit()  # the job exists all the same, as it would at the vendor
        raise VendorError(409, str(rejected)) from rejected
    return Response.json(201, jobs.body(engine, engine.find(job_id)))


def _lifecycle(service: Service, operation: str) -> str:
    """Return the name of the lifecycle whose jobs an operation starts; raises Problem if it starts none."""
    for name, cycle in service.lifecycles.items():
        if operation in cycle.described.submissions:
            return name
    is_sync = any(operation in cycle.described.sync for cycle in service.lifecycles.values())
    why = "is synchronous, so its jobs have no state" if is_sync else "submits no job"
    known = ", ".join(name for cycle in service.lifecycles.values() for name in cycle.described.submissions)
    raise Problem(
        Kind.BAD_FIELD, field="operation", detail=f"operation: {operation} {why}; use one of {known}"
    )


class JobCreation(msgspec.Struct, frozen=True):
    """The submission of one job, in the transaction of the request."""

    request: AdminRequest
    service: Service

    @property
    def operation(self) -> Operation:
        """The operation that submits the job."""
        return self.service.api.operations[self.request.values["operation"]]

    def submit(self, engine: Engine) -> str:
        """Submit the job through the vendor's handler; return its id.

        Raises NotLoadedError until files named by URL are loaded, NotInspectedError until images are decoded:
        the caller then does that and calls again.
        """
        submission = _with_files(self._submission(engine), self.operation)
        submission = msgspec.structs.replace(submission, values=self.operation.read_body(submission))
        vendor = self.service.vendor
        try:
            response = vendor.handlers[self.operation.id](engine, submission)
        except (Problem, VendorError, InvalidTransitionError, UnknownJobError) as rejection:
            if isinstance(rejection, Problem) and rejection.kind is Kind.NO_ROOM:
                raise  # the mock server is full: no refusal of the vendor's
            response = vendor.errors.render(rejection)
        job_id = self._job_id(engine, response)
        if not job_id:
            why = f"values: rejected by {vendor.slug}: {_text_of(response)}"
            raise Problem(Kind.BAD_FIELD, field="values", detail=why)
        return job_id

    def _job_id(self, engine: Engine, response: Response | PendingResponse) -> str:
        if not isinstance(response, Response):
            return ""
        return engine.lifecycle.job_id(self.operation.id, response.value, response.headers)

    def _submission(self, engine: Engine) -> Request:
        """Return the request that submits the job: a minimal valid body, overridden by the given values.

        Files are given as URLs here.
        """
        backend, inputs = self.request.backend, self.service.vendor.inputs
        overrides, urls = self.request.values["values"], backend.base_urls
        media_type, schema = next(iter(self.operation.media_types.items()))
        # The first input field gets the built-in image, unless the caller gave an input.
        default = {} if overrides.keys() & set(inputs) else dict.fromkeys(inputs[:1], PICTURE)
        values = {**minimal_value(schema, PICTURE), **default, **overrides}
        submission = Request(
            method=self.operation.method,
            path=f"/{self.service.vendor.slug}{self.operation.paths[0]}",
            at=self.request.at,
            headers={"content-type": media_type},
            origin=urls.public_url or urls.of_request(self.request.http_request).url,
            body=_form(values) if media_type == MULTIPART else msgspec.json.encode(values),
            parameters=self.operation.parameters({}, ""),
            options=self.service.options,
            loaded=self.request.http_request.loaded,
        )
        return msgspec.structs.replace(submission, presign=backend.presign(submission, engine.sandbox))


def _force(engine: Engine, job_id: str, state: str) -> InvalidTransitionError | UnknownJobError | None:
    """Force the job into a state; return why that is refused, None if it is done.

    If success is wanted, a job that is over already is left as it is.
    """
    try:
        is_done = engine.lifecycle.meaning(state) is State.SUCCEEDED and engine.find(job_id).state.is_over
        if not is_done:
            engine.force_state(job_id, state)
    except (InvalidTransitionError, UnknownJobError) as rejected:
        return rejected
    return None


def _text_of(response: Response | PendingResponse) -> str:
    if isinstance(response, Response) and isinstance(response.content, bytes):
        return response.content.decode()
    return "the response names no job"


def _form(values: dict[str, JSON]) -> Form:
    return Form(fields={name: _text(value) for name, value in values.items()})


def _text(value: JSON) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _with_files(submission: Request, operation: Operation) -> Request:
    """Replace URLs of files by the files; raises NotLoadedError until they are loaded."""
    if not isinstance(submission.body, Form):
        return submission
    fields = dict(submission.body.fields)
    urls = {name: fields.pop(name) for name in operation.file_fields & fields.keys()}
    files = dict(zip(urls, submission.load(*urls.values()), strict=True))
    return msgspec.structs.replace(submission, body=Form(fields=fields, files=files))
