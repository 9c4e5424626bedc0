"""The jobs of a mock server: a test reads them, creates some without an upload, and moves them."""

from collections.abc import Iterator, Sequence
from typing import Any, overload

from safelight_mock import State
from safelight_testing._control.admin_client import ALL, AdminClient
from safelight_testing._control.records import JobRecord


class Jobs(Sequence[JobRecord]):
    """The jobs of all API keys in the order of their submission, as they are when they are read."""

    def __init__(self, admin: AdminClient) -> None:
        self._admin = admin

    def move(self, job: str, to: State | str) -> JobRecord:
        """Force a job into a state, by our name or the API's; return the job.

        Raises ControlError for an unknown job, an unknown state, and a job that has ended.
        """
        return self._admin.send("POST", f"jobs/{job}/move", {"to": str(to)}, JobRecord)

    def create(
        self,
        operation: str,
        *,
        vendor: str,
        key: str,
        state: State | str = State.QUEUED,
        values: dict[str, Any] | None = None,
    ) -> JobRecord:
        """Create a job of an API key in a state, without an upload; `operation` is the one that submits it.

        The request has a minimal valid body, with these `values`. Raises ControlError.
        """
        sandbox = self._admin.send("POST", "sandboxes", {"vendor": vendor, "key": key}, dict[str, Any])
        body = {"operation": operation, "state": str(state), "values": values or {}}
        return self._admin.send("POST", f"sandboxes/{sandbox['name']}/jobs", body, JobRecord)

    def __iter__(self) -> Iterator[JobRecord]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    @overload
    def __getitem__(self, index: int) -> JobRecord: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[JobRecord]: ...

    def __getitem__(self, index: int | slice) -> JobRecord | Sequence[JobRecord]:
        return self._all()[index]

    def __repr__(self) -> str:
        return repr(self._all())

    def _all(self) -> list[JobRecord]:
        return self._admin.read("jobs", list[JobRecord], limit=ALL)[::-1]
