"""Operations by operationId, carried out by the generated modules."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module

from safelight.errors import UnexpectedAnswerError
from safelight.expressions import Answer
from safelight.transport import translated

# What generated parsing raises when a body is no JSON, or lacks a field, or holds another type.
UNREADABLE = (ValueError, KeyError, TypeError, AttributeError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """A generated client, and the module of each of its operations."""

    client: object = field(repr=False)
    operations: Mapping[str, str] = field(repr=False)

    def call(self, operation: str, *path: str, **arguments: object) -> Answer:
        """Carry out an operation; raises ApiError, NetworkError or UnexpectedAnswerError."""
        module = import_module(self.operations[operation])
        try:
            with translated():
                response = module.sync_detailed(*path, client=self.client, **arguments)
            body = json.loads(response.content or b"null")
        except UNREADABLE as error:
            raise UnexpectedAnswerError(f"{operation} answered something else than described") from error
        return Answer(headers={name.lower(): value for name, value in response.headers.items()}, body=body)
