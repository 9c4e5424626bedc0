"""What Claid says of a broken rule: the sentences of pydantic 1, which its framework speaks.

The sentences were read off pydantic 1.10; that the service says them is documented by two examples.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from safelight_mock.vendors.claid.addresses import AddressError, parse
from safelight_mock.wire.messages import JSON
from safelight_mock.wire.violations import Violation

Details = Mapping[str, list[str]]
"""Sentences by the dotted path of the field they are about."""

BODY = "body"  # stands for the whole body, which has no path

TYPES: Mapping[str, str] = {
    "string": "str type expected",
    "integer": "value is not a valid integer",
    "number": "value is not a valid float",
    "boolean": "value could not be parsed to a boolean",
    "object": "value is not a valid dict",
    "array": "value is not a valid list",
    "file": "Expected UploadFile, received: <class 'str'>",
}

MESSAGES: Mapping[str, str] = {
    "required": "field required",
    "additionalProperties": "extra fields not permitted",
    "minimum": "ensure this value is greater than or equal to {}",
    "maximum": "ensure this value is less than or equal to {}",
    "minLength": "ensure this value has at least {} characters",
    "maxLength": "ensure this value has at most {} characters",
    "minItems": "ensure this value has at least {} items",
    "maxItems": "ensure this value has at most {} items",
    "pattern": 'string does not match regex "{}"',
}
OTHER = "value is not valid"
NULL = "none is not an allowed value"


def details(faults: Iterable[Violation]) -> Details:
    """Return what is wrong by place; branches of a choice that say the same say it once."""
    found: dict[str, list[str]] = defaultdict(list)
    for fault in faults:
        place, said = ".".join(map(str, fault.path)) or BODY, message(fault)
        if said not in found[place]:
            found[place].append(said)
    return dict(found)


def message(fault: Violation) -> str:
    """Say what is wrong in one sentence."""
    if fault.value is None and fault.rule in ("type", "enum"):
        return NULL
    told = SAID.get(fault.rule)
    return told(fault) if told else MESSAGES.get(fault.rule, OTHER).format(fault.told)


def summary(found: Details) -> str:
    """Say everything in one line."""
    return " ".join(f"{place}: {'. '.join(said)}." for place, said in found.items()).removesuffix(".")


def _listed(fault: Violation) -> str:
    """Say what was expected: one literal word, where a `type` tells the branches of a choice apart."""
    is_literal = fault.path[-1] == "type" and len(fault.told) == 1
    said = "unexpected value" if is_literal else "value is not a valid enumeration member"
    return f"{said}; permitted: {_words(fault.told)}"


def _words(words: Iterable[JSON]) -> str:
    return ", ".join(f"'{word}'" for word in words)


def _misread(fault: Violation) -> str:
    """Say why an address, which is the only thing that has a format, cannot be read."""
    try:
        parse(fault.value)
    except AddressError as error:
        return str(error)
    return OTHER


SAID: Mapping[str, Callable[[Violation], str]] = {
    "enum": _listed,
    "format": _misread,
    "type": lambda fault: TYPES.get(fault.told, OTHER),
}
