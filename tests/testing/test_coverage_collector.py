"""The coverage of all mock servers of a process is collected, wherever they are made."""

from contextlib import closing

import httpx

from safelight_mock import Twin, TwinTransport
from safelight_testing._coverage import CoverageCollector

STATUSES = "http://twin/topaz/image/v1/status"


def call(twin: Twin) -> None:
    with httpx.Client(transport=TwinTransport(twin)) as http:
        http.get(STATUSES, headers={"X-API-Key": "k"})


def calls(collector: CoverageCollector) -> int:
    topaz = collector.report().apis.get("topaz")
    return 0 if topaz is None else topaz.operations["getAllStatuses"].responses["200"]


def test_open_and_closed_servers_count_once() -> None:
    collector = CoverageCollector()
    with collector.collecting():
        with closing(Twin()) as first:
            call(first)
            while_open = calls(collector)
        first.close()
        with closing(Twin()) as second:
            call(second)
            both = calls(collector)

    assert (while_open, both, calls(collector)) == (1, 2, 2)


def test_servers_made_before_or_after_do_not_count() -> None:
    collector = CoverageCollector()
    with closing(Twin()) as before:
        with collector.collecting():
            call(before)
        with closing(Twin()) as after:
            call(after)

    assert calls(collector) == 0
    assert collector.report().apis == {}


def test_a_server_that_outlives_the_collecting_still_counts() -> None:
    collector = CoverageCollector()
    with collector.collecting():
        twin = Twin()
    call(twin)
    twin.close()

    assert calls(collector) == 1
