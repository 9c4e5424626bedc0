"""The workflows of one lifecycle: what is done with a job, from its submission to its end."""

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
from safelight_codegen._arazzo.reading import Goal, moved_to, read_until, succeeded, with_results
from safelight_codegen._arazzo.steps import (
    Scene,
    StartedJob,
    WorkflowStep,
    job_step,
    reader_name,
    submit_step,
)
from safelight_codegen._arazzo.ways import WayToRun, first_status, way_to_run
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
    "The id is a part of a URL in the response to the submission. No expression can cut it out, so the"
    " workflow ends with the submission."
)
_NO_READ = "No operation reads the job: its end is notified by a webhook, for which no step can wait."
_STUCK = (
    "The job then waits under the word `{word}` for a file, which is sent to an address in a response. No"
    " operation of the document is at that address, so the workflow ends here."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One workflow: its id, what it does, its steps, and what it leaves out and why."""

    name: str
    summary: str
    steps: tuple[WorkflowStep, ...]
    notes: tuple[str, ...] = ()


def stories(scene: Scene) -> Iterator[Story]:
    """Yield the workflows of a lifecycle."""
    lifecycle = scene.lifecycle
    for submission in lifecycle.submit:
        name = "run" if len(lifecycle.submit) == 1 else f"run_{_slug(submission.operation)}"
        yield _run(scene, submission, f"{lifecycle.name}_{name}")
    for submission in [one for one in lifecycle.submit if one.of is None][:1]:
        yield from _others(scene, submission)


def _run(scene: Scene, submission: Submission, name: str) -> Story:
    before, parent = _parent(scene) if submission.of else ([], None)
    submitted, job = submit_step(scene, submission, parent=parent)
    after, notes = _until_success(scene, job)
    return Story(
        name=name,
        summary=f"Submit a job by `{submission.operation}`, read it until it has succeeded, and its result.",
        steps=(*before, submitted, *after),
        notes=notes,
    )


def _parent(scene: Scene) -> tuple[list[WorkflowStep], StartedJob]:
    """Return the steps that make the job which another one is made from."""
    submission = next(one for one in scene.lifecycle.submit if one.of is None)
    submitted, job = submit_step(scene, submission, "parent")
    if scene.lifecycle.read is None or not job.id:
        return [submitted], job
    return [submitted, read_until(scene, job, scene.lifecycle.read, succeeded(scene), "read_parent")], job


def _until_success(scene: Scene, job: StartedJob) -> tuple[list[WorkflowStep], tuple[str, ...]]:
    """Return the steps after a submission, and why they do not lead to the result."""
    read = scene.lifecycle.read
    if read is None or not job.id:
        return [], (_URL_ONLY if read else _NO_READ,)
    way = way_to_run(scene.api.jobs, scene.lifecycle, job.submission)
    steps = _moves(scene, job, way)
    if way.stuck_at:
        goal = Goal(words=(way.stuck_at,), state=State.QUEUED)
        return [*steps, read_until(scene, job, read, goal)], (_STUCK.format(word=way.stuck_at),)
    reading = read_until(scene, job, read, succeeded(scene), reader_name(scene))
    return [*steps, *with_results(scene, job, read, reading)], ()


def _moves(scene: Scene, job: StartedJob, way: WayToRun) -> list[WorkflowStep]:
    return [
        job_step(scene, f"move_{number}", move.operation, job)
        for number, move in enumerate(way.moves, start=1)
    ]


def _others(scene: Scene, submission: Submission) -> Iterator[Story]:
    """Yield the workflows that are the same for all submissions."""
    submitted, job = submit_step(scene, submission)
    lifecycle, read = scene.lifecycle, scene.lifecycle.read
    if read and job.id:
        yield from _cancelled(scene, submitted, job, read)
        yield from _deleted(scene, submitted, job, read)
    if lifecycle.listing and job.id:
        yield _listed(scene, submitted, job, lifecycle.listing)
    if read and job.ids.parameter:
        yield from _unknown(scene, job, read)


def _cancelled(scene: Scene, submitted: WorkflowStep, job: StartedJob, read: JobRead) -> Iterator[Story]:
    for move in scene.lifecycle.moves:
        if move.every or not isinstance(move.to, WordState):
            continue
        goal, before = moved_to(scene, move.to), _until_allowed(scene, job, read, move)
        if goal.state is State.CANCELLED and before is not None:
            yield Story(
                name=f"{scene.lifecycle.name}_cancel",
                summary=f"Submit a job, cancel it by `{move.operation}`, and read it until it is cancelled.",
                steps=(
                    submitted,
                    *before,
                    job_step(scene, "cancel", move.operation, job),
                    read_until(scene, job, read, goal),
                ),
            )
            return


def _deleted(scene: Scene, submitted: WorkflowStep, job: StartedJob, read: JobRead) -> Iterator[Story]:
    refused = _refused(scene, read)
    moves = [one for one in scene.lifecycle.moves if one.to is Removal.DELETED and not one.every]
    for move in moves:
        before = _until_allowed(scene, job, read, move)
        if before is not None:
            again = replace(job_step(scene, "read_deleted", read.operation, job), criteria=refused)
            after = [again] if refused else []
            yield Story(
                name=f"{scene.lifecycle.name}_delete",
                summary=f"Submit a job, and delete it by `{move.operation}`.",
                steps=(submitted, *before, job_step(scene, "delete", move.operation, job), *after),
            )
            return


def _until_allowed(scene: Scene, job: StartedJob, read: JobRead, move: JobMove) -> list[WorkflowStep] | None:
    """Return the steps to a state in which a move is applied; None without such steps.

    A job is in its first state, or has succeeded.
    """
    lifecycle = scene.lifecycle
    if lifecycle.applied_move(move.operation, first_status(lifecycle)) is move:
        return []
    way = way_to_run(scene.api.jobs, lifecycle, job.submission)
    success = WordState(lifecycle.words.usual.get(State.SUCCEEDED, ""), State.SUCCEEDED)
    if way.stuck_at or lifecycle.applied_move(move.operation, success) is not move:
        return None
    return [*_moves(scene, job, way), read_until(scene, job, read, succeeded(scene))]


def _listed(scene: Scene, submitted: WorkflowStep, job: StartedJob, listing: JobList) -> Story:
    step = job_step(scene, "list", listing.operation, job)
    return Story(
        name=f"{scene.lifecycle.name}_list",
        summary=f"Submit a job, and find it in the list of `{listing.operation}`.",
        steps=(submitted, replace(step, criteria=(*step.criteria, _has_job(scene, job, listing)))),
    )


def _has_job(scene: Scene, job: StartedJob, listing: JobList) -> Criterion:
    """Return the condition that an entry is the job; that there is one, if no id is described."""
    entry = first_of(listing.each)
    for pointer in _id_pointers(scene, job, listing):
        if listing.each.endswith("[*]") and _is_described(scene, listing, (*entry, *pointer)):
            return path_selects_one(listing.each, pointer, job.id)
    return path_selects(listing.each)


def _id_pointers(scene: Scene, job: StartedJob, listing: JobList) -> Iterator[Sequence[str]]:
    """Yield where an entry may have the job's id: as it is reported, or as a response has it."""
    yield from (pointer for pointer, value in listing.reports.items() if value is JobValue.ID)
    reported = [place for place, value in scene.lifecycle.reports.items() if value is JobValue.ID]
    like = listing.like.pointer if listing.like else ()
    for place in (*reported, *job.ids.places):
        if place.part is ExpressionSource.BODY and place.pointer[: len(like)] == like:
            yield place.pointer[len(like) :]


def _is_described(scene: Scene, listing: JobList, tokens: Sequence[str]) -> bool:
    responses = scene.api.operations[listing.operation].success_responses()
    contents = [as_mapping(response.get("content")) for _, response in responses]
    schemas = [as_mapping(media).get("schema") for content in contents for media in content.values()]
    return any(schemas_at(schema, tokens, scene.api.document) for schema in schemas)


def _unknown(scene: Scene, job: StartedJob, read: JobRead) -> Iterator[Story]:
    refused = _refused(scene, read)
    parameter = scene.api.operations[read.operation].parameter(job.ids.parameter)
    if not refused or parameter is None:
        return
    schemas = schemas_at(parameter.get("schema", {}), (), scene.api.document)
    is_number = any(one.get("type") in ("integer", "number") for one in schemas)
    described = {
        "type": "integer" if is_number else "string",
        "description": "An id that no job has.",
        "default": 999_999_999 if is_number else "00000000-0000-4000-8000-000000000000",
    }
    step = job_step(scene, "read", read.operation, replace(job, id="$inputs.unknown_id"))
    yield Story(
        name=f"{scene.lifecycle.name}_unknown",
        summary="Read a job that does not exist.",
        steps=(replace(step, criteria=refused, inputs={**step.inputs, "unknown_id": described}),),
    )


def _refused(scene: Scene, read: JobRead) -> tuple[Criterion, ...]:
    """Return what the response for an unknown id must be; nothing if the document does not describe it."""
    refusal = scene.api.jobs.refusals.kinds.get(RefusalKind.UNKNOWN, Refusal(status=NOT_FOUND))
    if not scene.api.describes(read.operation, refusal.status):
        return ()
    bodies = (
        value_is([Expression(part=ExpressionSource.BODY, pointer=pointer)], [value])
        for pointer, value in refusal.write.items()
        if not isinstance(value, dict | list)
    )
    return (status_is([str(refusal.status)]), *bodies)


def _slug(operation: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "_", operation).strip("_")
