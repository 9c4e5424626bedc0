"""What goes wrong with one job by a scenario: planned when it is submitted, or seen when it is read.

A fault is part of the job, so its state remains a function of plan, recorded events and the moment: changes
that a fault plans are events in the future.
"""

from math import ceil

import msgspec

from safelight_mock.core.recorded import Recorded


class ForcedChange(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A word or state `to` which a job comes by itself, unless its state does not allow that.

    It comes there `after` so many seconds or, if that is None, at the part `at` of its planned time in the
    queue, for a state of the queue, else of its work. A job that is not over stays there until an operation
    or a test moves it, or goes on after `lasts` seconds.
    """

    to: str
    at: float = 0.5
    after: float | None = None
    lasts: float | None = None


class JobFault(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What goes wrong with a job.

    - `changes`: states that it comes into, beside or instead of those planned; `message`: why it failed
    - `slow`: factor of its planned durations
    - `lost_after`: seconds after its submission from which it is unknown; None: never
    - `progress`: what it reports while it runs, in equal parts of its work, from 0 to 100
    - `without_result`: it succeeds, and nothing comes of it
    - `link_life`: seconds for which links to its files work, whatever they say; None: as they say
    - `result`: the digest of the file that is its result; `filename`: its name
    - `recorded`: what a job of a service was seen to do, and this one does again
    """

    changes: tuple[ForcedChange, ...] = ()
    message: str = ""
    slow: float = 1.0
    lost_after: float | None = None
    progress: tuple[int, ...] = ()
    without_result: bool = False
    link_life: float | None = None
    result: str = ""
    filename: str = ""
    recorded: Recorded | None = None

    @property
    def digests(self) -> frozenset[str]:
        """The digests of its files."""
        files = () if self.recorded is None else self.recorded.files.values()
        return frozenset((self.result, *(one.digest for one in files))) - {""}

    def is_lost(self, age: float) -> bool:
        """Return whether a job of that age, in seconds, is unknown."""
        return self.lost_after is not None and age >= self.lost_after

    def reported(self, progress: int) -> int:
        """Return the progress that is reported in place of the true one."""
        if not self.progress:
            return progress
        return self.progress[min(len(self.progress) - 1, progress * len(self.progress) // 100)]

    def expiry(self, expires: int, now: float) -> int:
        """Return the Unix time at which a link expires that would at `expires`."""
        return expires if self.link_life is None else min(expires, ceil(now + self.link_life))
