"""Estimates and the credit balance."""

import math
from collections.abc import Mapping

from safelight_mock.core.engine import Engine
from safelight_mock.core.picture import Format, Picture
from safelight_mock.vendors.topaz.parameters import models
from safelight_mock.vendors.topaz.products import (
    DENOISE,
    ENHANCE,
    ENHANCE_GEN,
    LIGHTING,
    MATTING,
    RESTORE,
    SHARPEN,
    SHARPEN_GEN,
    TOOL,
    Product,
    check_limits,
    output_of,
    quote,
)
from safelight_mock.wire.messages import JSON, Request, Response
from safelight_mock.wire.problem import VendorError

DEFAULTS = {"category": "Enhance", "model": "Standard V2"}  # documented
PRODUCTS = (ENHANCE, ENHANCE_GEN, SHARPEN, SHARPEN_GEN, DENOISE, RESTORE, LIGHTING, MATTING, TOOL)


def estimate(engine: Engine, request: Request) -> Response:
    """Handle postEstimate and postEstimateGen."""
    return Response.json(200, _estimate(engine, request.values, request.options))


def estimate_bulk(engine: Engine, request: Request) -> Response:
    """Handle postEstimateBulk: each item has its own success or error."""
    return Response.json(200, [_item(engine, item, request.options) for item in request.values])


def balance(engine: Engine, request: Request) -> Response:
    """Handle getCreditBalance: jobs in progress have reserved their price."""
    sums = engine.ledger()
    total = int(request.options["credits"]) if sums.granted is None else sums.granted - sums.paid
    body = {
        "available_credits": total - sums.reserved,
        "reserved_credits": sums.reserved,
        "total_credits": total,
    }
    return Response.json(200, body)


def _item(engine: Engine, item: Mapping[str, JSON], options: Mapping[str, JSON]) -> dict[str, JSON]:
    wanted = {**DEFAULTS, **item}
    try:
        source, output = _pictures(wanted, options)
        check_limits(_product(wanted), wanted["model"], source, output)
        return {**_estimate(engine, wanted, options), "status": "success"}
    except VendorError as refusal:
        return {"status": "error", "code": refusal.status, "message": str(refusal)}


def _estimate(engine: Engine, wanted: Mapping[str, JSON], options: Mapping[str, JSON]) -> dict[str, JSON]:
    _, output = _pictures(wanted, options)
    terms = quote(output, wanted["model"])
    duration = math.ceil((terms.plan.queued + terms.plan.running) / engine.job_speedup)
    return {"duration": duration, "credits": terms.credits}


def _product(wanted: Mapping[str, JSON]) -> Product:
    """Return the product of a model; a model in no list belongs to the first of its category."""
    named = [product for product in PRODUCTS if product.category == wanted["category"]]
    return next((product for product in named if wanted["model"] in models(product)), named[0])


def _pictures(wanted: Mapping[str, JSON], options: Mapping[str, JSON]) -> tuple[Picture, Picture]:
    source = Picture(format=Format.JPEG, width=wanted["input_width"], height=wanted["input_height"])
    width, height = output_of(_product(wanted), source, wanted, options["automatic_scale"])
    return source, Picture(format=Format.JPEG, width=width, height=height)
