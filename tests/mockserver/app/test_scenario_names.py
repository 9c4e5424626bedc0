"""Names in a scenario that nothing served has are found when the server starts, or when they are sent."""

import logging
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from safelight_mock import InvalidScenarioError, Settings, Twin, TwinTransport

WRONG: list[tuple[dict[str, Any], str]] = [
    ({"match": {"vendor": "topas"}}, "rule 1, match/vendor: 'topas' is not served; did you mean 'topaz'?"),
    ({"match": {"vendor": "acme"}}, "'acme' is not served; use one of topaz, claid, tengr"),
    (
        {"match": {"operation": "submitt"}},
        "match/operation: no served API has 'submitt'; did you mean 'submit'?",
    ),
    ({"match": {"operation": "getStatuss", "vendor": "topaz"}}, "did you mean 'getStatus'?"),
    (
        {"job": {"stuck": "Procesing"}},
        "job: no served API has the state 'Procesing'; did you mean 'Processing'?",
    ),
    ({"match": {"state": "faild"}, "webhook": "late"}, "match/state: no served API has the state 'faild'"),
]


def scenario(rule: dict[str, Any]) -> dict[str, Any]:
    effect = {} if rule.keys() & {"job", "webhook"} else {"respond": {"status": 500}}
    return {"version": "1", "rules": [rule | effect]}


@pytest.mark.parametrize(("rule", "error"), WRONG)
def test_an_unknown_name_in_values_is_an_error(rule: dict[str, Any], error: str) -> None:
    with pytest.raises(InvalidScenarioError) as refused:
        Twin(Settings(scenario=scenario(rule)))

    assert error in str(refused.value)


def test_an_unknown_name_in_a_file_is_a_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = tmp_path / "own.yaml"
    file.write_text('version: "1"\nrules: [{match: {operation: [submit, sumbit]}, respond: {status: 500}}]\n')

    with caplog.at_level(logging.WARNING):
        Twin(Settings(scenario_files=(file,))).close()

    reason = "no served API has 'sumbit'; did you mean 'submit'?"
    assert caplog.messages == [f"scenario own, rule 1, match/operation: {reason}"]


def test_known_names_are_neither(caplog: pytest.LogCaptureFixture) -> None:
    match = {"vendor": ["topaz", "tengr"], "operation": ["getStatus", "read", "download"]}

    with caplog.at_level(logging.WARNING):
        Twin(Settings(scenario=scenario({"match": match}))).close()
        Twin(Settings(scenario=scenario({"job": {"stuck": "Processing"}}))).close()
        Twin(Settings(scenario="chaos")).close()

    assert not caplog.messages


def test_an_unknown_name_that_is_sent_is_rejected() -> None:
    rule = scenario({"match": {"vendor": "topas"}})
    with (
        closing(Twin()) as twin,
        httpx.Client(transport=TwinTransport(twin), base_url="http://127.0.0.1") as to,
    ):
        name = to.post("/_safelight/sandboxes", json={"vendor": "topaz", "key": "k"}).json()["name"]
        path = f"/_safelight/sandboxes/{name}"

        as_scenario = to.put(f"{path}/scenario", json={"scenario": rule})
        as_fault = to.put(f"{path}/faults", json={"next": rule["rules"]})

    error = "rule 1, match/vendor: 'topas' is not served; did you mean 'topaz'?"
    assert (as_scenario.status_code, as_scenario.json()["detail"]) == (422, error)
    assert (as_fault.status_code, as_fault.json()["detail"]) == (422, f"next: {error}")
