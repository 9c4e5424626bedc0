"""One step of a workflow: the operation, its parameters and body, and what its response must be."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from safelight_codegen._arazzo.api import Node, WorkflowApi
from safelight_codegen._arazzo.criteria import Criterion, expression_text, status_is
from safelight_codegen._arazzo.requests import FORM, ExampleRequest, example_request, parameter_example
from safelight_lifecycle import JSON, Condition, Expression, JobIds, Lifecycle, Submission

Parameters = Mapping[str, Expression | str]


@dataclass(frozen=True, kw_only=True)
class WorkflowOptions:
    """What is the same for all workflows.

    A live job is read `retry_limit` times more, `retry_after` seconds apart; `file` is sent where a file is
    required, its name relative to the Arazzo document.
    """

    retry_after: float = 2.0
    retry_limit: int = 300
    file: str = "input.jpg"


@dataclass(frozen=True, slots=True, kw_only=True)
class LifecycleContext:
    """One lifecycle of a document, and the settings."""

    api: WorkflowApi
    lifecycle: Lifecycle
    settings: WorkflowOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowStep:
    """A step, the inputs of its workflow that it reads, and its notes for readers.

    `failure_actions` are Failure Action Objects, `body` is a Request Body Object.
    """

    name: str
    operation: str
    criteria: tuple[Criterion, ...]
    parameters: tuple[Node, ...] = ()
    body: Node = field(default_factory=dict)
    failure_actions: tuple[Node, ...] = ()
    outputs: Mapping[str, str] = field(default_factory=dict)
    inputs: Mapping[str, Node] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def node(self, api: WorkflowApi) -> Node:
        """Return the Step Object."""
        optional = {
            "parameters": list(self.parameters),
            "requestBody": self.body,
            "successCriteria": list(self.criteria),
            "onFailure": list(self.failure_actions),
            "outputs": dict(self.outputs),
        }
        members = {key: value for key, value in optional.items() if value}
        return {"stepId": self.name, **api.reference(self.operation), **members}


@dataclass(frozen=True, slots=True, kw_only=True)
class StartedJob:
    """A job that the step `step` starts; `id` is what later steps write for its id, or empty."""

    step: str
    submission: Submission
    ids: JobIds
    request: ExampleRequest
    id: str


def submit_step(
    context: LifecycleContext, submission: Submission, name: str = "submit", parent: StartedJob | None = None
) -> tuple[WorkflowStep, StartedJob]:
    """Return the step that starts a job, and the job; `parent` is that which it is made from."""
    request = example_request(context.api, submission.operation, submission.when)
    if parent and submission.of:
        request = request.with_value(submission.of, parent.id)
    ids = context.lifecycle.ids_of(submission.operation)
    outputs = dict(zip(("id",), map(expression_text, ids.places), strict=False))
    outputs |= {key: expression_text(place) for key, place in ids.others.items() if not place.is_request}
    sent = [
        {"name": key, "in": location, "value": value} for (location, key), value in request.parameters.items()
    ]
    step = replace(
        _step(context, name, submission.operation, request), parameters=tuple(sent), outputs=outputs
    )
    job_id = f"$steps.{name}.outputs.id" if ids.places else ""
    return step, StartedJob(step=name, submission=submission, ids=ids, request=request, id=job_id)


def job_step(
    context: LifecycleContext, name: str, operation: str, job: StartedJob, others: Parameters | None = None
) -> WorkflowStep:
    """Return a step that calls an operation on a job, and expects one of its documented successes.

    `others` are further parameters: texts, or places in the submission's request or in what the step
    `reader_name` has read.
    """
    request = example_request(context.api, operation, Condition())
    parameters = _job_parameters(context, operation, job, others or {})
    return replace(_step(context, name, operation, request), parameters=tuple(parameters))


def reader_name(context: LifecycleContext) -> str:
    """Return the name of the step whose outputs later steps use: the one that reads a job until it succeeds.

    Linters of Arazzo take steps of one name in several workflows for one step.
    """
    return f"read_{context.lifecycle.name}"


def output_name(parameter: str) -> str:
    """Return the name of the output that has what a parameter of another operation takes."""
    return f"for_{parameter}"


def _step(context: LifecycleContext, name: str, operation: str, request: ExampleRequest) -> WorkflowStep:
    body, inputs = _body(context, name, request)
    problem = f"The example body of `{operation}` does not match its schema: {request.problem}."
    return WorkflowStep(
        name=name,
        operation=operation,
        criteria=(status_is(context.api.successes(operation)),),
        body=body,
        inputs=inputs,
        notes=(problem,) if request.problem else (),
    )


def _job_parameters(
    context: LifecycleContext, operation: str, job: StartedJob, others: Parameters
) -> Iterator[Node]:
    for parameter in context.api.operations[operation].parameters:
        name, location = str(parameter["name"]), str(parameter["in"])
        value: JSON = None
        if name == job.ids.parameter:
            value = job.id
        elif name in others:
            value = _further(others[name], job, f"$steps.{reader_name(context)}.outputs.{output_name(name)}")
        elif name in job.ids.others:
            value = _further(job.ids.others[name], job, f"$steps.{job.step}.outputs.{name}")
        elif parameter.get("required") and not (location == "header" and name.lower() == "authorization"):
            value = job.request.parameters.get((location, name))
            value = parameter_example(parameter, context.api.document) if value is None else value
        if value is not None:
            yield {"name": name, "in": location, "value": value}


def _further(value: Expression | str, job: StartedJob, read: str) -> JSON:
    if isinstance(value, str):
        return value
    return job.request.value(value) if value.is_request else read


def _body(context: LifecycleContext, name: str, request: ExampleRequest) -> tuple[Node, Mapping[str, Node]]:
    """Return the Request Body Object, and the input that it has its value from."""
    if not request.media:
        return {}, {}
    body: Node = {"contentType": request.media}
    if request.is_file:
        return {**body, "payload": f"$file('{context.settings.file}')"}, {}
    if request.media == FORM:
        return {**body, "payload": _form(context, request)}, {}
    if not isinstance(request.body, dict) or _has_hyphens(request.body):
        return {**body, "payload": request.body}, {}
    key = "body" if name == "submit" else f"body_{name}"
    described = f"The body of the step `{name}`."
    schema: Node = {"type": "object", "description": described, "default": request.body}
    return {**body, "payload": f"$inputs.{key}"}, {key: schema}


def _form(context: LifecycleContext, request: ExampleRequest) -> Node:
    fields = request.body if isinstance(request.body, dict) else {}
    return {
        key: f"$file('{context.settings.file}')" if key in request.files else _text(value)
        for key, value in fields.items()
    }


def _text(value: JSON) -> JSON:
    """Return the value of a form's field; objects and lists as JSON, as OpenAPI says."""
    return json.dumps(value) if isinstance(value, dict | list) else value


def _has_hyphens(body: JSON) -> bool:
    """Whether a key of a body has a hyphen, which runners replace in inputs by an underscore."""
    if isinstance(body, dict):
        return any("-" in key or _has_hyphens(value) for key, value in body.items())
    return isinstance(body, list) and any(map(_has_hyphens, body))
