"""Durations of lifecycles are those of ISO 8601 from days down."""

import pytest

from safelight_lifecycle import parse_duration


@pytest.mark.parametrize(
    ("duration", "seconds"),
    [("PT1H", 3600.0), ("P7D", 604800.0), ("P1DT2H3M4S", 93784.0), ("PT5S", 5.0), ("PT0S", 0.0)],
)
def test_a_duration_is_seconds(duration: str, seconds: float) -> None:
    assert parse_duration(duration) == seconds


@pytest.mark.parametrize("duration", ["", "P", "PT", "P1DT", "1h", "P1Y", "P1W", "PT1.5S", "PT1H "])
def test_a_duration_of_another_kind_is_rejected(duration: str) -> None:
    with pytest.raises(ValueError, match="is not a duration of days, hours, minutes and seconds"):
        parse_duration(duration)
