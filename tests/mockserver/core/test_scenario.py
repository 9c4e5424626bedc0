"""Rules are counted and chosen the same way whenever the same requests come."""

from safelight_lifecycle import Expression, parse_expression
from safelight_mock.core.job_faults import JobFault
from safelight_mock.core.scenario import (
    Match,
    MatchContext,
    NumberRange,
    Pattern,
    Role,
    Rule,
    RuleSource,
    choose,
)
from safelight_mock.core.webhook import WebhookFault

SLOW = JobFault(slow=2)
SUBMISSION = MatchContext(vendor="topaz", operation="postEnhanceAsync", role=Role.SUBMIT, job=1, key="sk-1")


def chosen(rules: list[Rule], contexts: list[MatchContext], seed: str = "seed") -> list[str]:
    """Return the name of the rule that applies to each, an empty text for none."""
    matched = dict[str, int]()
    names = []
    for context in contexts:
        applied = choose([RuleSource(name="test", rules=tuple(rules))], context, matched, seed)
        matched = dict(applied.matched)
        names.append("" if applied.rule is None else applied.rule.name)
    return names


def test_the_nth_request_is_the_same_whichever_rule_applied_before() -> None:
    first_two = Rule(name="first-two", match=Match(calls=NumberRange(first=1, last=2)), job=SLOW)
    third = Rule(name="third", match=Match(calls=NumberRange(first=3, last=3)), job=SLOW)

    assert chosen([first_two, third], [SUBMISSION] * 4) == ["first-two", "first-two", "third", ""]


def test_every_third_request_is_counted_from_the_third() -> None:
    rule = Rule(name="third", match=Match(calls=NumberRange(first=3, every=3)), job=SLOW)

    assert chosen([rule], [SUBMISSION] * 7) == ["", "", "third", "", "", "third", ""]


def test_a_rule_applies_so_many_times_at_most() -> None:
    assert chosen([Rule(name="once", times=1, job=SLOW)], [SUBMISSION] * 3) == ["once", "", ""]


def test_the_first_rule_of_the_first_source_that_has_one_applies() -> None:
    first = RuleSource(name="first", rules=(Rule(name="other", match=Match(vendors=frozenset({"claid"}))),))
    second = RuleSource(name="second", rules=(Rule(name="this", job=SLOW), Rule(name="that", job=SLOW)))

    applied = choose([first, second], SUBMISSION, {}, "seed")

    assert applied.rule is not None
    assert (applied.source, applied.rule.name) == ("second", "this")
    assert applied.matched == {"second/this": 1, "second/that": 1}


def test_a_rule_is_for_an_operation_or_for_what_that_is_in_its_lifecycle() -> None:
    by_role = Rule(name="role", match=Match(operations=frozenset({"read"})), job=SLOW)
    by_name = Rule(name="name", match=Match(operations=frozenset({"postEnhanceAsync"})), job=SLOW)

    assert chosen([by_role, by_name], [SUBMISSION]) == ["name"]


def test_a_rule_is_for_the_nth_job_of_a_sandbox() -> None:
    second = Rule(name="second", match=Match(jobs=NumberRange(first=2, last=2)), job=SLOW)
    jobs = [MatchContext(vendor="topaz", role=Role.SUBMIT, job=number) for number in (1, 2, 3)]

    assert chosen([second], jobs) == ["", "second", ""]


def test_a_key_may_have_a_star() -> None:
    assert chosen([Rule(name="key", match=Match(key="sk-*"), job=SLOW)], [SUBMISSION]) == ["key"]
    assert chosen([Rule(name="key", match=Match(key="pk-*"), job=SLOW)], [SUBMISSION]) == [""]
    for literal in ("sk-?", "sk-[1]"):
        assert chosen([Rule(name="key", match=Match(key=literal), job=SLOW)], [SUBMISSION]) == [""]


def test_values_of_a_request_are_compared_and_a_pattern_is_for_all_of_a_value() -> None:
    def body(value: object) -> MatchContext:
        return MatchContext(vendor="topaz", role=Role.SUBMIT, value=lambda _: value)

    place = "$request.body#/model"
    equal = Rule(name="equal", match=Match(where={place: ("v1", "v2")}), job=SLOW)
    alike = Rule(name="alike", match=Match(where={place: Pattern("v[0-9]+")}), job=SLOW)
    any_value = Rule(name="any", match=Match(where={place: None}), job=SLOW)

    assert chosen([equal], [body("v2"), body("v3"), body(None)]) == ["equal", "", ""]
    assert chosen([alike], [body("v10"), body("xv10"), body(10)]) == ["alike", "", ""]
    assert chosen([any_value], [body(0), body(""), body(value=False)]) == ["any", "", ""]
    assert chosen([Rule(name="one", match=Match(where={place: (1,)}), job=SLOW)], [body(value=True)]) == [""]


def test_a_chance_is_drawn_from_the_seed_and_not_from_the_moment() -> None:
    half = [Rule(name="half", chance=0.5, job=SLOW)]
    draws = chosen(half, [SUBMISSION] * 400)

    assert draws == chosen(half, [SUBMISSION] * 400)
    assert draws != chosen(half, [SUBMISSION] * 400, seed="other")
    assert 150 < draws.count("half") < 250


def test_a_rule_with_a_webhook_is_for_deliveries_alone() -> None:
    rule = Rule(name="twice", match=Match(states=frozenset({"succeeded"})), webhook=WebhookFault("duplicate"))
    delivery = MatchContext(vendor="topaz", job=1, word="Completed", state="succeeded")

    assert chosen([rule], [SUBMISSION, delivery]) == ["", "twice"]
    assert chosen([Rule(name="all", job=SLOW)], [delivery]) == [""]


def test_a_rule_that_applies_twice_applied_to_the_first_two_alone() -> None:
    assert chosen([Rule(name="twice", times=2, job=SLOW)], [SUBMISSION] * 4) == ["twice", "twice", "", ""]
    applied = choose(
        [RuleSource(name="a", rules=(Rule(name="r", times=2, job=SLOW),))], SUBMISSION, {}, "seed"
    )
    assert applied.matched == {"a/r": 1, "a/r!": 1}
    nothing = choose([], SUBMISSION, {"a/r": 1}, "seed")
    assert (nothing.rule, nothing.source, nothing.matched) == (None, "", {"a/r": 1})


def test_what_is_counted_for_one_job_has_a_name_of_its_own() -> None:
    source = RuleSource(name="job", counted_as="job 1/slow", rules=(Rule(name="r", job=SLOW),))

    applied = choose([source], SUBMISSION, {}, "seed")

    assert (applied.source, applied.matched) == ("job", {"job 1/slow/r": 1})


def test_ages_count_from_the_submission_of_a_job_and_need_one() -> None:
    late = Rule(name="late", match=Match(after=5), job=SLOW)
    early = Rule(name="early", match=Match(until=5), job=SLOW)
    ages = [MatchContext(vendor="topaz", role=Role.READ, job=1, age=age) for age in (4.9, 5, 5.1)]
    jobless = [MatchContext(vendor="topaz", role=Role.LIST, age=age) for age in (0, 9)]

    assert chosen([late, early], ages) == ["early", "late", "late"]
    assert chosen([early], ages) == ["early", "", ""]
    assert chosen([late, early], jobless) == ["", ""]


def test_a_number_of_a_series_is_counted_from_its_first() -> None:
    assert [number for number in range(12) if number in NumberRange(first=2, every=3)] == [2, 5, 8, 11]
    assert [number for number in range(12) if number in NumberRange(first=2, last=6, every=3)] == [2, 5]


def test_the_value_at_the_place_of_a_rule_is_compared() -> None:
    def value(at: Expression) -> object:
        return "v1" if at == parse_expression("$request.body#/model") else None

    context = MatchContext(vendor="topaz", role=Role.SUBMIT, value=value)

    rules = [
        Rule(name=name, match=Match(where={f"$request.body#/{name}": None})) for name in ("size", "model")
    ]
    assert chosen(rules, [context]) == ["model"]


def test_a_star_of_a_key_is_the_only_wildcard() -> None:
    def key(text: str, wanted: str) -> list[str]:
        context = MatchContext(vendor="topaz", role=Role.SUBMIT, key=text)
        return chosen([Rule(name="key", match=Match(key=wanted), job=SLOW)], [context])

    assert key("sk-[1]?", "sk-[1]?") == key("sk-[1]?x", "*[1]?x") == ["key"]
    assert key("XX[XX1]", "[1]") == key("aXX?XXb", "a?b") == [""]


def test_chances_are_the_same_on_every_machine() -> None:
    certain, impossible = Rule(name="certain", chance=1, job=SLOW), Rule(name="no", chance=0, job=SLOW)
    half = Rule(name="half", chance=0.5, job=SLOW)

    assert chosen([certain], [SUBMISSION] * 9) == ["certain"] * 9
    assert chosen([impossible], [SUBMISSION] * 9) == [""] * 9
    assert [int(bool(name)) for name in chosen([half], [SUBMISSION] * 12)] == DRAWN


DRAWN = [1, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1]
"""What the seed `seed` gives twelve requests by a rule `test/half` with a chance of a half."""
