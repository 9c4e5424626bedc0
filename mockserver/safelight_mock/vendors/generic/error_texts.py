"""The texts with which an API refuses, as its lifecycles say them."""

import re
from collections.abc import Mapping

from safelight_lifecycle import Refusal, Refusals
from safelight_mock.wire.problem import Problem

FIELD = re.compile(r"\{(name|problem|request)\}")
BODY = "body"  # the name of what is wrong if it is not part of the body
LONGEST = 300  # characters of a message: it may repeat what was sent


def declared_text(refusals: Refusals, refusal: Refusal, problem: Problem) -> str:
    """Return the text of a refusal for one problem; empty if none is declared."""
    template = refusal.of.get(problem.field) or refusal.message
    values = {
        "name": problem.field or BODY,
        "problem": _rule_text(refusals.problems, problem) or str(problem),
        "request": str(problem).replace(" on /", " /", 1),
    }
    return shortened(FIELD.sub(lambda match: values[match[1]], template))


def shortened(text: str) -> str:
    """Return a text, cut off if it is long."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _rule_text(texts: Mapping[str, str], problem: Problem) -> str:
    """Return the text for the rule of a schema that a field breaks; empty without one."""
    for broken in problem.violations:
        if broken.path == (problem.field,) and broken.rule in texts:
            several = broken.expected if isinstance(broken.expected, list) else [broken.expected]
            return texts[broken.rule].replace("{values}", ", ".join(map(str, several)))
    return ""
