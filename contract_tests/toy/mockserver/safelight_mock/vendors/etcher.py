"""Etcher, a vendor to practise on: etchings of photographs named by address."""

from math import floor

from safelight_mock.core.engine import Engine
from safelight_mock.core.job import Inspection, Job, Plan, Source, State, Status
from safelight_mock.core.picture import UNSEEN, Format, Picture, Recipe, Step
from safelight_mock.wire.api_keys import BearerKey
from safelight_mock.wire.errors import Errors
from safelight_mock.wire.messages import JSON, Request, Response
from safelight_mock.wire.vendor import Vendor

LIFE = 3600  # seconds a link to a print works


def etch(engine: Engine, call: Request) -> Response:
    """Answer etch."""
    (upload,) = call.load(call.values["photograph"])
    seen = upload.picture or UNSEEN
    job = Job(
        id=str(engine.sandbox.draw()),
        operation="etch",
        plan=Plan(queued=1, running=2),
        source=Source(
            id="", digest=upload.digest, filename=upload.filename, picture=seen, fault=upload.fault
        ),
        output=Picture(format=Format.PNG, width=seen.width, height=seen.height),
    )
    return Response.json(201, _body(engine, call, engine.find(engine.submit(job).id)))


def read(engine: Engine, call: Request) -> Response:
    """Answer readEtching."""
    return Response.json(200, _body(engine, call, engine.find(call.parameters["id"])))


def presses(_: Engine, __: Request) -> Response:
    """Answer listPresses, whose only documented response is the default one."""
    return Response.json(200, {"presses": ["star wheel"]})


def recipe(job: Job, _: Inspection) -> Recipe:
    """Sharpen, for lack of a needle."""
    return Recipe(steps=(Step(name="sharpen", settings={"amount": 1.0}),), output=job.output)


def _body(engine: Engine, call: Request, found: Status) -> dict[str, JSON]:
    told: dict[str, JSON] = {"id": found.job.id, "stage": engine.vendor_state(found)}
    if found.state is State.SUCCEEDED:
        told["print"] = call.presign(found.job.id, "output", floor(engine.now) + LIFE)
    return told


ETCHER = Vendor(
    slug="etcher",
    handlers={"etch": etch, "readEtching": read, "listPresses": presses},
    recipe=recipe,
    auth=(BearerKey(),),
    errors=Errors(message_at=("/wrong",)),
    body_limit=1_000_000,
)
