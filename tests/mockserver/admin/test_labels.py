"""A sandbox has a label, accepted wherever its name is, so that tests do not touch one another's."""

from typing import TYPE_CHECKING

import httpx
import pytest
from tests.mockserver.stored import sandboxes

from safelight_mock.core import Sandbox

if TYPE_CHECKING:
    from tests.mockserver.conftest import TwinClient

CONTROL = "/_safelight"


def opened(client: "TwinClient", key: str = "k", label: str = "") -> httpx.Response:
    wanted = {"vendor": "topaz", "key": key, **({"label": label} if label else {})}
    return client.request("POST", f"{CONTROL}/sandboxes", json=wanted)


def test_every_route_accepts_the_label_of_a_sandbox(client: "TwinClient", photo: bytes) -> None:
    name = opened(client, label="checkout").json()["name"]
    target = f"http://twin{CONTROL}/inbox/mine"
    process_id = client.submit(photo, webhook_url=target)
    location = f"{CONTROL}/sandboxes/checkout"

    answers = [
        client.request("PATCH", f"{location}/account", json={"balance": 9}),
        client.request("PATCH", f"{location}/clock", json={"mode": "manual"}),
        client.request("POST", f"{location}/clock/advance", json={"seconds": 60}),
        client.request("GET", f"{location}/webhook"),
        client.request("GET", f"{location}/faults"),
        client.request("POST", f"{location}/jobs", json={"operation": "postTool"}),
    ]
    listed = [
        client.request("GET", f"{CONTROL}/{what}", params={"sandbox": "checkout"}).json()
        for what in ("jobs", "deliveries", "requests")
    ]

    assert [response.status_code for response in answers] == [200, 200, 200, 200, 200, 201]
    assert [(one["sandbox"], one["label"]) for actual in listed for one in actual[-1:]] == [
        (name, "checkout")
    ] * 3
    assert process_id in {job["id"] for job in listed[0]}


def test_a_label_belongs_to_one_sandbox(client: "TwinClient") -> None:
    opened(client, label="mine")

    taken = opened(client, key="other", label="mine")
    again = opened(client, label="mine")
    renamed = opened(client, label="ours")
    kept = opened(client)

    assert (taken.status_code, taken.json()["detail"]) == (
        422,
        "label: 'mine' is the label of another sandbox; choose another",
    )
    assert [response.json()["label"] for response in (again, renamed, kept)] == ["mine", "ours", "ours"]
    assert len(sandboxes(client.twin)) == 1


@pytest.mark.parametrize("label", ["0123456789abcdef", "a b", "/", "-a", "a" * 65])
def test_a_label_that_could_be_a_name_or_a_path_is_rejected(client: "TwinClient", label: str) -> None:
    assert opened(client, label=label).status_code == 422


def test_an_empty_label_matches_no_sandbox(client: "TwinClient") -> None:
    opened(client)

    assert client.request("GET", f"{CONTROL}/jobs", params={"sandbox": ""}).status_code == 404


def test_a_label_is_persisted() -> None:
    sandbox = Sandbox(name="a", seed="s", label="mine")

    assert Sandbox.from_json(sandbox.to_json()).label == "mine"
    assert Sandbox.from_json(b'{"name": "a", "seed": "s"}').label == ""


def test_requests_limited_to_a_sandbox_do_not_show_another(client: "TwinClient", photo: bytes) -> None:
    for key in ("k", "other"):
        opened(client, key=key, label=f"of-{key}")
    process_id = client.submit(photo, webhook_url=f"http://twin{CONTROL}/inbox/mine")
    client.advance(60)
    delivery = client.request("GET", f"{CONTROL}/deliveries").json()[0]["id"]
    places = [f"jobs/{process_id}/move", f"deliveries/{delivery}/resend"]

    def ask(sandbox: str) -> list[int]:
        query = {"sandbox": sandbox}
        bodies: list[dict[str, str] | None] = [{"to": "failed"}, None]
        return [
            client.request("POST", f"{CONTROL}/{location}", params=query, json=body).status_code
            for location, body in zip(places, bodies, strict=True)
        ]

    assert ask("of-other") == [404, 404]
    assert ask("of-k") == [409, 200]
    for what in ("jobs", "deliveries", "requests"):
        assert client.request("GET", f"{CONTROL}/{what}", params={"sandbox": "of-other"}).json() == []


def test_a_fork_does_not_inherit_the_label(client: "TwinClient") -> None:
    opened(client, label="mine")
    client.call("GET", "/status")

    forked = client.request("POST", f"{CONTROL}/sandboxes/mine/forks", json={"key": "other"})

    assert (forked.status_code, forked.json()["label"]) == (201, "")
    assert opened(client).json()["label"] == "mine"


def test_a_restored_snapshot_keeps_the_label_of_its_target(client: "TwinClient") -> None:
    client.call("GET", "/status", headers={"X-API-Key": "plain"})
    file = client.twin.snapshot(vendor="topaz", key="plain")
    opened(client, label="mine")

    client.twin.restore(file, vendor="topaz", key="k")

    (mine,) = (sandbox for sandbox in sandboxes(client.twin) if sandbox.label)
    assert mine.idle_from(client.twin.real()) == float("inf")


def test_a_sandbox_of_one_vendor_is_not_among_those_of_another(client: "TwinClient", photo: bytes) -> None:
    opened(client, label="mine")
    client.submit(photo, webhook_url=f"http://twin{CONTROL}/inbox/mine")

    for what in ("jobs", "deliveries", "requests"):
        query = {"sandbox": "mine", "vendor": "claid"}
        assert client.request("GET", f"{CONTROL}/{what}", params=query).json() == []
