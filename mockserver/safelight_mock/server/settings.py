"""Everything about a twin that can be chosen."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from safelight_mock.wire.vendor import Plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """A twin's settings. Raises ValueError for a number that is not above zero, or has no end.

    - `speed`: how many times faster than planned jobs live.
    - `strict`: serve the vendors' documents to the letter.
    - `api_keys`: the only keys to take; none means any.
    - `seed`: what ids and links follow from; none means a random one.
    - `capacity`: jobs at most. `sandboxes`: keys at most. `storage`: bytes of images on disk.
    - `body_timeout`: seconds a request's body may pause.
    - `input_hosts`: where inputs are loaded from by address, beside this machine.
    - `input_timeout`: seconds all inputs of a call may take. `strict_inputs`: make none up.
    - `check_replies`: hold every reply against the spec.
    - `options`: vendors' settings, by `vendor.name`.
    """

    speed: float = 1.0
    strict: bool = False
    api_keys: frozenset[str] = field(default=frozenset(), repr=False)
    seed: str = field(default="", repr=False)
    capacity: int = 10_000
    storage: int = 2_000_000_000
    sandboxes: int = 1_000
    body_timeout: float = 30.0
    input_hosts: frozenset[str] = frozenset()
    input_timeout: float = 20.0
    strict_inputs: bool = False
    check_replies: bool = True
    options: Mapping[str, Plain] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("speed", "capacity", "storage", "sandboxes", "body_timeout", "input_timeout"):
            value = getattr(self, name)
            if not (math.isfinite(value) and value > 0):
                raise ValueError(f"{name} must be a number above zero, not {value}")
