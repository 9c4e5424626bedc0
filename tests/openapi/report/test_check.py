"""One broken document or overlay for each code: its place, and that the ready-made action corrects it."""

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from tests.openapi.report.render_api import (
    AT,
    CONTENT,
    DOCUMENT,
    GET,
    JOB_RESPONSE,
    LIFECYCLES,
    POST,
    RENDER_ID,
    put,
)

from safelight_openapi import (
    CheckReport,
    Finding,
    FindingCode,
    apply_overlays,
    check_document,
    dump_json,
    load_overlay,
    parse_overlay,
    read_document,
)

pytestmark = pytest.mark.slow


# Code, the change that breaks the document or the lifecycles, the pointer of the finding.
IN_DOCUMENT: list[tuple[FindingCode, Callable[[Any], None], str]] = [
    (
        FindingCode.UNRESOLVED_REFERENCE,
        put("/components/schemas/Other", {"$ref": "#/components/schemas/Rendr"}),
        "/components/schemas/Other/$ref",
    ),
    (
        FindingCode.EXTERNAL_REFERENCE,
        put("/components/schemas/Other", {"$ref": "other.yaml"}),
        "/components/schemas/Other/$ref",
    ),
    (
        FindingCode.INVALID_DOCUMENT,
        put("/paths/~1renders/post/responses", []),
        "/paths/~1renders/post/responses",
    ),
    (
        FindingCode.INVALID_LINK,
        put(
            "/paths/~1renders~1{render_id}/delete/responses/204/links",
            {"again": {"operationId": "getRendr", "parameters": {"render_id": "$request.path.render_id"}}},
        ),
        "/paths/~1renders~1{render_id}/delete/responses/204/links/again",
    ),
    (
        FindingCode.INVALID_EXAMPLE,
        put("/components/schemas/Render/examples", [{"id": 1}]),
        "/components/schemas/Render/examples/0",
    ),
    (
        FindingCode.UNSATISFIABLE_BODY,
        put(f"{CONTENT}/schema", {"type": "string", "pattern": "^(?=a)b$"}),
        f"{POST}/requestBody",
    ),
    (
        FindingCode.UNSERVABLE_DOCUMENT,
        put("/components/schemas/Loop", {"$ref": "#/components/schemas/Loop"}),
        "",
    ),
    (
        FindingCode.UNKNOWN_SCHEME,
        put(f"{POST}/security", [{"kee": []}]),
        f"{POST}/security/0/kee",
    ),
    (
        FindingCode.SHARED_TAG,
        put("/webhooks/renderEnded/post/tags", ["Renders"]),
        "/webhooks/renderEnded",
    ),
]
IN_LIFECYCLE: list[tuple[FindingCode, Callable[[Any], None], str]] = [
    (FindingCode.UNKNOWN_VERSION, put("/version", "3"), "/x-async-jobs"),
    (FindingCode.UNKNOWN_KEY, put("/lifecycles/render/reed", {"operation": "getRender"}), f"{AT}/reed"),
    (FindingCode.INVALID_LIFECYCLE, put("/lifecycles/render/states/error", "faild"), f"{AT}/states/error"),
    (
        FindingCode.UNKNOWN_OPERATION,
        put("/lifecycles/render/read/operation", "getRendr"),
        f"{AT}/read/operation",
    ),
    (FindingCode.SHARED_OPERATION, put("/lifecycles/render/sync", ["createRender"]), f"{AT}/sync/0"),
    (
        FindingCode.UNKNOWN_PLACE,
        put("/lifecycles/render/read/state", "$response.body#/stat"),
        f"{AT}/read/state",
    ),
    (FindingCode.UNKNOWN_PARAMETER, put("/lifecycles/render/id/parameter", "id"), f"{AT}/read/operation"),
    (FindingCode.UNKNOWN_WORD, put("/lifecycles/render/moves/0/while", ["don"]), f"{AT}/moves/0/while/0"),
    (FindingCode.ABSENT_WORD, put("/lifecycles/render/states/paused", "running"), f"{AT}/states/paused"),
    (FindingCode.UNMAPPED_WORD, put("/lifecycles/render/states/done", ...), f"{AT}/states"),
    (
        FindingCode.UNKNOWN_WEBHOOK,
        put("/lifecycles/render/deliver/webhook", "renderEnd"),
        f"{AT}/deliver/webhook",
    ),
]
WITHOUT_REMEDY = {
    FindingCode.EXTERNAL_REFERENCE,
    FindingCode.INVALID_DOCUMENT,
    FindingCode.UNSATISFIABLE_BODY,
    FindingCode.UNSERVABLE_DOCUMENT,
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def test_the_document_and_its_lifecycles_are_clean(folder: Path) -> None:
    report = _check(folder, DOCUMENT, LIFECYCLES)

    assert report.findings == ()
    assert str(report.coverage) == "lifecycles have 1 of 1 operations that start jobs"


@pytest.mark.parametrize(("code", "change", "pointer"), IN_DOCUMENT)
def test_a_broken_document(
    code: FindingCode, change: Callable[[Any], None], pointer: str, folder: Path
) -> None:
    document = deepcopy(DOCUMENT)
    change(document)

    report = _check(folder, document, LIFECYCLES)

    finding = _only(report, code)
    assert (finding.pointer, finding.file, finding.action) == (
        pointer,
        (folder / "api.json").as_posix(),
        None,
    )
    assert bool(finding.fix) == (code not in WITHOUT_REMEDY)
    _assert_corrected(folder, finding)


@pytest.mark.parametrize(("code", "change", "pointer"), IN_LIFECYCLE)
def test_a_broken_lifecycle(
    code: FindingCode, change: Callable[[Any], None], pointer: str, folder: Path
) -> None:
    lifecycles = deepcopy(LIFECYCLES)
    change(lifecycles)

    report = _check(folder, DOCUMENT, lifecycles)

    finding = next(one for one in report.findings if one.code is code)
    assert (finding.pointer, finding.file, finding.action) == (pointer, (folder / "life.json").as_posix(), 1)
    assert finding.fix
    _assert_corrected(folder, finding)


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        (put("/info/colour", "red"), "/info/colour"),
        (put("/paths/~1renders~1{render_id}/parameters", []), GET),
        (put("/components/schemas/Render/minProperties", "one"), "/components/schemas/Render/minProperties"),
    ],
)
def test_what_openapi_does_not_allow_is_a_warning_with_a_correction(
    change: Callable[[Any], None], pointer: str, folder: Path
) -> None:
    document = deepcopy(DOCUMENT)
    change(document)
    (folder / "api.json").write_text(dump_json(document))

    report = check_document(folder / "api.json")

    finding = next(one for one in report.findings if one.code is FindingCode.INVALID_DOCUMENT)
    assert (finding.pointer, finding.severity) == (pointer, "warning")
    _assert_corrected(folder, finding)
    assert finding.fix


def test_a_document_that_cannot_be_read(folder: Path) -> None:
    (folder / "api.json").write_text('{"openapi": "3.1.2",')

    report = check_document(folder / "api.json")

    finding = _only(report, FindingCode.UNREADABLE_DOCUMENT)
    assert "it is not valid JSON" in finding.message
    assert report.coverage is None


def test_an_overlay_that_is_invalid(folder: Path) -> None:
    overlay = {"overlay": "1.1.0", "info": {"title": "Life", "version": "1"}, "actions": []}

    report = _check_with(folder, DOCUMENT, overlay)

    finding = _only(report, FindingCode.INVALID_OVERLAY)
    assert (finding.pointer, finding.file) == ("/actions", (folder / "life.json").as_posix())


def test_an_action_that_is_rejected_does_not_hide_the_others(folder: Path) -> None:
    actions = [
        {"target": "$.info", "update": []},
        {"target": "$.infoo", "update": {"summary": "Renders"}},
        {"target": "$.info", "update": {"version": "1"}},
    ]

    report = _check_with(folder, DOCUMENT, _overlay(actions))

    rejected, unmatched, redundant = (
        _only(report, code)
        for code in (FindingCode.REJECTED_ACTION, FindingCode.UNMATCHED_ACTION, FindingCode.REDUNDANT_ACTION)
    )
    assert (rejected.action, unmatched.action, redundant.action) == (1, 2, 3)
    assert unmatched.candidates == ("$.info",)
    assert unmatched.fix[0]["target"] == "$.info"
    assert unmatched.pointer == "/actions/1/target"


def test_a_document_without_lifecycles_gets_those_that_are_inferred(folder: Path) -> None:
    (folder / "api.json").write_text(dump_json(DOCUMENT))

    report = check_document(folder / "api.json")

    finding = _only(report, FindingCode.NO_LIFECYCLE)
    assert report.errors == ()
    _assert_corrected(folder, finding)


def test_a_misspelled_member_has_the_name_that_may_be_meant(folder: Path) -> None:
    document = deepcopy(DOCUMENT)
    item = document["paths"]["/renders"]
    item["psot"] = item.pop("post")

    (finding,) = [one for one in _check(folder, document, LIFECYCLES).findings if one.actual == "psot"]

    assert (finding.code, finding.candidates) == (FindingCode.INVALID_DOCUMENT, ("post",))
    assert [action["target"] for action in finding.fix] == ["$.paths['/renders'].psot", "$.paths['/renders']"]


def test_what_a_further_check_finds_is_reported_if_there_are_no_other_errors(folder: Path) -> None:
    (folder / "api.json").write_text(dump_json(DOCUMENT))

    report = check_document(
        folder / "api.json", checks=[lambda _: ["getRender: cannot be told from another"]]
    )

    assert [one.message for one in report.errors] == ["getRender: cannot be told from another"]


def test_what_is_in_no_lifecycle_is_reported(folder: Path) -> None:
    document = deepcopy(DOCUMENT)
    post = deepcopy(DOCUMENT["paths"]["/renders"]["post"])
    document["paths"]["/renders/big"] = {"post": post | {"operationId": "createBigRender"}}
    get = {"operationId": "getImport", "tags": ["Imports"], "responses": JOB_RESPONSE}
    document["paths"]["/imports/{import_id}"] = {
        "parameters": [RENDER_ID | {"name": "import_id"}],
        "get": get,
    }

    report = _check(folder, document, LIFECYCLES)

    submit, read = (
        _only(report, code) for code in (FindingCode.UNCLAIMED_SUBMIT, FindingCode.UNCLAIMED_READ)
    )
    assert submit.pointer == "/paths/~1renders~1big/post"
    assert read.pointer == "/paths/~1imports~1{import_id}/get"
    assert str(report.coverage) == (
        "lifecycles have 1 of 2 operations that start jobs; reads of jobs that no operation starts: 1"
    )
    _assert_corrected(folder, submit)


def test_findings_of_all_layers_are_reported_at_once(folder: Path) -> None:
    document, lifecycles = deepcopy(DOCUMENT), deepcopy(LIFECYCLES)
    put("/components/schemas/Other", {"$ref": "#/components/schemas/Rendr"})(document)
    put("/lifecycles/render/reed", {})(lifecycles)
    put("/lifecycles/render/submit/0", "createRendr")(lifecycles)
    put("/lifecycles/render/id/parameter", "render")(lifecycles)
    put("/lifecycles/render/read/state", "$response.body#/stat")(lifecycles)
    put("/lifecycles/render/states/done", "succeded")(lifecycles)
    put("/lifecycles/render/moves/0/to", "delete")(lifecycles)
    actions = [{"target": "$", "update": {"x-async-jobs": lifecycles}}, {"target": "$.path", "remove": True}]

    report = _check_with(folder, document, _overlay(actions))

    assert {one.code for one in report.findings} >= {
        FindingCode.UNRESOLVED_REFERENCE,
        FindingCode.UNMATCHED_ACTION,
        FindingCode.UNKNOWN_KEY,
        FindingCode.INVALID_LIFECYCLE,
        FindingCode.UNKNOWN_OPERATION,
        FindingCode.UNKNOWN_PARAMETER,
        FindingCode.UNKNOWN_PLACE,
        FindingCode.UNKNOWN_WORD,
    }


def test_every_code_has_a_test() -> None:
    tested = {row[0] for row in (*IN_DOCUMENT, *IN_LIFECYCLE)}
    others = {
        "UNREADABLE_DOCUMENT",
        "INVALID_OVERLAY",
        "REJECTED_ACTION",
        "UNMATCHED_ACTION",
        "REDUNDANT_ACTION",
    }
    others |= {"NO_LIFECYCLE", "UNCLAIMED_SUBMIT", "UNCLAIMED_READ"}

    assert {code.name for code in tested} | others == {code.name for code in FindingCode}


def _overlay(actions: list[Any]) -> Any:  # noqa: ANN401 - as documents are read
    return {"overlay": "1.1.0", "info": {"title": "Life", "version": "1"}, "actions": actions}


def _check(folder: Path, document: Any, lifecycles: Any) -> CheckReport:  # noqa: ANN401 - as documents are read
    return _check_with(folder, document, _overlay([{"target": "$", "update": {"x-async-jobs": lifecycles}}]))


def _check_with(folder: Path, document: Any, overlay: Any) -> CheckReport:  # noqa: ANN401 - as documents are read
    (folder / "api.json").write_text(dump_json(document))
    (folder / "life.json").write_text(dump_json(overlay))
    return check_document(folder / "api.json", [folder / "life.json"])


def _only(report: CheckReport, code: FindingCode) -> Finding:
    (finding,) = [one for one in report.findings if one.code is code]
    return finding


def _assert_corrected(folder: Path, finding: Finding) -> None:
    """Apply the ready-made action: the finding is gone, and no error is new."""
    if not finding.fix:
        return
    overlays = [load_overlay(path) for path in folder.glob("life.json")]
    fix: Any = _overlay([dict(action) for action in finding.fix])
    document = read_document(folder / "api.json")
    before = check_document(folder / "api.json", list(folder.glob("life.json")))
    corrected = apply_overlays(document, [*overlays, parse_overlay(fix, source="fix")]).document
    (folder / "corrected.json").write_text(dump_json(corrected))

    report = check_document(folder / "corrected.json")

    assert (finding.code, finding.pointer) not in {(one.code, one.pointer) for one in report.findings}
    assert {one.code for one in report.errors} <= {one.code for one in before.errors}
