"""Which schema keywords a value kept or broke, as a validator tells that is not ours."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from urllib.parse import quote, unquote

from jsonschema_rs import Draft202012Validator, Registry

from contract_tests.report.keywords import ASSERTIONS, Json, Keywords, places, steps

SPEC: Final = "urn:effective"


@dataclass(frozen=True)
class Exercise:
    """Values held against the schemas of one effective spec."""

    keywords: Keywords

    def kept(self, root: str, value: Json) -> set[str]:
        """Return the keywords that had something to say of a value and took it; none, if one did not."""
        outcome = self._outcome(root, value)
        return set(self._kept(outcome, value)) if outcome["valid"] else set()

    def broken(self, root: str, value: Json) -> set[str]:
        """Return the keywords each of which alone refuses a value: without it the value would be taken."""
        outcome = self._outcome(root, value)
        return set() if outcome["valid"] else self._broken(outcome, value)

    def fits(self, root: str, value: Json) -> bool:
        """Tell whether a value keeps everything."""
        return bool(self._outcome(root, value)["valid"])

    def _outcome(self, root: str, value: Json) -> Json:
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

    def _kept(self, outcome: Json, value: Json) -> Iterator[str]:
        if outcome["valid"]:
            place = _place(outcome)
            name = place.rpartition("/")[2]
            kind = ASSERTIONS.get(name)
            if kind and isinstance(_value_at(value, outcome["instanceLocation"]), kind):
                yield from places(place, name, self.keywords.at(place))
            for inner in outcome.get("details", ()):
                yield from self._kept(inner, value)

    def _broken(self, outcome: Json, value: Json) -> set[str]:
        """Find what has to go for a value to be taken: what all refusals need; below a choice, any."""
        place = _place(outcome)
        name = place.rpartition("/")[2]
        inner = [one for one in outcome.get("details", ()) if not one["valid"]]
        if name in ("anyOf", "oneOf"):
            return {place}.union(*(self._broken(one, value) for one in inner))
        if not inner:
            return self._refusing(place, name, _value_at(value, outcome["instanceLocation"]))
        needed = [self._broken(one, value) for one in _essential(inner)]
        return set.intersection(*needed)

    def _refusing(self, place: str, name: str, value: Json) -> set[str]:
        if name not in ASSERTIONS:
            return set()
        if name != "required":
            return {place}
        missing = [index for index, field in enumerate(self.keywords.at(place)) if field not in value]
        return {place + steps(missing[0])} if len(missing) == 1 else set()


def _essential(refusals: list[Json]) -> list[Json]:
    """Leave out what follows: a value of another type is in no list of values beside that type either."""
    typed = {_place(one).rpartition("/")[0] for one in refusals if _place(one).endswith("/type")}
    return [
        one
        for one in refusals
        if not (_place(one).endswith(("/enum", "/const")) and _place(one).rpartition("/")[0] in typed)
    ]


def _place(outcome: Json) -> str:
    """Return where a schema or keyword stands, in the spec or in what only refers to it."""
    return unquote(outcome["schemaLocation"]).removeprefix(f"{SPEC}#")


def _value_at(value: Json, place: str) -> Json:
    for part in place.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        value = value[int(key)] if isinstance(value, list) else value[key]
    return value
