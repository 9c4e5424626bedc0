"""Recorded values become templates: placeholders for ids, links and times, and no secrets."""

from typing import Any

import pytest

from safelight_mock.recording.links import Links
from safelight_mock.recording.secrets import Secrets
from safelight_mock.recording.templates import Files, Template, constant
from safelight_mock.wire.placeholders import Filling, filled

SUBMITTED = 1_767_225_600.25  # 2026-01-01T00:00:00.250Z
JOB = "job-123456"
KEY = "sk-2f9b41c07d"


@pytest.fixture
def template() -> Template:
    links = Links(
        "https://api.example/v1", "http://127.0.0.1:4010/api/v1", lambda path: path.startswith("/jobs")
    )
    secrets = Secrets()
    secrets.note({"x-trace-token": "trace-77", "cookie": "a=b"}, (KEY,))
    links.note_sent({"image": "https://mine.example/a.png?sig=1"})
    links.rewritten(["https://cdn.example/out.png?sig=1", "https://cdn.example/other.png?sig=2"], JOB)
    links.note_file("https://cdn.example/out.png?sig=1", "digest")
    return Template(links, secrets, JOB, SUBMITTED, Files())


VALUES: list[tuple[Any, Any]] = [
    (JOB, "${job}"),
    (f"https://api.example/v1/jobs/{JOB}", "${api}/jobs/${job}"),
    (f"https://api.example/v1/jobs?id={JOB}&token=abc&sig=a.b", "${api}/jobs?id=${job}"),
    (f"job {JOB} is done", "job ${job} is done"),
    ("https://cdn.example/out.png?sig=1", "${file 1}"),
    ("https://cdn.example/out.png?sig=another", "${file 1}"),
    ("see https://cdn.example/out.png?sig=1 now", "see ${file 1} now"),
    ("https://cdn.example/other.png?sig=2", "${own}"),
    ("https://mine.example/a.png?sig=1", "https://mine.example/a.png"),
    ("not at https://u:p@cdn.example/other.png?sig=2", "not at https://cdn.example/other.png"),
    ("2026-01-01T00:00:01.750Z", "${time.3 1.5}Z"),
    ("2026-01-01T00:00:00.2500001+00:00", "${time.6 0}0+00:00"),
    ("2026-01-01T01:00:00", "${time 3599.75}"),
    ("2026-02-30T00:00:00Z", "2026-02-30T00:00:00Z"),
    ("1999-01-01T00:00:00Z", "1999-01-01T00:00:00Z"),
    (1_767_225_660, "${unix 59.75}"),
    (1_767_225_660_500, "${unix_ms 60.25}"),
    (1_000, 1_000),
    (True, True),
    (None, None),
    (f"key {KEY} or trace-77", "key *** or ***"),
    ({KEY: {"used": 3}}, {"***": {"used": 3}}),
    ("${job} costs $5", "$${job} costs $5"),
    (
        {"client_secret": "x", "max_tokens": 5, "a": [{"token": ""}]},
        {"client_secret": "${own}", "max_tokens": 5, "a": [{"token": ""}]},
    ),
]


@pytest.mark.parametrize(("value", "expected"), VALUES, ids=[str(value)[:40] for value, _ in VALUES])
def test_a_value_becomes_a_template(template: Template, value: object, expected: object) -> None:
    assert template.json(value) == expected


def test_an_id_that_is_a_number_stays_one(template: Template) -> None:
    assert template._replace(job="17").json([17, "17", "1 of 17", 117]) == [
        "${job int}",
        "${job}",
        "1 of 17",
        117,
    ]


SAME: list[Any] = [
    {"id": JOB, "url": f"https://api.example/v1/jobs/{JOB}", "n": [1, None, True, "$${x} ${y}"]},
    ["2026-01-01T00:00:01.750Z", "2026-01-01T01:00:00", 1_767_225_660, 1_767_225_660_500],
]


@pytest.mark.parametrize("value", SAME, ids=["texts", "times"])
def test_a_template_that_is_filled_with_the_same_is_the_value(template: Template, value: object) -> None:
    filling = Filling(JOB, SUBMITTED, "https://api.example/v1", lambda _: "")

    assert filled(template.json(value), filling) == value


def test_bodies_of_rules_have_no_placeholders(template: Template) -> None:
    body = {"id": JOB, "url": "https://cdn.example/out.png?sig=1", "password": "x", "list": [f"is {KEY}", 1]}

    assert constant({**body, KEY: 1}, template.secrets) == {
        "***": 1,
        "id": JOB,
        "url": "https://cdn.example/out.png",
        "password": "***",
        "list": ["is ***", 1],
    }


def test_a_long_key_is_masked_within_words_too() -> None:
    secrets = Secrets()
    secrets.note({}, ("0123456789abcdef", "1234"))

    texts = ("token_0123456789abcdef0", "is 1234", "12345")
    assert [secrets.masked(text) for text in texts] == ["token_***0", "is ***", "12345"]


def test_a_short_key_is_masked_only_where_it_is_all_of_a_text() -> None:
    secrets = Secrets()
    secrets.note({}, ("k",))

    assert [secrets.masked(text) for text in ("k", "a k", "keep")] == ["***", "a k", "keep"]
