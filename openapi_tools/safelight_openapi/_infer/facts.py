"""What was inferred: values with reasons, and the lifecycles that they make up."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from safelight_lifecycle import format_pointer
from safelight_openapi._reading.documents import JSONValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One value of a lifecycle, and why it is likely; `is_doubtful` if a weak rule gave it."""

    value: JSONValue
    reason: str  # completes the sentence "Inferred: because …"
    is_doubtful: bool = False


# A part of a lifecycle whose leaves are facts.
Draft: TypeAlias = "Fact | Mapping[str, Draft] | Sequence[Draft]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inference:
    """The lifecycles that a document most likely has.

    `extension` is the value of `x-async-jobs` with everything, also what is doubtful; None if the document
    has no job that could be recognised. `facts` has each leaf by its JSON pointer in `extension`. `drafts`
    are the same lifecycles with facts as leaves.
    """

    extension: dict[str, JSONValue] | None
    facts: Mapping[str, Fact]
    drafts: Mapping[str, Mapping[str, Draft]]
    refusals: Mapping[str, Draft]
    unclaimed: tuple[str, ...] = ()  # operations that read jobs that no operation starts

    def doubtful(self) -> dict[str, Fact]:
        """Return the facts that weak rules gave, by JSON pointer."""
        return {pointer: fact for pointer, fact in self.facts.items() if fact.is_doubtful}


def sure(value: JSONValue, reason: str) -> Fact:
    """Return a fact that a strong rule gave."""
    return Fact(value=value, reason=reason)


def doubtful(value: JSONValue, reason: str) -> Fact:
    """Return a fact that a weak rule gave."""
    return Fact(value=value, reason=reason, is_doubtful=True)


def with_doubt(draft: Draft, *, is_doubtful: bool = True) -> Draft:
    """Return a draft whose facts are all doubtful, or unchanged with `is_doubtful=False`."""
    if not is_doubtful:
        return draft
    if isinstance(draft, Fact):
        return replace(draft, is_doubtful=True)
    if isinstance(draft, Mapping):
        return {key: with_doubt(value) for key, value in draft.items()}
    return [with_doubt(item) for item in draft]


def plain(draft: Draft) -> JSONValue:
    """Return the value of a draft."""
    if isinstance(draft, Fact):
        return draft.value
    if isinstance(draft, Mapping):
        return {key: plain(value) for key, value in draft.items()}
    return [plain(item) for item in draft]


def leaves(
    draft: Draft, location: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], Fact]]:
    """Yield each fact of a draft with its location."""
    if isinstance(draft, Fact):
        yield location, draft
    else:
        for key, value in draft.items() if isinstance(draft, Mapping) else enumerate(draft):
            yield from leaves(value, (*location, key))


def inference(
    drafts: Mapping[str, Mapping[str, Draft]], refusals: Mapping[str, Draft], unclaimed: tuple[str, ...]
) -> Inference:
    """Return the inference of these lifecycles."""
    whole: dict[str, Draft] = {"lifecycles": drafts, **({"refusals": refusals} if refusals else {})}
    facts = {format_pointer(location): fact for location, fact in leaves(whole)}
    extension: dict[str, JSONValue] | None = None
    if drafts:
        extension = {"version": "2", **{key: plain(value) for key, value in whole.items()}}
    return Inference(extension=extension, facts=facts, drafts=drafts, refusals=refusals, unclaimed=unclaimed)
