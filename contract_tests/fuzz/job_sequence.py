"""A client of one vendor that submits jobs, manipulates them, and receives webhooks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

import httpx

from contract_tests.fuzz.apis import async_jobs
from contract_tests.fuzz.document import ORIGIN, Json, document, operations
from contract_tests.fuzz.images import WHOLE
from contract_tests.fuzz.links import operations_on
from safelight_lifecycle import Lifecycle, ResponseParts, find_job_id

KEY = "anna"
CUP = "safelight://coffee.jpg"
CONTROL = f"{ORIGIN}/_safelight"
INBOX = f"{CONTROL}/inbox/mine"
Body = Mapping[str, Any]  # what httpx is given

PICTURE: Final[Body] = {
    "files": {"image": ("cup.png", WHOLE["32x32.png"])},
    "data": {"webhook_url": INBOX},
}
SHRUNK: Final[Json] = {"resizing": {"width": 64}}
GROWN: Final[Body] = {"json": {"imageUrl": CUP, "scaleFactor": 2, "webhook": INBOX}}

# What is submitted, with every webhook that can be named there.
SUBMISSIONS: Final[Mapping[str, Mapping[str, Body]]] = {
    "topaz": {
        "postEnhanceAsync": PICTURE,
        "postMatting": PICTURE,
        "postDenoise": PICTURE,
        "postLighting": PICTURE,
    },
    "claid": {
        "editImageAsync": {"json": {"input": CUP, "operations": SHRUNK}},
        "editImageBatch": {"json": {"input": [CUP, CUP], "operations": SHRUNK}},
    },
    "tengr": {"createUpscalingArtwork": GROWN, "createDetailerUpscalerArtwork": GROWN},
}


@dataclass(slots=True)
class JobSequence:
    """What became of the jobs of one user; `jobs` are ids, and the operations that submitted them."""

    vendor: str
    user: httpx.Client
    sandbox: str = ""
    jobs: list[tuple[str, str]] = field(default_factory=list)

    def begin(self) -> None:
        """Open the sandbox; set the account's webhook if the vendor has one."""
        self.sandbox = self.control("POST", "sandboxes", vendor=self.vendor, key=KEY)["name"]
        if any(one.target is None for lifecycle in self.lifecycles.values() for one in lifecycle.deliver):
            self.control("PATCH", f"sandboxes/{self.sandbox}/webhook", url=INBOX)

    def control(self, method: str, path: str, **body: object) -> Any:  # noqa: ANN401 - JSON
        """Call the control plane."""
        return self.user.request(method, f"{CONTROL}/{path}", json=body or None).json()

    def call(self, operation: str, *, job: str = "", body: Body | None = None) -> httpx.Response:
        """Call an operation of the vendor."""
        label = next(label for label, result in self.operations.items() if result["operationId"] == operation)
        method, path = label.split(" ")
        before, _, after = path.partition("{")
        return self.user.request(method, ORIGIN + before + job + after.partition("}")[2], **(body or {}))

    def submit(self, operation: str) -> None:
        """Submit a job, which has to be taken."""
        response = self.call(operation, body=SUBMISSIONS[self.vendor][operation])
        assert response.is_success, response.text
        ids = self.lifecycle(operation).ids_of(operation)
        self.jobs.append((find_job_id(ids, ResponseParts(body=response.json()).value), operation))

    def move(self, which: int, to: str) -> None:
        """Bring a job to a state, if it may still get there."""
        self.control("POST", f"jobs/{self.job(which)}/move?sandbox={self.sandbox}", to=to)

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.control("POST", f"sandboxes/{self.sandbox}/clock/advance", seconds=seconds)

    def do(self, which: int, what: str) -> None:
        """Read, cancel or delete a job, where the vendor has that."""
        further = operations_on(self.lifecycle(self.jobs[which % len(self.jobs)][1]))
        if what in further:
            self.call(further[what], job=self.job(which))

    def job(self, which: int) -> str:
        """Return a job's id."""
        return self.jobs[which % len(self.jobs)][0]

    def lifecycle(self, operation: str) -> Lifecycle:
        """Return the life of jobs that an operation submits."""
        return next(one for one in self.lifecycles.values() if operation in one.submissions)

    @property
    def lifecycles(self) -> Mapping[str, Lifecycle]:
        """All lifecycles of the vendor."""
        return async_jobs(self.vendor).lifecycles

    @property
    def operations(self) -> dict[str, Json]:
        """All operations of the vendor."""
        return operations(spec(self.vendor))


@cache
def spec(vendor: str) -> Json:
    """Read a vendor's document once."""
    return document(vendor, strict=False)
