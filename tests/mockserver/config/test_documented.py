"""Settings default to what the vendor's lifecycle declares."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from safelight_mock import Settings
from safelight_mock.config.services import declared, services
from safelight_mock.core import AllowedIn, Deliver, JobIdRef, Lifecycle, Read, Retry, Target

BARE = Lifecycle(submit=(), states={}, id=JobIdRef(parameter="id"), read=Read(operation="read"))
RETRY = Retry(
    on=frozenset({"network", "5xx"}),
    first=timedelta(seconds=5),
    factor=2,
    ceiling=timedelta(minutes=15),
    timeout=timedelta(seconds=7),
    attempts=9,
)
TOLD = Deliver(webhook="told", target=Target(account=True), on=frozenset(), sign="none", retry=RETRY)


def test_a_schedule_is_declared_part_by_part() -> None:
    assert declared([replace(BARE, deliver=TOLD)]) == {
        "webhook_retried": "5xx,network",
        "webhook_first": 5.0,
        "webhook_ceiling": 900.0,
        "webhook_attempts": 9,
        "webhook_timeout": 7.0,
    }


@pytest.mark.parametrize(
    ("within", "retention", "hours"),
    [
        (timedelta(days=1), timedelta(days=7), {"link_hours": 24.0}),
        (None, timedelta(days=7), {"link_hours": 168.0}),
        (None, None, {}),
    ],
)
def test_links_are_made_for_as_long_as_is_declared_or_else_while_jobs_are_kept(
    within: timedelta | None, retention: timedelta | None, hours: dict[str, float]
) -> None:
    cycle = replace(BARE, result=AllowedIn(within=within), retention=retention)

    assert declared([cycle]) == hours


def test_of_several_lifecycles_the_first_that_declares_a_setting_counts() -> None:
    day, week = (replace(BARE, retention=timedelta(days=days)) for days in (1, 7))

    assert declared([BARE, day, week]) == {"link_hours": 24.0}


@pytest.mark.fidelity("topaz.webhook_retried", "topaz.webhook_attempts", "topaz.webhook_timeout")
@pytest.mark.parametrize(("strict", "hours"), [(False, 168.0), (True, 24.0)])
def test_topaz_takes_its_numbers_from_its_document(strict: bool, hours: float) -> None:  # noqa: FBT001 # a setting
    options = services(Settings(strict=strict))["topaz"].options

    assert options["link_hours"] == hours
    assert (options["webhook_attempts"], options["webhook_timeout"]) == (20, 30.0)
    assert services(Settings(options={"topaz.webhook_attempts": 3}))["topaz"].options["webhook_attempts"] == 3
