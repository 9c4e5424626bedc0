"""`safelight-codegen generate --spec`: a typed client under the user's own name, from a document alone."""

import json
import sys
from collections.abc import Iterator
from importlib import import_module, invalidate_caches
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner, Result

from safelight_codegen._cli import main
from safelight_mock import Settings, Spec, Twin, TwinTransport

API: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Acme", "version": "1"},
    "servers": [{"url": "https://api.acme.com/v1"}],
    "paths": {
        "/renders": {
            "post": {
                "operationId": "createRender",
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {
                            "schema": {
                                "title": "NewRender",
                                "type": "object",
                                "required": ["prompt"],
                                "properties": {"prompt": {"type": "string", "default": "cat"}},
                            }
                        }
                    },
                },
                "responses": {"200": {"$ref": "#/components/responses/Render"}},
            }
        },
        "/renders/{id}": {
            "get": {
                "operationId": "getRender",
                "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
                "responses": {"200": {"$ref": "#/components/responses/Render"}},
            }
        },
        "/size": {
            "get": {
                "parameters": [
                    {"name": "X-Version", "in": "header", "required": True, "schema": {"const": "2026-01-01"}}
                ],
                "responses": {
                    "200": {
                        "description": "",
                        "content": {
                            "application/json": {
                                "schema": {
                                    "title": "Size",
                                    "type": "object",
                                    "required": ["width"],
                                    "properties": {"width": {"type": "integer", "examples": [7]}},
                                }
                            }
                        },
                    }
                },
            }
        },
    },
    "components": {
        "responses": {
            "Render": {
                "description": "",
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Render"}}},
            }
        },
        "schemas": {
            "Render": {
                "type": "object",
                "required": ["id", "status"],
                "properties": {
                    "id": {"type": "string"},
                    "status": {"type": "string", "enum": ["queued", "done", "error"]},
                    "image_url": {"type": "string"},
                },
            }
        },
    },
}
LIFECYCLE = """
overlay: 1.1.0
info: {title: Lifecycle of Acme, version: "1"}
actions:
  - target: $
    update:
      x-async-jobs:
        version: "2"
        lifecycles:
          render:
            submit: [createRender]
            id: {from: $response.body#/id, parameter: id}
            read: {operation: getRender, state: $response.body#/status}
            states: {queued: queued, done: succeeded, error: failed}
            result: {from: $response.body#/image_url}
"""
MODULES = ("acme_client", "other_client")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that packages are imported from, with a document and its lifecycle."""
    (tmp_path / "api.json").write_text(json.dumps(API))
    (tmp_path / "life.overlay.yaml").write_text(LIFECYCLE)
    (tmp_path / "out").mkdir()
    monkeypatch.syspath_prepend(tmp_path / "out")
    yield tmp_path
    for name in [name for name in sys.modules if name.partition(".")[0] in MODULES]:
        del sys.modules[name]


def run(folder: Path, *arguments: str, package: str = "acme_client") -> Result:
    spec = ["--spec", str(folder / "api.json"), "--package", package, "--out", str(folder / "out")]
    result = CliRunner().invoke(main, ["generate", *spec, *arguments])
    invalidate_caches()
    return result


@pytest.mark.slow
def test_two_packages_of_a_users_own_are_imported_side_by_side_and_call_the_mock_server(folder: Path) -> None:
    lifecycle = ("--lifecycle", str(folder / "life.overlay.yaml"))

    results = [run(folder, *lifecycle), run(folder, package="other_client")]

    assert [result.exit_code for result in results] == [0, 0]
    assert results[0].stdout == f"{folder}/out/acme_client\n"
    acme, other = (import_module(name) for name in MODULES)
    jobs = import_module("acme_client.async_jobs")
    assert list(jobs.LIFECYCLES) == ["render"]
    assert jobs.OPERATIONS["getRender"] == "acme_client.api.default.get_render"
    assert import_module("other_client.async_jobs").LIFECYCLES == {}
    twin = Twin(Settings(cache=False), specs=[Spec(folder / "api.json", name="acme")])
    for package in (acme, other):
        read = import_module(f"{package.__name__}.api.default.get_size")
        client = package.Client(base_url="http://mock.test/acme/v1")
        client.set_httpx_client(
            httpx.Client(transport=TwinTransport(twin), base_url="http://mock.test/acme/v1")
        )
        assert read.sync(client=client, x_version="2026-01-01").width == 7
    twin.close()
    assert import_module("safelight_clients.topaz.async_jobs").LIFECYCLES.keys() != {"render"}


@pytest.mark.slow
def test_the_client_sends_no_default_and_is_checked_for_being_outdated(folder: Path) -> None:
    assert run(folder).exit_code == 0

    models = import_module("acme_client.models")
    (name,) = [name for name in models.__all__ if name.endswith("NewRender") or "Body" in name]
    assert getattr(models, name)(prompt="dog").to_dict() == {"prompt": "dog"}
    assert run(folder, "--check").exit_code == 0
    (folder / "out/acme_client/client.py").write_text("")
    (folder / "out/acme_client/extra.py").write_text("")
    stale = run(folder, "--check")

    assert stale.exit_code == 1
    assert stale.stderr.splitlines() == [
        "differs: client.py",
        "unexpected: extra.py",
        f"{folder}/out/acme_client is outdated; generate it again",
    ]


def test_a_folder_that_was_not_generated_is_not_overwritten(folder: Path) -> None:
    (folder / "out/acme_client").mkdir(parents=True)
    (folder / "out/acme_client/__init__.py").write_text("mine = True\n")

    refused = run(folder)

    assert (refused.exit_code, "was not generated; choose another --package or --out" in refused.stderr) == (
        1,
        True,
    )
    assert (folder / "out/acme_client/__init__.py").read_text() == "mine = True\n"


@pytest.mark.parametrize("name", ["acme-client", "class", "safelight_clients", "1st", ""])
def test_a_name_that_no_package_of_a_user_has_is_refused(folder: Path, name: str) -> None:
    refused = run(folder, package=name)

    assert (refused.exit_code, "use one such as acme_client" in refused.stderr) == (1, True)


def test_a_document_that_cannot_be_used_is_refused_in_sentences(folder: Path) -> None:
    (folder / "api.json").write_text(json.dumps({**API, "paths": {"/a": {"get": {"responses": []}}}}))

    refused = run(folder)

    assert refused.exit_code == 1
    assert "/paths/~1a/get/responses: [] is not an object" in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["--spec", "a.json"], "--spec also needs --package NAME, the name of the client package, such as"),
        (["--package", "a"], "--package is for --spec FILE only; add --spec"),
        (["--lifecycle", "a"], "--lifecycle is for --spec FILE only; add --spec and --package"),
        (["--spec", "a", "--package", "b", "topaz"], "give VENDOR or --spec, not both: topaz"),
    ],
)
def test_the_options_belong_together(arguments: list[str], error: str) -> None:
    refused = CliRunner().invoke(main, ["generate", *arguments])

    assert (refused.exit_code, error in refused.stderr) == (2, True)


@pytest.mark.slow
def test_what_the_client_lacks_is_noted_and_its_lifecycle_left_out(folder: Path) -> None:
    broken = json.loads(json.dumps(API))
    header = {"name": "X-Place", "in": "header", "required": True, "schema": {"type": "array", "items": {}}}
    broken["paths"]["/renders"]["post"]["parameters"] = [header]
    (folder / "api.json").write_text(json.dumps(broken))

    result = run(folder, "--lifecycle", str(folder / "life.overlay.yaml"))

    assert result.exit_code == 0
    assert "for which no module was generated; the lifecycle is left out" in result.stderr
    assert import_module("acme_client.async_jobs").LIFECYCLES == {}
