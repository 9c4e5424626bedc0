"""API keys: which are accepted, and magic prefixes that cause errors. Where keys are: `key_sources`."""

from collections.abc import Callable, Iterable, Mapping

import msgspec

from safelight_mock.core.engine import Engine
from safelight_mock.wire.errors import ErrorTemplate
from safelight_mock.wire.key_sources import KeySource
from safelight_mock.wire.messages import Request
from safelight_mock.wire.problem import Kind, Problem, VendorError
from safelight_mock.wire.setting import Plain

Permit = Callable[[str, str, Mapping[str, Plain]], None]

MagicError = Kind | ErrorTemplate
"""The error of a magic key: a kind of problem, or a response that only one vendor has."""


# Prefixes for all vendors and operations.
ALWAYS: Mapping[str, MagicError] = {
    "invalid": Kind.UNAUTHORIZED,
    "forbidden": Kind.FORBIDDEN,
    "limited": Kind.LIMITED,
    "broken": Kind.BROKEN,
}
# Prefixes for all submissions; a vendor with more of its own includes these (`MagicKeys.when_paying`).
WHEN_PAYING: Mapping[str, MagicError] = {"unfunded": Kind.NO_CREDITS}


ANONYMOUS = "anonymous"
"""The key of requests without one, where a key is optional."""


class RequiredScope(msgspec.Struct, frozen=True, kw_only=True):
    """The scopes of which a key needs one for an operation; with a `setting`, only while that is on."""

    any_of: tuple[str, ...]
    setting: str = ""


class MagicKeys(msgspec.Struct, frozen=True, kw_only=True):
    """Prefixes of keys that cause errors, so that a client can test each one; the first match wins.

    The document has to describe an error's status for the operation; otherwise the response is a 500.

    - `always`: at any operation.
    - `when_paying`: on submit, after all other checks. A mapping here replaces the default one: write
      `{**WHEN_PAYING, …}` to extend it.
    - `scopes`: the scopes of keys by prefix; `all_scopes`: those of other keys.
    """

    always: Mapping[str, MagicError] = msgspec.field(default_factory=lambda: ALWAYS)
    when_paying: Mapping[str, MagicError] = msgspec.field(default_factory=lambda: WHEN_PAYING)
    scopes: Mapping[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    all_scopes: tuple[str, ...] = ()

    def check_payment(self, engine: Engine, key: str, price: int) -> None:
        """Raise Problem or VendorError for a key that cannot pay, by its prefix or its account's balance."""
        _check(key, self.when_paying)
        if not engine.affords(price):
            raise Problem(Kind.NO_CREDITS)

    def scopes_of(self, key: str) -> tuple[str, ...]:
        """Return the scopes of a key by its prefix."""
        named = (scopes for prefix, scopes in self.scopes.items() if key.startswith(prefix))
        return next(named, self.all_scopes)

    def require_scope(self, engine: Engine, request: Request, scope: RequiredScope) -> None:
        """Raise Problem for a key without the scope; scopes set for its account take precedence."""
        if scope.setting and not request.options[scope.setting]:
            return
        scopes = engine.sandbox.account.get("scopes", self.scopes_of(request.key))
        if not isinstance(scopes, tuple | list) or not set(scope.any_of).intersection(scopes):
            raise Problem(Kind.FORBIDDEN)


class Authenticator(msgspec.Struct, frozen=True, kw_only=True):
    """Which keys a vendor's service accepts: the `accepted` ones, or any if that is empty.

    `permit` raises Problem for a key that may not make requests of a method, under these `options`.
    `is_optional`: a request may have no key.
    """

    auth: Iterable[KeySource]
    magic_keys: MagicKeys
    accepted: frozenset[str] = frozenset()
    permit: Permit | None = None
    options: Mapping[str, Plain] = {}
    is_optional: bool = False

    def key_of(self, request: Request) -> str:
        """Return the key of a request; raises Problem or VendorError if the request is not permitted."""
        key = authenticate(
            self.auth, self.magic_keys, request.headers, request.query, is_optional=self.is_optional
        )
        if self.accepted and key not in self.accepted and not self.is_optional:
            raise Problem(Kind.UNAUTHORIZED, reason="the key is not one of --api-key (Settings.api_keys)")
        if self.permit is not None:
            self.permit(key, request.method, self.options)
        return key


def authenticate(
    auth: Iterable[KeySource],
    magic: MagicKeys,
    headers: Mapping[str, str],
    query: str = "",
    *,
    is_optional: bool = False,
) -> str:
    """Return the API key of a request, without its body.

    - `auth`: where the key may be; the first source that has one counts
    - `magic`: prefixes of keys that cause errors
    - `headers`: with names in lower case; `query`: as in the URL
    - `is_optional`: without a key, return ANONYMOUS

    Raises Problem (UNAUTHORIZED) without a key, and the Problem or VendorError of a magic key.
    """
    key = ""
    for source in auth:
        key = key or source.read(headers, query)
    if not key and is_optional:
        return ANONYMOUS
    if not key:
        places = " or ".join(dict.fromkeys(filter(None, (source.place for source in auth))))
        raise Problem(Kind.UNAUTHORIZED, reason=f"no API key; send it in {places}")
    if key.startswith((*magic.always,)):
        _check(key, magic.always)
    return key


def _check(key: str, errors: Mapping[str, MagicError]) -> None:
    for prefix, error in errors.items():
        if key.startswith(prefix):
            raise _raised(error, prefix)


def _raised(error: MagicError, prefix: str) -> Problem | VendorError:
    if isinstance(error, Kind):
        return Problem(error, reason=f"{error}: keys that begin with {prefix!r} cause it")
    return VendorError(error.status, error.message, error.headers, error.parts)
