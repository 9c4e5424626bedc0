"""One request that was passed to a service and its response, and one webhook that came from it."""

from collections.abc import Mapping

import msgspec

from safelight_mock.core.scenario import Role
from safelight_mock.core.transfer_faults import TransferFault
from safelight_mock.wire.messages import JSON

ERRORS = 400  # and above


class ReceivedEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One event of a stream: when it came, its name and id, and its data, JSON or a text."""

    at: float
    event: str
    id: str
    data: JSON


class Body(msgspec.Struct, frozen=True, kw_only=True):
    """The body of a response: JSON, a text, events, or a file by its digest; nothing if it was not kept.

    `size` is in bytes.
    """

    media_type: str = ""
    size: int = 0
    has_json: bool = False
    json: JSON = None
    text: str | None = None
    digest: str = ""
    events: tuple[ReceivedEvent, ...] = ()


class Exchange(msgspec.Struct, frozen=True, kw_only=True):
    """A request and its response, as the service sent it; times are in Unix seconds.

    - `job`: the service's id of the job that it is about; `url`: of a request for a file, its URL
    - `begun`: when the request came; `at`: when the head of the response came, or nothing more
    - `status`: 0 if there was no response; `transfer`: what went wrong with it
    - `hook`: of a submission, the name of the address that replaced its webhook URL
    """

    operation: str
    role: Role
    begun: float
    at: float
    job: str = ""
    url: str = ""
    status: int = 0
    headers: Mapping[str, str] = msgspec.field(default_factory=dict)
    body: Body = Body()
    transfer: TransferFault | None = None
    hook: str = ""

    @property
    def is_good(self) -> bool:
        """Whether a response without an error arrived whole."""
        return 0 < self.status < ERRORS and not self.is_lossy

    @property
    def is_lossy(self) -> bool:
        """Whether the response did not arrive whole."""
        return self.transfer is not None and self.transfer.is_lossy


class ReceivedDelivery(msgspec.Struct, frozen=True, kw_only=True):
    """A webhook: when it came, to which address, its body, and the names of its headers.

    `body`: None if it is not JSON; `is_accepted`: its receiver responded without an error.
    """

    at: float
    hook: str
    body: JSON
    headers: frozenset[str]
    is_accepted: bool = True
