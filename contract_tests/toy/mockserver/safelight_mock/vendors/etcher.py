"""Etcher, an example vendor: etchings of photographs named by URL."""

from math import floor

from safelight_mock.core.engine import Engine
from safelight_mock.core.job import Inspection, Job, Plan, Source, State, Status
from safelight_mock.core.picture import UNSEEN, Format, Picture, Recipe, RecipeStep
from safelight_mock.wire.errors import Errors
from safelight_mock.wire.key_sources import BearerKey
from safelight_mock.wire.messages import JSON, Request, Response
from safelight_mock.wire.vendor import Vendor

LIFE = 3600  # seconds until a link to a print expires


def etch(engine: Engine, request: Request) -> Response:
    """Handle etch."""
    (upload,) = request.load(request.values["photograph"])
    picture = upload.picture or UNSEEN
    job = Job(
        id=str(engine.sandbox.draw()),
        operation="etch",
        plan=Plan(queued=1, running=2),
        source=Source(
            id="", digest=upload.digest, filename=upload.filename, picture=picture, error=upload.error
        ),
        output=Picture(format=Format.PNG, width=picture.width, height=picture.height),
    )
    return Response.json(201, _body(engine, request, engine.find(engine.submit(job).id)))


def read(engine: Engine, request: Request) -> Response:
    """Handle readEtching."""
    return Response.json(200, _body(engine, request, engine.find(request.parameters["id"])))


def presses(_: Engine, __: Request) -> Response:
    """Handle listPresses, whose only documented response is the default one."""
    return Response.json(200, {"presses": ["star wheel"]})


def recipe(job: Job, _: Inspection) -> Recipe:
    """Sharpen, in place of an etching."""
    return Recipe(steps=(RecipeStep(name="sharpen", settings={"amount": 1.0}),), output=job.output)


def _body(engine: Engine, request: Request, status: Status) -> dict[str, JSON]:
    etching: dict[str, JSON] = {"id": status.job.id, "stage": status.vendor_state}
    if status.state is State.SUCCEEDED:
        etching["print"] = request.presign(status.job.id, "output", floor(engine.now) + LIFE)
    return etching


ETCHER = Vendor(
    slug="etcher",
    handlers={"etch": etch, "readEtching": read, "listPresses": presses},
    recipe=recipe,
    auth=(BearerKey(),),
    errors=Errors(message_at=("/wrong",)),
    body_limit=1_000_000,
)
