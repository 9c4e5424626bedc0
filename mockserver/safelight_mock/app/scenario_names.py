"""Names in scenarios that nothing served has: APIs, operations and states. Their rules would never apply."""

from collections.abc import Iterable, Iterator, Mapping

from safelight_mock.app.fault_injection import load_scenarios
from safelight_mock.config.services import Service
from safelight_mock.config.settings import Settings
from safelight_mock.core.job import State
from safelight_mock.core.scenario import Role, Rule, Scenario
from safelight_mock.scenarios.reading import InvalidScenarioError
from safelight_mock.scenarios.registry import ScenarioRegistry
from safelight_mock.wire.logs import log
from safelight_mock.wire.suggestions import nearest_name

MOST = 8  # names that an error lists


def check_scenarios(settings: Settings, served: Mapping[str, Service]) -> None:
    """Raise InvalidScenarioError for a scenario that cannot be read, or an unknown name in one of values.

    Files may be used by several servers, so unknown names in them are warnings.
    """
    registry = ScenarioRegistry()
    load_scenarios(registry, settings)
    if isinstance(settings.scenario, Mapping) and registry.default is not None:
        check_names(registry.default, served)
    elif registry.default is not None:
        _warn(registry.default, served)
    for scenario in registry.loaded:
        _warn(scenario, served)


def check_names(scenario: Scenario, served: Mapping[str, Service]) -> None:
    """Raise InvalidScenarioError for the first name that nothing served has."""
    for where, reason in unknown_names(scenario, served):
        raise InvalidScenarioError(reason, where=where)


def unknown_names(scenario: Scenario, served: Mapping[str, Service]) -> Iterator[tuple[str, str]]:
    """Yield the place of each name that nothing served has, and what to write instead."""
    for number, rule in enumerate(scenario.rules, start=1):
        for key, reason in _unknown(rule, served):
            yield f"rule {number}, {key}", reason


def _warn(scenario: Scenario, served: Mapping[str, Service]) -> None:
    for where, reason in unknown_names(scenario, served):
        log.warning("scenario %s, %s: %s", scenario.name, where, reason)


def _unknown(rule: Rule, served: Mapping[str, Service]) -> Iterator[tuple[str, str]]:
    for vendor in sorted(rule.match.vendors - served.keys()):
        yield "match/vendor", f"{vendor!r} is not served; {_hint(vendor, served)}"
    matched = [one for slug, one in served.items() if not rule.match.vendors or slug in rule.match.vendors]
    operations = rule.match.operations - {*Role}
    if operations:
        known = {name for service in matched for name in service.api.operations}
        for operation in sorted(operations - known):
            yield "match/operation", f"no served API has {operation!r}; {_hint(operation, [*Role, *known])}"
    named = {
        "match/state": rule.match.states,
        "job": {one.to for one in rule.job.changes} if rule.job else (),
    }
    for key, states in named.items():
        if set(states) - {*State}:
            words = {word for service in matched for word in _words(service)}
            for state in sorted(set(states) - {*State} - words):
                yield key, f"no served API has the state {state!r}; {_hint(state, [*State, *words])}"


def _words(service: Service) -> Iterator[str]:
    for lifecycle in service.lifecycles.values():
        yield from lifecycle.described.words.meanings


def _hint(name: str, known: Iterable[str]) -> str:
    listed = [*dict.fromkeys(map(str, known))]
    near = nearest_name(name, listed)
    return f"did you mean {near!r}?" if near else f"use one of {', '.join(listed[:MOST])}"
