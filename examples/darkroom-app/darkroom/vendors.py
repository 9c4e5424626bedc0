"""The two APIs that enlarge photographs, each at its own address."""

from typing import Any, Protocol

from darkroom.http import send


class UnpaidError(Exception):
    """The account has no credits left."""


class Vendor(Protocol):
    """An API whose jobs enlarge a photograph."""

    def submit(self, order: str, photo: bytes, webhook: str) -> str:
        """Return the id of a new job. Raises UnpaidError, and NoResponseError: there may be a job."""

    def find(self, order: str) -> str | None:
        """Return the id of the job of an order, if there is one."""

    def state(self, job: str) -> str:
        """Return "working", "done" or "failed"."""

    def result(self, job: str) -> bytes:
        """Return the enlarged photograph of a job that is done."""

    def webhook(self, message: dict[str, Any]) -> tuple[str, str]:
        """Return the job that a webhook is about, and its state."""


class Topaz:
    """The Topaz Labs Image API: https://developer.topazlabs.com."""

    URL, HEADERS = "https://api.topazlabs.com/image/v1", {"X-API-Key": "the-key-of-this-shop"}
    STATES = {"Completed": "done", "Failed": "failed", "Cancelled": "failed"}

    def submit(self, order: str, photo: bytes, webhook: str) -> str:
        fields, files = {"webhook_url": webhook}, {"image": (f"{order}.jpg", photo)}
        response = send("POST", f"{self.URL}/enhance/async", headers=self.HEADERS, data=fields, files=files)
        return str(_json(response)["process_id"])

    def find(self, order: str) -> str | None:
        jobs = _json(send("GET", f"{self.URL}/status", headers=self.HEADERS))
        return next((job["process_id"] for job in jobs if job["filename"] == f"{order}.jpg"), None)

    def state(self, job: str) -> str:
        status = _json(send("GET", f"{self.URL}/status/{job}", headers=self.HEADERS))
        return self.STATES.get(status["status"], "working")

    def result(self, job: str) -> bytes:
        link = _json(send("GET", f"{self.URL}/download/{job}", headers=self.HEADERS))["download_url"]
        return send("GET", link).content

    def webhook(self, message: dict[str, Any]) -> tuple[str, str]:
        return message["process_id"], self.STATES.get(message["status"], "working")


class Prints:
    """An API that Safelight does not know; tests/prints.yaml describes it."""

    URL, HEADERS = "https://api.prints.example/v1", {"Authorization": "Bearer the-key-of-this-shop"}
    STATES = {"ready": "done", "spoilt": "failed"}

    def submit(self, order: str, photo: bytes, webhook: str) -> str:
        body = {
            "photo_url": f"https://darkroom.example/photos/{order}",
            "size": len(photo),
            "reference": order,
            "webhook_url": webhook,
        }
        return str(_json(send("POST", f"{self.URL}/prints", headers=self.HEADERS, json=body))["id"])

    def find(self, order: str) -> str | None:
        prints = _json(send("GET", f"{self.URL}/prints", headers=self.HEADERS))["prints"]
        return next((one["id"] for one in prints if one["reference"] == order), None)

    def state(self, job: str) -> str:
        return self.STATES.get(self._read(job)["state"], "working")

    def result(self, job: str) -> bytes:
        return send("GET", self._read(job)["image_url"]).content

    def webhook(self, message: dict[str, Any]) -> tuple[str, str]:
        return message["id"], self.STATES.get(message["state"], "working")

    def _read(self, job: str) -> Any:
        return _json(send("GET", f"{self.URL}/prints/{job}", headers=self.HEADERS))


VENDORS: dict[str, Vendor] = {"topaz": Topaz(), "prints": Prints()}


def _json(response: Any) -> Any:
    if response.status_code == 402:
        raise UnpaidError(response.text)
    response.raise_for_status()
    return response.json()
