import hashlib
import json
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from safelight_openapi import (
    EffectiveDocuments,
    JSONValue,
    OverlayError,
    SpecError,
    as_mapping,
    build_effective,
    list_vendors,
)
from safelight_openapi._checks.document import tag_violations

ROOT = Path(__file__).parents[3]
BASE = """\
openapi: 3.0.3
info: {title: Acme, version: '1'}
paths:
  /a:
    get:
      operationId: readA
      responses:
        200: {description: OK}
components: {schemas: {Size: {type: integer, example: 3, default: 1}}}
"""
OTHER: JSONValue = {
    "openapi": "3.1.0",
    "info": {"title": "Other", "version": "9"},
    "paths": {"/b": {"get": {"operationId": "readB", "responses": {"200": {"description": "OK"}}}}},
    "components": {"schemas": {"Size": {"type": "string"}}},
}


def vendored(root: Path, **overlays: str) -> Path:
    """A vendor `acme` with two documents under `root`, and overlays by folder and name (`truth__10_a`)."""
    folder = root / "openapi" / "acme"
    folder.mkdir(parents=True)
    entries = []
    for name, text in (("base.yaml", BASE), ("other.json", json.dumps(OTHER))):
        (folder / name).write_text(text)
        digest = hashlib.sha256(text.encode()).hexdigest()
        entries.append(
            f'[[documents]]\nfile = "{name}"\nkind = "openapi"\npage = "{name}"\ncut = "whole"\n'
            f'sha256 = "{digest}"\npage_sha256 = "{digest}"\n'
        )
    (folder / "source.toml").write_text("".join(entries))
    for name, actions in {"truth__00_other": DROP_SIZE, **overlays}.items():
        layer, _, file = name.partition("__")
        path = root / "overlays" / "acme" / layer / f"{file}.overlay.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("overlay: 1.1.0\ninfo: {title: T, version: '1'}\n" + dedent(actions))
    return root


def action(target: str, change: str) -> str:
    return f'actions: [{{target: "{target}", description: Because., {change}}}]\n'


DROP_SIZE = "extends: ../../../openapi/acme/other.json\n" + action(
    "$.components.schemas.Size", "remove: true"
)
SIZE = "$.components.schemas.Size"


def size(document: dict[str, Any]) -> Any:  # noqa: ANN401 — whatever the overlay made it
    return document["components"]["schemas"]["Size"]


def acme(root: Path, **overlays: str) -> EffectiveDocuments:
    return build_effective("acme", vendored(root, **overlays))


def test_documents_of_two_dialects_become_one(tmp_path: Path) -> None:
    made = acme(tmp_path)

    assert made.truth["openapi"] == "3.1.2"
    assert list(as_mapping(made.truth["paths"])) == ["/a", "/b"]
    assert size(made.truth) == {"type": "integer", "examples": [3], "default": 1}


def test_overlays_are_applied_in_the_order_of_their_names(tmp_path: Path) -> None:
    made = acme(
        tmp_path,
        truth__20_second=action(SIZE, "update: {title: second}"),
        truth__10_first=action(SIZE, "update: {title: first}"),
    )

    assert size(made.truth) == {"type": "integer", "examples": [3], "default": 1, "title": "second"}


def test_strict_and_codegen_each_start_from_the_truth(tmp_path: Path) -> None:
    made = acme(
        tmp_path,
        truth__10_a=action(SIZE, "update: {title: truth}"),
        strict__10_a=action(SIZE, "update: {minimum: 1}"),
        codegen__10_a=action("$..default", "remove: true"),
    )

    truth = {"type": "integer", "examples": [3], "default": 1, "title": "truth"}
    assert size(made.truth) == truth
    assert size(made.strict) == {**truth, "minimum": 1}
    assert size(made.codegen) == {"type": "integer", "examples": [3], "title": "truth"}


def test_every_part_that_is_ours_is_traced_to_its_action(tmp_path: Path) -> None:
    made = acme(
        tmp_path,
        truth__05_early="extends: ../../../openapi/acme/other.json\n"
        + action("$.paths['/b'].get", "update: {summary: B, tags: [b]}"),
        truth__10_late=action("$.paths['/b'].get", "update: {summary: Better}"),
    )

    assert made.provenance == {
        "/paths/~1b/get/summary": {
            "overlay": "overlays/acme/truth/10_late.overlay.yaml",
            "action": 1,
            "description": "Because.",
        },
        "/paths/~1b/get/tags": {
            "overlay": "overlays/acme/truth/05_early.overlay.yaml",
            "action": 1,
            "description": "Because.",
        },
    }


def test_what_a_later_overlay_replaced_has_the_later_origin(tmp_path: Path) -> None:
    anew = "update: {get: {operationId: readB, summary: New, responses: {'200': {description: OK}}}}"
    made = acme(
        tmp_path,
        truth__05_early="extends: ../../../openapi/acme/other.json\n"
        + action("$.paths['/b'].get", "update: {summary: B}"),
        truth__10_drop=action("$.paths['/b'].get", "remove: true"),
        truth__11_anew=action("$.paths['/b']", anew),
    )

    assert [(pointer, as_mapping(origin)["overlay"]) for pointer, origin in made.provenance.items()] == [
        ("/paths/~1b/get", "overlays/acme/truth/11_anew.overlay.yaml")
    ]


def test_tags_set_before_the_join_are_not_traced_for_their_index_changes(tmp_path: Path) -> None:
    made = acme(
        tmp_path,
        truth__05_early="extends: ../../../openapi/acme/other.json\n"
        + action("$", "update: {tags: [{name: b}]}"),
    )

    assert made.truth["tags"] == [{"name": "b"}]
    assert made.provenance == {}


def test_every_file_the_documents_were_made_from_is_listed(tmp_path: Path) -> None:
    made = acme(tmp_path, strict__10_a=action(SIZE, "update: {minimum: 1}"))

    assert [path.relative_to(tmp_path).as_posix() for path in made.inputs] == [
        "openapi/acme/base.yaml",
        "openapi/acme/other.json",
        "openapi/acme/source.toml",
        "overlays/acme/strict/10_a.overlay.yaml",
        "overlays/acme/truth/00_other.overlay.yaml",
    ]


def test_documents_that_still_contradict_each_other_are_rejected(tmp_path: Path) -> None:
    overlay = "extends: ../../../openapi/acme/other.json\n" + action(
        "$.paths['/b'].get", "update: {summary: B}"
    )

    with pytest.raises(SpecError, match="/components/schemas/Size/type"):
        acme(tmp_path, truth__00_other=overlay)


def test_an_action_that_matches_nothing_is_rejected(tmp_path: Path) -> None:
    with pytest.raises(OverlayError, match=r"overlays/acme/truth/10_a\.overlay\.yaml, action 1"):
        acme(tmp_path, truth__10_a=action("$.lost", "remove: true"))


def test_an_action_without_a_description_is_rejected(tmp_path: Path) -> None:
    silent = action(SIZE, "update: {minimum: 1}").replace("description: Because., ", "")

    with pytest.raises(SpecError, match="action 1 has no description"):
        acme(tmp_path, truth__10_a=silent)


def test_an_overlay_for_an_unknown_document_is_rejected(tmp_path: Path) -> None:
    overlay = "extends: ../../../openapi/acme/third.json\n" + action("$", "update: {a: 1}")

    with pytest.raises(SpecError, match="which is not a vendored document"):
        acme(tmp_path, truth__10_a=overlay)


@pytest.mark.parametrize(("layer", "subject"), [("truth", "acme: truth"), ("strict", "acme: strict")])
def test_an_invalid_effective_document_is_rejected(tmp_path: Path, layer: str, subject: str) -> None:
    with pytest.raises(SpecError, match=subject) as raised:
        acme(tmp_path, **{f"{layer}__10_a": action(SIZE, "update: {maximum: 2}")})

    assert raised.value.problems == (
        "/components/schemas/Size/examples/0: 3 is greater than the maximum of 2",
    )


def test_a_vendored_file_that_was_edited_is_rejected(tmp_path: Path) -> None:
    vendored(tmp_path)
    edited = tmp_path / "openapi" / "acme" / "base.yaml"
    edited.write_text(edited.read_text().replace("Acme", "Acme Inc"))

    with pytest.raises(SpecError, match=r"base\.yaml has sha256"):
        build_effective("acme", tmp_path)


def test_vendors_are_those_with_a_source_file(tmp_path: Path) -> None:
    vendored(tmp_path)
    (tmp_path / "openapi" / "empty").mkdir()

    assert list_vendors(tmp_path) == ["acme"]


@pytest.mark.slow
@pytest.mark.parametrize("vendor", list_vendors(ROOT))
def test_the_webhooks_of_every_vendor_have_a_tag_of_their_own(vendor: str) -> None:
    truth = build_effective(vendor, ROOT).truth

    webhooks: Any = truth["webhooks"]
    assert list(tag_violations(truth)) == []
    assert {tag for item in webhooks.values() for tag in item["post"]["tags"]} == {"Webhooks"}
