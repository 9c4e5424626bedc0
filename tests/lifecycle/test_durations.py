"""Durations of lifecycles are those of ISO 8601 from days down."""

import pytest

from safelight_lifecycle import parse_duration, parse_seconds


@pytest.mark.parametrize(
    ("duration", "seconds"),
    [
        ("PT1H", 3600.0),
        ("P7D", 604800.0),
        ("P1DT2H3M4S", 93784.0),
        ("PT5S", 5.0),
        ("PT0S", 0.0),
        ("PT0.1S", 0.1),
    ],
)
def test_a_duration_is_seconds(duration: str, seconds: float) -> None:
    assert parse_duration(duration) == seconds


@pytest.mark.parametrize("duration", ["", "P", "PT", "P1DT", "1h", "P1Y", "P1W", "PT1.5M", "PT.5S", "PT1H "])
def test_a_duration_of_another_kind_is_rejected(duration: str) -> None:
    with pytest.raises(ValueError, match="is not a duration of days, hours, minutes and seconds"):
        parse_duration(duration)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("PT1M", 60.0),
        ("30", 30.0),
        (30, 30.0),
        (1.5, 1.5),
        ("1h30m", 5400.0),
        ("24h", 86400.0),
        ("90s", 90.0),
        ("", None),
        ("soon", None),
        ("1e999", None),
        ("-5", None),
        (True, None),
        (None, None),
        (["PT1M"], None),
    ],
)
def test_a_request_declares_seconds_in_several_forms(value: object, seconds: float | None) -> None:
    assert parse_seconds(value) == seconds
