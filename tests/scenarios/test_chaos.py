"""The scenario of the library in which everything goes wrong now and then."""

from collections import Counter
from contextlib import suppress

import httpx
import pytest
from tests.scenarios.clients import DONE, Api, Open, patient_wait, state, submit_once

from safelight_mock import TwinTransport
from safelight_mock.core.scenario import MatchContext, Role, RuleSource, choose
from safelight_mock.scenarios.library import library_scenario

# How the job of a submission ends to which a rule of the scenario applied; others end like those without.
ENDS = {
    "unavailable": "none",
    "lost-response": "Completed",
    "fails": "Failed",
    "is-cancelled": "Cancelled",
    "is-slow": "Completed",
}


def test_chaos(opened: Open) -> None:
    """A client that trusts every response loses every third job."""

    def naive(api: Api) -> str:
        job = api.submit().raise_for_status().json()["process_id"]
        while (word := state(api.read(job).raise_for_status())) not in DONE:
            api.pause(5)
        return word

    def right(api: Api) -> str:
        for _ in range(3):
            try:
                return patient_wait(api, submit_once(api))
            except httpx.HTTPError:
                api.pause(1)
        raise TimeoutError

    api, ends = opened("chaos"), Counter[str]()
    for _ in range(20):
        try:
            ends[naive(api)] += 1
        except httpx.HTTPError:
            ends["lost"] += 1

    assert ends["lost"] >= 5
    assert Counter(right(opened("chaos")) for _ in range(3)).keys() <= set(DONE)


@pytest.mark.slow
def test_a_thousand_jobs_end_as_the_scenario_predicts_and_the_ledger_agrees(opened: Open) -> None:
    api, predicted = opened("chaos"), Counter[str]()
    control = httpx.Client(transport=TwinTransport(api.twin), base_url="http://127.0.0.1/_safelight/")
    name = control.post("sandboxes", json={"vendor": "topaz", "key": "k"}).json()["name"]
    control.patch(f"sandboxes/{name}/account", json={"balance": 1_000_000})
    sandbox = api.twin.sandboxes.read(lambda transaction: transaction.named(name))
    assert sandbox is not None
    source, matched = (
        RuleSource(name="default chaos", rules=library_scenario("chaos").rules),
        dict[str, int](),
    )

    for number in range(1, 1_001):
        context = MatchContext(
            vendor="topaz", operation="postEnhanceAsync", role=Role.SUBMIT, job=number, key="k"
        )
        applied = choose([source], context, matched, f"{sandbox.seed}/{sandbox.name}")
        matched = dict(applied.matched)
        predicted[ENDS[applied.rule.name] if applied.rule else "Completed"] += 1
        with suppress(httpx.ReadError):
            api.requests = 0
            api.submit()
        if number % 50 == 0:
            api.pause(1)
    api.pause(86_000)

    jobs = control.get("jobs", params={"limit": 1_000}).json()
    account = control.get("sandboxes").json()[0]["account"]
    ended = Counter(job["vendor_state"] for job in jobs)
    assert ended == Counter({word: many for word, many in predicted.items() if word in DONE})
    assert len(predicted) == 4
    assert account["reserved"] == 0
    assert account["balance"] + account["paid"] == 1_000_000
    assert account["paid"] == ended["Completed"]  # one credit each; others are refunded
