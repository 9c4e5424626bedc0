"""What goes wrong while a response is sent, as data; adapters carry it out."""

from enum import StrEnum

import msgspec


class Reset(StrEnum):
    """When a connection is reset: before the response, within its body, or right after it."""

    BEFORE = "before"
    DURING = "during"
    AFTER = "after"


class TransferFault(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What goes wrong while a response is sent. Seconds are real ones, whatever the clock of the sandbox.

    - `delay`: before the head; `first_byte`: between head and body
    - `drip`: bytes of the body that are sent at a time, each `drip_every` seconds; 0: all at once
    - `reset`: the connection is reset then; `hang`: it stays open, and nothing is sent
    - `truncate`: the part of the body, from 0 to 1, after which the connection is closed in order
    - `length`: what the Content-Length is wrong by
    - `corrupt`: a byte in the middle of the body is another one, so that checksums are wrong
    - `media_type`: the Content-Type in place of the true one
    """

    delay: float = 0.0
    first_byte: float = 0.0
    drip: int = 0
    drip_every: float = 0.0
    reset: Reset | None = None
    hang: bool = False
    truncate: float | None = None
    length: int = 0
    corrupt: bool = False
    media_type: str = ""

    @property
    def is_lossy(self) -> bool:
        """Whether the response does not arrive whole."""
        return self.reset not in (None, Reset.AFTER) or self.hang or self.truncate is not None
