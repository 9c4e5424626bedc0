"""Which operation changes a job as wanted."""

from collections.abc import Callable, Mapping

from safelight._errors import UnsupportedOperationError
from safelight._jobs.status import JobStatus
from safelight_lifecycle import JobMove, Lifecycle, Removal, State, WordState

_VERBS: Mapping[str, str] = {State.CANCELLED: "cancel jobs", Removal.DELETED: "delete jobs"}


def chosen_move(lifecycle: Lifecycle, to: State | Removal | str, status: Callable[[], JobStatus]) -> JobMove:
    """Return the move that leads a job to a state, to a word, or removes it.

    One operation can do several things: at Runway it cancels a job that runs and deletes one that is over.
    Only then the job's status is requested. Raises UnsupportedOperationError without such a move, or if
    the operation would do another thing now.
    """
    moves = [move for move in lifecycle.moves if not move.every]
    # Of a name that is both a word and a state, the word is meant, as in lifecycles.
    wanted = [move for move in moves if to in _words(lifecycle, move)]
    wanted = wanted or [move for move in moves if to in _states(lifecycle, move)]
    if not wanted:
        known = ", ".join(dict.fromkeys(map(_target, moves)))
        offered = f"; it changes them to: {known}" if known else ""
        raise UnsupportedOperationError(
            f"this service cannot {_VERBS.get(to, f'change jobs to {to}')}{offered}"
        )
    first = wanted[0]
    if all(move in wanted for move in moves if move.operation == first.operation):
        return first
    current = status()
    applied = lifecycle.applied_move(first.operation, WordState(current.vendor_state, current.state))
    if applied is None or applied in wanted:
        return applied or first  # the service says why it is refused
    raise UnsupportedOperationError(
        f"the job is {current.vendor_state}, and {first.operation} would change it to {_target(applied)},"
        f" not to {to}"
    )


def _words(lifecycle: Lifecycle, move: JobMove) -> tuple[str, ...]:
    """Return the words that a job gets by a move: at once, and by itself afterwards."""
    if isinstance(move.to, Removal):
        return (move.to,)
    return move.to.word, lifecycle.words.end_of(move.to).word


def _states(lifecycle: Lifecycle, move: JobMove) -> tuple[State, ...]:
    if isinstance(move.to, Removal):
        return ()
    return move.to.state, lifecycle.words.end_of(move.to).state


def _target(move: JobMove) -> str:
    return str(move.to) if isinstance(move.to, Removal) else move.to.word
