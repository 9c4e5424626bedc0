"""Keys that are refused by what they begin with, so that every refusal of an account can be tried out."""

from collections.abc import Mapping

from safelight_mock.core.engine import Engine
from safelight_mock.wire.messages import JSON
from safelight_mock.wire.problem import Kind, Problem, Refusal

Account = Mapping[str, JSON]

LIMITED = "ThrottlerException: Too Many Requests"  # the framework's

# At any operation.
AT_ONCE: Mapping[str, Exception] = {
    "invalid": Problem(Kind.UNAUTHORIZED),
    "forbidden": Problem(Kind.FORBIDDEN),
    "limited": Refusal(429, LIMITED),
    "broken": Problem(Kind.BROKEN),
}
PRICE = 1  # credits an artwork costs; the vendor's prices are not published
UNFUNDED = "unfunded"  # has no credits: the API knows no 402
LADDER = (
    "generator",
    "manager",
    "admin",
)  # scopes, each with all that those before it may do (documented later)
UNKNOWN = "unknown"  # begins an organization that is not the key's


def try_account(engine: Engine, key: str) -> None:
    """Raise what a key is refused with where an artwork would be paid for."""
    if key.startswith(UNFUNDED) or not engine.affords(PRICE):
        raise Refusal(403, "Not enough credits")


def try_scope(key: str, account: Account, needed: str) -> None:
    """Raise what a key is refused with where a scope is needed; its account counts before its name."""
    named = next((scope for scope in LADDER if key.startswith(scope)), LADDER[-1])
    if not set(account.get("scopes", (named,))).intersection(LADDER[LADDER.index(needed) :]):
        raise Problem(Kind.FORBIDDEN)


def try_organization(organization: str) -> None:
    """Raise what a key is refused with for an organization it does not belong to."""
    if organization.startswith(UNKNOWN):
        raise Refusal(404, "Organization not found")
