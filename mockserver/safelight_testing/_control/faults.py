"""What goes wrong with the next requests, jobs and webhooks, and scenarios for all of them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from safelight_mock import Twin
from safelight_mock.config.arguments import check_number
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.core.scenario import Rule, for_next
from safelight_mock.core.webhook import WebhookFault
from safelight_mock.scenarios.reading import ScenarioSource, read_rules
from safelight_testing._control.new_sandboxes import SandboxChanges

OF_DELIVERIES: tuple[str, ...] = tuple(WebhookFault)


class Faults:
    """Faults of a test. They hold for each API key by itself, also for keys that are used later."""

    def __init__(self, twin: Twin, changes: SandboxChanges) -> None:
        self._scenarios = twin.faults.registry
        self._changes = changes

    def next(self, *faults: int | str | Mapping[str, Any], times: int = 1, vendor: str = "") -> None:
        """Have each of these faults apply once, to the next request, job or delivery that it is for.

        A fault is the status of a response in place of the next one (503), the name of a scenario
        ("lost-response"), a rule of one ({"match": …, "respond": …}), or a fault of a webhook ("duplicate").
        `times`: all of them so often; `vendor`: for one API alone. Raises InvalidScenarioError, and
        ValueError for `times` below 1 and an API that is not served.
        """
        check_number("times", times, is_whole=True)
        deliveries = [WebhookFault(one) for one in faults if one in OF_DELIVERIES] * times
        rules = [rule for one in faults if one not in OF_DELIVERIES for rule in self._rules(one)] * times

        def add(sandbox: Sandbox) -> None:
            sandbox.faults = (*sandbox.faults, *deliveries)
            sandbox.add_next(rules)
            sandbox.has_scenarios = True

        self._changes.apply(add, vendor=vendor)

    def clear(self) -> None:
        """Remove the faults that have not applied yet; scenarios stay."""

        def remove(sandbox: Sandbox) -> None:
            sandbox.faults = ()
            sandbox.drop_next(sandbox.next_rules)

        self._changes.apply(remove)

    def set_scenario(self, scenario: str | Path | Mapping[str, Any] | None, vendor: str = "") -> None:
        """Have a scenario decide what goes wrong from now on; None: nothing does.

        Raises InvalidScenarioError.
        """
        chosen = None if scenario is None else self._scenarios.read(scenario)

        def choose(sandbox: Sandbox) -> None:
            sandbox.scenario, sandbox.matched, sandbox.has_scenarios = chosen, {}, True

        self._changes.apply(choose, vendor=vendor)

    def _rules(self, fault: int | str | Mapping[str, Any]) -> Sequence[Rule]:
        if isinstance(fault, str):
            return [for_next(rule, fault) for rule in self._scenarios.named(fault).rules]
        rule = {"respond": {"status": fault}} if isinstance(fault, int) else fault
        return read_rules([rule], ScenarioSource(store=self._scenarios.store)).rules
