"""A document becomes a vendor: its name, its routes, its host, and errors in sentences."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from msgspec.structs import replace

from safelight_mock import ClockMode, InvalidSpecError, Settings, Spec, Twin, TwinTransport
from safelight_mock.config.services import services
from safelight_mock.config.specs import assign_overlays, load_specs
from safelight_mock.config.vendors import choose_vendors
from safelight_mock.vendors import VENDORS
from safelight_mock.wire.served_vendor import ServedVendor

API = """
openapi: 3.1.0
info: {title: "Acme: Images!", version: "1"}
servers: [{url: "https://{region}.acme.com/v1", variables: {region: {default: eu}}}]
paths:
  /things/{id}:
    get:
      operationId: readThing
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses:
        "200":
          description: ""
          content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}
  /things:
    post:
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}}
      responses: {"204": {description: ""}, "400": {description: "", content: {application/json: {}}}}
components:
  schemas:
    Thing: {type: object, required: [size], properties: {size: {type: integer, examples: [7]}}}
"""


@pytest.fixture
def api(tmp_path: Path) -> Path:
    path = tmp_path / "acme.yaml"
    path.write_text(API)
    return path


def only(spec: Spec | Path) -> ServedVendor:
    (served,) = load_specs([spec], use_cache=False)
    return served


def client(twin: Twin) -> httpx.Client:
    return httpx.Client(transport=TwinTransport(twin), base_url="http://mock.test")


def test_a_document_is_served_below_its_name_and_under_its_own_host(api: Path) -> None:
    twin = Twin(Settings(cache=False), specs=[api])

    with client(twin) as http:
        named = http.get("/acme/v1/things/1")
        hosted = http.get("https://eu.acme.com/v1/things/1")
        built_in = http.get("/topaz/image/v1/status", headers={"x-api-key": "k"})
        created = http.post("/acme/v1/things", json={"size": 1})
        invalid = http.post("/acme/v1/things", json={"size": "1"})
    twin.close()

    assert (named.json(), hosted.json()) == ({"size": 7}, {"size": 7})
    assert (built_in.status_code, created.status_code, invalid.status_code) == (200, 204, 400)


@pytest.mark.parametrize(
    ("file", "chosen", "name"),
    [
        ("acme.yaml", "", "acme"),
        ("Acme Images.v2.yaml", "", "acme-images"),
        ("openapi.yaml", "", "acme-images"),
        ("acme.yaml", "Other API", "other-api"),
    ],
)
def test_the_name_is_the_chosen_one_or_that_of_the_file_or_the_title(
    api: Path, file: str, chosen: str, name: str
) -> None:
    assert only(Spec(api.rename(api.with_name(file)), name=chosen)).slug == name


@pytest.mark.parametrize("name", ["files", "…"])
def test_a_name_that_cannot_be_in_a_path_is_refused(api: Path, name: str) -> None:
    with pytest.raises(InvalidSpecError, match="cannot be part of a URL here; choose another"):
        only(Spec(api, name=name))


def test_two_vendors_of_one_name_are_refused(api: Path) -> None:
    for specs in ([api, api], [Spec(api, name="topaz")]):
        with pytest.raises(InvalidSpecError, match=r"two vendors have the name (acme|topaz); give one"):
            choose_vendors(None, specs, use_cache=False)


def test_operations_that_cannot_be_distinguished_are_refused_by_name(api: Path) -> None:
    other = API.replace("  /things:", "  /things/{name}:\n    get: {responses: {}}\n  /things:")
    api.write_text(other)

    with pytest.raises(InvalidSpecError) as refused:
        only(api)

    (problem,) = refused.value.problems
    assert problem == (
        f"{api.as_posix()}: GET /things/{{name}}: GET /v1/things/{{name}} cannot be told from GET "
        "/v1/things/{id}; remove one of them, for example by an overlay"
    )


def test_an_overlay_that_is_missing_is_named_beside_its_document(api: Path, tmp_path: Path) -> None:
    overlay = tmp_path / "none.yaml"

    with pytest.raises(InvalidSpecError) as refused:
        only(Spec(api, lifecycle=overlay))

    document, missing = api.as_posix(), overlay.as_posix()
    (problem,) = refused.value.problems
    assert problem == (
        f"{document} with {missing}: {missing}: cannot read it (No such file or directory); check the path "
        f"(`safelight-mock check {document} --lifecycle {missing}` says how to correct it)"
    )


def test_all_documents_are_checked_before_any_is_served(api: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.yaml").write_text("openapi: 3.1.0\npaths: {}\n")

    with pytest.raises(InvalidSpecError) as refused:
        load_specs([tmp_path / "empty.yaml", tmp_path / "none.yaml", api], use_cache=False)

    assert [problem.partition(": ")[0] for problem in refused.value.problems] == [
        (tmp_path / "empty.yaml").as_posix(),
        (tmp_path / "none.yaml").as_posix(),
    ]


def test_of_two_documents_with_one_host_the_base_path_decides(api: Path, tmp_path: Path) -> None:
    other = tmp_path / "newer.yaml"
    other.write_text(API.replace("acme.com/v1", "acme.com/v2").replace("[7]", "[8]"))
    twin = Twin(Settings(cache=False, vendors=frozenset()), specs=[api, other])

    with client(twin) as http:
        sizes = [http.get(f"https://eu.acme.com/v{n}/things/1").json()["size"] for n in (1, 2)]
        missing = http.get("https://eu.acme.com/v3/things/1")
    twin.close()

    assert sizes == [7, 8]
    assert missing.status_code == 404


def test_a_server_on_this_machine_is_not_a_host_of_the_vendor(api: Path) -> None:
    api.write_text(API.replace("https://{region}.acme.com/v1", "http://localhost:8080/v1"))

    service = services(Settings(cache=False), {"acme": only(api)})["acme"]

    assert service.hosts == frozenset()
    assert service.api.base == "/v1"


@pytest.mark.fidelity("twin.vendors")
def test_built_in_vendors_are_left_out_by_a_setting() -> None:
    assert list(choose_vendors()) == list(VENDORS)
    assert list(choose_vendors({"claid"})) == ["claid"]
    assert list(choose_vendors(())) == []
    with pytest.raises(ValueError, match="unknown vendor 'kodak'; use one of topaz, claid, tengr, none"):
        choose_vendors({"kodak"})


def test_a_setting_of_a_documents_vendor_is_read_like_any_other(api: Path) -> None:
    vendors = {"acme": only(api)}

    served = services(Settings(options={"acme.host": "acme.test"}), vendors)["acme"]

    assert served.hosts == {"eu.acme.com", "acme.test"}
    with pytest.raises(ValueError, match=r"unknown setting 'acme\.hots'; did you mean 'acme\.host'"):
        services(Settings(options={"acme.hots": ""}), vendors)


def test_overlays_go_to_the_document_that_they_name(tmp_path: Path) -> None:
    one, two, overlay = tmp_path / "one.yaml", tmp_path / "two.yaml", tmp_path / "o.yaml"

    alone = assign_overlays([one], [("", overlay), ("", overlay)], [])
    named = assign_overlays([one, two], [("two", overlay), ("uno", overlay)], ["uno"])

    assert [spec.overlays for spec in alone] == [(overlay, overlay)]
    assert [(spec.name, spec.overlays) for spec in named] == [("uno", (overlay,)), ("", (overlay,))]


@pytest.mark.parametrize(
    ("documents", "overlays", "names", "message"),
    [
        (["one.yaml", "two.yaml"], [("", "o.yaml")], [], "which document it is for: one=o.yaml, two=o.yaml"),
        (["one.yaml"], [("uno", "o.yaml")], [], "which document it is for: one=o.yaml"),
        ([], [("", "o.yaml")], [], "give the path of a document too"),
        (["one.yaml"], [], ["a", "b"], "there is no document for --name b"),
    ],
)
def test_an_overlay_or_a_name_without_a_document_is_refused(
    documents: list[str], overlays: list[tuple[str, str]], names: list[str], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        assign_overlays([*map(Path, documents)], [(name, Path(one)) for name, one in overlays], names)


def test_a_package_brings_vendors_by_entry_points(
    api: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    about = tmp_path / "site" / "acme_mock-1.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-mock\nVersion: 1\n")
    (about / "entry_points.txt").write_text(
        "[safelight_mock.vendors]\nacme = acme_mock:SPEC\nlab = acme_mock:LAB\n"
    )
    (tmp_path / "site" / "acme_mock.py").write_text(
        "from msgspec.structs import replace\n"
        "from safelight_mock import Spec\n"
        "from safelight_mock.wire.served_vendor import ServedVendor\n"
        "from safelight_mock.vendors import VENDORS\n"
        f"SPEC = Spec({str(api)!r})\n"
        "vendor = replace(VENDORS['tengr'], slug='lab')\n"
        "LAB = ServedVendor(slug='lab', make=lambda: vendor, document=lambda _: {'paths': {}})\n"
    )
    monkeypatch.syspath_prepend(tmp_path / "site")

    assert list(choose_vendors(use_cache=False)) == [*VENDORS, "lab", "acme"]
    assert list(choose_vendors({"lab"}, use_cache=False)) == ["lab"]


def test_vendors_can_be_given_instead_of_documents(api: Path) -> None:
    given = only(api)
    renamed = replace(given.vendor, slug="other")
    other = ServedVendor(slug="other", make=lambda: renamed, document=given.document)

    twin = Twin(vendors={"other": other})
    with client(twin) as http:
        response = http.get("/other/v1/things/1")
    twin.close()

    assert response.json() == {"size": 7}


BODIES = """
openapi: 3.1.0
info: {title: Bodies, version: "1"}
paths:
  /octets:
    post:
      requestBody: {content: {"image/*": {}, application/octet-stream: {schema: {minLength: 9}}}}
      responses: {"200": {description: ""}}
  /json:
    post:
      requestBody: {content: {"*/*": {schema: {type: object, required: [a]}}}}
      responses: {"200": {description: ""}}
  /required:
    post:
      requestBody: {required: true, content: {application/json: {schema: {type: object}}}}
      responses: {"200": {description: ""}}
"""


@pytest.mark.parametrize(
    ("path", "content", "media", "status"),
    [
        ("/octets", b"\x00\x01", "application/octet-stream", 200),
        ("/octets", b"\x00\x01", "image/png", 200),
        ("/octets", b"{}", "application/json", 415),
        ("/octets", b"", "", 200),
        ("/json", b'{"a": 1}', "application/json", 200),
        ("/json", b'{"b": 1}', "application/vnd.acme+json", 422),
        ("/json", b"", "", 200),
        ("/required", b"{}", "application/json", 200),
        ("/required", b"", "application/json", 400),
        ("/required", b"", "", 415),
    ],
)
def test_a_body_is_read_by_the_media_type_that_describes_it(
    tmp_path: Path, path: str, content: bytes, media: str, status: int
) -> None:
    (tmp_path / "bodies.yaml").write_text(BODIES)
    twin = Twin(Settings(cache=False, vendors=frozenset()), specs=[tmp_path / "bodies.yaml"])

    headers = {"content-type": media} if media else {}
    with client(twin) as http:
        response = http.post(f"/bodies{path}", content=content, headers=headers)
    twin.close()

    assert response.status_code == status


JOBS_API = """
openapi: 3.1.0
info: {title: Renders, version: "1"}
paths:
  /renders:
    post:
      operationId: createRender
      requestBody: {content: {application/json: {schema: {properties: {prompt: {type: string}}}}}}
      responses: {"201": {$ref: "#/components/responses/Render"}}
  /renders/{render_id}:
    get:
      operationId: getRender
      parameters: [{name: render_id, in: path, required: true, schema: {type: string}}]
      responses: {"200": {$ref: "#/components/responses/Render"}}
components:
  responses:
    Render:
      description: ""
      content: {application/json: {schema: {$ref: "#/components/schemas/Render"}}}
  schemas:
    Render:
      type: object
      required: [id, status]
      properties:
        id: {type: string}
        status: {type: string, enum: [queued, running, succeeded, failed]}
        image_url: {type: string, format: uri}
"""


def test_lifecycles_that_a_document_lacks_are_inferred_and_said_to_be(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "renders.yaml").write_text(JOBS_API)
    settings = Settings(clock=ClockMode.AUTO, cache=False, vendors=frozenset())
    twin = Twin(settings, specs=[tmp_path / "renders.yaml"])

    with client(twin) as http:
        job = http.post("/renders/renders", json={"prompt": "cat"}).json()
        states = [http.get(f"/renders/renders/{job['id']}").json()["status"] for _ in range(2)]
    twin.close()

    facts = twin.served["renders"].facts
    assert (len(facts.lifecycles), facts.is_inferred) == (1, True)
    assert states == ["running", "succeeded"]
    assert "inferred: lifecycle render; 1 of 11 facts are doubtful; " in caplog.text
    assert f"`safelight-mock infer {tmp_path}/renders.yaml` writes an overlay" in caplog.text


def test_declared_lifecycles_are_not_inferred() -> None:
    example = Path(__file__).parents[3] / "examples" / "luma"

    facts = only(Spec(example / "openapi.yaml", lifecycle=example / "lifecycle.overlay.yaml")).facts

    assert facts is not None
    assert (facts.lifecycles, facts.is_inferred) == (("generation",), False)


def test_how_long_jobs_of_a_document_are_kept_is_a_setting_of_its_vendor() -> None:
    example = Path(__file__).parents[3] / "examples" / "luma"
    vendors = {
        "luma": only(
            Spec(example / "openapi.yaml", lifecycle=example / "lifecycle.overlay.yaml", name="luma")
        )
    }

    def kept(**settings: Any) -> float:  # noqa: ANN401 - those of Settings
        return services(Settings(**settings), vendors)["luma"].lifecycles["generation"].kept_for

    assert kept(options={"luma.retention": "2h"}) == 7200
    assert kept(options={"luma.retention": "2h"}, retention=timedelta(1)) == 7200
    assert kept(retention=timedelta(1)) == 86400
    with pytest.raises(ValueError, match="'soon' is not a duration"):
        kept(options={"luma.retention": "soon"})
