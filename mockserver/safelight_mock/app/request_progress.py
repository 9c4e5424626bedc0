"""A request under way: what is known of it between two attempts to answer it."""

import msgspec

from safelight_mock.app.fault_injection import Decision
from safelight_mock.app.routes import Route, RouteMatch
from safelight_mock.config.base_urls import BaseUrl
from safelight_mock.core.webhook import TimelineEvent
from safelight_mock.storage.transaction import LOOP_TIMEOUT
from safelight_mock.wire.messages import JSON, Request, Response
from safelight_mock.wire.schema import Parameters

SAFE = ("GET", "HEAD")


class TypedRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A request in the types of its operation, and the base URL of its links."""

    parameters: Parameters
    values: JSON
    base: BaseUrl


class RequestProgress(msgspec.Struct, kw_only=True):
    """The state of a request between attempts. A handler that runs again starts from here, on a new copy.

    - `events`: those of the clock advance made for it, or None
    - `lease_polls`: how often it waited for another request that advanced the clock
    - `response`: ready, waiting for deliveries only
    - `decision`: what goes wrong with it, once that was decided and stored
    - `may_block`: it runs in a thread, and may wait for its sandbox; `timeout`: for how many real seconds
    """

    match: RouteMatch
    route: Route
    request: Request
    key: str = ""
    typed: TypedRequest | None = None
    events: tuple[TimelineEvent, ...] | None = None
    lease_polls: int = 0
    response: Response | None = None
    may_block: bool = False
    timeout: float = LOOP_TIMEOUT
    decision: Decision | None = None

    @property
    def may_go_on(self) -> bool:
        """Whether it is answered even if an advance of the clock cannot be stored.

        A response that is ready is sent, a read shows the job as it is, and a request that waits for a
        submitted job goes on waiting.
        """
        return self.response is not None or bool(self.request.pending_job) or self.request.method in SAFE
