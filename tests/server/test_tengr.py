"""What Tengr's operations say and do, from request to picture."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, Any
from uuid import UUID

import httpx
import numpy as np
import pytest
from PIL import Image
from tests.server.processes import closing_down

from safelight_mock import Settings, Twin, TwinTransport
from safelight_mock.vendors import VENDORS

if TYPE_CHECKING:
    from tests.server.conftest import Door

pytestmark = pytest.mark.slow

BASE = "/tengr/v2"
DETAILER = "/artworks/detailer-upscaler"
UPSCALING = "/artworks/upscaling"
KEY = {"Authorization": "Bearer k"}
COFFEE, CAT = "safelight://coffee.jpg", "safelight://chelsea.jpg"  # 600 by 400, 451 by 300
DAY = 86_400
START = 1_800_000_000.25
Call = Callable[..., httpx.Response]


@pytest.fixture
def special(inside: "Door", settings: Settings) -> Iterator["Door"]:
    """A door to a twin with settings of its own."""
    twin = Twin(settings, real=lambda: START)
    with httpx.Client(transport=TwinTransport(twin), base_url="http://twin") as client:
        yield replace(inside, twin=twin, request=client.request)
    twin.close()


def caller(door: "Door") -> Call:
    def call(method: str, path: str, **rest: object) -> httpx.Response:
        return door.request(method, BASE + path, **{"headers": KEY, **rest})

    return call


def submitted(call: Call, path: str = DETAILER, **fields: object) -> str:
    answer = call("POST", path, json={"imageUrl": CAT, **fields})
    assert answer.status_code == 202, answer.text
    taken: str = answer.json()["id"]
    return taken


def advance(door: "Door", seconds: float) -> None:
    door.twin.advance(seconds, vendor="tengr", key="k")


def found(call: Call, artwork: str) -> dict[str, Any]:
    told: dict[str, Any] = call("GET", f"/artworks/{artwork}").json()
    return told


def finished(door: "Door", path: str = DETAILER, **fields: object) -> dict[str, Any]:
    """The artwork as it stands once it is over."""
    artwork = submitted(caller(door), path, **fields)
    advance(door, 60)
    return found(caller(door), artwork)


def fetched(door: "Door", artwork: dict[str, Any]) -> bytes:
    (link,) = artwork["results"]
    return door.request("GET", link).content


def light(content: bytes) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.asarray(Image.open(BytesIO(content)).convert("L"), np.float64)


# The life of an artwork


def test_an_artwork_lives_from_request_to_picture(door: "Door") -> None:
    call = caller(door)

    taken = call("POST", DETAILER, json={"imageUrl": CAT, "scaleFactor": 1}).json()
    advance(door, 0.6)
    working = found(call, taken["id"])
    advance(door, 10)
    done = found(call, taken["id"])
    picture = Image.open(BytesIO(fetched(door, done)))

    assert [told["status"] for told in (taken, working, done)] == ["starting", "processing", "succeeded"]
    assert [len(told["results"]) for told in (taken, working, done)] == [0, 0, 1]
    assert (taken["duration"], working["duration"]) == (0, 0)
    assert done["duration"] > 1.5
    assert "/chelsea.webp?" in done["results"][0]
    assert {told["createdAt"] for told in (taken, working, done)} == {"2027-01-15T08:00:00.250Z"}
    assert taken["artworkType"] == "detailer_upscaler"
    assert (picture.format, picture.size) == ("WEBP", (451, 300))


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


def test_a_webhook_is_taken_and_repeated(inside: "Door") -> None:
    hook = "http://127.0.0.1:9/hook"

    told = found(caller(inside), submitted(caller(inside), webhook=hook, seed=7))

    assert (told["parameters"]["webhook"], told["parameters"]["seed"]) == (hook, 7)


def test_a_damaged_image_makes_a_failed_artwork_without_a_reason(door: "Door") -> None:
    told = finished(door, imageUrl="safelight://damaged.jpg")

    assert (told["status"], told["results"]) == ("failed", [])
    assert "error" not in told


def test_artworks_links_and_pictures_are_kept_for_eight_days(inside: "Door") -> None:
    told = finished(inside, scaleFactor=1)
    advance(inside, 8 * DAY - 61)

    assert found(caller(inside), told["id"])["status"] == "succeeded"
    assert inside.request("GET", told["results"][0]).status_code == 200
    advance(inside, 61)
    gone = caller(inside)("GET", f"/artworks/{told['id']}")
    assert (gone.status_code, gone.json()["message"]) == (404, "Artwork not found")
    assert inside.request("GET", told["results"][0]).status_code in {403, 404}
    assert caller(inside)("GET", "/artworks").json() == []


def test_ids_are_compared_without_regard_to_case(inside: "Door") -> None:
    artwork = submitted(caller(inside))

    assert caller(inside)("GET", f"/artworks/{artwork.upper()}").status_code == 200


def test_an_artwork_is_seen_with_its_own_key_alone(inside: "Door") -> None:
    artwork = submitted(caller(inside))

    other = caller(inside)("GET", f"/artworks/{artwork}", headers={"Authorization": "Bearer other"})

    assert other.status_code == 404


def test_the_newest_artworks_are_listed_first_and_in_parts(inside: "Door") -> None:
    call = caller(inside)
    taken = [submitted(call, path) for path in (DETAILER, UPSCALING) for _ in range(6)]
    newest_first = taken[::-1]

    def listed(**query: str) -> list[str]:
        return [told["id"] for told in call("GET", "/artworks", params=query).json()]

    assert listed() == newest_first[:10]
    assert listed(limit="500") == newest_first
    assert listed(offset="10") == newest_first[10:]
    assert listed(offset="1", limit="2") == newest_first[1:3]
    assert listed(offset="99") == []


def test_a_list_has_artworks_as_reading_them_has(inside: "Door") -> None:
    told = finished(inside, scaleFactor=1)

    assert caller(inside)("GET", "/artworks").json() == [told]


# Pictures


@pytest.mark.parametrize(
    ("path", "fields", "shape"),
    [
        (DETAILER, {"scaleFactor": 1}, ("WEBP", (451, 300))),
        (DETAILER, {}, ("WEBP", (902, 600))),
        (DETAILER, {"scaleFactor": 1, "outputFormat": "webp"}, ("WEBP", (451, 300))),
        (DETAILER, {"scaleFactor": 1, "outputFormat": "png"}, ("PNG", (451, 300))),
        (UPSCALING, {}, ("WEBP", (902, 600))),
        (UPSCALING, {"scaleFactor": 3}, ("WEBP", (1353, 900))),
    ],
)
def test_a_picture_is_as_large_as_asked_and_in_the_format_asked(
    inside: "Door", path: str, fields: dict[str, Any], shape: tuple[str, tuple[int, int]]
) -> None:
    picture = Image.open(BytesIO(fetched(inside, finished(inside, path, **fields))))
    picture.load()

    assert (picture.format, picture.size) == shape


@pytest.mark.slow
@pytest.mark.parametrize(("factor", "size"), [(4, (1804, 1200)), (8, (3608, 2400))])
def test_a_picture_can_be_four_and_eight_times_larger(
    inside: "Door", factor: int, size: tuple[int, int]
) -> None:
    picture = Image.open(BytesIO(fetched(inside, finished(inside, scaleFactor=factor))))

    assert picture.size == size


def test_an_upscaling_has_a_word_of_its_own(inside: "Door") -> None:
    assert finished(inside, UPSCALING)["artworkType"] == "upscaling_v2"


def test_more_details_bring_out_more(inside: "Door") -> None:
    def roughness(details: int) -> float:
        told = finished(inside, scaleFactor=1, outputFormat="png", seed=7, modification=1, details=details)
        return float(np.abs(np.diff(light(fetched(inside, told)))).mean())

    low, medium, high = map(roughness, (1, 2, 3))

    assert low * 1.05 < medium
    assert medium * 1.05 < high


def test_a_stronger_modification_makes_more_up(inside: "Door") -> None:
    def apart(modification: int) -> float:
        one, other = (
            light(
                fetched(
                    inside,
                    finished(
                        inside,
                        scaleFactor=1,
                        outputFormat="png",
                        details=1,
                        seed=seed,
                        modification=modification,
                    ),
                )
            )
            for seed in (1, 2)
        )
        return float(np.abs(one - other).mean())

    subtle, balanced, strong = map(apart, (1, 2, 3))

    assert 0 < subtle * 1.5 < balanced
    assert balanced * 1.5 < strong


def test_a_seed_makes_the_same_picture_and_chance_makes_another(inside: "Door") -> None:
    def made(**fields: int) -> bytes:
        return fetched(inside, finished(inside, DETAILER, scaleFactor=1, **fields))

    assert made(seed=7) == made(seed=7)
    assert made(seed=7) != made(seed=8)
    assert made() != made()


# What the control plane does


@pytest.mark.parametrize(
    ("to", "word"), [("canceled", "canceled"), ("cancelled", "canceled"), ("failed", "failed")]
)
def test_an_artwork_is_put_where_no_operation_leads(door: "Door", to: str, word: str) -> None:
    artwork = submitted(caller(door))

    door.request("POST", f"/_safelight/jobs/{artwork}/move", json={"to": to})

    told = found(caller(door), artwork)
    assert (told["status"], told["results"], told["duration"]) == (word, [], 0)


def test_an_accounts_scopes_and_balance_are_set(inside: "Door") -> None:
    asked = {"vendor": "tengr", "key": "k"}
    sandbox = inside.request("POST", "/_safelight/sandboxes", json=asked).json()["name"]

    account = {"scopes": ["generator"], "balance": 0}
    inside.request("PATCH", f"/_safelight/sandboxes/{sandbox}/account", json=account)

    assert caller(inside)("POST", "/organizations/o/webhook-secret").status_code == 403
    assert caller(inside)("POST", DETAILER, json={"imageUrl": CAT}).status_code == 403


# Inputs


@pytest.mark.parametrize("kind", ["png", "webp"])
def test_a_picture_of_this_twin_can_be_an_input(inside: "Door", kind: str) -> None:
    first = finished(inside, outputFormat=kind, scaleFactor=1)

    second = finished(inside, imageUrl=first["results"][0])

    assert Image.open(BytesIO(fetched(inside, second))).size == (902, 600)


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("safelight://text.txt", "it is no image that is known"),
        ("safelight://nothing", "there is no sample nothing"),
        ("https://example.com/a.tiff", "an image is JPEG, PNG or WebP, not TIFF"),
        ("http://127.0.0.1:1/a.jpg", "it could not be loaded: ConnectError"),
        ("ftp://example.com/a.jpg", "an address of scheme ftp is not loaded"),
    ],
)
def test_an_image_that_cannot_be_used_is_refused(inside: "Door", address: str, why: str) -> None:
    answer = caller(inside)("POST", DETAILER, json={"imageUrl": address})

    assert answer.status_code == 400
    assert answer.json()["message"].startswith(f"imageUrl: {why}")
    assert caller(inside)("GET", "/artworks").json() == []


def test_an_image_of_too_many_pixels_is_refused(inside: "Door") -> None:
    large = finished(inside, scaleFactor=4)["results"][0]

    answer = caller(inside)("POST", DETAILER, json={"imageUrl": large})

    assert answer.status_code == 400
    assert answer.json()["message"] == "imageUrl: 1804 x 1200 pixels are more than 1478656"


# Refusals

NESTED = b'{"imageUrl":' + b"[" * 10_000 + b"]" * 10_000 + b"}"


@pytest.mark.parametrize("path", [DETAILER, UPSCALING])
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"imageUrl"',
        b"{}",
        b'{"imageUrl": 7}',
        b'{"imageUrl": ""}',
        b'{"imageUrl": "a.jpg"}',
        b'{"imageUrl": "\xff"}',
        b'{"imageUrl": "\\ud800"}',
        b'{"imageUrl": "https://example.com/\\u0000"}',
        b'{"imageUrl": "https://example.com/", "scaleFactor": NaN}',
        b'{"imageUrl": "https://example.com/", "scaleFactor": Infinity}',
        b'{"imageUrl": "https://example.com/", "scaleFactor": 1e999}',
        b'{"imageUrl": "https://example.com/", "scaleFactor": 9' + b"9" * 5000 + b"}",
        b'{"imageUrl": "https://example.com/", "scaleFactor": "2"}',
        b'{"imageUrl": "https://example.com/", "scaleFactor": 2.5}',
        b'{"imageUrl": "https://example.com/", "scaleFactor": 16}',
        b'{"imageUrl": "https://example.com/", "scaleFactor": true}',
        b'{"imageUrl": "https://example.com/", "webhook": null}',
        b'{"imageUrl": "https://example.com/", "webhook": "ftp://example.com/"}',
        NESTED,
        b'{"imageUrl": "' + b"a" * 2_000_000 + b'"}',
    ],
    ids=lambda body: body[:60].decode("ascii", "replace") if isinstance(body, bytes) else None,
)
def test_a_bad_body_is_the_vendors_400_and_leaves_nothing(inside: "Door", path: str, body: bytes) -> None:
    answer = caller(inside)("POST", path, content=body, headers={**KEY, "Content-Type": "application/json"})

    told = answer.json()
    assert (answer.status_code, told["error"], told["statusCode"]) == (400, "Bad Request", 400)
    assert 0 < len(told["message"]) < 400
    assert caller(inside)("GET", "/artworks").json() == []


@pytest.mark.parametrize(
    ("field", "value", "values"),
    [
        ("scaleFactor", 3, "1, 2, 4, 8"),
        ("scaleFactor", "2", "1, 2, 4, 8"),
        ("outputFormat", "jpg", "auto, png, webp"),
    ],
)
def test_what_a_field_may_be_is_told_to_the_last_value(
    inside: "Door", field: str, value: object, values: str
) -> None:
    answer = caller(inside)("POST", DETAILER, json={"imageUrl": CAT, field: value})

    assert answer.json()["message"] == f"{field}: must be one of the following values: {values}"


@pytest.mark.parametrize(
    "fields",
    [
        {"scaleFactor": 3},
        {"details": 0},
        {"details": 4},
        {"modification": 0},
        {"modification": 4},
        {"seed": 0},
        {"seed": 2_147_483_648},
        {"seed": 10**30},
        {"outputFormat": "jpeg"},
        {"outputFormat": ["png"]},
    ],
)
def test_a_parameter_out_of_bounds_is_refused_by_name(inside: "Door", fields: dict[str, object]) -> None:
    answer = caller(inside)("POST", DETAILER, json={"imageUrl": CAT, **fields})

    assert answer.status_code == 400
    assert answer.json()["message"].startswith(next(iter(fields)))


@pytest.mark.parametrize("factor", [1, 9])
def test_an_upscaling_has_bounds_of_its_own(inside: "Door", factor: int) -> None:
    answer = caller(inside)("POST", UPSCALING, json={"imageUrl": CAT, "scaleFactor": factor})

    assert answer.status_code == 400


@pytest.mark.parametrize("content_type", ["text/plain", "multipart/form-data; boundary=x", ""])
def test_a_body_of_another_type_is_refused(door: "Door", content_type: str) -> None:
    answer = caller(door)(
        "POST",
        DETAILER,
        content=b'{"imageUrl": "https://example.com/"}',
        headers=KEY | {"Content-Type": content_type},
    )

    assert (answer.status_code, answer.json()["message"]) == (400, "body: send it as application/json")


@pytest.mark.parametrize(
    ("method", "path", "status", "message"),
    [
        ("GET", "/artworks/x", 400, "Validation failed (uuid is expected)"),
        ("GET", f"/artworks/{UUID(int=0)}", 404, "Artwork not found"),
        ("GET", "/artworks?limit=0", 400, "limit: not as described"),
        ("GET", "/artworks?limit=501", 400, "limit: not as described"),
        ("GET", "/artworks?limit=ten", 400, "limit: not as described"),
        ("GET", "/artworks?offset=-1", 400, "offset: not as described"),
        ("GET", "/artworks?offset=1e400", 400, "offset: not as described"),
        ("DELETE", "/artworks", 404, "Cannot DELETE /tengr/v2/artworks"),
        ("GET", "/artwork", 404, "Cannot GET /tengr/v2/artwork"),
        ("POST", "/organizations/unknown-1/webhook-secret", 404, "Organization not found"),
    ],
)
def test_what_is_not_there_is_refused_in_the_vendors_words(
    inside: "Door", method: str, path: str, status: int, message: str
) -> None:
    answer = caller(inside)(method, path)

    assert (answer.status_code, answer.json()["message"]) == (status, message.replace("/tengr", ""))


@pytest.mark.parametrize(
    ("key", "status"), [("invalid-1", 401), ("forbidden-1", 403), ("limited-1", 429), ("broken-1", 500)]
)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", DETAILER),
        ("POST", UPSCALING),
        ("GET", "/artworks"),
        ("GET", f"/artworks/{UUID(int=0)}"),
        ("POST", "/organizations/o/webhook-secret"),
    ],
)
def test_a_key_is_looked_at_before_anything_else(
    inside: "Door", key: str, status: int, method: str, path: str
) -> None:
    answer = caller(inside)(method, path, headers={"Authorization": f"Bearer {key}"})

    assert (answer.status_code, answer.json()["statusCode"]) == (status, status)


@pytest.mark.parametrize("path", [DETAILER, UPSCALING])
def test_a_key_without_credits_creates_nothing(inside: "Door", path: str) -> None:
    headers = {"Authorization": "Bearer unfunded-1"}

    answer = caller(inside)("POST", path, json={"imageUrl": CAT}, headers=headers)

    assert (answer.status_code, answer.json()["message"]) == (403, "Not enough credits")
    assert caller(inside)("GET", "/artworks", headers=headers).json() == []


# The organization


def test_each_rotation_gives_another_secret_of_32_bytes(door: "Door") -> None:
    secrets = [caller(door)("POST", "/organizations/o/webhook-secret").json()["secret"] for _ in range(2)]

    assert len(set(secrets)) == 2
    assert {len(bytes.fromhex(secret)) for secret in secrets} == {32}
    assert secrets == [secret.lower() for secret in secrets]


@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary=b", "text/plain"])
def test_a_body_that_is_not_asked_for_is_not_looked_at(inside: "Door", kind: str) -> None:
    told = caller(inside)(
        "POST",
        "/organizations/o/webhook-secret",
        headers={**KEY, "Content-Type": kind},
        content=bytes(2_000_000),
    )

    assert told.status_code == 200


def test_the_secret_is_kept_until_the_next_rotation(inside: "Door") -> None:
    sandbox, secrets = inside.twin.crowd.sandbox("tengr", "k", START), [""]
    for _ in range(2):
        secrets.append(caller(inside)("POST", "/organizations/o/webhook-secret").json()["secret"])

        assert [sandbox.webhook.old_secret, sandbox.webhook.secret] == secrets[-2:]


def test_the_scopes_of_an_account_count_before_the_keys_name(inside: "Door") -> None:
    inside.twin.crowd.sandbox("tengr", "k", START).account["scopes"] = ("generator",)

    assert caller(inside)("POST", "/organizations/o/webhook-secret").status_code == 403


@pytest.mark.parametrize(("key", "status"), [("generator-1", 403), ("manager-1", 200), ("admin-1", 200)])
def test_a_secret_is_rotated_by_managers(inside: "Door", key: str, status: int) -> None:
    headers = {"Authorization": f"Bearer {key}"}

    assert caller(inside)("POST", "/organizations/o/webhook-secret", headers=headers).status_code == status
    assert caller(inside)("POST", DETAILER, json={"imageUrl": CAT}, headers=headers).status_code == 202


# Settings


@pytest.mark.parametrize("settings", [Settings(options={"tengr.fail_late": True})])
def test_images_that_cannot_be_used_may_fail_late_as_well(special: "Door") -> None:
    reasons = [
        "safelight://text.txt",
        "safelight://nothing",
        "https://example.com/a.tiff",
        "http://127.0.0.1:1/",
    ]

    ends = [finished(special, imageUrl=address) for address in reasons]

    assert [(told["status"], told["results"]) for told in ends] == [("failed", [])] * len(reasons)


@pytest.mark.parametrize("settings", [Settings(options={"tengr.strict_webhooks": True})])
@pytest.mark.parametrize(
    ("hook", "status"),
    [
        ("https://example.com/hook", 202),
        ("http://example.com/hook", 400),
        ("https://127.0.0.1/hook", 400),
        ("https://169.254.169.254/", 400),
    ],
)
def test_webhooks_may_have_to_be_https_on_a_public_host(special: "Door", hook: str, status: int) -> None:
    answer = caller(special)("POST", DETAILER, json={"imageUrl": CAT, "webhook": hook})

    assert answer.status_code == status


def test_no_host_is_the_vendors_until_one_is_named(inside: "Door") -> None:
    for host in ("api.tengr.ai", "", "tengr.test"):
        answer = inside.request("GET", "/v2/artworks", headers={**KEY, "Host": host})

        assert answer.status_code == 404
        assert "Nothing is served here" in answer.json()["message"]


@pytest.mark.parametrize("settings", [Settings(options={"tengr.host": "Tengr.test"})])
@pytest.mark.parametrize("host", ["tengr.test", "TENGR.TEST:8080"])
def test_a_host_that_is_named_is_the_vendors(special: "Door", host: str) -> None:
    answer = special.request("GET", "/v2/artworks", headers={**KEY, "Host": host})

    assert (answer.status_code, answer.json()) == (200, [])
    assert caller(special)("GET", "/artworks").status_code == 200


@pytest.mark.slow
@pytest.mark.parametrize("chosen", [("--tengr-host", "tengr.test"), ("--set", "tengr.host=tengr.test")])
def test_the_command_names_the_host(chosen: tuple[str, str]) -> None:
    command = [sys.executable, "-m", "safelight_mock", "serve", "--port", "0", *chosen]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process, closing_down(process):
        assert process.stderr is not None
        told = dict(process.stderr.readline().strip().split(": ", 1) for _ in VENDORS)
        origin = told["tengr"].removesuffix("/tengr")
        answer = httpx.get(f"{origin}/v2/artworks", headers={**KEY, "Host": "tengr.test"}, timeout=30)

    assert (answer.status_code, answer.json()) == (200, [])


@pytest.mark.parametrize("settings", [Settings(strict=True)])
def test_to_the_letter_there_are_five_fields(special: "Door") -> None:
    call = caller(special)

    assert call("POST", DETAILER, json={"imageUrl": CAT}).json()["parameters"] == {
        "imageUrl": CAT,
        "scaleFactor": 2,
        "details": 2,
        "modification": 2,
    }
    for newer in ({"seed": 7}, {"outputFormat": "png"}, {"anything": "else"}):
        assert call("POST", DETAILER, json={"imageUrl": CAT, **newer}).status_code == 400


@pytest.mark.parametrize("settings", [Settings(speed=1e300)])
def test_an_artwork_that_is_over_at_once_is_still_one(special: "Door") -> None:
    artwork = submitted(caller(special), scaleFactor=1)

    assert [told["id"] for told in caller(special)("GET", "/artworks").json()] == [artwork]
    assert found(caller(special), artwork)["status"] == "succeeded"
