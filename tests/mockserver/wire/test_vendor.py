"""A vendor's handlers run behind the checks that its values describe."""

import pytest
from msgspec.structs import replace
from tests.mockserver.lifecycles import lifecycle

from safelight_mock.core import WHOLE, Engine, Inspection, Job, Recipe, Sandbox
from safelight_mock.wire import Handler, Kind, Problem, Request, Response, Setting, Vendor
from safelight_mock.wire.api_keys import MagicKeys, RequiredScope
from safelight_mock.wire.key_sources import BearerKey
from safelight_mock.wire.messages import PendingResponse
from safelight_mock.wire.rate_limits import RateLimits, Window
from safelight_mock.wire.webhook_settings import WebhookSettings

BARE = lifecycle()
LIMITS = RateLimits(
    windows=(Window(most=1, seconds=10),), enforced="enforced", headers={"x-left": "{remaining}"}
)
ON = {"enforced": True}


def engine() -> Engine:
    return Engine(
        sandbox=Sandbox(name="box", seed=""), name="", lifecycle=BARE, now=0, inspect=lambda _: WHOLE
    )


def recipe(job: Job, _: Inspection) -> Recipe:
    return Recipe(steps=(), output=job.output)


def make(_: Engine, call: Request) -> Response:
    return Response.json(200, call.path)


VENDOR = Vendor(
    slug="v",
    handlers={"make": make, "read": make},
    recipe=recipe,
    auth=(BearerKey(),),
    body_limit=1,
    magic_keys=MagicKeys(scopes={"reader": ()}, all_scopes=("write",)),
    rate_limits=LIMITS,
)


def call(key: str = "k", pending_job: str = "") -> Request:
    return Request(method="POST", path="/made", at=0, key=key, options=ON, pending_job=pending_job)


def headers(handler: Handler, engine: Engine, call: Request) -> dict[str, str]:
    response = handler(engine, call)
    assert isinstance(response, Response)
    return dict(response.headers)


def test_a_handler_without_checks_is_not_wrapped() -> None:
    assert replace(VENDOR, rate_limits=None).guarded_handlers({"make"}) == VENDOR.handlers
    assert VENDOR.guarded_handlers({"make"})["read"] is make


def test_submit_operations_are_rate_limited_with_headers() -> None:
    one, handlers = engine(), VENDOR.guarded_handlers({"make"})

    response = handlers["make"](one, call())
    assert isinstance(response, Response)
    assert (response.value, response.headers["x-left"]) == ("/made", "0")
    with pytest.raises(Problem) as refused:
        handlers["make"](one, call())
    assert refused.value.kind is Kind.LIMITED
    assert "x-left" not in headers(handlers["read"], one, call())


def test_settings_may_limit_the_rate() -> None:
    limits = RateLimits(headers={"x-left": "{remaining}"})
    handler = replace(VENDOR, rate_limits=limits).guarded_handlers({"make"})["make"]
    one, limited = engine(), replace(call(), options={"rate_limit": 2, "rate_window": 10.0})

    assert [headers(handler, one, limited)["x-left"] for _ in range(2)] == ["1", "0"]
    with pytest.raises(Problem):
        handler(one, limited)


def test_a_vendor_may_name_the_operations_that_count() -> None:
    named = replace(VENDOR, rate_limits=replace(LIMITS, operations=("read",)))

    handlers = named.guarded_handlers({"make"})

    assert handlers["make"] is make
    assert "x-left" in headers(handlers["read"], engine(), call())


def test_a_submission_that_fails_does_not_count() -> None:
    def fail(_: Engine, __: Request) -> Response:
        raise Problem(Kind.BAD_FIELD)

    one = engine()

    with pytest.raises(Problem, match="body field"):
        replace(VENDOR, handlers={"make": fail}).guarded_handlers({"make"})["make"](one, call())

    assert not one.sandbox.calls


def test_a_held_request_was_checked_and_counted_when_it_came() -> None:
    def hold(_: Engine, call: Request) -> Response | PendingResponse:
        return make(_, call) if call.pending_job else PendingResponse(job="1", until=0)

    one = engine()
    held = replace(VENDOR, handlers={"make": hold}, scopes={"make": RequiredScope(any_of=("write",))})
    handler = held.guarded_handlers({"make"})["make"]

    assert isinstance(handler(one, call()), PendingResponse)
    assert headers(handler, one, call(key="reader", pending_job="1"))["x-left"] == "0"
    assert len(one.sandbox.calls) == 1


def test_a_scope_is_checked_before_the_rate_limit() -> None:
    one = engine()
    scoped = replace(VENDOR, scopes={"make": RequiredScope(any_of=("write",))}).guarded_handlers({"make"})
    scoped["make"](one, call())

    for key, kind in (("reader", Kind.FORBIDDEN), ("k", Kind.LIMITED)):
        with pytest.raises(Problem) as refused:
            scoped["make"](one, call(key=key))
        assert refused.value.kind is kind


def test_a_scope_may_be_required_without_a_rate_limit() -> None:
    def name(engine: Engine, call: Request) -> Response:
        return Response.json(200, f"{engine.sandbox.name}{call.path}")

    needed = replace(VENDOR, handlers={"read": name}, scopes={"read": RequiredScope(any_of=("write",))})
    scoped = needed.guarded_handlers(())

    assert scoped["read"](engine(), call()) == Response.json(200, "box/made")
    with pytest.raises(Problem, match="may not do this"):
        scoped["read"](engine(), call(key="reader"))


def test_settings_are_those_of_webhooks_limits_and_the_vendors_own() -> None:
    own = {"host": Setting(default="", about="")}
    vendor = replace(VENDOR, rate_limits=RateLimits(), webhooks=WebhookSettings(attempts=1), own_settings=own)

    assert [*vendor.settings] == ["webhook_attempts", "rate_limit", "rate_window", "host"]
    assert replace(vendor, rate_limits=None).settings.keys() == {"webhook_attempts", "host"}


@pytest.mark.parametrize(
    ("hosts", "host"),
    [
        ((), ""),
        (("dl.example", "old.example"), "dl.example"),
        ((".store.example",), "safelight.store.example"),
    ],
)
def test_in_process_links_have_the_newest_file_host(hosts: tuple[str, ...], host: str) -> None:
    assert replace(VENDOR, file_hosts=hosts).file_host == host
