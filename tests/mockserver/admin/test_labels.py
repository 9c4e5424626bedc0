"""A sandbox has a label, accepted wherever its name is, so that tests do not touch one another's."""

from typing import TYPE_CHECKING

import httpx
import pytest
from tests.mockserver.stored import sandboxes

from safelight_mock.core import Sandbox

if TYPE_CHECKING:
    from tests.mockserver.conftest import Door

CONTROL = "/_safelight"


def opened(door: "Door", key: str = "k", label: str = "") -> httpx.Response:
    wanted = {"vendor": "topaz", "key": key, **({"label": label} if label else {})}
    return door.request("POST", f"{CONTROL}/sandboxes", json=wanted)


def test_every_route_accepts_the_label_of_a_sandbox(inside: "Door", photo: bytes) -> None:
    name = opened(inside, label="checkout").json()["name"]
    target = f"http://twin{CONTROL}/inbox/mine"
    process_id = inside.submit(photo, webhook_url=target)
    location = f"{CONTROL}/sandboxes/checkout"

    answers = [
        inside.request("PATCH", f"{location}/account", json={"balance": 9}),
        inside.request("PATCH", f"{location}/clock", json={"mode": "manual"}),
        inside.request("POST", f"{location}/clock/advance", json={"seconds": 60}),
        inside.request("GET", f"{location}/webhook"),
        inside.request("GET", f"{location}/faults"),
        inside.request("POST", f"{location}/jobs", json={"operation": "postTool"}),
    ]
    listed = [
        inside.request("GET", f"{CONTROL}/{what}", params={"sandbox": "checkout"}).json()
        for what in ("jobs", "deliveries", "requests")
    ]

    assert [response.status_code for response in answers] == [200, 200, 200, 200, 200, 201]
    assert [(one["sandbox"], one["label"]) for actual in listed for one in actual[-1:]] == [
        (name, "checkout")
    ] * 3
    assert process_id in {job["id"] for job in listed[0]}


def test_a_label_belongs_to_one_sandbox(inside: "Door") -> None:
    opened(inside, label="mine")

    taken = opened(inside, key="other", label="mine")
    again = opened(inside, label="mine")
    renamed = opened(inside, label="ours")
    kept = opened(inside)

    assert (taken.status_code, taken.json()["detail"]) == (422, "Another sandbox is called mine.")
    assert [response.json()["label"] for response in (again, renamed, kept)] == ["mine", "ours", "ours"]
    assert len(sandboxes(inside.twin)) == 1


@pytest.mark.parametrize("label", ["0123456789abcdef", "a b", "/", "-a", "a" * 65])
def test_a_label_that_could_be_a_name_or_a_path_is_rejected(inside: "Door", label: str) -> None:
    assert opened(inside, label=label).status_code == 422


def test_an_empty_label_matches_no_sandbox(inside: "Door") -> None:
    opened(inside)

    assert inside.request("GET", f"{CONTROL}/jobs", params={"sandbox": ""}).status_code == 404


def test_a_label_is_persisted() -> None:
    sandbox = Sandbox(name="a", seed="s", label="mine")

    assert Sandbox.from_json(sandbox.to_json()).label == "mine"
    assert Sandbox.from_json(b'{"name": "a", "seed": "s"}').label == ""


def test_requests_limited_to_a_sandbox_do_not_show_another(inside: "Door", photo: bytes) -> None:
    for key in ("k", "other"):
        opened(inside, key=key, label=f"of-{key}")
    process_id = inside.submit(photo, webhook_url=f"http://twin{CONTROL}/inbox/mine")
    inside.advance(60)
    delivery = inside.request("GET", f"{CONTROL}/deliveries").json()[0]["id"]
    places = [f"jobs/{process_id}/move", f"deliveries/{delivery}/resend"]

    def ask(sandbox: str) -> list[int]:
        query = {"sandbox": sandbox}
        bodies: list[dict[str, str] | None] = [{"to": "failed"}, None]
        return [
            inside.request("POST", f"{CONTROL}/{location}", params=query, json=body).status_code
            for location, body in zip(places, bodies, strict=True)
        ]

    assert ask("of-other") == [404, 404]
    assert ask("of-k") == [409, 200]
    for what in ("jobs", "deliveries", "requests"):
        assert inside.request("GET", f"{CONTROL}/{what}", params={"sandbox": "of-other"}).json() == []


def test_a_fork_does_not_inherit_the_label(inside: "Door") -> None:
    opened(inside, label="mine")
    inside.call("GET", "/status")

    forked = inside.request("POST", f"{CONTROL}/sandboxes/mine/forks", json={"key": "other"})

    assert (forked.status_code, forked.json()["label"]) == (201, "")
    assert opened(inside).json()["label"] == "mine"


def test_a_restored_snapshot_keeps_the_label_of_its_target(inside: "Door") -> None:
    inside.call("GET", "/status", headers={"X-API-Key": "plain"})
    file = inside.twin.snapshot(vendor="topaz", key="plain")
    opened(inside, label="mine")

    inside.twin.restore(file, vendor="topaz", key="k")

    (mine,) = (sandbox for sandbox in sandboxes(inside.twin) if sandbox.label)
    assert mine.idle_from(inside.twin.real()) == float("inf")


def test_a_sandbox_of_one_vendor_is_not_among_those_of_another(inside: "Door", photo: bytes) -> None:
    opened(inside, label="mine")
    inside.submit(photo, webhook_url=f"http://twin{CONTROL}/inbox/mine")

    for what in ("jobs", "deliveries", "requests"):
        query = {"sandbox": "mine", "vendor": "claid"}
        assert inside.request("GET", f"{CONTROL}/{what}", params=query).json() == []
