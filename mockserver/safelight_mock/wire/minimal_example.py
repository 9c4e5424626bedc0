"""The smallest valid request body, with an address that can be loaded wherever a text is free."""

from safelight_lifecycle import schema_example
from safelight_mock.wire.messages import JSON
from safelight_mock.wire.schema import Schema


def minimal_value(schema: Schema, address: str) -> JSON:
    """Return a minimal value; free texts, and addresses of the document's own, are `address`."""
    return _addressed(
        schema_example(schema.described, schema.document, required_only=True, text=address), address
    )


def _addressed(value: JSON, address: str) -> JSON:
    match value:
        case dict():
            return {name: _addressed(member, address) for name, member in value.items()}
        case list():
            return [_addressed(entry, address) for entry in value]
        case str() if "://" in value:
            return address
    return value
