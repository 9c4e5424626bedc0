"""What goes wrong, as data: rules that match requests and deliveries, and the effect of each.

Nothing here is random or reads a clock: how often a rule has matched is an argument, and its chance is drawn
from the sandbox's seed, so the same requests meet the same faults.
"""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from fnmatch import fnmatchcase
from hashlib import blake2b
from re import fullmatch

import msgspec
from msgspec.structs import replace

from safelight_lifecycle import Expression, parse_expression
from safelight_mock.core.job_faults import JobFault
from safelight_mock.core.transfer_faults import TransferFault
from safelight_mock.core.webhook import WebhookFault


class Role(StrEnum):
    """The role of an operation in its lifecycle; `download` and `upload` are of files, not operations."""

    SUBMIT = "submit"
    READ = "read"
    LIST = "list"
    CANCEL = "cancel"
    DELETE = "delete"
    MOVE = "move"  # changes a job in another way
    RESULT = "result"
    OTHER = "other"
    DOWNLOAD = "download"  # of a file, by a link
    UPLOAD = "upload"


TRUNCATED = 1_000  # characters of a value that a pattern is applied to


class NumberRange(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A range of ordinal numbers: `first` to `last` (None: no end), in steps of `every`."""

    first: int = 1
    last: int | None = None
    every: int = 1

    def __contains__(self, number: int) -> bool:
        """Whether this one is among them; counted from 1."""
        is_within = self.first <= number and (self.last is None or number <= self.last)
        return is_within and (number - self.first) % self.every == 0


class Pattern(msgspec.Struct, frozen=True):
    """A regular expression for the whole of a value."""

    pattern: str


Wanted = tuple[str | int | float | bool | None, ...] | Pattern | None
"""Values of which one has to be there; None for any."""


class Match(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Which requests or deliveries a rule is for; each condition that it has must hold.

    - `vendors`: names of APIs; `operations`: operationIds or roles
    - `calls`: which of the requests that all else holds for
    - `jobs`: which of the sandbox's jobs, in the order of submission; for a submission, which it would be
    - `states`: of a delivery, the job's word or state
    - `after`, `until`: seconds since the submission of the request's job
    - `where`: places in a request, and what is there
    - `key`: the API key, in which `*` matches any characters
    """

    vendors: frozenset[str] = frozenset()
    operations: frozenset[str] = frozenset()
    calls: NumberRange | None = None
    jobs: NumberRange | None = None
    states: frozenset[str] = frozenset()
    after: float | None = None
    until: float | None = None
    where: Mapping[str, Wanted] = msgspec.field(default_factory=dict)
    key: str = ""


class FixedResponse(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A response in place of the vendor's own.

    The vendor's error for a `kind` of problem, or its error body with a `status`; a `body` (of text, or JSON)
    replaces it. `retry_after` is in seconds, sent as a date if that `is_date`.
    """

    status: int = 0
    kind: str = ""
    message: str = ""
    retry_after: float | None = None
    is_date: bool = False
    headers: Mapping[str, str] = msgspec.field(default_factory=dict)
    text: str | None = None
    media_type: str = ""
    has_json: bool = False
    json: object = None


class Rule(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What goes wrong with the requests that it is for; one with `webhook` is for deliveries instead.

    `times`: how often, at most; None: always. `chance`: how likely, from 0 to 1. `is_accepted`: whether a
    request that gets another response, or none, is carried out all the same. `origin` is the scenario that it
    was taken from, if it was taken alone; `number` tells it apart from others that wait to apply once.
    """

    name: str
    origin: str = ""
    number: int = 0
    match: Match = msgspec.field(default_factory=Match)
    times: int | None = None
    chance: float = 1.0
    is_accepted: bool = True
    response: FixedResponse | None = None
    transfer: TransferFault | None = None
    job: JobFault | None = None
    webhook: WebhookFault | None = None

    @property
    def digests(self) -> frozenset[str]:
        """The digests of the files that its jobs get."""
        return frozenset() if self.job is None else self.job.digests


class Scenario(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Rules in the order in which they are tried: the first that applies counts."""

    name: str
    rules: tuple[Rule, ...]
    description: str = ""
    seed: str = ""


class MatchContext(msgspec.Struct, frozen=True, kw_only=True):
    """The request that rules are matched against or, if it has a `state`, the delivery.

    `role` is what its operation is in the lifecycle; `job` the number of its job, 0 if it has none, and `age`
    the seconds since its submission. `value` returns what is at a place of the request.
    """

    vendor: str
    operation: str = ""
    role: Role = Role.OTHER
    job: int = 0
    age: float = 0.0
    key: str = ""
    word: str = ""
    state: str = ""
    value: Callable[[Expression], object] = lambda _: None


class RuleSource(msgspec.Struct, frozen=True, kw_only=True):
    """Rules from one place, and its name; `counted_as` tells apart what is counted for one job alone."""

    name: str
    rules: tuple[Rule, ...]
    counted_as: str = ""


class Applied(msgspec.Struct, frozen=True, kw_only=True):
    """The rule that applies, if any, and where it is from; how often each rule has matched by now."""

    rule: Rule | None
    source: str
    matched: Mapping[str, int]


def choose(
    sources: Iterable[RuleSource], context: MatchContext, matched: Mapping[str, int], seed: str
) -> Applied:
    """Return the first rule that applies, of the first source that has one.

    Every rule counts the requests that it matches, so that the nth one is the same whichever rule applied
    to those before.
    """
    counts, chosen, by = dict(matched), None, ""
    for source in sources:
        for rule in source.rules:
            if not matches(rule, context):
                continue
            name = f"{source.counted_as or source.name}/{counted_name(rule)}"
            applied, counts[name] = f"{name}!", counts.get(name, 0) + 1
            if chosen is None and _applies(rule, counts[name], counts.get(applied, 0), f"{seed}/{name}"):
                chosen, by = rule, source.name
                if rule.times is not None:
                    counts[applied] = counts.get(applied, 0) + 1
    return Applied(rule=chosen, source=by, matched=counts)


def counted_name(rule: Rule) -> str:
    """Return the name by which the requests that a rule matches are counted, within its source."""
    return f"{rule.name}#{rule.number}" if rule.number else rule.name


def for_next(rule: Rule, origin: str) -> Rule:
    """Return a rule of a scenario for the next request or job that it is for, whatever its number is."""
    return replace(rule, origin=origin, match=replace(rule.match, calls=None, jobs=None))


def matches(rule: Rule, context: MatchContext) -> bool:
    """Return whether a rule is for a request or delivery, whichever of several that is."""
    match = rule.match
    return (
        (rule.webhook is not None) is bool(context.state)
        and (not match.vendors or context.vendor in match.vendors)
        and (not match.operations or not match.operations.isdisjoint((context.operation, context.role)))
        and (match.jobs is None or context.job in match.jobs)
        and (match.after is None or (context.job > 0 and context.age >= match.after))
        and (match.until is None or (context.job > 0 and context.age < match.until))
        and (not match.states or not match.states.isdisjoint((context.word, context.state)))
        and (not match.key or _is_key(context.key, match.key))
        and all(_is_wanted(context.value(parse_expression(at)), one) for at, one in match.where.items())
    )


def _is_key(key: str, wanted: str) -> bool:
    """Return whether a key is the wanted one, in which `*` alone is a wildcard."""
    return fnmatchcase(key, wanted.replace("[", "[[]").replace("?", "[?]"))


def _applies(rule: Rule, number: int, applied: int, entropy: str) -> bool:
    if rule.match.calls is not None and number not in rule.match.calls:
        return False
    if rule.times is not None and applied >= rule.times:
        return False
    return rule.chance >= 1 or _drawn(f"{entropy}/{number}") < rule.chance


def _drawn(entropy: str) -> float:
    """Return a number from 0 to 1 that follows from a text."""
    digest = blake2b(entropy.encode(), digest_size=8, person=b"chance").digest()
    return int.from_bytes(digest) / 2**64


def _is_wanted(value: object, wanted: Wanted) -> bool:
    if wanted is None:
        return value is not None and value is not False and value != ""
    if isinstance(wanted, Pattern):
        return isinstance(value, str) and fullmatch(wanted.pattern, value[:TRUNCATED]) is not None
    return any(value == one and isinstance(value, bool) == isinstance(one, bool) for one in wanted)
