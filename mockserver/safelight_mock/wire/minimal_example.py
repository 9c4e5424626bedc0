"""Minimal valid request bodies, with a loadable URL for every free text."""

from safelight_lifecycle import schema_example
from safelight_mock.wire.messages import JSON
from safelight_mock.wire.schema import Schema


def minimal_value(schema: Schema, address: str) -> JSON:
    """Return a minimal valid value; free texts, and URLs of the document's examples, are `address`."""
    return _with_address(
        schema_example(schema.described, schema.document, required_only=True, text=address), address
    )


def _with_address(value: JSON, address: str) -> JSON:
    match value:
        case dict():
            return {name: _with_address(member, address) for name, member in value.items()}
        case list():
            return [_with_address(entry, address) for entry in value]
        case str() if "://" in value:
            return address
    return value
