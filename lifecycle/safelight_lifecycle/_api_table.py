"""What a generated client knows of an API; `safelight-codegen` writes it as a Python module."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import quote

from safelight_lifecycle._record import EMPTY, Record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from safelight_lifecycle._jobs import Lifecycle
    from safelight_lifecycle._places import Places


class KeyPlace(StrEnum):
    """Where requests have the API key; `basic` is user and password, with a colon between, in Base64."""

    HEADER = "header"
    QUERY = "query"
    COOKIE = "cookie"
    BASIC = "basic"


class KeyLocation(Record):
    """The header, parameter or cookie that has the API key, and the text before the key (`Bearer `)."""

    name: str = "Authorization"
    place: KeyPlace = KeyPlace.HEADER
    prefix: str = ""


class RequestTemplate(Record):
    """How an operation without a body is sent.

    `path` is below the base URL and has parameters in braces. Parameters that are neither there nor in
    `headers` are sent in the query. `constants` are parameters that have one value.
    """

    method: str
    path: str
    headers: frozenset[str] = frozenset()
    constants: Mapping[str, str] = EMPTY

    def filled_path(self, parameters: Mapping[str, object]) -> str:
        """Return the path with its parameters, percent-encoded; raises KeyError for a missing one."""
        before, *pieces = self.path.split("{")
        named = (piece.partition("}") for piece in pieces)
        return before + "".join(f"{quote(str(parameters[name]), safe='')}{rest}" for name, _, rest in named)

    def in_path(self, name: str) -> bool:
        """Whether a parameter is part of the path."""
        return f"{{{name}}}" in self.path


class ApiTable(Record):
    """An API as a client calls it.

    `modules` has the generated module of each operationId, `requests` the operations that lifecycles name.
    `server` is the base URL in the document, empty if it is incomplete. `key` is None for an API without a
    key. `messages` are the places of the text of an error response.
    """

    lifecycles: Mapping[str, Lifecycle]
    modules: Mapping[str, str]
    requests: Mapping[str, RequestTemplate]
    server: str = ""
    key: KeyLocation | None = None
    messages: Places = ()
