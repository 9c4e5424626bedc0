"""Operations by operationId, carried out by the generated modules."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Protocol

import httpx

from safelight.errors import UnexpectedAnswerError
from safelight.expressions import Answer
from safelight.transport import translated


class Client(Protocol):
    """Any vendor's generated client."""

    def get_httpx_client(self) -> httpx.Client:
        """Return what sends its requests."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """A generated client, and the module of each of its operations."""

    client: Client = field(repr=False)
    operations: Mapping[str, str] = field(repr=False)

    def call(self, operation: str, *path: str, **arguments: object) -> Answer:
        """Carry out an operation; raises ApiError, NetworkError or UnexpectedAnswerError."""
        module = import_module(self.operations[operation])
        # Sent as the generated client sends it, but not parsed into its models: a surprise in the answer to a
        # submission must not lose the id of a job that is paid for.
        request = module._get_kwargs(*path, **arguments)  # noqa: SLF001 - the only way to it
        with translated():
            response = self.client.get_httpx_client().request(**request)
        try:
            body = json.loads(response.content or b"null")
        except ValueError as error:
            raise UnexpectedAnswerError(f"{operation} answered something else than described") from error
        return Answer(headers={name.lower(): value for name, value in response.headers.items()}, body=body)
