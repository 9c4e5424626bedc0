"""Scenarios are read from values and files; what is wrong with one is said with its rule and line."""

import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from safelight_mock.core.job_faults import ForcedChange
from safelight_mock.core.recorded import JobStay, RecordedFile
from safelight_mock.core.scenario import NumberRange, Pattern
from safelight_mock.core.transfer_faults import Reset
from safelight_mock.scenarios.files import load_scenario
from safelight_mock.scenarios.library import library_names, library_path, library_scenario
from safelight_mock.scenarios.reading import InvalidScenarioError, ScenarioSource, read_scenario
from safelight_mock.scenarios.registry import ScenarioRegistry
from safelight_openapi import parse_document


def scenario(*rules: dict[str, Any]) -> dict[str, Any]:
    return {"version": "1", "rules": [*rules]}


def rule(**keys: Any) -> Any:  # noqa: ANN401 - parts of it are compared
    return read_scenario(scenario(keys)).rules[0]


def refusal(value: object) -> str:
    with pytest.raises(InvalidScenarioError) as error:
        read_scenario(value)
    return str(error.value)


def test_numbers_are_one_a_range_or_every_so_many() -> None:
    read = [
        rule(match={"call": call}, job={"slow": 2}).match.calls for call in (3, "2-4", "2-", {"every": 5})
    ]

    assert read == [
        NumberRange(first=3, last=3),
        NumberRange(first=2, last=4),
        NumberRange(first=2),
        NumberRange(first=5, every=5),
    ]


def test_a_place_wants_a_value_several_or_a_pattern() -> None:
    places = {"$request.body#/a": 1, "$request.query.b": ["x", "y"], "$request.path.c": {"pattern": "z+"}}

    assert rule(match={"where": {**places, "$request.header.D": True}}, job={"slow": 2}).match.where == {
        "$request.body#/a": (1,),
        "$request.query.b": ("x", "y"),
        "$request.path.c": Pattern("z+"),
        "$request.header.D": None,
    }


def test_a_request_that_gets_another_response_is_not_carried_out_unless_the_rule_says_so() -> None:
    assert not rule(respond={"status": 503}).is_accepted
    assert rule(respond={"status": 503}, accepted=True).is_accepted
    assert rule(transfer={"reset": "before"}).is_accepted
    assert not rule(transfer={"reset": "before"}, accepted=False).is_accepted


def test_a_response_is_an_error_of_the_vendor_or_any_text() -> None:
    html = rule(respond={"status": 502, "html": "<h1>Bad gateway</h1>"}).response
    later = rule(respond={"error": "limited", "retry_after": {"date": 30}}).response

    assert (html.status, html.text, html.media_type) == (
        502,
        "<h1>Bad gateway</h1>",
        "text/html; charset=utf-8",
    )
    assert (later.kind, later.retry_after, later.is_date) == ("limited", 30, True)


def test_a_job_fails_is_cancelled_or_stays_where_it_is() -> None:
    failing = rule(job={"fail": {"at": 0.9, "message": "out of memory"}}).job
    stuck = rule(job={"stuck": "queued"}).job
    paused = rule(job={"becomes": [{"to": "PAUSED", "after": 1, "for": 5}]}).job

    assert failing.changes == (ForcedChange(to="failed", at=0.9),)
    assert failing.message == "out of memory"
    assert stuck.changes == (ForcedChange(to="queued"),)
    assert paused.changes == (ForcedChange(to="PAUSED", after=1, lasts=5),)


def test_a_transfer_is_reset_or_slow() -> None:
    read = rule(transfer={"reset": "during", "drip": {"bytes": 10, "every": 0.5}}).transfer

    assert (read.reset, read.drip, read.drip_every) == (Reset.DURING, 10, 0.5)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ([], "scenario: a scenario is an object with version and rules, not a list; see docs/scenarios.md"),
        ({"rules": [{"job": {"slow": 2}}]}, "scenario: version is missing; required: version, rules"),
        (
            {"version": 1, "rules": [{"job": {"slow": 2}}]},
            'version: 1 is not the version; write version: "1"',
        ),
        ({"version": "1", "rules": []}, "rules: there is no rule; give at least one"),
        (scenario({"mach": {}, "job": {"slow": 2}}), "rule 1: unknown key 'mach'; did you mean 'match'?"),
        (scenario({"match": {}}), "rule 1: it has no effect; add respond, transfer, job or webhook"),
        (
            scenario({"match": {"call": "two"}, "job": {"slow": 2}}),
            'rule 1, match/call: "two" is not a number, a range such as "1-2" or "3-", or {every: 5}',
        ),
        (
            scenario({"match": {"call": "2-1"}, "job": {"slow": 2}}),
            'rule 1, match/call: "2-1" is empty: the first number is larger than the last',
        ),
        (
            scenario({"match": {"job": {"every": 5, "to": 3}}, "job": {"slow": 2}}),
            '"to":3} is empty: the first',
        ),
        (
            scenario({"match": {"after": 5, "until": 5}, "job": {"slow": 2}}),
            "rule 1, match/until: 5 is not later than after, 5: no request matches",
        ),
        (
            scenario({"respond": {"status": 200, "json": {}, "html": "x"}}),
            "rule 1, respond: it has several bodies; keep one of json, html",
        ),
        (scenario({"respond": {"message": "x"}}), "rule 1, respond: it has no status; add status or error"),
        (
            scenario({"webhook": "dublicate"}),
            "wrong-signature, old-secret; did you mean 'duplicate'?",
        ),
        (
            scenario({"job": {"lost": {"aftr": 1}}}),
            "rule 1, job/lost: unknown key 'aftr'; did you mean 'after'",
        ),
        (scenario({"respond": {"status": 12}}), "rule 1, respond/status: 12 is less than the minimum of 200"),
        (
            scenario({"job": {"slow": 2}}, {"job": {"slow": 0}}),
            "rule 2, job/slow: 0 is not greater than 0; use",
        ),
        (scenario({"job": {"result": "a.jpg"}}), "rule 1, job/result: 'a.jpg' is a file; only scenarios in"),
        (scenario({"job": {"result": "data:;base64,?"}}), "rule 1, job/result: the data: URL is not Base64"),
        (
            scenario({"accepted": False, "job": {"slow": 2}}),
            "rule 1, accepted: a request that is not carried out needs another outcome",
        ),
        (
            scenario({"webhook": "late", "job": {"slow": 2}}),
            "rule 1: a rule with webhook applies to deliveries, so remove job",
        ),
        (
            scenario({"match": {"where": {"$url": 1}}, "job": {"slow": 2}}),
            "is not an expression for a request",
        ),
        (
            scenario({"match": {"where": {"$request.body": {"pattern": "("}}}, "job": {"slow": 2}}),
            "rule 1, match/where: '(' is not a regular expression",
        ),
        (scenario({"name": "a", "job": {"slow": 2}}, {"name": "a", "job": {"slow": 3}}), "rule 2: two rules"),
    ],
)
def test_what_is_wrong_is_said_with_its_rule(value: object, text: str) -> None:
    assert text in refusal(value)


def test_a_file_names_the_line_and_its_results_are_beside_it(tmp_path: Path) -> None:
    (tmp_path / "cat.png").write_bytes(b"meow")
    good, bad = tmp_path / "own-cat.yaml", tmp_path / "bad.yaml"
    good.write_text('version: "1"\nrules:\n  - job: {result: cat.png}\n')
    bad.write_text('version: "1"\nrules:\n  - name: a\n    respond:\n      status: 12\n')

    read = load_scenario(good, lambda content, name: f"{content!r} {name}")

    assert (read.name, read.rules[0].job and read.rules[0].job.result) == ("own-cat", "b'meow' cat.png")
    with pytest.raises(InvalidScenarioError, match=r"bad\.yaml, line 5, rule 1, respond/status: 12 is less"):
        load_scenario(bad)
    bad.write_text('version: "1"\nrules:\n  - name: a\n    job: {slow: 2}\n    mach: {}\n')
    with pytest.raises(InvalidScenarioError, match=r"bad\.yaml, line 5, rule 1: unknown key 'mach'"):
        load_scenario(bad)
    with pytest.raises(InvalidScenarioError, match=r"none\.yaml: cannot read it \(No such file"):
        load_scenario(tmp_path / "none.yaml")


def test_the_example_of_the_manual_is_read() -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", Path("docs/scenarios.md").read_text("utf-8"), re.DOTALL)

    read = read_scenario(parse_document(example, source="example"), ScenarioSource("example"))

    assert [rule.name for rule in read.rules] == ["busy", "fails-late", "twice"]


def test_an_unknown_name_has_a_suggestion() -> None:
    with pytest.raises(InvalidScenarioError, match=r"unknown scenario 'stukc'; did you mean 'stuck'\?"):
        ScenarioRegistry().read("stukc")


@pytest.mark.parametrize("name", library_names())
def test_a_scenario_of_the_library_is_named_as_its_file_and_described(name: str) -> None:
    assert library_scenario(name).name == name
    assert library_scenario(name).description
    assert library_path(name).is_file()


VALUES = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(max_size=20),
    lambda inner: (
        some.lists(inner, max_size=4) | some.dictionaries(some.text(max_size=10), inner, max_size=4)
    ),
)
KEYS = ["name", "match", "times", "chance", "accepted", "respond", "transfer", "job", "webhook"]
INNER = ["vendor", "call", "where", "status", "html", "delay", "reset", "fail", "stuck", "result", "progress"]


@pytest.mark.slow
@given(
    some.lists(
        some.dictionaries(
            some.sampled_from(KEYS), some.dictionaries(some.sampled_from(INNER), VALUES) | VALUES
        ),
        max_size=3,
    )
)
def test_any_values_are_read_or_refused_with_a_sentence(rules: list[dict[str, Any]]) -> None:
    value = {"version": "1", "rules": rules}
    with suppress(InvalidScenarioError):
        read = read_scenario(value, ScenarioSource(store=lambda content, _: str(len(content))))
        assert len(read.rules) == len(rules)


def test_what_was_recorded_of_a_job_is_read_with_its_files(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"a")
    stored: list[tuple[bytes, str]] = []
    job = {
        "states": [{"to": "Pending", "for": 1.5}, {"to": "Completed"}],
        "files": {"1": "a.png"},
        "responses": [{"operation": "result", "state": "Completed", "after": 2, "file": "1"}],
        "deliveries": {"Completed": {"url": "${file 1}"}},
    }

    def store(content: bytes, name: str) -> str:
        stored.append((content, name))
        return "digest"

    read: Any = read_scenario(scenario({"job": job}), ScenarioSource("", tmp_path, store)).rules[0]
    recorded = read.job.recorded

    assert recorded.stays == (JobStay(to="Pending", lasts=1.5), JobStay(to="Completed"))
    assert recorded.files == {"1": RecordedFile(digest="digest", filename="a.png")}
    assert [(one.operation, one.state, one.after, one.file) for one in recorded.responses] == [
        ("result", "Completed", 2, "1")
    ]
    assert stored == [(b"a", "a.png")]


RECORDINGS: list[tuple[dict[str, Any], str]] = [
    (
        {"states": [{"to": "a"}, {"to": "b"}]},
        "rule 1, job/states/0: every state but the last one needs for, in seconds",
    ),
    (
        {"responses": [{"operation": "read", "file": "1"}]},
        "rule 1, job/responses/0/file: '1' is none of the job's files",
    ),
    (
        {"responses": [{"operation": "read", "headers": {"location": "${link}"}}]},
        "rule 1, job/responses/0: unknown placeholder '${link}'; write '$${' for the text '${'",
    ),
    (
        {"deliveries": {"done": {"url": "${file 7}"}}},
        "rule 1, job/deliveries: '${file 7}' names none of the job's files",
    ),
    (
        {"responses": [{"operation": "read", "json": {}, "text": ""}]},
        "rule 1, job/responses/0: it has several bodies; keep one of json, text",
    ),
    ({"files": {"1": "gone.png"}}, "rule 1, job/files/1: 'gone.png' is a file; only scenarios in files may"),
]


@pytest.mark.parametrize(("job", "reason"), RECORDINGS, ids=[reason for _, reason in RECORDINGS])
def test_what_is_wrong_with_a_recording_is_said_with_its_place(job: dict[str, Any], reason: str) -> None:
    assert refusal(scenario({"job": job})).startswith(reason)
