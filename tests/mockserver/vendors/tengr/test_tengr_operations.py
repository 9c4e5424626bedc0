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
    from tests.mockserver.conftest import TwinClient

pytestmark = pytest.mark.slow

# The life of an artwork


@pytest.mark.fidelity(
    "tengr/createDetailerUpscalerArtwork", "tengr/findArtworkByIdV2", "tengr:states", "tengr:artwork-fields"
)
def test_an_artwork_from_request_to_result(any_client: "TwinClient") -> None:
    call = caller(any_client)

    taken = call("POST", DETAILER, json={"imageUrl": CAT, "scaleFactor": 1}).json()
    advance(any_client, 0.6)
    working = read_artwork(call, taken["id"])
    advance(any_client, 10)
    done = read_artwork(call, taken["id"])
    picture = Image.open(BytesIO(fetched(any_client, done)))

    assert [result["status"] for result in (taken, working, done)] == ["starting", "processing", "succeeded"]
    assert [len(result["results"]) for result in (taken, working, done)] == [0, 0, 1]
    assert (taken["duration"], working["duration"]) == (0, 0)
    assert done["duration"] > 1.5
    assert "/chelsea.webp?" in done["results"][0]
    assert {result["createdAt"] for result in (taken, working, done)} == {"2027-01-15T08:00:00.250Z"}
    assert taken["artworkType"] == "detailer_upscaler"
    assert (picture.format, picture.size) == ("WEBP", (451, 300))


@pytest.mark.fidelity("tengr:echo", "tengr:unknown-fields")
def test_an_artwork_repeats_its_request_with_the_defaults(client: "TwinClient") -> None:
    call = caller(client)

    taken = call("POST", DETAILER, json={"imageUrl": CAT, "tomorrow": [1], "details": 3.0}).json()

    assert taken["parameters"] == {
        "imageUrl": CAT,
        "scaleFactor": 2,
        "details": 3,
        "modification": 2,
        "outputFormat": "auto",
    }
    assert '"details":3,' in call("GET", f"/artworks/{taken['id']}").text


def test_a_webhook_url_is_accepted_and_repeated(client: "TwinClient") -> None:
    hook = "http://127.0.0.1:9/hook"

    result = read_artwork(caller(client), submitted(caller(client), webhook=hook, seed=7))

    assert (result["parameters"]["webhook"], result["parameters"]["seed"]) == (hook, 7)


@pytest.mark.fidelity("tengr:states", "tengr:artwork-fields", "tengr:damage")
def test_a_damaged_image_makes_a_failed_artwork_without_a_reason(any_client: "TwinClient") -> None:
    result = finished(any_client, imageUrl="safelight://damaged.jpg")

    assert (result["status"], result["results"]) == ("failed", [])
    assert "error" not in result


@pytest.mark.fidelity("tengr:retention")
def test_artworks_and_their_links_expire_after_eight_days(client: "TwinClient") -> None:
    result = finished(client, scaleFactor=1)
    advance(client, 8 * DAY - 61)

    assert read_artwork(caller(client), result["id"])["status"] == "succeeded"
    assert client.request("GET", result["results"][0]).status_code == 200
    advance(client, 61)
    gone = caller(client)("GET", f"/artworks/{result['id']}")
    assert (gone.status_code, gone.json()["message"]) == (404, "Artwork not found")
    assert client.request("GET", result["results"][0]).status_code in {403, 404}
    assert caller(client)("GET", "/artworks").json() == []


def test_a_link_is_the_same_in_every_response(client: "TwinClient") -> None:
    result = finished(client, scaleFactor=1)
    advance(client, 7 * DAY)

    assert read_artwork(caller(client), result["id"]) == result


@pytest.mark.fidelity("tengr:uuid-case")
def test_ids_are_compared_without_regard_to_case(client: "TwinClient") -> None:
    artwork = submitted(caller(client))

    assert caller(client)("GET", f"/artworks/{artwork.upper()}").status_code == 200


@pytest.mark.fidelity("tengr/404")
def test_an_artwork_is_visible_to_its_own_key_only(client: "TwinClient") -> None:
    artwork = submitted(caller(client))

    other = caller(client)("GET", f"/artworks/{artwork}", headers={"Authorization": "Bearer other"})

    assert other.status_code == 404


@pytest.mark.fidelity("tengr/findAllArtworksV2", "tengr:list-order")
def test_the_newest_artworks_are_listed_first_and_in_parts(client: "TwinClient") -> None:
    call = caller(client)
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
def test_a_list_has_artworks_like_those_of_the_read_operation(client: "TwinClient") -> None:
    result = finished(client, scaleFactor=1)

    assert caller(client)("GET", "/artworks").json() == [result]


# What the control plane does


@pytest.mark.fidelity("tengr:states")
@pytest.mark.parametrize(
    ("to", "state_name"), [("canceled", "canceled"), ("cancelled", "canceled"), ("failed", "failed")]
)
def test_an_artwork_can_be_forced_to_every_state(any_client: "TwinClient", to: str, state_name: str) -> None:
    artwork = submitted(caller(any_client))

    any_client.request("POST", f"/_safelight/jobs/{artwork}/move", json={"to": to})

    result = read_artwork(caller(any_client), artwork)
    assert (result["status"], result["results"], result["duration"]) == (state_name, [], 0)


@pytest.mark.fidelity("tengr:key-prefixes")
def test_an_accounts_scopes_and_balance_are_set(client: "TwinClient") -> None:
    requested = {"vendor": "tengr", "key": "k"}
    sandbox = client.request("POST", "/_safelight/sandboxes", json=requested).json()["name"]

    account = {"scopes": ["generator"], "balance": 0}
    client.request("PATCH", f"/_safelight/sandboxes/{sandbox}/account", json=account)

    assert caller(client)("POST", "/organizations/o/webhook-secret").status_code == 403
    assert caller(client)("POST", DETAILER, json={"imageUrl": CAT}).status_code == 403


# The organization


@pytest.mark.fidelity("tengr/rotateOrganizationWebhookSecret")
def test_each_rotation_gives_another_secret_of_32_bytes(any_client: "TwinClient") -> None:
    secrets = [
        caller(any_client)("POST", "/organizations/o/webhook-secret").json()["secret"] for _ in range(2)
    ]

    assert len(set(secrets)) == 2
    assert {len(bytes.fromhex(secret)) for secret in secrets} == {32}
    assert secrets == [secret.lower() for secret in secrets]


@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary=b", "text/plain"])
def test_a_body_of_an_operation_without_one_is_ignored(client: "TwinClient", kind: str) -> None:
    result = caller(client)(
        "POST",
        "/organizations/o/webhook-secret",
        headers={**KEY, "Content-Type": kind},
        content=bytes(2_000_000),
    )

    assert result.status_code == 200


@pytest.mark.fidelity("tengr/rotateOrganizationWebhookSecret")
def test_the_secret_is_kept_until_the_next_rotation(client: "TwinClient") -> None:
    secrets = [""]
    for _ in range(2):
        secrets.append(caller(client)("POST", "/organizations/o/webhook-secret").json()["secret"])
        sandbox = stored(client.twin, "tengr")

        assert [sandbox.webhook.old_secret, sandbox.webhook.secret] == secrets[-2:]


@pytest.mark.fidelity("tengr:key-prefixes")
def test_scopes_of_the_account_override_those_of_the_key_prefix(client: "TwinClient") -> None:
    with changing(client.twin, "tengr") as sandbox:
        sandbox.account = {"scopes": ("generator",)}

    assert caller(client)("POST", "/organizations/o/webhook-secret").status_code == 403


@pytest.mark.fidelity("tengr/403")
@pytest.mark.parametrize(("key", "status"), [("generator-1", 403), ("manager-1", 200), ("admin-1", 200)])
def test_a_secret_is_rotated_by_managers(client: "TwinClient", key: str, status: int) -> None:
    headers = {"Authorization": f"Bearer {key}"}

    assert caller(client)("POST", "/organizations/o/webhook-secret", headers=headers).status_code == status
    assert caller(client)("POST", DETAILER, json={"imageUrl": CAT}, headers=headers).status_code == 202
