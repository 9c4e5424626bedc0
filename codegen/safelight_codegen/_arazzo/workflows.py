"""The workflows of one lifecycle, from a job's submission to its end."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from http.client import NOT_FOUND

from safelight_codegen._arazzo.criteria import (
    Criterion,
    first_of,
    path_selects,
    path_selects_one,
    status_is,
    value_is,
)
from safelight_codegen._arazzo.reading import Goal, moved_to, poll_until, succeeded, with_results
from safelight_codegen._arazzo.starting import StartSteps, first_status, steps_to_start
from safelight_codegen._arazzo.steps import (
    LifecycleContext,
    StartedJob,
    WorkflowStep,
    job_step,
    reader_name,
    submit_step,
)
from safelight_lifecycle import (
    Expression,
    ExpressionSource,
    JobList,
    JobMove,
    JobRead,
    JobValue,
    Refusal,
    RefusalKind,
    Removal,
    State,
    Submission,
    WordState,
)
from safelight_openapi import as_mapping, schemas_at

_URL_ONLY = (
    "The job id is only part of a URL in the response to the submission. No runtime expression can extract"
    " it, so the workflow ends with the submission."
)
_NO_READ = (
    "No operation reads the job: its end is reported by webhook, and an Arazzo step cannot wait for one."
)
_STUCK = (
    "The job then stays in state `{word}` until a file is uploaded to a URL from a response. The document"
    " describes no operation for that URL, so the workflow ends here."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow:
    """A workflow: its id, summary and steps, and notes on what it leaves out and why."""

    name: str
    summary: str
    steps: tuple[WorkflowStep, ...]
    notes: tuple[str, ...] = ()


def workflows(context: LifecycleContext) -> Iterator[Workflow]:
    """Yield the workflows of a lifecycle."""
    lifecycle = context.lifecycle
    for submission in lifecycle.submit:
        name = "run" if len(lifecycle.submit) == 1 else f"run_{_slug(submission.operation)}"
        yield _run(context, submission, f"{lifecycle.name}_{name}")
    for submission in [one for one in lifecycle.submit if one.of is None][:1]:
        yield from _others(context, submission)


def _run(context: LifecycleContext, submission: Submission, name: str) -> Workflow:
    before, parent = _parent(context) if submission.of else ([], None)
    submitted, job = submit_step(context, submission, parent=parent)
    after, notes = _until_success(context, job)
    return Workflow(
        name=name,
        summary=f"Submit a job by `{submission.operation}`, poll it until it succeeds, and get its result.",
        steps=(*before, submitted, *after),
        notes=notes,
    )


def _parent(context: LifecycleContext) -> tuple[list[WorkflowStep], StartedJob]:
    """Return the steps that create the parent of a follow-up job."""
    submission = next(one for one in context.lifecycle.submit if one.of is None)
    submitted, job = submit_step(context, submission, "parent")
    if context.lifecycle.read is None or not job.id:
        return [submitted], job
    return [
        submitted,
        poll_until(context, job, context.lifecycle.read, succeeded(context), "read_parent"),
    ], job


def _until_success(context: LifecycleContext, job: StartedJob) -> tuple[list[WorkflowStep], tuple[str, ...]]:
    """Return the steps after a submission, and notes on why they cannot reach the result, if so."""
    read = context.lifecycle.read
    if read is None or not job.id:
        return [], (_URL_ONLY if read else _NO_READ,)
    start = steps_to_start(context.api.jobs, context.lifecycle, job.submission)
    steps = _moves(context, job, start)
    if start.stuck_at:
        goal = Goal(words=(start.stuck_at,), state=State.QUEUED)
        return [*steps, poll_until(context, job, read, goal)], (_STUCK.format(word=start.stuck_at),)
    reading = poll_until(context, job, read, succeeded(context), reader_name(context))
    return [*steps, *with_results(context, job, read, reading)], ()


def _moves(context: LifecycleContext, job: StartedJob, start: StartSteps) -> list[WorkflowStep]:
    return [
        job_step(context, f"move_{number}", move.operation, job)
        for number, move in enumerate(start.moves, start=1)
    ]


def _others(context: LifecycleContext, submission: Submission) -> Iterator[Workflow]:
    """Yield the workflows that do not depend on which operation submits."""
    submitted, job = submit_step(context, submission)
    lifecycle, read = context.lifecycle, context.lifecycle.read
    if read and job.id:
        yield from _cancelled(context, submitted, job, read)
        yield from _deleted(context, submitted, job, read)
    if lifecycle.listing and job.id:
        yield _listed(context, submitted, job, lifecycle.listing)
    if read and job.ids.parameter:
        yield from _unknown(context, job, read)


def _cancelled(
    context: LifecycleContext, submitted: WorkflowStep, job: StartedJob, read: JobRead
) -> Iterator[Workflow]:
    for move in context.lifecycle.moves:
        if move.every or not isinstance(move.to, WordState):
            continue
        goal, before = moved_to(context, move.to), _until_allowed(context, job, read, move)
        if goal.state is State.CANCELLED and before is not None:
            yield Workflow(
                name=f"{context.lifecycle.name}_cancel",
                summary=f"Submit a job, cancel it by `{move.operation}`, and poll it until it is cancelled.",
                steps=(
                    submitted,
                    *before,
                    job_step(context, "cancel", move.operation, job),
                    poll_until(context, job, read, goal),
                ),
            )
            return


def _deleted(
    context: LifecycleContext, submitted: WorkflowStep, job: StartedJob, read: JobRead
) -> Iterator[Workflow]:
    refused = _not_found_criteria(context, read)
    moves = [one for one in context.lifecycle.moves if one.to is Removal.DELETED and not one.every]
    for move in moves:
        before = _until_allowed(context, job, read, move)
        if before is not None:
            again = replace(job_step(context, "read_deleted", read.operation, job), criteria=refused)
            after = [again] if refused else []
            yield Workflow(
                name=f"{context.lifecycle.name}_delete",
                summary=f"Submit a job, and delete it by `{move.operation}`.",
                steps=(submitted, *before, job_step(context, "delete", move.operation, job), *after),
            )
            return


def _until_allowed(
    context: LifecycleContext, job: StartedJob, read: JobRead, move: JobMove
) -> list[WorkflowStep] | None:
    """Return the steps to a state that allows a move: [] if the first one does, None if none is known.

    Only the first state and success are tried.
    """
    lifecycle = context.lifecycle
    if lifecycle.applied_move(move.operation, first_status(lifecycle)) is move:
        return []
    start = steps_to_start(context.api.jobs, lifecycle, job.submission)
    success = WordState(lifecycle.words.usual.get(State.SUCCEEDED, ""), State.SUCCEEDED)
    if start.stuck_at or lifecycle.applied_move(move.operation, success) is not move:
        return None
    return [*_moves(context, job, start), poll_until(context, job, read, succeeded(context))]


def _listed(
    context: LifecycleContext, submitted: WorkflowStep, job: StartedJob, listing: JobList
) -> Workflow:
    step = job_step(context, "list", listing.operation, job)
    return Workflow(
        name=f"{context.lifecycle.name}_list",
        summary=f"Submit a job, and find it in the list of `{listing.operation}`.",
        steps=(submitted, replace(step, criteria=(*step.criteria, _has_job(context, job, listing)))),
    )


def _has_job(context: LifecycleContext, job: StartedJob, listing: JobList) -> Criterion:
    """Return the criterion that the list contains the job or, if entries have no described id, any entry."""
    entry = first_of(listing.each)
    for pointer in _id_pointers(context, job, listing):
        if listing.each.endswith("[*]") and _is_described(context, listing, (*entry, *pointer)):
            return path_selects_one(listing.each, pointer, job.id)
    return path_selects(listing.each)


def _id_pointers(context: LifecycleContext, job: StartedJob, listing: JobList) -> Iterator[Sequence[str]]:
    """Yield the pointers at which a list entry may have the job's id: as listed, or as in responses."""
    yield from (pointer for pointer, value in listing.reports.items() if value is JobValue.ID)
    reported = [place for place, value in context.lifecycle.reports.items() if value is JobValue.ID]
    like = listing.like.pointer if listing.like else ()
    for place in (*reported, *job.ids.places):
        if place.part is ExpressionSource.BODY and place.pointer[: len(like)] == like:
            yield place.pointer[len(like) :]


def _is_described(context: LifecycleContext, listing: JobList, tokens: Sequence[str]) -> bool:
    responses = context.api.operations[listing.operation].success_responses()
    contents = [as_mapping(response.get("content")) for _, response in responses]
    schemas = [as_mapping(media).get("schema") for content in contents for media in content.values()]
    return any(schemas_at(schema, tokens, context.api.document) for schema in schemas)


def _unknown(context: LifecycleContext, job: StartedJob, read: JobRead) -> Iterator[Workflow]:
    refused = _not_found_criteria(context, read)
    parameter = context.api.operations[read.operation].parameter(job.ids.parameter)
    if not refused or parameter is None:
        return
    schemas = schemas_at(parameter.get("schema", {}), (), context.api.document)
    is_number = any(one.get("type") in ("integer", "number") for one in schemas)
    described = {
        "type": "integer" if is_number else "string",
        "description": "An id that no job has.",
        "default": 999_999_999 if is_number else "00000000-0000-4000-8000-000000000000",
    }
    step = job_step(context, "read", read.operation, replace(job, id="$inputs.unknown_id"))
    yield Workflow(
        name=f"{context.lifecycle.name}_unknown",
        summary="Read a job that does not exist.",
        steps=(replace(step, criteria=refused, inputs={**step.inputs, "unknown_id": described}),),
    )


def _not_found_criteria(context: LifecycleContext, read: JobRead) -> tuple[Criterion, ...]:
    """Return the criteria of the response to an unknown id; () if the document does not describe it."""
    refusal = context.api.jobs.refusals.kinds.get(RefusalKind.UNKNOWN, Refusal(status=NOT_FOUND))
    if not context.api.describes(read.operation, refusal.status):
        return ()
    bodies = (
        value_is([Expression(part=ExpressionSource.BODY, pointer=pointer)], [value])
        for pointer, value in refusal.write.items()
        if not isinstance(value, dict | list)
    )
    return (status_is([str(refusal.status)]), *bodies)


def _slug(operation: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "_", operation).strip("_")
