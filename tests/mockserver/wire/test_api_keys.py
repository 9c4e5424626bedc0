"""A key is read off its header, and refused by what it begins with."""

import pytest

from safelight_mock.wire.api_keys import bearer, try_key
from safelight_mock.wire.problem import Refusal


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
def test_a_bearer_token_is_what_follows_the_scheme(headers: dict[str, str], token: str) -> None:
    assert bearer(headers) == token


def test_a_key_is_refused_by_what_it_begins_with() -> None:
    refusals = {"limited": Refusal(429, "Too Many Requests")}

    assert try_key("unlimited", refusals) == "unlimited"
    with pytest.raises(Refusal, match="Too Many Requests"):
        try_key("limited-1", refusals)


def test_a_refusal_remembers_none_of_the_calls_it_was_raised_in() -> None:
    refusals = {"limited": Refusal(429, "Too Many Requests")}

    depths = []
    for _ in range(3):
        with pytest.raises(Refusal) as refused:
            try_key("limited", refusals)
        depths.append(len(refused.traceback))

    assert len({*depths}) == 1
