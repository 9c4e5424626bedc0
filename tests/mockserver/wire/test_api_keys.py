"""A key is read off its header, and its prefix may make an error."""

from base64 import b64encode
from collections.abc import Mapping
from contextlib import nullcontext
from typing import Any

import pytest
from tests.mockserver.lifecycles import lifecycle

from safelight_mock.core import WHOLE, Engine, Sandbox
from safelight_mock.wire import Kind, Problem, Request, VendorError
from safelight_mock.wire.api_keys import ANONYMOUS, Authenticator, MagicKeys, RequiredScope, authenticate
from safelight_mock.wire.errors import ErrorTemplate
from safelight_mock.wire.key_sources import (
    AllKeys,
    BasicKey,
    BearerKey,
    CookieKey,
    HeaderKey,
    KeySource,
    QueryKey,
    SchemeKey,
)
from safelight_mock.wire.setting import Plain

BARE = lifecycle()


def engine(**sandbox: object) -> Engine:
    made = Sandbox(name="box", seed="", **sandbox)  # type: ignore[arg-type] # any field of a sandbox
    return Engine(sandbox=made, name="", lifecycle=BARE, now=0, inspect=lambda _: WHOLE)


@pytest.mark.parametrize(
    ("headers", "token"),
    [
        ({"authorization": "Bearer abc"}, "abc"),
        ({"authorization": "bearer  a c "}, "a c"),
        ({"authorization": "Basic abc"}, ""),
        ({"authorization": "Bearer"}, ""),
        ({"authorization": "Bearer "}, ""),
        ({}, ""),
    ],
)
def test_a_bearer_token_follows_the_scheme(headers: dict[str, str], token: str) -> None:
    assert BearerKey().read(headers) == token


def test_a_header_without_a_value_has_no_key() -> None:
    assert [HeaderKey(header="x-api-key").read(headers) for headers in ({}, {"x-api-key": "abc"})] == [
        "",
        "abc",
    ]


def test_the_first_source_that_has_a_key_counts() -> None:
    auth, magic = (HeaderKey(header="x-api-key"), BearerKey(prefix="old-")), MagicKeys()
    bearer = {"authorization": "Bearer old-1"}

    assert authenticate(auth, magic, {"x-api-key": "new", **bearer}) == "new"
    assert authenticate(auth, magic, {"x-api-key": "", **bearer}) == "old-1"
    for headers in ({}, {"x-api-key": ""}, {"authorization": "Bearer other"}):
        with pytest.raises(Problem) as refused:
            authenticate(auth, magic, headers)
        assert refused.value.kind is Kind.UNAUTHORIZED
        assert refused.value.reason == "no API key; send it in the header x-api-key"
    with pytest.raises(Problem) as nowhere:
        authenticate((*auth[:1], QueryKey(name="key"), *auth[:1]), magic, {})
    assert nowhere.value.reason == "no API key; send it in the header x-api-key or the query parameter key"


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("invalid-1", Kind.UNAUTHORIZED),
        ("forbidden", Kind.FORBIDDEN),
        ("limited-1", Kind.LIMITED),
        ("broken-1", Kind.BROKEN),
    ],
)
def test_a_magic_key_makes_its_error_with_every_vendor(key: str, kind: Kind) -> None:
    with pytest.raises(Problem) as refused:
        authenticate((BearerKey(),), MagicKeys(), {"authorization": f"Bearer {key}"})

    assert refused.value.kind is kind
    assert refused.value.reason == f"{kind}: keys that begin with {key.partition('-')[0]!r} cause it"
    assert authenticate((BearerKey(),), MagicKeys(), {"authorization": f"Bearer un{key}"}) == f"un{key}"


def test_a_magic_key_may_make_an_error_that_only_one_vendor_has() -> None:
    early = ErrorTemplate(status=425, message="Too early.", headers={"retry-after": "9"}, parts={"code": 7})
    magic = MagicKeys(when_paying={"early": early})

    with pytest.raises(VendorError, match="Too early") as refused:
        magic.check_payment(engine(), "early-1", 1)

    assert (refused.value.status, refused.value.headers, refused.value.parts) == (
        425,
        {"retry-after": "9"},
        {"code": 7},
    )


@pytest.mark.parametrize(("key", "granted"), [("unfunded-1", None), ("k", 2)])
def test_a_key_pays_unless_its_prefix_or_its_balance_says_otherwise(key: str, granted: int | None) -> None:
    MagicKeys().check_payment(engine(granted=3), "k", 3)
    with pytest.raises(Problem) as refused:
        MagicKeys().check_payment(engine(granted=granted), key, 3)

    assert refused.value.kind is Kind.NO_CREDITS


@pytest.mark.parametrize(
    ("key", "account", "is_allowed"),
    [
        ("k", {}, True),
        ("reader-1", {}, False),
        ("reader-1", {"scopes": ("write",)}, True),
        ("k", {"scopes": ("read",)}, False),
        ("k", {"scopes": ()}, False),
        ("k", {"scopes": None}, False),
    ],
)
def test_scopes_are_those_of_the_account_or_else_of_the_prefix(
    key: str, account: dict[str, object], *, is_allowed: bool
) -> None:
    magic = MagicKeys(scopes={"reader": ("read",)}, all_scopes=("read", "write"))
    call = Request(method="GET", path="", at=0, key=key)

    with nullcontext() if is_allowed else pytest.raises(Problem, match="may not do this"):
        magic.require_scope(engine(account=account), call, RequiredScope(any_of=("write", "own")))


@pytest.mark.parametrize("is_needed", [True, False])
def test_whether_a_scope_is_needed_may_be_a_setting(is_needed: bool) -> None:  # noqa: FBT001 - pytest gives it
    call = Request(method="POST", path="", at=0, key="k", options={"strict": is_needed})

    with pytest.raises(Problem) if is_needed else nullcontext():
        MagicKeys().require_scope(engine(), call, RequiredScope(any_of=("write",), setting="strict"))


def authenticator(**more: Any) -> Authenticator:  # noqa: ANN401 - any field
    return Authenticator(auth=(BearerKey(),), magic_keys=MagicKeys(), **more)


def with_key(key: str) -> Request:
    return Request(method="PUT", path="/", at=0, headers={"authorization": f"Bearer {key}"})


def test_with_accepted_keys_every_other_one_is_unauthorized() -> None:
    accepting = authenticator(accepted=frozenset({"mine"}))

    assert accepting.key_of(with_key("mine")) == "mine"
    with pytest.raises(Problem) as refused:
        accepting.key_of(with_key("other"))
    assert refused.value.kind is Kind.UNAUTHORIZED
    assert refused.value.reason == "the key is not one of --api-key (Settings.api_keys)"


def test_a_key_may_be_in_the_query_or_missing_where_it_is_optional() -> None:
    sources = (QueryKey(name="key"),)
    optional = Authenticator(auth=sources, magic_keys=MagicKeys(), is_optional=True)
    in_query = Request(method="PUT", path="/", at=0, query="key=k-1")
    bare = Request(method="PUT", path="/", at=0)

    assert [optional.key_of(call) for call in (in_query, bare)] == ["k-1", ANONYMOUS]
    with pytest.raises(Problem, match="no usable key"):
        Authenticator(auth=sources, magic_keys=MagicKeys()).key_of(bare)


def test_a_permit_decides_by_key_method_and_settings() -> None:
    permitted: list[tuple[str, str, Mapping[str, Plain]]] = []

    def permit(key: str, method: str, options: Mapping[str, Plain]) -> None:
        permitted.append((key, method, options))

    assert authenticator(permit=permit, options={"a": 1}).key_of(with_key("k")) == "k"
    assert permitted == [("k", "PUT", {"a": 1})]


@pytest.mark.parametrize(
    ("source", "headers", "query"),
    [
        (SchemeKey(header="authorization"), {"authorization": "Key k-1"}, ""),
        (SchemeKey(header="authorization"), {"authorization": "k-1"}, ""),
        (BasicKey(), {"authorization": "Basic ay0xOg=="}, ""),
        (BasicKey(), {"authorization": "Basic OmstMQ=="}, ""),
        (BasicKey(), {"authorization": "basic  OmstMQ=="}, ""),
        (QueryKey(name="api key"), {}, "a=1&api+key=k-1"),
        (QueryKey(name="key"), {}, "key=k-1&key=k-2"),
        (CookieKey(name="session"), {"cookie": "a=b; session=k-1"}, ""),
        (AllKeys(sources=(QueryKey(name="key"), HeaderKey(header="x-id"))), {"x-id": "7"}, "key=k-1"),
        (
            AllKeys(sources=(HeaderKey(header="x-id"), HeaderKey(header="x-key"))),
            {"x-id": "k-1", "x-key": "2"},
            "",
        ),
    ],
)
def test_a_key_is_read_where_its_security_scheme_says(
    source: KeySource, headers: Mapping[str, str], query: str
) -> None:
    assert authenticate((source,), MagicKeys(), headers, query) == "k-1"


@pytest.mark.parametrize(
    ("source", "headers"),
    [
        (BasicKey(), {}),
        (BasicKey(), {"authorization": "Basic ?"}),
        (BasicKey(), {"authorization": "Basic ay0xOg==?"}),
        (BasicKey(), {"authorization": "Basic ay 0xOg=="}),
        (BasicKey(), {"authorization": "Bearer k-1"}),
        (CookieKey(name="session"), {}),
        (CookieKey(name="session"), {"cookie": "a=b"}),
        (CookieKey(name="session"), {"cookie": "a=b; a b=c"}),
        (QueryKey(name="key"), {"key": "k-1"}),
        (AllKeys(sources=(HeaderKey(header="x-id"), HeaderKey(header="x-key"))), {"x-id": "k-1"}),
    ],
)
def test_a_request_without_its_key_is_unauthorized(source: KeySource, headers: Mapping[str, str]) -> None:
    with pytest.raises(Problem) as refused:
        authenticate((source,), MagicKeys(), headers)

    assert refused.value.kind is Kind.UNAUTHORIZED


@pytest.mark.parametrize("query", ["", "other=k-1", "key="])
def test_a_query_without_the_key_is_unauthorized(query: str) -> None:
    with pytest.raises(Problem) as refused:
        authenticate((QueryKey(name="key"),), MagicKeys(), {}, query)

    assert refused.value.kind is Kind.UNAUTHORIZED


def test_a_password_of_basic_authentication_may_have_colons() -> None:
    assert BasicKey().read({"authorization": f"Basic {b64encode(b'k-1:a:b').decode()}"}) == "k-1"


def test_a_cookie_that_cannot_be_read_has_no_key() -> None:
    assert CookieKey(name="session").read({"cookie": "sess\x00ion=k-1; [x]=1"}) == ""
    assert CookieKey(name="session").read({"cookie": "a/b=1; session=k-1"}) == ""


def test_an_operation_without_security_needs_no_key_and_takes_one() -> None:
    sources = (SchemeKey(header="authorization"),)

    assert authenticate(sources, MagicKeys(), {}, is_optional=True) == ANONYMOUS
    assert authenticate(sources, MagicKeys(), {"authorization": "Bearer k-1"}, is_optional=True) == "k-1"
