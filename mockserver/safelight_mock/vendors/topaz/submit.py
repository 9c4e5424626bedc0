"""Taking a job in: which image, which result, when."""

import math
from collections.abc import Mapping

from safelight_mock.core.engine import Engine
from safelight_mock.core.job import Job, Source
from safelight_mock.core.picture import Picture, Recipe
from safelight_mock.vendors.topaz.products import FORMATS, Order, Product, output_size, plan
from safelight_mock.wire.call import JSON, Call, Reply
from safelight_mock.wire.problem import Kind, Problem, Refusal

INPUTS = ("image", "source_id", "source_url")


def submit(operation: str, product: Product, engine: Engine, call: Call) -> Reply:
    """Answer any of the asynchronous submit operations."""
    source = _source(engine, call)
    recipe = _recipe(product, source.picture, call.values, call.options)
    job = Job(
        id=str(engine.sandbox.draw()),
        operation=operation,
        plan=plan(recipe.output, call.values["model"]),
        source=source,
        recipe=recipe,
        details={name: value for name, value in call.values.items() if name not in INPUTS},
    )
    return _accepted(engine.submit(job))


def _accepted(job: Job) -> Reply:
    eta = math.ceil(job.ends)
    headers = {"x-process-id": job.id, "x-source-id": job.source.id, "x-eta": str(eta)}
    return Reply.json(200, {"process_id": job.id, "source_id": job.source.id, "eta": eta}, headers)


def _source(engine: Engine, call: Call) -> Source:
    given = [name for name in INPUTS if name in call.values or name in call.files]
    if len(given) != 1:
        raise Refusal(400, "Exactly one of image, source_id and source_url must be provided.")
    if given == ["source_url"]:
        raise Problem(Kind.NOT_SERVED, why="source_url is described but not served by this twin yet.")
    return _earlier(engine, call.values["source_id"]) if given == ["source_id"] else _uploaded(engine, call)


def _earlier(engine: Engine, source_id: str) -> Source:
    source = engine.source(source_id)
    if source is None:
        raise Refusal(400, "Invalid source ID.")
    return source


def _uploaded(engine: Engine, call: Call) -> Source:
    upload = call.files["image"]
    if upload.picture is None:
        raise Refusal(415, "Image could not be decoded to a supported image type.")
    if not upload.picture.width or not upload.picture.height:
        raise Refusal(422, "Image has invalid dimensions (width or height is zero).")
    return Source(
        id=str(engine.sandbox.draw()), digest=upload.digest, filename=upload.filename, picture=upload.picture
    )


def _recipe(
    product: Product, source: Picture, values: Mapping[str, JSON], options: Mapping[str, JSON]
) -> Recipe:
    width, height = source.width, source.height
    if product.sized:
        width, height = output_size(source, values, options["automatic_scale"])
    output = Picture(format=FORMATS[values["output_format"]], width=width, height=height)
    if output.megapixels > product.megapixels:
        raise Refusal(413, f"Output image dimensions exceed maximum allowed of {product.megapixels} MP.")
    return Recipe(steps=product.steps(Order(values=values, output=output, fit=_fit(values))), output=output)


def _fit(values: Mapping[str, JSON]) -> str:
    if not values.get("output_width") or not values.get("output_height"):
        return "stretch"
    return "crop" if values.get("crop_to_fill") else "letterbox"
