"""A caller may ask for a part of a file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safelight_mock.wire.file_requests import UnsatisfiableError, requested_range


@pytest.mark.parametrize(
    ("wanted", "bytes_"),
    [
        ("bytes=0-9", range(10)),
        ("bytes=90-", range(90, 100)),
        ("bytes=-5", range(95, 100)),
        ("bytes=0-1000", range(100)),
        ("bytes=-1000", range(100)),
        ("bytes = 5-5", range(5, 6)),
        ("", None),
        ("bytes=-", None),
        ("bytes=9-3", None),
        ("bytes=0-1,5-6", None),
        ("lines=1-2", None),
        ("bytes=a-b", None),
    ],
)
def test_a_range_is_the_bytes_it_names(wanted: str, bytes_: range | None) -> None:
    assert requested_range(wanted, 100) == bytes_


@pytest.mark.parametrize("wanted", ["bytes=100-", "bytes=500-600", "bytes=-0"])
def test_a_range_past_the_end_cannot_be_had(wanted: str) -> None:
    with pytest.raises(UnsatisfiableError):
        requested_range(wanted, 100)


@given(st.text(max_size=30), st.integers(0, 1000))
def test_no_header_breaks_it(wanted: str, size: int) -> None:
    try:
        actual = requested_range(wanted, size)
    except UnsatisfiableError:
        return
    assert actual is None or (0 <= actual.start < actual.stop <= size)
