"""`safelight-mock serve api.yaml`: documents beside the built-in vendors, over a socket."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner
from tests.mockserver.processes import closing_down

from safelight_mock import MockServer, Settings, Spec
from safelight_mock.adapters.cli import main

API = """
openapi: 3.1.0
info: {title: Acme, version: "1"}
servers: [{url: https://api.acme.com/v1}]
paths:
  /things/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get:
      operationId: readThing
      responses:
        "200": {description: "", content: {application/json: {schema: {type: object}, example: {size: 7}}}}
"""
SWAGGER = """{
  "swagger": "2.0",
  "info": {"title": "Old", "version": "1"},
  "basePath": "/v2",
  "paths": {"/a": {"get": {"responses": {"200": {"description": "", "schema": {"type": "integer"}}}}}}
}"""
OVERLAY = """
overlay: 1.1.0
info: {title: Example, version: "1"}
actions:
  - target: $.paths['/things/{id}'].get.responses['200'].content['application/json'].example
    update: {size: 8}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in (("acme.yaml", API), ("old.json", SWAGGER), ("size.overlay.yaml", OVERLAY)):
        (tmp_path / name).write_text(text)
    return tmp_path


@contextmanager
def served(folder: Path, arguments: Sequence[str], lines: int, **variables: str) -> Iterator[list[str]]:
    """Run the command in a folder; yields its first lines."""
    command = [sys.executable, "-m", "safelight_mock", "serve", "--port", "0", *arguments]
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache"), **variables}
    with (
        subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True, env=environment) as process,
        closing_down(process),
    ):
        assert process.stderr is not None
        yield [process.stderr.readline().rstrip("\n") for _ in range(lines)]


def refused(folder: Path, *arguments: str) -> str:
    """Return what the command says of documents that it does not serve."""
    paths = [str(folder / one) if one.endswith((".yaml", ".json")) else one for one in arguments]
    outcome = CliRunner().invoke(main, ["serve", "--no-cache", *paths])
    assert outcome.exit_code in (1, 2)
    assert "Traceback" not in outcome.output
    return outcome.stderr


@pytest.mark.slow
@pytest.mark.fidelity("twin.cache")
def test_documents_are_served_beside_the_built_in_vendors_and_listed_with_what_they_have(
    folder: Path,
) -> None:
    with served(folder, ["acme.yaml", "old.json"], 5) as lines:
        about = dict(line.split(": ", 1) for line in lines)
        acme, _, described = about["acme"].partition(" ")
        old, _, other = about["old"].partition(" ")
        responses = [httpx.get(f"{acme}/things/1", timeout=30), httpx.get(f"{old}/a", timeout=30)]
        host = httpx.get(
            f"{acme.rpartition('/acme')[0]}/v1/things/1", headers={"host": "api.acme.com"}, timeout=30
        )

    assert list(about) == ["topaz", "claid", "tengr", "acme", "old"]
    assert (described, other) == ("(1 operation, no lifecycle)", "(1 operation, no lifecycle)")
    assert (acme.endswith("/acme/v1"), old.endswith("/old/v2")) == (True, True)
    assert [one.json() for one in (*responses, host)] == [{"size": 7}, 1, {"size": 7}]
    assert len(list((folder / "cache/safelight/documents").iterdir())) == 2


@pytest.mark.slow
def test_overlays_names_and_left_out_vendors_are_options_or_variables(folder: Path) -> None:
    chosen = {
        "SAFELIGHT_MOCK_DOCUMENTS": "acme.yaml",
        "SAFELIGHT_MOCK_LIFECYCLE": "size.overlay.yaml",
        "SAFELIGHT_MOCK_NAME": "Shop",
        "SAFELIGHT_MOCK_VENDORS": "none",
        "SAFELIGHT_MOCK_CACHE": "0",
    }
    options = [
        "acme.yaml",
        "--lifecycle",
        "size.overlay.yaml",
        "--name",
        "Shop",
        "--vendors",
        "none",
        "--no-cache",
    ]

    for arguments, variables in ((options, {}), ([], chosen)):
        with served(folder, arguments, 1, **variables) as (line,):
            name, _, rest = line.partition(": ")
            response = httpx.get(f"{rest.partition(' ')[0]}/things/1", timeout=30)
        assert (name, response.json()) == ("shop", {"size": 8})
    assert not (folder / "cache").exists()


@pytest.mark.slow
def test_lifecycles_are_inferred_unless_an_option_forbids_it(folder: Path) -> None:
    document = str(Path("examples/luma/openapi.yaml").absolute())
    arguments = [document, "--name", "luma", "--vendors", "none"]
    abouts = []

    for option in ("--infer", "--no-infer"):
        with served(folder, [*arguments, option], 2) as (_, line):
            abouts.append(line.partition(" (")[2])

    assert abouts == ["8 operations, lifecycle generation (inferred))", "8 operations, no lifecycle)"]


@pytest.mark.slow
def test_the_second_start_reads_no_yaml(folder: Path) -> None:
    loaded = (
        "import sys; from safelight_mock.config.vendors import choose_vendors as c; c([], ['acme.yaml']); "
    )
    command = [sys.executable, "-c", f"{loaded}print('ruamel.yaml' in sys.modules)"]
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache")}

    outputs = [
        subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, check=True
        ).stdout
        for _ in range(2)
    ]

    assert outputs == ["True\n", "False\n"]


@pytest.mark.slow
def test_a_start_imports_nothing_that_only_requests_need(folder: Path) -> None:
    program = (
        "import sys, safelight_mock.adapters.cli\n"
        "from safelight_mock import Twin\n"
        "Twin().close()\n"
        "print(*sorted({'PIL', 'httpx', 'numpy', 'pyvips', 'rich', 'ruamel', 'yaml'} & {*sys.modules}))"
    )

    done = subprocess.run(
        [sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=True
    )

    assert done.stdout == "\n"


@pytest.mark.slow
def test_documents_are_served_with_the_extra_mock_alone(folder: Path) -> None:
    missing = (
        "import sys; sys.modules |= dict.fromkeys(['openapi_spec_validator', 'jsonschema', 'platformdirs']); "
    )
    load = (
        "from safelight_mock.config.vendors import choose_vendors as c; c([], ['acme.yaml'], use_cache=False)"
    )

    done = subprocess.run([sys.executable, "-c", f"{missing}{load}"], cwd=folder, check=False)

    assert done.returncode == 0


def test_a_document_that_cannot_be_served_is_one_sentence(folder: Path) -> None:
    (folder / "broken.yaml").write_text(
        API.replace("schema: {type: object}", "schema: {$ref: '#/components/schemas/T'}")
    )

    stderr = refused(folder, "broken.yaml")

    assert stderr == (
        f"Error: {folder}/broken.yaml: /paths/~1things~1{{id}}/get/responses/200/content/application~1json"
        "/schema/$ref: #/components/schemas/T does not exist; add it, or correct it\n"
    )


def test_all_problems_of_all_documents_are_listed(folder: Path) -> None:
    (folder / "empty.yaml").write_text("openapi: 3.1.0\npaths: {}\n")

    lines = refused(folder, "empty.yaml", "none.yaml", "acme.yaml").splitlines()

    assert lines[0] == "Error: these documents cannot be served:"
    assert [line.partition(": ")[0].rpartition("/")[2] for line in lines[1:]] == ["empty.yaml", "none.yaml"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["acme.yaml", "--name", "topaz"],
            "two vendors have the name topaz; give one of them another (--name",
        ),
        (["acme.yaml", "--name", "a", "--name", "b"], "there is no document for --name b"),
        (
            ["acme.yaml", "old.json", "--lifecycle", "size.overlay.yaml"],
            "say which document it is for: acme=",
        ),
        (
            ["acme.yaml", "--lifecycle", "acmee=size.overlay"],
            "there is no document named acmee; say which document it is for: acme=",
        ),
        (["--lifecycle", "size.overlay.yaml"], "give the path of a document too"),
        (["--vendors", "none"], "nothing would be served; give the path of a document, or name vendors"),
        (["size.overlay.yaml"], "it is an overlay; give it as --lifecycle"),
        (["acme.yaml", "--set", "acme:x=1"], "unknown setting 'acme:x'"),
        (
            ["acme.yaml", "--files-url", "acmee=http://h"],
            "--files-url: unknown vendor 'acmee'; use one of topaz, claid, tengr, acme",
        ),
        (
            ["acme.yaml", "--set", "acme.retention=soon", "--port", "0"],
            "'soon' is not a duration; use a number",
        ),
        (["--set", "topaz.webhook_retried=never", "--port", "0"], "webhook_retried: 'never' is not one of"),
        (["--vendors", "kodak"], "unknown vendor 'kodak'; use one of topaz, claid, tengr, none"),
    ],
)
def test_wrong_combinations_are_one_sentence(folder: Path, arguments: list[str], message: str) -> None:
    assert message in refused(folder, *arguments)


@pytest.mark.slow
def test_a_server_in_a_test_serves_documents_and_the_control_plane_has_them(folder: Path) -> None:
    spec = Spec(folder / "acme.yaml", lifecycle=folder / "size.overlay.yaml", name="shop")
    settings = Settings(cache=False, options={"shop.host": "shop.test"})

    with MockServer(settings, specs=[spec]) as server, httpx.Client(timeout=30) as http:
        response = http.get(f"{server.url('shop')}/things/1")
        named = http.get(f"{server.origin}/v1/things/1", headers={"host": "shop.test"})
        missing = http.get(f"{server.url('shop')}/nothing")
        log = http.get(f"{server.origin}/_safelight/requests").json()
        metrics = http.get(f"{server.origin}/_safelight/metrics").text

    assert (response.json(), named.json(), missing.status_code) == ({"size": 8}, {"size": 8}, 404)
    assert [(entry["vendor"], entry["operation"], entry["status"]) for entry in log] == [
        ("shop", "", 404),
        ("shop", "readThing", 200),
        ("shop", "readThing", 200),
    ]
    assert 'vendor="shop"' in metrics


@pytest.mark.slow
def test_a_loopback_name_that_a_document_is_served_for_is_in_links() -> None:
    example = Path(__file__).parents[3] / "examples" / "azure-document-intelligence"
    spec = Spec(example / "swagger.yaml", example / "lifecycle.overlay.yaml", name="azure")
    settings = Settings(cache=False, options={"azure.host": "localhost"})

    with MockServer(settings, specs=[spec]) as server, httpx.Client(timeout=30) as http:
        root = server.origin.replace("127.0.0.1", "localhost")
        submitted = http.post(
            f"{root}/documentintelligence/documentModels/prebuilt-layout:analyze",
            params={"api-version": "2024-11-30", "output": "pdf,figures"},
            headers={"ocp-apim-subscription-key": "k"},
            json={"urlSource": "https://example.com/a.pdf"},
        )
        told = submitted.headers["operation-location"]
        read = http.get(told, headers={"ocp-apim-subscription-key": "k"})

    assert told.startswith(f"{root}/documentintelligence/documentModels/prebuilt-layout/analyzeResults/")
    assert (submitted.status_code, read.status_code) == (202, 200)
