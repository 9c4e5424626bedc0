"""A recorder counts exactly in several threads, and is bounded."""

from threading import Thread

from safelight_mock.coverage.recorder import MOST_RULES, CoverageRecorder
from safelight_mock.scenarios.registry import ScenarioRegistry


def test_threads_count_every_occurrence() -> None:
    recorder = CoverageRecorder({})

    def count() -> None:
        for _ in range(2_000):
            recorder.applied("next: busy")

    threads = [Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert recorder.report(ScenarioRegistry()).other_rules == {"next: busy": 8_000}


def test_only_so_many_names_of_rules_are_remembered_and_go_on_being_counted() -> None:
    recorder = CoverageRecorder({})
    for number in range(MOST_RULES + 5):
        recorder.applied(f"next: rule-{number}")
    recorder.applied("next: rule-0")

    rules = recorder.report(ScenarioRegistry()).other_rules

    assert len(rules) == MOST_RULES
    assert rules["next: rule-0"] == 2
