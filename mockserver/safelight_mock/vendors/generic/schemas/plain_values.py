"""Values made from types, formats and bounds alone, where a document's examples do not fit its schemas."""

from collections.abc import Iterator, Mapping
from typing import Any

from safelight_lifecycle import schema_example
from safelight_mock.wire.messages import JSON
from safelight_mock.wire.reachable import with_referenced

EXAMPLES = frozenset({"default", "example", "examples"})
NAMES = frozenset({"$defs", "dependentSchemas", "patternProperties", "properties", "schemas"})


def plain_values(document: Mapping[str, JSON], schema: JSON) -> Iterator[JSON]:
    """Yield a value with all members, then one with those alone that are required."""
    plain = _without_examples(with_referenced(document, schema if isinstance(schema, dict) else {}))
    for required_only in (False, True):
        yield schema_example(plain, plain, required_only=required_only)


def _without_examples(node: Any, *, is_names: bool = False) -> Any:  # noqa: ANN401 - a schema, or a part of one
    """Return a schema without examples and defaults, which may be wrong as well.

    `is_names`: the keys are names of properties or schemas, not keywords.
    """
    if isinstance(node, dict):
        return {
            key: _without_examples(value, is_names=not is_names and key in NAMES)
            for key, value in node.items()
            if is_names or key not in EXAMPLES
        }
    return [_without_examples(one) for one in node] if isinstance(node, list) else node
