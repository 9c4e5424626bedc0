"""The scenario of the library in which everything goes wrong now and then."""

from collections import Counter

import httpx
from tests.scenarios.clients import DONE, Api, Open, patient_wait, state, submit_once


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
