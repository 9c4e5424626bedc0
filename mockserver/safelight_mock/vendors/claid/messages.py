"""Claid's messages for broken rules: those of pydantic 1, on which its framework is built.

They are taken from pydantic 1.10; two documented examples show that the service uses them.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from safelight_mock.vendors.claid.addresses import AddressError, parse
from safelight_mock.wire.messages import JSON
from safelight_mock.wire.violations import Violation

Details = Mapping[str, list[str]]
"""Messages by the dotted path of the field."""

BODY = "body"  # the path of the whole body

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


def details(violations: Iterable[Violation]) -> Details:
    """Return messages by path; equal messages of the branches of a choice appear once."""
    messages: dict[str, list[str]] = defaultdict(list)
    for violation in violations:
        path, text = ".".join(map(str, violation.path)) or BODY, message(violation)
        if text not in messages[path]:
            messages[path].append(text)
    return dict(messages)


def message(violation: Violation) -> str:
    """Return the message for a broken rule."""
    if violation.value is None and violation.rule in ("type", "enum"):
        return NULL
    describe = DESCRIBED.get(violation.rule)
    return describe(violation) if describe else MESSAGES.get(violation.rule, OTHER).format(violation.expected)


def summary(messages: Details) -> str:
    """Return all messages in one line."""
    return " ".join(f"{path}: {'. '.join(texts)}." for path, texts in messages.items()).removesuffix(".")


def _listed(violation: Violation) -> str:
    """Return the message for a value that is not in a list; a `type` with one value is a literal."""
    is_literal = violation.path[-1] == "type" and len(violation.expected) == 1
    error = "unexpected value" if is_literal else "value is not a valid enumeration member"
    return f"{error}; permitted: {_quoted(violation.expected)}"


def _quoted(values: Iterable[JSON]) -> str:
    return ", ".join(f"'{value}'" for value in values)


def _invalid_url(violation: Violation) -> str:
    """Return the message for a URL, the only format in the document."""
    try:
        parse(violation.value)
    except AddressError as error:
        return str(error)
    return OTHER


DESCRIBED: Mapping[str, Callable[[Violation], str]] = {
    "enum": _listed,
    "format": _invalid_url,
    "type": lambda violation: TYPES.get(violation.expected, OTHER),
}
