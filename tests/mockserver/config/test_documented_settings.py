"""Settings default to what the vendor's lifecycle declares."""

import pytest
from msgspec.structs import replace
from tests.mockserver.lifecycles import lifecycle, webhook

from safelight_mock import Settings
from safelight_mock.config.services import declared, services

BARE = lifecycle()
RETRY = {
    "on": ["network", "5xx"],
    "first": "PT5S",
    "factor": 2,
    "ceiling": "PT15M",
    "timeout": "PT7S",
    "attempts": 9,
}


def test_a_schedule_is_declared_part_by_part() -> None:
    assert declared([replace(BARE, deliveries=(webhook(retry=RETRY),))]) == {
        "webhook_retried": "5xx,network",
        "webhook_first": 5.0,
        "webhook_max_delay": 900.0,
        "webhook_attempts": 9,
        "webhook_timeout": 7.0,
    }


@pytest.mark.parametrize(
    ("within", "retention", "hours"),
    [
        ("P1D", "P7D", {"link_hours": 24.0}),
        (None, "P7D", {"link_hours": 168.0}),
        (None, None, {}),
    ],
)
def test_links_are_made_for_as_long_as_is_declared_or_else_while_jobs_are_kept(
    within: str | None, retention: str | None, hours: dict[str, float]
) -> None:
    result = {"from": "$response.body#/url", **({"within": within} if within else {})}
    cycle = lifecycle(result=result, **({"retention": retention} if retention else {}))

    assert declared([cycle]) == hours


def test_of_several_lifecycles_the_first_that_declares_a_setting_counts() -> None:
    day, week = (lifecycle(retention=f"P{days}D") for days in (1, 7))

    assert declared([BARE, day, week]) == {"link_hours": 24.0}


@pytest.mark.fidelity("topaz.webhook_retried", "topaz.webhook_attempts", "topaz.webhook_timeout")
@pytest.mark.parametrize(("strict", "hours"), [(False, 168.0), (True, 24.0)])
def test_topaz_takes_its_numbers_from_its_document(strict: bool, hours: float) -> None:  # noqa: FBT001 # a setting
    options = services(Settings(strict=strict))["topaz"].options

    assert options["link_hours"] == hours
    assert (options["webhook_attempts"], options["webhook_timeout"]) == (20, 30.0)
    assert services(Settings(options={"topaz.webhook_attempts": 3}))["topaz"].options["webhook_attempts"] == 3
