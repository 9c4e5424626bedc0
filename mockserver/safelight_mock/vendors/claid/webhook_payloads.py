"""What an account's webhook is told: of edits that are done later, and of batches as a whole."""

from collections.abc import Callable, Mapping
from uuid import UUID

from safelight_mock.core.engine import Engine
from safelight_mock.core.job import Status
from safelight_mock.vendors.claid.parsing import batched, edited
from safelight_mock.wire.messages import JSON, Call

TOLD: Mapping[str, Callable[[Engine, Call, Status], dict[str, JSON]]] = {
    "editImageAsync": edited,
    "editImageBatch": batched,
}


def tell(engine: Engine, call: Call, found: Status, _: UUID) -> dict[str, JSON] | None:
    """Return what reading answers at that moment; documented, but for where `data` stands."""
    job = found.job
    is_whole = job.id.isdecimal()  # and not an image of a batch
    return TOLD[job.operation](engine, call, found) if is_whole and job.operation in TOLD else None
