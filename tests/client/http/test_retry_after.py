"""`Retry-After` has seconds or a date; what cannot be read means no delay."""

import pytest

from safelight._http.retry_after import retry_after_seconds

NOW = {"date": "Tue, 01 Dec 2026 10:00:00 GMT"}


@pytest.mark.parametrize(
    ("status", "headers", "seconds"),
    [
        (200, {"retry-after": "3"}, 3),
        (503, {"retry-after": "1.5"}, 1.5),
        (503, {**NOW, "retry-after": "Tue, 01 Dec 2026 10:00:30 GMT"}, 30),
        (503, {**NOW, "retry-after": "Tue, 01 Dec 2026 09:00:00 GMT"}, 0),
        (429, {"ratelimit-reset": "7"}, 7),
        (200, {"ratelimit-reset": "7"}, 0),
        (200, {}, 0),
        (503, {"retry-after": "soon"}, 0),
        (503, {"retry-after": "nan"}, 0),
        (503, {"retry-after": "inf"}, 0),
        (503, {"retry-after": "-5"}, 0),
    ],
)
def test_the_seconds_to_wait_are_read(status: int, headers: dict[str, str], seconds: float) -> None:
    assert retry_after_seconds(status, headers) == seconds
