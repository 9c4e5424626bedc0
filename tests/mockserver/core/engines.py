"""How the tests of the engine make one, and jobs for it."""

from datetime import timedelta

from safelight_mock.core import (
    WHOLE,
    AllowedIn,
    Engine,
    Format,
    Inspection,
    Job,
    JobIdRef,
    Lifecycle,
    Picture,
    Plan,
    Read,
    Sandbox,
    Source,
    State,
)

PICTURE = Picture(format=Format.PNG, width=4, height=3)
OVER = frozenset({State.SUCCEEDED, State.FAILED, State.CANCELLED})
LIFECYCLE = Lifecycle(
    submit=("submit",),
    states={
        "Waiting": State.QUEUED,
        "Working": State.RUNNING,
        "Halted": State.RUNNING,
        "Done": State.SUCCEEDED,
        "Gone": State.CANCELLED,
    },
    id=JobIdRef(parameter="id"),
    read=Read(operation="read"),
    cancel=AllowedIn(operation="cancel", allowed=frozenset({State.QUEUED, State.RUNNING})),
    forget=AllowedIn(operation="forget", allowed=OVER),
    result=AllowedIn(operation="download", allowed=frozenset({State.SUCCEEDED})),
    retention=timedelta(seconds=50),
)


DAMAGED = Inspection(is_whole=False)


def seen(one: Job) -> Inspection:
    return WHOLE if one.source.digest == "whole" else DAMAGED


def job(sandbox: Sandbox, *, queued: float = 1.0, running: float = 4.0, digest: str = "whole") -> Job:
    return Job(
        id=str(sandbox.draw()),
        operation="submit",
        plan=Plan(queued=queued, running=running),
        source=Source(id="s", digest=digest, filename="photo.png", picture=PICTURE),
        output=PICTURE,
    )


def engine(sandbox: Sandbox, now: float, **changes: float) -> Engine:
    return Engine(
        sandbox=sandbox,
        name="image",
        lifecycle=LIFECYCLE,
        now=sandbox.now(now),
        look=seen,
        job_speedup=changes.get("job_speedup", 1.0),
    )
