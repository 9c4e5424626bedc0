"""Webhook deliveries are as the document's `webhooks` describe, whatever happens to jobs."""

import json
from collections.abc import Iterable
from contextlib import closing
from functools import cache
from itertools import product
from typing import Any

import httpx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jsonschema_rs import Draft202012Validator

from contract_tests.fuzz.apis import async_jobs
from contract_tests.fuzz.document import credential
from contract_tests.fuzz.fixtures import START
from contract_tests.fuzz.job_sequence import KEY, SUBMISSIONS, JobSequence, spec
from contract_tests.fuzz.repeating import repeatable
from safelight_mock import ClockMode, Settings, Twin, TwinTransport
from safelight_mock.vendors import VENDORS

SEQUENCES = 25
Step = tuple[Any, ...]  # what is done, and with which arguments


@cache
def described(vendor: str, webhook: str) -> Draft202012Validator:
    request = spec(vendor)["webhooks"][webhook]["post"]["requestBody"]
    schema = request["content"]["application/json"]["schema"]
    return Draft202012Validator({**schema, "components": spec(vendor)["components"]}, validate_formats=True)


def tell(sequence: JobSequence, steps: Iterable[Step]) -> None:
    for name, *arguments in steps:
        if sequence.jobs or name == "submit":
            getattr(sequence, name)(*arguments)
    sequence.advance(86_400)


def steps(vendor: str) -> st.SearchStrategy[list[Step]]:
    which = st.integers(0, 3)
    submit = st.tuples(st.just("submit"), st.sampled_from([*SUBMISSIONS[vendor]]))
    others = (
        st.tuples(st.just("do"), which, st.sampled_from(["read", "cancel", "delete"])),
        st.tuples(st.just("move"), which, st.sampled_from(["running", "succeeded", "failed", "cancelled"])),
        st.tuples(st.just("advance"), st.sampled_from([0, 0.5, 2, 60])),
    )
    return st.builds(
        lambda first, rest: [first, *rest], submit, st.lists(st.one_of(submit, *others), max_size=8)
    )


@pytest.mark.parametrize("vendor", [vendor for vendor in VENDORS if "webhooks" in spec(vendor)])
def test_every_delivery_matches_its_document(vendor: str) -> None:
    result: set[str] = set()

    @settings(max_examples=SEQUENCES, derandomize=True, database=None, deadline=None)
    @given(steps=steps(vendor), clock=st.sampled_from([ClockMode.MANUAL, ClockMode.AUTO]))
    def holds(steps: list[Step], clock: ClockMode) -> None:
        twin = Twin(Settings(clock=clock, seed="deliveries"), real=lambda: START)
        with closing(twin), httpx.Client(transport=TwinTransport(twin)) as user:
            user.headers.update([credential(spec(vendor), KEY)])
            sequence = JobSequence(vendor, user)
            sequence.begin()
            tell(sequence, steps)
            result.update(held(sequence))

    lifecycles = async_jobs(vendor).lifecycles.values()
    ends = {str(state) for lifecycle in lifecycles for one in lifecycle.deliver for state in one.on.states}
    for submitted, end in product(SUBMISSIONS[vendor], sorted(ends)):
        holds = example(steps=[("submit", submitted), ("move", 0, end)], clock=ClockMode.MANUAL)(holds)
    with repeatable():
        holds()
    assert result == ends


def held(sequence: JobSequence) -> set[str]:
    """Validate every delivery by the document; return the states they report."""
    deliveries = sequence.control("GET", "deliveries")
    webhooks = {job: sequence.lifecycle(operation).deliver[0].webhook for job, operation in sequence.jobs}
    for delivery in deliveries:
        described(sequence.vendor, webhooks[delivery["job"]]).validate(json.loads(delivery["body"]))
    messages = [message["body"] for message in sequence.control("GET", "inbox/mine")["messages"]]
    assert sorted(messages) == sorted(delivery["body"] for delivery in deliveries)
    assert [delivery for delivery in deliveries if delivery["error"] or delivery["next_attempt"]] == []
    return {delivery["state"] for delivery in deliveries}
