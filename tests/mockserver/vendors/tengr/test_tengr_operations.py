"""An artwork of Tengr's lives from request to picture, and an organization has its secret."""

from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from tests.mockserver.stored import changing, stored
from tests.mockserver.tengr import (
    CAT,
    DAY,
    DETAILER,
    KEY,
    UPSCALING,
    advance,
    caller,
    fetched,
    finished,
    read_artwork,
    submitted,
)

if TYPE_CHECKING:
    from tests.mockserver.conftest import Door

pytestmark = pytest.mark.slow

# The life of an artwork


@pytest.mark.fidelity(
    "tengr/createDetailerUpscalerArtwork", "tengr/findArtworkByIdV2", "tengr:states", "tengr:artwork-fields"
)
def test_an_artwork_from_request_to_result(door: "Door") -> None:
    call = caller(door)

    taken = call("POST", DETAILER, json={"imageUrl": CAT, "scaleFactor": 1}).json()
    advance(door, 0.6)
    working = read_artwork(call, taken["id"])
    advance(door, 10)
    done = read_artwork(call, taken["id"])
    picture = Image.open(BytesIO(fetched(door, done)))

    assert [result["status"] for result in (taken, working, done)] == ["starting", "processing", "succeeded"]
    assert [len(result["results"]) for result in (taken, working, done)] == [0, 0, 1]
    assert (taken["duration"], working["duration"]) == (0, 0)
    assert done["duration"] > 1.5
    assert "/chelsea.webp?" in done["results"][0]
    assert {result["createdAt"] for result in (taken, working, done)} == {"2027-01-15T08:00:00.250Z"}
    assert taken["artworkType"] == "detailer_upscaler"
    assert (picture.format, picture.size) == ("WEBP", (451, 300))


@pytest.mark.fidelity("tengr:echo", "tengr:unknown-fields")
def test_an_artwork_repeats_its_request_with_the_defaults(inside: "Door") -> None:
    call = caller(inside)

    taken = call("POST", DETAILER, json={"imageUrl": CAT, "tomorrow": [1], "details": 3.0}).json()

    assert taken["parameters"] == {
        "imageUrl": CAT,
        "scaleFactor": 2,
        "details": 3,
        "modification": 2,
        "outputFormat": "auto",
    }
    assert '"details":3,' in call("GET", f"/artworks/{taken['id']}").text


def test_a_webhook_url_is_accepted_and_repeated(inside: "Door") -> None:
    hook = "http://127.0.0.1:9/hook"

    result = read_artwork(caller(inside), submitted(caller(inside), webhook=hook, seed=7))

    assert (result["parameters"]["webhook"], result["parameters"]["seed"]) == (hook, 7)


@pytest.mark.fidelity("tengr:states", "tengr:artwork-fields", "tengr:damage")
def test_a_damaged_image_makes_a_failed_artwork_without_a_reason(door: "Door") -> None:
    result = finished(door, imageUrl="safelight://damaged.jpg")

    assert (result["status"], result["results"]) == ("failed", [])
    assert "error" not in result


@pytest.mark.fidelity("tengr:retention")
def test_artworks_and_their_links_expire_after_eight_days(inside: "Door") -> None:
    result = finished(inside, scaleFactor=1)
    advance(inside, 8 * DAY - 61)

    assert read_artwork(caller(inside), result["id"])["status"] == "succeeded"
    assert inside.request("GET", result["results"][0]).status_code == 200
    advance(inside, 61)
    gone = caller(inside)("GET", f"/artworks/{result['id']}")
    assert (gone.status_code, gone.json()["message"]) == (404, "Artwork not found")
    assert inside.request("GET", result["results"][0]).status_code in {403, 404}
    assert caller(inside)("GET", "/artworks").json() == []


def test_a_link_is_the_same_in_every_response(inside: "Door") -> None:
    result = finished(inside, scaleFactor=1)
    advance(inside, 7 * DAY)

    assert read_artwork(caller(inside), result["id"]) == result


@pytest.mark.fidelity("tengr:uuid-case")
def test_ids_are_compared_without_regard_to_case(inside: "Door") -> None:
    artwork = submitted(caller(inside))

    assert caller(inside)("GET", f"/artworks/{artwork.upper()}").status_code == 200


@pytest.mark.fidelity("tengr/404")
def test_an_artwork_is_visible_to_its_own_key_only(inside: "Door") -> None:
    artwork = submitted(caller(inside))

    other = caller(inside)("GET", f"/artworks/{artwork}", headers={"Authorization": "Bearer other"})

    assert other.status_code == 404


@pytest.mark.fidelity("tengr/findAllArtworksV2", "tengr:list-order")
def test_the_newest_artworks_are_listed_first_and_in_parts(inside: "Door") -> None:
    call = caller(inside)
    taken = [submitted(call, path) for path in (DETAILER, UPSCALING) for _ in range(6)]
    newest_first = taken[::-1]

    def listed(**query: str) -> list[str]:
        return [result["id"] for result in call("GET", "/artworks", params=query).json()]

    assert listed() == newest_first[:10]
    assert listed(limit="500") == newest_first
    assert listed(offset="10") == newest_first[10:]
    assert listed(offset="1", limit="2") == newest_first[1:3]
    assert listed(offset="99") == []


@pytest.mark.fidelity("tengr/findAllArtworksV2")
def test_a_list_has_artworks_like_those_of_the_read_operation(inside: "Door") -> None:
    result = finished(inside, scaleFactor=1)

    assert caller(inside)("GET", "/artworks").json() == [result]


# What the control plane does


@pytest.mark.fidelity("tengr:states")
@pytest.mark.parametrize(
    ("to", "state_name"), [("canceled", "canceled"), ("cancelled", "canceled"), ("failed", "failed")]
)
def test_an_artwork_can_be_forced_to_every_state(door: "Door", to: str, state_name: str) -> None:
    artwork = submitted(caller(door))

    door.request("POST", f"/_safelight/jobs/{artwork}/move", json={"to": to})

    result = read_artwork(caller(door), artwork)
    assert (result["status"], result["results"], result["duration"]) == (state_name, [], 0)


@pytest.mark.fidelity("tengr:key-prefixes")
def test_an_accounts_scopes_and_balance_are_set(inside: "Door") -> None:
    requested = {"vendor": "tengr", "key": "k"}
    sandbox = inside.request("POST", "/_safelight/sandboxes", json=requested).json()["name"]

    account = {"scopes": ["generator"], "balance": 0}
    inside.request("PATCH", f"/_safelight/sandboxes/{sandbox}/account", json=account)

    assert caller(inside)("POST", "/organizations/o/webhook-secret").status_code == 403
    assert caller(inside)("POST", DETAILER, json={"imageUrl": CAT}).status_code == 403


# The organization


@pytest.mark.fidelity("tengr/rotateOrganizationWebhookSecret")
def test_each_rotation_gives_another_secret_of_32_bytes(door: "Door") -> None:
    secrets = [caller(door)("POST", "/organizations/o/webhook-secret").json()["secret"] for _ in range(2)]

    assert len(set(secrets)) == 2
    assert {len(bytes.fromhex(secret)) for secret in secrets} == {32}
    assert secrets == [secret.lower() for secret in secrets]


@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary=b", "text/plain"])
def test_a_body_of_an_operation_without_one_is_ignored(inside: "Door", kind: str) -> None:
    result = caller(inside)(
        "POST",
        "/organizations/o/webhook-secret",
        headers={**KEY, "Content-Type": kind},
        content=bytes(2_000_000),
    )

    assert result.status_code == 200


@pytest.mark.fidelity("tengr/rotateOrganizationWebhookSecret")
def test_the_secret_is_kept_until_the_next_rotation(inside: "Door") -> None:
    secrets = [""]
    for _ in range(2):
        secrets.append(caller(inside)("POST", "/organizations/o/webhook-secret").json()["secret"])
        sandbox = stored(inside.twin, "tengr")

        assert [sandbox.webhook.old_secret, sandbox.webhook.secret] == secrets[-2:]


@pytest.mark.fidelity("tengr:key-prefixes")
def test_scopes_of_the_account_override_those_of_the_key_prefix(inside: "Door") -> None:
    with changing(inside.twin, "tengr") as sandbox:
        sandbox.account = {"scopes": ("generator",)}

    assert caller(inside)("POST", "/organizations/o/webhook-secret").status_code == 403


@pytest.mark.fidelity("tengr/403")
@pytest.mark.parametrize(("key", "status"), [("generator-1", 403), ("manager-1", 200), ("admin-1", 200)])
def test_a_secret_is_rotated_by_managers(inside: "Door", key: str, status: int) -> None:
    headers = {"Authorization": f"Bearer {key}"}

    assert caller(inside)("POST", "/organizations/o/webhook-secret", headers=headers).status_code == status
    assert caller(inside)("POST", DETAILER, json={"imageUrl": CAT}, headers=headers).status_code == 202
