"""Which schema keywords a value satisfied or violated, according to jsonschema-rs."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from urllib.parse import quote, unquote

from jsonschema_rs import Draft202012Validator, Registry

from safelight_lifecycle import JSON, value_at
from safelight_testing.coverage.keywords import ASSERTIONS, Keywords, counted, steps

SPEC: Final = "urn:effective"


@dataclass(frozen=True)
class Exercise:
    """Validates values by the schemas of one effective spec."""

    keywords: Keywords

    def satisfied(self, root: str, value: JSON) -> set[str]:
        """Return the keywords that applied to a value and accepted it; none if any rejected it."""
        outcome = self._outcome(root, value)
        return set(self._satisfied(outcome, value)) if outcome["valid"] else set()

    def violated(self, root: str, value: JSON) -> set[str]:
        """Return the keywords each of which is alone responsible for the rejection of a value."""
        outcome = self._outcome(root, value)
        return set() if outcome["valid"] else self._violated(outcome, value)

    def accepts(self, root: str, value: JSON) -> bool:
        """Return whether a value is valid."""
        return bool(self._outcome(root, value)["valid"])

    def _outcome(self, root: str, value: JSON) -> JSON:
        if root not in self._validators:
            reference = {"$ref": f"{SPEC}#{quote(root)}"}
            self._validators[root] = Draft202012Validator(
                reference, registry=self._registry, validate_formats=True
            )
        return self._validators[root].evaluate(value).hierarchical()

    @cached_property
    def _registry(self) -> Registry:
        return Registry([(SPEC, self.keywords.spec)])

    @cached_property
    def _validators(self) -> dict[str, Draft202012Validator]:
        return {}

    def _satisfied(self, outcome: JSON, value: JSON) -> Iterator[str]:
        if outcome["valid"]:
            pointer = _pointer(outcome)
            name = pointer.rpartition("/")[2]
            applies_to = ASSERTIONS.get(name)
            if applies_to and isinstance(value_at(outcome["instanceLocation"], value), applies_to):
                yield from counted(pointer, name, self.keywords.at(pointer))
            for inner in outcome.get("details", ()):
                yield from self._satisfied(inner, value)

    def _violated(self, outcome: JSON, value: JSON) -> set[str]:
        """Intersect what each rejection needs to go away; inside a choice, any branch would do."""
        pointer = _pointer(outcome)
        name = pointer.rpartition("/")[2]
        inner = [one for one in outcome.get("details", ()) if not one["valid"]]
        if name in ("anyOf", "oneOf"):
            return {pointer}.union(*(self._violated(one, value) for one in inner))
        if not inner:
            return self._rejecting(pointer, name, value_at(outcome["instanceLocation"], value))
        return set.intersection(*(self._violated(one, value) for one in _independent(inner)))

    def _rejecting(self, pointer: str, name: str, value: JSON) -> set[str]:
        if name not in ASSERTIONS:
            return set()
        if name != "required":
            return {pointer}
        missing = [index for index, field in enumerate(self.keywords.at(pointer)) if field not in value]
        return {pointer + steps(missing[0])} if len(missing) == 1 else set()


def _independent(rejections: list[JSON]) -> list[JSON]:
    """Leave out `enum` and `const` beside a violated `type`: they follow from it."""
    typed = {_pointer(one).rpartition("/")[0] for one in rejections if _pointer(one).endswith("/type")}
    return [
        one
        for one in rejections
        if not (_pointer(one).endswith(("/enum", "/const")) and _pointer(one).rpartition("/")[0] in typed)
    ]


def _pointer(outcome: JSON) -> str:
    """Return the pointer of a schema or keyword in the spec."""
    return unquote(outcome["schemaLocation"]).removeprefix(f"{SPEC}#")
