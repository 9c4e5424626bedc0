"""What a submission says to no effect: settings its model does not take, and a size where none is asked."""

from collections.abc import Iterator

from safelight_mock.vendors.topaz.parameters import heeded, snake
from safelight_mock.vendors.topaz.products import PRODUCTS
from safelight_mock.vendors.topaz.submit import INPUTS
from safelight_mock.wire.messages import Call

ALWAYS = frozenset({*INPUTS, "model", "output_format", "webhook_url"})
SIZED = ALWAYS | {"output_width", "output_height", "crop_to_fill"}


def idle(operation: str, call: Call) -> Iterator[str]:
    """Yield the names in a form that change nothing; of an operation that submits none, none."""
    product = PRODUCTS.get(operation)
    if product is None:
        return
    fields, settings = SIZED if product.sized else ALWAYS, heeded(product, call.values)
    yield from (name for name in call.values if name not in fields and snake(name) not in settings)
