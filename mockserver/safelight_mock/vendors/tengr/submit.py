"""New artworks: their input, output, price and plan."""

from collections.abc import Mapping

from safelight_mock.core.engine import Engine
from safelight_mock.core.job import Job, Source
from safelight_mock.core.picture import UNSEEN
from safelight_mock.vendors.tengr.artwork_types import TIMING, ArtworkType, error_of, output_of
from safelight_mock.vendors.tengr.artworks import fresh
from safelight_mock.vendors.tengr.errors import MAGIC_KEYS
from safelight_mock.vendors.tengr.webhooks import error_of_target
from safelight_mock.wire.messages import JSON, Request, Response
from safelight_mock.wire.problem import VendorError

PRICE = 1  # credits an artwork costs; the vendor's prices are not published


def submit(operation: str, type_: ArtworkType, engine: Engine, request: Request) -> Response:
    """Handle the operations that create an artwork."""
    parameters = _parameters(type_, request.values)
    _check_webhook(request)
    (upload,) = request.load(parameters["imageUrl"])
    picture = upload.picture or UNSEEN
    output = output_of(picture, parameters["scaleFactor"], parameters.get("outputFormat", "auto"))
    error = upload.error or error_of(picture, output)
    if error and not request.options["fail_late"]:
        raise VendorError(400, f"imageUrl: {error}")
    MAGIC_KEYS.check_payment(engine, request.key, PRICE)
    job = Job(
        id=str(engine.sandbox.draw()),
        operation=operation,
        plan=TIMING.plan(output.megapixels),
        source=Source(id="", digest=upload.digest, filename=upload.filename, picture=picture, error=error),
        output=output,
        price=PRICE,
        details=parameters,
    )
    taken = engine.submit(job)
    return Response.json(202, fresh(engine, taken))


def _parameters(type_: ArtworkType, values: Mapping[str, JSON]) -> dict[str, JSON]:
    """Return the parameters of this type in a body; a whole number may be written 2.0."""
    known = {name: values[name] for name in type_.parameters if name in values}
    return {name: int(value) if isinstance(value, float) else value for name, value in known.items()}


def _check_webhook(request: Request) -> None:
    error = error_of_target(request.values.get("webhook"), strict=request.options["strict_webhooks"])
    if error:
        raise VendorError(400, f"webhook: {error}")
