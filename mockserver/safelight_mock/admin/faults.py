"""Sets what goes wrong in a sandbox: its scenario, and its next faults, each of which applies once."""

from safelight_mock.admin.admin_request import AdminRequest
from safelight_mock.app.fault_injection import OF_SANDBOX
from safelight_mock.app.scenario_names import check_names
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.core.scenario import Rule, Scenario, for_next
from safelight_mock.core.webhook import WebhookFault
from safelight_mock.scenarios.reading import (
    InvalidScenarioError,
    ScenarioSource,
    UnknownScenarioError,
    read_rules,
)
from safelight_mock.wire.messages import JSON, Response
from safelight_mock.wire.problem import Kind, Problem
from safelight_mock.wire.suggestions import nearest_name

OF_DELIVERIES: tuple[str, ...] = tuple(
    map(str, WebhookFault)
)  # of `next`; its other names are those of scenarios
LONGEST = 100  # characters of a name in an error
MAX_NEXT = 1_000  # faults that wait for a request, a job or a delivery


def show_next(request: AdminRequest) -> Response:
    """Handle getFaults."""
    return _next(request.sandbox(request.parameters["sandbox"]))


def set_next(request: AdminRequest) -> Response:
    """Handle setFaults: replaces the faults that still wait."""
    sandbox = request.sandbox(request.parameters["sandbox"])
    sandbox.faults = ()  # of deliveries; the others are of requests and jobs
    sandbox.drop_next(sandbox.next_rules)
    return _add(request, sandbox)


def add_next(request: AdminRequest) -> Response:
    """Handle addFaults."""
    return _add(request, request.sandbox(request.parameters["sandbox"]))


def show_scenario(request: AdminRequest) -> Response:
    """Handle getScenario."""
    return _scenario(request.sandbox(request.parameters["sandbox"]).scenario)


def set_scenario(request: AdminRequest) -> Response:
    """Handle setScenario.

    `scenario` is the name of one of the library or of a scenario file, a whole scenario, or null, which
    removes it.
    """
    sandbox = request.sandbox(request.parameters["sandbox"])
    wanted = request.values["scenario"]
    try:
        scenario = None if wanted is None else request.backend.scenarios.sent(wanted, request.store_file)
        if scenario is not None and not isinstance(wanted, str):
            check_names(scenario, request.backend.served)
    except InvalidScenarioError as error:
        raise Problem(Kind.BAD_FIELD, field="scenario", detail=str(error)) from error
    sandbox.scenario = scenario
    # Its rules count from the beginning.
    sandbox.matched = {rule: n for rule, n in sandbox.matched.items() if not rule.startswith(OF_SANDBOX)}
    sandbox.has_scenarios = sandbox.never_evicted = True
    return _scenario(sandbox.scenario)


def _add(request: AdminRequest, sandbox: Sandbox) -> Response:
    wanted = request.values["next"]
    deliveries = [WebhookFault(one) for one in wanted if one in OF_DELIVERIES]
    others = [one for one in wanted if one not in OF_DELIVERIES]
    sandbox.faults = (*sandbox.faults, *deliveries)
    sandbox.add_next(rule for one in others for rule in _rules(request, one))
    if len(sandbox.faults) + len(sandbox.next_rules) > MAX_NEXT:
        raise Problem(Kind.BAD_FIELD, field="next", detail=f"next: at most {MAX_NEXT} faults can wait")
    sandbox.has_scenarios = sandbox.never_evicted = True
    return _next(sandbox)


def _rules(request: AdminRequest, wanted: JSON) -> tuple[Rule, ...]:
    """Return the rules of a scenario by name, one of them (`flaky-submit: unavailable`), or a new rule."""
    try:
        if isinstance(wanted, str):
            name, _, rule = wanted.partition(": ")
            named = request.backend.scenarios.named(name).rules
            return tuple(for_next(one, name) for one in _only(named, rule))
        scenario = read_rules([wanted], ScenarioSource(store=request.store_file))
        check_names(scenario, request.backend.served)
    except UnknownScenarioError as error:
        near = nearest_name(str(wanted), [*OF_DELIVERIES, *request.backend.scenarios.names])
        hint = f"did you mean {near!r}?" if near else f"use {', '.join(OF_DELIVERIES)}, a scenario or a rule"
        detail = f"next: unknown {str(wanted)[:LONGEST]!r}; {hint}"
        raise Problem(Kind.BAD_FIELD, field="next", detail=detail) from error
    except InvalidScenarioError as error:
        raise Problem(Kind.BAD_FIELD, field="next", detail=f"next: {error}") from error
    return scenario.rules


def _only(rules: tuple[Rule, ...], name: str) -> tuple[Rule, ...]:
    """Return the rule of that name, all for an empty one; raises InvalidScenarioError."""
    named = tuple(rule for rule in rules if name in ("", rule.name))
    if not named:
        known = ", ".join(rule.name for rule in rules)
        raise InvalidScenarioError(f"unknown rule {name[:LONGEST]!r}; use one of {known}", where=None)
    return named


def _shown(rule: Rule) -> str:
    """Return a rule as it can be sent again, if it is of a scenario with a name."""
    return f"{rule.origin}: {rule.name}" if rule.origin else rule.name


def _next(sandbox: Sandbox) -> Response:
    return Response.json(200, {"next": [*sandbox.faults, *map(_shown, sandbox.next_rules)]})


def _scenario(scenario: Scenario | None) -> Response:
    if scenario is None:
        return Response.json(200, {"scenario": None, "description": "", "rules": []})
    rules = [rule.name for rule in scenario.rules]
    return Response.json(
        200, {"scenario": scenario.name, "description": scenario.description, "rules": rules}
    )
