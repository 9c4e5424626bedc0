"""The operations by which a client starts a job that waits for them."""

from dataclasses import dataclass

from safelight_lifecycle import AsyncJobs, JobMove, Lifecycle, State, Submission, WordState

_MOST = 10  # moves before a job runs


@dataclass(frozen=True, slots=True, kw_only=True)
class StartSteps:
    """The moves after a submission, and the word under which the job then waits for something else."""

    moves: tuple[JobMove, ...] = ()
    stuck_at: str = ""


def steps_to_start(jobs: AsyncJobs, lifecycle: Lifecycle, submission: Submission) -> StartSteps:
    """Return how a job of a submission gets to run.

    Files that an upload sends to an address in a response cannot be sent by an operation: the job is stuck.
    """
    status = first_status(lifecycle)
    waiting = {word.name for word in lifecycle.words.listed if word.waits}
    if status.word in waiting and any(
        one.operation == submission.operation and one.to for one in jobs.inputs
    ):
        return StartSteps(stuck_at=status.word)
    moves: list[JobMove] = []
    while status.word in waiting and len(moves) < _MOST:
        move = next((one for one in lifecycle.moves if _goes_on(one, status)), None)
        if move is None or not isinstance(move.to, WordState):
            return StartSteps(moves=tuple(moves), stuck_at=status.word)
        moves.append(move)
        status = move.to
    return StartSteps(moves=tuple(moves))


def first_status(lifecycle: Lifecycle) -> WordState:
    """Return word and state of a job that has just been submitted."""
    for state in (State.QUEUED, State.RUNNING):
        for word in lifecycle.words.passed(state):
            return WordState(word.name, state)
    return WordState("", State.QUEUED)


def _goes_on(move: JobMove, status: WordState) -> bool:
    return isinstance(move.to, WordState) and not move.to.state.is_over and status in move.allowed
