"""Steps that read a job until it has a word, and those that read its results."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from safelight_codegen._arazzo.criteria import (
    Criterion,
    expression_text,
    first_of,
    is_present,
    path_selects,
    status_is,
    value_is,
)
from safelight_codegen._arazzo.steps import (
    LifecycleContext,
    Parameters,
    StartedJob,
    WorkflowStep,
    job_step,
    output_name,
)
from safelight_lifecycle import (
    Expression,
    ExpressionSource,
    JobRead,
    JobResult,
    ResultKind,
    State,
    WordState,
    format_pointer,
)

_LIVE = (State.QUEUED, State.RUNNING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """The words until which a job is read, and the state that they mean."""

    words: tuple[str, ...]
    state: State


def succeeded(context: LifecycleContext) -> Goal:
    """Return the goal that a job has succeeded: any of the words for it, the state itself without words."""
    listed = context.lifecycle.words.listed
    words = tuple(word.name for word in listed if State.SUCCEEDED in word.means)
    return Goal(words=words if listed else (State.SUCCEEDED,), state=State.SUCCEEDED)


def moved_to(context: LifecycleContext, status: WordState) -> Goal:
    """Return the goal that a job which was moved to a word has the one that this leads to by itself."""
    status = context.lifecycle.words.end_of(status)
    return Goal(words=(status.word,), state=status.state)


def poll_until(
    context: LifecycleContext, job: StartedJob, read: JobRead, goal: Goal, name: str = "read"
) -> WorkflowStep:
    """Return the step that reads a job until it has a word of the goal.

    While it has another live word it is read again. An API without words says the state by the status code.
    """
    again = {
        "name": "read_again",
        "type": "retry",
        "retryAfter": context.settings.retry_after if read.retry_after is None else read.retry_after,
        "retryLimit": context.settings.retry_limit,
        "criteria": [_still(context, read, goal)],
    }
    step = job_step(context, name, read.operation, job)
    return replace(step, criteria=tuple(_reached(context, read, goal)), failure_actions=(again,))


def with_results(
    context: LifecycleContext, job: StartedJob, read: JobRead, step: WorkflowStep
) -> Iterator[WorkflowStep]:
    """Yield the step that reads a job until it has succeeded, with its results, then those for others."""
    listed = _results(context, job)
    here = {name: one for name, one in listed.items() if one.operation in ("", read.operation)}
    elsewhere = {name: one for name, one in listed.items() if name not in here}
    outputs = {key: text for name, one in here.items() for key, text in _outputs(name, one).items()}
    outputs |= {key: text for one in elsewhere.values() for key, text in _needed(one.parameters)}
    criteria = (one for result in here.values() for one in _criteria(result))
    step = replace(step, criteria=(*step.criteria, *criteria), outputs=outputs)
    yield step
    for name, result in here.items():
        yield from _content(context, job, name, result, step)
    for name, result in elsewhere.items():
        yield from _elsewhere(context, job, name, result)


def _reached(context: LifecycleContext, read: JobRead, goal: Goal) -> Iterator[Criterion]:
    if read.state:
        yield status_is(context.api.successes(read.operation))
        yield value_is(read.state, goal.words)
    else:
        yield status_is(_codes(read, goal.state))


def _still(context: LifecycleContext, read: JobRead, goal: Goal) -> Criterion:
    if not read.state:
        return status_is(_codes(read, *(state for state in _LIVE if state is not goal.state)))
    words = [word.name for word in context.lifecycle.words.listed if not word.means[0].is_over]
    return value_is(read.state, [name for name in words or _LIVE if name not in goal.words])


def _codes(read: JobRead, *states: State) -> list[str]:
    statuses = [WordState("", state) for state in states]
    return [str(code) for code, of in read.by_status.items() if any(status in of for status in statuses)]


def _results(context: LifecycleContext, job: StartedJob) -> Mapping[str, JobResult]:
    """Return the results, by name, that a succeeded job of an example request has."""
    usual = context.lifecycle.result_of(job.submission.operation)
    named = {**({"result": usual} if usual else {}), **context.lifecycle.results}
    status = WordState(context.lifecycle.words.usual.get(State.SUCCEEDED, ""), State.SUCCEEDED)
    return {
        name: one
        for name, one in named.items()
        if status in one.allowed and one.when.holds(job.request.value)
    }


def _criteria(result: JobResult) -> Iterator[Criterion]:
    if result.each:
        yield path_selects(result.each)
    elif result.places and all(one.part is ExpressionSource.BODY for one in result.places):
        yield is_present(result.places)


def _outputs(name: str, result: JobResult) -> Mapping[str, str]:
    """Return the output that has a result; none if it is at one of several places, or the body itself."""
    if result.each:
        return {name: f"$response.body#{format_pointer(first_of(result.each))}"}
    is_one = len(result.places) == 1 and result.kind is not ResultKind.BYTES
    return {name: expression_text(result.places[0])} if is_one else {}


def _needed(parameters: Parameters) -> Iterator[tuple[str, str]]:
    for name, place in parameters.items():
        if isinstance(place, Expression) and not place.is_request:
            yield output_name(name), expression_text(place)


def _elsewhere(
    context: LifecycleContext, job: StartedJob, name: str, result: JobResult
) -> Iterator[WorkflowStep]:
    """Yield the steps that read a result by another operation than that which reads the job."""
    step = job_step(
        context, name if name == "result" else f"result_{name}", result.operation, job, result.parameters
    )
    criteria = () if result.kind is ResultKind.BYTES else _criteria(result)
    step = replace(step, criteria=(*step.criteria, *criteria), outputs=_outputs(name, result))
    yield step
    yield from _content(context, job, name, result, step)


def _content(
    context: LifecycleContext, job: StartedJob, name: str, result: JobResult, source: WorkflowStep
) -> Iterator[WorkflowStep]:
    """Yield the step that reads the bytes of a file whose id the step `source` has read."""
    if result.content is None or name not in source.outputs:
        return
    operation, parameter = result.content.operation, result.content.parameter
    described = context.api.operations[operation].parameter(parameter) or {"in": "path"}
    value = f"$steps.{source.name}.outputs.{name}"
    step = job_step(context, f"content_of_{name}", operation, job)
    others = (one for one in step.parameters if one["name"] != parameter)
    yield replace(step, parameters=(*others, {"name": parameter, "in": described["in"], "value": value}))
