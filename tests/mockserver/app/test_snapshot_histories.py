"""A snapshot restores a sandbox whatever happened in it, and a fork is independent."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace

import httpx
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.mockserver.conftest import BASE, START, picture
from tests.mockserver.stored import stored

from safelight_mock import ClockMode, Settings, Twin, TwinTransport
from safelight_mock.core import Sandbox

pytestmark = pytest.mark.slow

CONTROL = "/_safelight"
ORIGIN = "http://127.0.0.1:4010"
PHOTOS = [picture(48, 32), picture(20, 30, "PNG"), picture(48, 32)[:-100]]  # the last one is damaged
MISHAPS = ["duplicate", "late", "out-of-order", "never", "wrong-signature", "old-secret"]

Step = tuple[str, int]
"""What is done, and a number that says how, to which job or for how long."""


@dataclass(kw_only=True)
class World:
    """A mock server with controlled real time, as seen by one key.

    A world that `is_told` has webhooks and stopped clocks: a running clock has a thread, with its own timing.
    """

    twin: Twin
    http: httpx.Client
    moments: list[float]
    is_told: bool
    key: str = "k"

    @property
    def sandbox(self) -> Sandbox:
        return stored(self.twin, "topaz", self.key)

    @property
    def now(self) -> float:
        return self.sandbox.now(self.moments[-1])

    def call(self, method: str, path: str, **rest: object) -> httpx.Response:
        response = self.http.request(method, path, headers={"X-API-Key": self.key}, **rest)  # type: ignore[arg-type] # whatever it takes
        assert response.status_code < 500, response.text
        return response

    def control(self, method: str, path: str, body: object) -> None:
        self.call(method, f"{CONTROL}/sandboxes/{self.sandbox.name}/{path}", json=body)

    def job(self, number: int) -> str:
        ids = [*self.sandbox.jobs]
        return ids[number % len(ids)] if ids else "00000000-0000-4000-8000-000000000000"

    def live(self, steps: Sequence[Step]) -> "World":
        for name, number in steps:
            STEPS[name](self, number)
        return self

    def snapshot(self) -> bytes:
        return self.twin.snapshot(vendor="topaz", key=self.key)


def submit(world: World, number: int) -> None:
    result = {"webhook_url": f"{ORIGIN}{CONTROL}/inbox/box"} if number % 2 and world.is_told else {}
    photo = PHOTOS[number % len(PHOTOS)]
    world.call("POST", f"{BASE}/enhance/async", files={"image": ("a.jpg", photo)}, data=result)


def move(world: World, number: int) -> None:
    words = ["Processing", "succeeded", "failed", "Cancelled"]
    query = {"sandbox": world.sandbox.name}
    to = {"to": words[number % len(words)]}
    world.call("POST", f"{CONTROL}/jobs/{world.job(number)}/move", params=query, json=to)


def set_clock(world: World, number: int) -> None:
    modes = [ClockMode.MANUAL, ClockMode.AUTO] if world.is_told else [*ClockMode]
    world.control("PATCH", "clock", {"mode": modes[number % len(modes)]})


def set_webhook(world: World, number: int) -> None:
    world.control("PATCH", "webhook", {"secret": f"secret {number}"})


def set_inbox(world: World, number: int) -> None:
    answers = {"responses": [503] * (number % 4), "default": 200 if number % 3 else "hang"}
    world.call("PUT", f"{CONTROL}/inbox/box", json=answers)


STEPS: dict[str, Callable[[World, int], object]] = {
    "submit": submit,
    "cancel": lambda world, number: world.call("DELETE", f"{BASE}/cancel/{world.job(number)}"),
    "delete": lambda world, number: world.call("DELETE", f"{BASE}/status/{world.job(number)}"),
    "look": lambda world, number: world.call("GET", f"{BASE}/status/{world.job(number)}"),
    "move": move,
    "advance": lambda world, number: world.control("POST", "clock/advance", {"seconds": number / 4}),
    "clock": set_clock,
    "wait": lambda world, number: world.moments.append(world.moments[-1] + number / 4),
    "balance": lambda world, number: world.control("PATCH", "account", {"balance": number % 5 or None}),
    "mishap": lambda world, number: world.control("PUT", "faults", {"next": [MISHAPS[number % 6]]}),
    "webhook": set_webhook,
    "inbox": set_inbox,
    "empty": lambda world, _: world.call("DELETE", f"{CONTROL}/inbox/box"),
}

histories = st.lists(
    st.tuples(st.sampled_from([*STEPS, "submit", "advance"]), st.integers(0, 100)), max_size=14
)
of_all_clocks = pytest.mark.parametrize("is_told", [True, False], ids=["clocks that stand", "any clocks"])


@contextmanager
def world(*, is_told: bool) -> Iterator[World]:
    moments = [START]
    with (
        closing(Twin(Settings(seed="tests", clock=ClockMode.MANUAL), real=lambda: moments[-1])) as twin,
        httpx.Client(transport=TwinTransport(twin), base_url=ORIGIN) as client,
    ):
        yield World(twin=twin, http=client, moments=moments, is_told=is_told)


def at_any_time(world: World) -> dict[str, object]:
    """Return all of a sandbox but its name and, of a clock that runs, what passes by itself."""
    sandbox, _ = world.sandbox, world.now
    result: dict[str, object] = msgspec.json.decode(sandbox.to_json())
    del result["name"]
    return result if sandbox.clock.is_stopped else {**result, "latest": None, "clock": sandbox.clock.mode}


@pytest.mark.fidelity("twin:snapshot")
@of_all_clocks
@settings(max_examples=30, deadline=None)
@given(before=histories, after=histories)
def test_a_restored_sandbox_is_the_one_that_was_taken(
    *, is_told: bool, before: list[Step], after: list[Step]
) -> None:
    with world(is_told=is_told) as one, world(is_told=is_told) as other:
        one.live(before)
        file, taken, now = one.snapshot(), at_any_time(one), one.now
        one.live(after)

        one.twin.restore(file, vendor="topaz", key=one.key)
        other.twin.restore(file, vendor="topaz", key="other")

        assert (at_any_time(one), one.now, one.snapshot()) == (taken, now, file)
        assert (at_any_time(replace(other, key="other")), replace(other, key="other").now) == (taken, now)


@settings(max_examples=30, deadline=None)
@given(before=histories, after=histories)
def test_a_restored_sandbox_continues_like_the_original(before: list[Step], after: list[Step]) -> None:
    with world(is_told=True) as one:
        file = one.live(before).snapshot()
        moments = [*one.moments]
        lived = at_any_time(one.live([("empty", 0), *after]))

        one.twin.restore(file, vendor="topaz", key=one.key)
        one.moments[:] = moments

        assert at_any_time(one.live([("empty", 0), *after])) == lived


@pytest.mark.fidelity("twin:snapshot")
@of_all_clocks
@settings(max_examples=30, deadline=None)
@given(before=histories, own=histories, of_parent=histories)
def test_a_fork_and_its_parent_are_independent(
    *, is_told: bool, before: list[Step], own: list[Step], of_parent: list[Step]
) -> None:
    with world(is_told=is_told) as parent:
        parent.live(before)
        left, now = at_any_time(parent), parent.now

        parent.twin.fork(vendor="topaz", key=parent.key, to="other")
        fork = replace(parent, key="other")

        assert (at_any_time(fork), fork.now) == (left, now)
        diverged = at_any_time(fork.live(own))
        assert at_any_time(parent) == left
        parent.live(of_parent)
        assert at_any_time(fork) == diverged
