"""What can happen to a job: the table of states and moves, and the record of a move."""

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from safelight_lifecycle import State


class Move(StrEnum):
    """What can happen to a job; `BECOME` gets it any word and state, by an operation of its lifecycle."""

    START = "start"
    FINISH = "finish"
    FAIL = "fail"
    CANCEL = "cancel"
    PAUSE = "pause"
    RESUME = "resume"
    BECOME = "become"


# The whole lifecycle of a job without a script. A move that is not in this table is refused.
TRANSITIONS: Mapping[State, Mapping[Move, State]] = {
    State.QUEUED: {
        Move.START: State.RUNNING,
        Move.FAIL: State.FAILED,
        Move.CANCEL: State.CANCELLED,
        Move.PAUSE: State.QUEUED,
        Move.RESUME: State.QUEUED,
    },
    State.RUNNING: {
        Move.FINISH: State.SUCCEEDED,
        Move.FAIL: State.FAILED,
        Move.CANCEL: State.CANCELLED,
        Move.PAUSE: State.RUNNING,
        Move.RESUME: State.RUNNING,
    },
    State.SUCCEEDED: {},
    State.FAILED: {},
    State.CANCELLED: {},
}

# The moves that lead from one state to another, where any do.
PATHS: Mapping[State, Mapping[State, tuple[Move, ...]]] = {
    State.QUEUED: {
        State.QUEUED: (),
        State.RUNNING: (Move.START,),
        State.SUCCEEDED: (Move.START, Move.FINISH),
        State.FAILED: (Move.FAIL,),
        State.CANCELLED: (Move.CANCEL,),
    },
    State.RUNNING: {
        State.RUNNING: (),
        State.SUCCEEDED: (Move.FINISH,),
        State.FAILED: (Move.FAIL,),
        State.CANCELLED: (Move.CANCEL,),
    },
    State.SUCCEEDED: {},
    State.FAILED: {},
    State.CANCELLED: {},
}


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """A move by a client or a test, its time by the sandbox's clock, and the vendor's word for the state.

    `state` is that which `BECOME` leads to.
    """

    move: Move
    at: float
    vendor_state: str = ""
    state: State | None = None
