"""Opens the API under a scenario."""

from collections.abc import Iterator

import pytest
from tests.scenarios.clients import Api, Open
from tests.small_photograph import PHOTO

from safelight_mock import ClockMode, Settings, Twin


@pytest.fixture
def opened() -> Iterator[Open]:
    twins: list[Twin] = []

    def opened(scenario: str, clock: ClockMode = ClockMode.AUTO) -> Api:
        twins.append(
            Twin(Settings(clock=clock, scenario=scenario, seed="library", vendors=frozenset({"topaz"})))
        )
        return Api(twins[-1], PHOTO)

    yield opened
    for twin in twins:
        twin.close()
