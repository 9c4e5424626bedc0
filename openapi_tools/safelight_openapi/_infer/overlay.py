"""An overlay with what was inferred: each action says why, and what is doubtful is a comment."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from textwrap import wrap

from safelight_openapi._findings.fixes import json_path
from safelight_openapi._infer.facts import Draft, Fact, Inference, leaves
from safelight_openapi._reading.documents import JSONValue, dump_yaml

_WIDTH = 100
_INDENT = "  "
_TEXTS = 1_000  # of which the written form is kept: most are names that come many times
_REASONS = 4  # in the description of one action
# Where a doubtful value makes the whole action doubtful, as it is not valid or has no sense without it.
_REQUIRED: Mapping[str, tuple[str, ...]] = {
    "list": ("operation", "each"),
    "moves": ("operation", "to"),
    "result": ("operation", "as", "from", "each", "content"),
    "deliver": ("target",),
}
_NOTHING = "# Everything is doubtful: this is a valid overlay when an action of it is no comment."
_HEAD = """\
# Lifecycles inferred from an OpenAPI document alone. Each action says why. What only a weak rule says is a
# comment: read it, and remove the "# " of what is right. docs/inference.md explains the rules.
overlay: 1.1.0
info:
  title: {title}
  version: 1.0.0
actions:
"""


def overlay_of(inference: Inference, title: str) -> str:
    """Return the overlay as YAML; it depends on its arguments alone.

    If every lifecycle is doubtful, it has only comments, and is not valid before one of them is uncommented.
    """
    actions = [line for name, draft in inference.drafts.items() for line in _lifecycle(name, draft)]
    if inference.refusals:
        is_comment = not any(map(is_certain, inference.drafts.values()))
        at = ("x-async-jobs",)
        actions += _action(at, {"refusals": inference.refusals}, is_comment=is_comment)
    head = _HEAD.format(title=_scalar(f"Lifecycles of {title}, inferred"))
    empty = "" if any(map(is_certain, inference.drafts.values())) else f"{_INDENT}{_NOTHING}\n"
    return head + empty + "\n".join(actions) + "\n"


def is_certain(draft: Mapping[str, Draft]) -> bool:
    """Whether strong rules gave at least a submission, the place of the id, and the read with a word."""
    listed = _items(draft["submit"])
    by_id = _mapping(draft["id"])
    read = _mapping(draft.get("read", {}))
    words = [_meaning(word) for word in _mapping(draft.get("states", {})).values()]
    has_id = any(not _is_doubtful(by_id[key]) for key in ("from", "urls") if key in by_id)
    is_read = not any(_is_doubtful(read[key]) for key in ("operation", "state") if key in read)
    has_word = not words or not all(map(_is_doubtful, words))
    return has_id and is_read and has_word and not all(map(_is_doubtful, map(_operation, listed)))


def _lifecycle(name: str, draft: Mapping[str, Draft]) -> Iterator[str]:
    certain = is_certain(draft)
    submissions = _items(draft["submit"])
    kept = [one for one in submissions if not _is_doubtful(_operation(one))] if certain else submissions
    core: dict[str, Draft] = {"submit": [_without_doubt(one) for one in kept] if certain else kept}
    core |= {key: draft[key] for key in ("id", "read", "states") if key in draft}
    if "read" not in draft:
        core |= {key: draft[key] for key in ("deliver",) if key in draft}
    core |= {key: draft[key] for key in ("errors",) if key in draft}
    at = ("x-async-jobs", "lifecycles", name)
    update: dict[str, Draft] = {
        "x-async-jobs": {"version": Fact(value="2", reason=""), "lifecycles": {name: core}}
    }
    yield from _action((), update, is_comment=not certain)
    yield from _submissions(at, submissions, kept) if certain else ()
    for key in ("list", "moves", "result", "deliver"):
        if key in draft and key not in core:
            yield from _part(at, key, draft[key], is_comment=not certain)


def _submissions(at: tuple[str, ...], all_of_them: Sequence[Draft], kept: Sequence[Draft]) -> Iterator[str]:
    """Yield what is doubtful of submissions: a `result` of their own, and whole submissions."""
    for number, one in enumerate(kept):
        own = (
            {}
            if isinstance(one, Fact)
            else {key: value for key, value in _mapping(one).items() if _has_doubt(value)}
        )
        if own:
            yield from _action((*at, "submit", number), own, is_comment=True)
    for one in all_of_them:
        if one not in kept:
            yield from _action(at, {"submit": [one]}, is_comment=True)


def _part(at: tuple[str, ...], key: str, draft: Draft, *, is_comment: bool) -> Iterator[str]:
    for one in _items(draft) if key == "moves" else [draft]:
        part = _mapping(one)
        required = [part[name] for name in _REQUIRED[key] if name in part]
        if key == "moves" and "while" in part and not _removes(part["to"]):
            required.append(part["while"])  # without it, a job that is over would live again
        is_weak = any(map(_has_doubt, required))
        value: Draft = [one] if key == "moves" else one
        yield from _action(at, {key: value}, is_comment=is_comment or is_weak)


def _removes(to: Draft) -> bool:
    return isinstance(to, Fact) and to.value in ("deleted", "purged")


def _action(location: Sequence[str | int], update: Mapping[str, Draft], *, is_comment: bool) -> Iterator[str]:
    lines = [
        f"- target: {_scalar(json_path(location))}",
        f"{_INDENT}description: >-",
        *(f"{_INDENT}{_INDENT}{line}" for line in wrap(_description(update, is_comment=is_comment), _WIDTH)),
        f"{_INDENT}update:",
        *_pairs(update, _INDENT * 2, is_comment=is_comment),
    ]
    yield from (f"{_INDENT}# {line}" if is_comment else f"{_INDENT}{line}" for line in lines)


def _description(update: Mapping[str, Draft], *, is_comment: bool) -> str:
    """Return the sentence with the reasons of the action; those of words are left out, as there are many."""
    facts = [fact for location, fact in leaves(update) if fact.reason and "states" not in location]
    reasoned = [fact.reason for fact in facts if is_comment or not fact.is_doubtful] or [
        fact.reason for fact in facts
    ]
    reasons = list(dict.fromkeys(" ".join(reason.split()) for reason in reasoned))
    first = reasons[:1] if "x-async-jobs" in update else []
    rest = [reason for reason in reasons if " starts a job: " not in reason]  # one submission is enough
    return f"Inferred: because {'; '.join([*first, *rest][:_REASONS])}."


def _pairs(draft: Mapping[str, Draft], indent: str, *, is_comment: bool) -> Iterator[str]:
    """Yield the lines of a mapping; in an action that applies, doubtful lines are comments."""
    for key, value in draft.items():
        if key == "states":
            yield f"{indent}states:"
            for word, meaning in _mapping(value).items():
                yield from _word(word, meaning, indent + _INDENT, is_comment=is_comment)
        elif not is_comment and _is_doubtful(value):
            yield from (f"{indent}# {line}" for line in _noted(key, value))
        else:
            yield from _pair(key, value, indent, is_comment=is_comment)


def _pair(key: str, value: Draft, indent: str, *, is_comment: bool) -> Iterator[str]:
    if isinstance(value, Fact):
        yield f"{indent}{_scalar(key)}: {_scalar(value.value)}"
    elif isinstance(value, Mapping):
        yield f"{indent}{_scalar(key)}:"
        yield from _pairs(value, indent + _INDENT, is_comment=is_comment)
    else:
        yield f"{indent}{_scalar(key)}:"
        for item in value:
            yield from _item(item, indent + _INDENT, is_comment=is_comment)


def _item(item: Draft, indent: str, *, is_comment: bool) -> Iterator[str]:
    if isinstance(item, Fact):
        yield f"{indent}- {_scalar(item.value)}"
        return
    first, *others = _pairs(_mapping(item), "", is_comment=is_comment)
    yield f"{indent}- {first}"
    yield from (f"{indent}{_INDENT}{line}" for line in others)


def _word(word: str, meaning: Draft, indent: str, *, is_comment: bool) -> Iterator[str]:
    """Yield a word; a doubtful one has a note beside it, as a lifecycle without it is not complete."""
    means = _meaning(meaning)
    facts = [fact for _, fact in leaves(means)]
    doubt = next((f"  # doubtful: {fact.reason}" for fact in facts if fact.is_doubtful), "")
    if isinstance(meaning, Fact):
        yield f"{indent}{_scalar(word)}: {_scalar(meaning.value)}{doubt}"
        return
    yield f"{indent}{_scalar(word)}:"
    inner = indent + _INDENT
    if isinstance(means, Fact):
        yield f"{inner}means: {_scalar(means.value)}{doubt}"
    else:
        yield f"{inner}means:{doubt}"
        yield from (f"{inner}{_INDENT}- {_scalar(fact.value)}" for fact in facts)
    rest = {key: value for key, value in _mapping(meaning).items() if key != "means"}
    yield from _pairs(rest, inner, is_comment=is_comment)


def _noted(key: str, value: Draft) -> Iterator[str]:
    """Yield the lines of a pair, the first with the reason."""
    reason = next((fact.reason for _, fact in leaves(value)), "")
    first, *others = _pair(key, value, "", is_comment=True)
    yield f"{first}  # because {reason}"
    yield from others


def _scalar(value: JSONValue) -> str:
    """Return a scalar as YAML writes it in a block mapping."""
    return _text(value) if isinstance(value, str) else _written(value)


@lru_cache(_TEXTS)
def _text(value: str) -> str:
    return _written(value)


def _written(value: JSONValue) -> str:
    return dump_yaml([value]).removeprefix("- ").rstrip("\n")


def _is_doubtful(draft: Draft) -> bool:
    """Whether all of a draft is doubtful."""
    return all(fact.is_doubtful for _, fact in leaves(draft))


def _has_doubt(draft: Draft) -> bool:
    return any(fact.is_doubtful for _, fact in leaves(draft))


def _without_doubt(submission: Draft) -> Draft:
    """Return a submission without the members that have doubt, but as a mapping if it has any."""
    if isinstance(submission, Fact):
        return submission
    return {key: value for key, value in _mapping(submission).items() if not _has_doubt(value)}


def _operation(submission: Draft) -> Draft:
    return submission if isinstance(submission, Fact) else _mapping(submission)["operation"]


def _meaning(word: Draft) -> Draft:
    return word if isinstance(word, Fact) else _mapping(word)["means"]


def _mapping(draft: Draft) -> Mapping[str, Draft]:
    if not isinstance(draft, Mapping):
        raise TypeError(f"{draft!r} is not a mapping of facts")
    return draft


def _items(draft: Draft) -> Sequence[Draft]:
    if isinstance(draft, Fact | Mapping):
        raise TypeError(f"{draft!r} is not a list of facts")
    return draft
