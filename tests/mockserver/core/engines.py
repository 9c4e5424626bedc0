"""How the tests of the engine make one, and jobs for it."""

from tests.mockserver.lifecycles import lifecycle

from safelight_mock.core import (
    WHOLE,
    Engine,
    Format,
    Inspection,
    Job,
    Picture,
    Plan,
    Sandbox,
    Source,
    State,
)

PICTURE = Picture(format=Format.PNG, width=4, height=3)
OVER = frozenset({State.SUCCEEDED, State.FAILED, State.CANCELLED})
LIFECYCLE = lifecycle(
    states={
        "Waiting": "queued",
        "Working": "running",
        "Halted": {"means": "running", "only": True},
        "Done": "succeeded",
        "Gone": "cancelled",
    },
    moves=[
        {"operation": "cancel", "while": ["queued", "running"], "to": "cancelled"},
        {"operation": "forget", "while": ["succeeded", "failed", "cancelled"], "to": "deleted"},
    ],
    result={"operation": "download", "from": "$response.body#/url"},
    retention="PT50S",
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
        inspect=seen,
        job_speedup=changes.get("job_speedup", 1.0),
    )
