"""Every effect of the scenario language is seen over a socket and in the process.

At a built-in API and at a generic one, at their file host, and in webhooks. The last test compares what the
rules here have with the schema of scenarios.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from functools import partial
from typing import Any

import pytest
from tests.scenarios.effects.apis import APIS, TRANSPORTS, PolledApi, opened
from tests.scenarios.effects.jobs import JOBS, jobs
from tests.scenarios.effects.language import effects_in, effects_of, schema
from tests.scenarios.effects.seen import Ending, Seen
from tests.scenarios.effects.transfers import RESPONSES, TRANSFERS, Exchange, transfers
from tests.scenarios.effects.webhooks import WEBHOOKS, receiving

pytestmark = pytest.mark.slow

# How many bytes of a body drip at a time: each body has a few such pieces.
SIZES = {
    ("topaz", "poll"): 200,
    ("topaz", "download"): 200,
    ("runway", "poll"): 80,
    ("runway", "download"): 5000,
}
TARGETS = ("poll", "download")
ROLES = {"poll": "read", "download": "download"}


@contextmanager
def exchange(api: str, target: str, transport: str, **rule: Any) -> Iterator[Exchange]:  # noqa: ANN401
    """Make a job succeed; its first request of a kind is plain, and each further one is under a rule."""
    match = {"operation": ROLES[target], "call": "2-" if target == "download" else "3-"}
    with opened(api, transport, {"match": match, **rule}) as one:
        client: PolledApi = one
        job = client.finished()
        client.read(job)
        make = client.poll if target == "poll" else client.download
        request = make(job)
        response = client.http.send(request)
        assert response.status_code == 200
        plain = Seen(200, dict(response.headers), response.content, Ending.WHOLE, 0.0, [])
        see = partial(_again, client, request)
        yield Exchange(transport, plain, see, SIZES[api, target], target == "download")


def _again(client: PolledApi, request: Any, **patience: float) -> Any:  # noqa: ANN401
    return client.see(request, **patience)


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("api", APIS)
@pytest.mark.parametrize("effect", TRANSFERS)
def test_transfer(effect: str, api: str, target: str, transport: str) -> None:
    keys, check = transfers(transport, SIZES[api, target])[effect]
    with exchange(api, target, transport, transfer=keys) as one:
        check(one)


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("api", APIS)
@pytest.mark.parametrize("effect", RESPONSES)
def test_respond(effect: str, api: str, target: str, transport: str) -> None:
    keys, check = RESPONSES[effect]
    with exchange(api, target, transport, respond=keys) as one:
        check(one)


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("api", APIS)
@pytest.mark.parametrize("effect", JOBS)
def test_job(effect: str, api: str, transport: str) -> None:
    keys, check = jobs(APIS[api].states, APIS[api].read_operation)[effect]
    with opened(api, transport, {"match": {"operation": "submit"}, "job": keys}) as client:
        check(client)


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("is_generic", [False, True], ids=["built-in", "generic"])
@pytest.mark.parametrize("effect", WEBHOOKS)
def test_webhook(effect: str, transport: str, *, is_generic: bool) -> None:
    apis, rule, check = WEBHOOKS[effect]
    with receiving(apis[is_generic], transport, rule) as got:
        check(got)


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("is_accepted", [False, True])
@pytest.mark.parametrize("transfer", [{"reset": "before"}, {"hang": True}], ids=["reset", "hang"])
@pytest.mark.parametrize("api", APIS)
def test_whether_a_lost_request_is_carried_out_is_chosen_and_recorded(
    api: str, transfer: dict[str, Any], transport: str, *, is_accepted: bool
) -> None:
    rule = {"match": {"operation": "submit"}, "transfer": transfer, "accepted": is_accepted}
    with opened(api, transport, rule) as one:
        client: PolledApi = one
        seen = client.see(client.submission(), patience=1)  # which is all that a hanging request takes

        assert (seen.status, seen.body) == (0, b"")
        assert len(client.jobs()) == is_accepted
        (entry,) = client.log()
        assert (entry["accepted"], entry["rule"]) == (is_accepted, "default test: rule-1")


def covered(api: str, transport: str) -> set[str]:
    """The effects that the tables have for an API, or one of its kind, on a transport."""
    tables = {
        "transfer": transfers(transport, 1),
        "respond": RESPONSES,
        "job": jobs(APIS[api].states, APIS[api].read_operation),
    }
    rules: list[Mapping[str, Any]] = [
        {part: effect} for part, table in tables.items() for effect, _ in table.values()
    ]
    rules += [rule for _, rule, _ in WEBHOOKS.values()]
    return {effect for rule in rules for effect in effects_in(rule)}


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("api", APIS)
def test_every_effect_of_the_schema_is_tested(api: str, transport: str) -> None:
    assert effects_of(schema()) - covered(api, transport) == set()


def test_an_effect_that_no_table_has_is_noticed() -> None:
    described = deepcopy(schema())
    described["$defs"]["transfer"]["properties"]["backwards"] = {"const": True}
    described["$defs"]["rule"]["properties"]["webhook"]["enum"].append("empty")

    assert effects_of(described) - covered("topaz", "socket") == {"transfer/backwards", "webhook=empty"}
