"""Secrets in requests: jobs remember none but those by which their webhooks are signed."""

from io import BytesIO
from zipfile import ZipFile

from tests.mockserver.vendors.generic.examples import Served, serving


def test_a_secret_of_a_request_is_masked_where_it_is_shown_and_stored() -> None:
    with serving("replicate") as api:
        secret_input = {"prompt": "Rain", "hf_token": "hush-hush", "max_tokens": 5}
        made = api.post("/v1/predictions", {"version": "a/b", "input": secret_input})
        stored = snapshot(api)

    assert made.json()["input"] == {"prompt": "Rain", "hf_token": "***", "max_tokens": 5}
    assert b"hush-hush" not in stored
    assert b"Rain" in stored


def test_a_secret_that_signs_webhooks_is_stored() -> None:
    with serving("bfl") as api:
        body = {
            "prompt": "Rain",
            "webhook_url": "http://twin/_safelight/inbox/box",
            "webhook_secret": "hush-hush",
        }
        api.post("/v1/flux-2-pro", body)

        assert b"hush-hush" in snapshot(api)


def snapshot(api: Served) -> bytes:
    """Return all that a snapshot of the sandbox has in its files."""
    with ZipFile(BytesIO(api.twin.snapshot(vendor=api.name, key=api.key))) as archive:
        return b"".join(map(archive.read, archive.namelist()))
