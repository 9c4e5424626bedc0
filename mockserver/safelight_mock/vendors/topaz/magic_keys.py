"""Keys that are refused by what they begin with, so that every refusal of an account can be tried out."""

from collections.abc import Mapping

from safelight_mock.core.engine import Engine
from safelight_mock.wire.api_keys import try_key
from safelight_mock.wire.problem import Kind, Problem, Refusal

UNFUNDED = "unfunded"
LIMITED = "Too Many Requests"

# At any operation. Messages but the last are documented in 1.0.0.
AT_ONCE: Mapping[str, Exception] = {
    "invalid": Problem(Kind.UNAUTHORIZED),
    "forbidden": Problem(Kind.FORBIDDEN),
    "limited": Refusal(429, LIMITED),
    "broken": Problem(Kind.BROKEN),
}

# Where a job would be paid for, after everything else about it was found good, in this order.
AT_PAYMENT: Mapping[str, Refusal] = {
    "unsubscribed": Refusal(412, "Precondition Failed"),  # documented
    UNFUNDED: Refusal(402, "Insufficient funds."),  # documented
    "funding": Refusal(
        425, "Too early to reserve credits. An order for more credits is in progress."
    ),  # later
}


def try_account(engine: Engine, key: str, price: int) -> None:
    """Raise what a key is refused with where a job would be paid for."""
    try_key(key, AT_PAYMENT)
    if not engine.affords(price):
        try_key(UNFUNDED, AT_PAYMENT)
