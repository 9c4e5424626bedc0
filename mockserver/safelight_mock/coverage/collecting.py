"""Compares what was recorded with all that documents, lifecycles and scenarios have."""

from collections import Counter
from collections.abc import Iterable, Mapping

from safelight_lifecycle import ResultKind
from safelight_mock.config.services import Service
from safelight_mock.core.lifecycle import ServedLifecycle
from safelight_mock.core.scenario import Role
from safelight_mock.core.webhook import Outcome, WebhookFault
from safelight_mock.coverage.recorded import REQUEST, Recorded
from safelight_mock.coverage.report import (
    ApiCoverage,
    Coverage,
    Covered,
    LifecycleCoverage,
    OperationCoverage,
    Times,
)
from safelight_mock.coverage.states import described_states, notified_states
from safelight_mock.scenarios.library import library_names, library_scenario
from safelight_mock.scenarios.registry import ScenarioRegistry
from safelight_mock.wire.described_responses import response_key
from safelight_mock.wire.operation import Operation

LINKED = (Role.DOWNLOAD, Role.UPLOAD)
FAMILIES = ("2xx", "4xx", "5xx")  # of statuses that clients of a file host have to handle
MOST_FIELDS = 1_000  # of one body that are listed, the outer ones first
OWN_OUTCOMES = frozenset({Outcome.NOT_ALLOWED, Outcome.INVALID_PAYLOAD})
"""Those that no receiver has to handle: listed only if they occurred."""


def collect(recorded: Recorded, served: Mapping[str, Service], scenarios: ScenarioRegistry) -> Coverage:
    """Return the coverage of what was recorded. Reads the documents of the APIs that were called."""
    called = [slug for slug in served if slug in recorded.vendors]
    by_scenario = _scenarios(recorded.rules, scenarios)
    known = {f"{name}: {rule}" for name, rules in by_scenario.items() for rule in rules}
    return Coverage(
        apis={slug: _api(recorded, served[slug]) for slug in called},
        scenarios=by_scenario,
        other_rules={rule: n for rule, n in _by_origin(recorded.rules).items() if rule not in known},
        not_called=tuple(slug for slug in served if slug not in called),
    )


def _api(recorded: Recorded, service: Service) -> ApiCoverage:
    slug = service.slug
    outcomes = {outcome: n for (vendor, outcome), n in recorded.outcomes.items() if vendor == slug}
    lifecycles = {
        name: _lifecycle(recorded, slug, name, one) for name, one in service.lifecycles.items() if name
    }
    has_webhooks = any(one.webhooks for one in lifecycles.values())
    return ApiCoverage(
        operations={one.id: _operation(recorded, slug, one) for one in service.api.operations.values()},
        lifecycles=lifecycles,
        webhook_outcomes={
            str(one): outcomes.get(one, 0)
            for one in Outcome
            if one in outcomes or (has_webhooks and one not in OWN_OUTCOMES)
        },
        webhook_faults={str(one): (slug, one) in recorded.faults for one in WebhookFault if has_webhooks},
        links={str(role): times for role in LINKED if (times := _links(recorded, service, role))},
    )


def _links(recorded: Recorded, service: Service, role: Role) -> Times:
    """Return how often files were requested by links, by families of statuses, if the API has such links."""
    if role is Role.UPLOAD:
        has_links = any(one.url is not None or one.each for one in service.api.async_jobs.inputs)
    else:
        results = (lifecycle.described.result for lifecycle in service.lifecycles.values())
        has_links = any(result is not None and result.kind is ResultKind.URL for result in results)
    found = {key[2]: n for key, n in sorted(recorded.links.items()) if key[:2] == (service.slug, role)}
    return {**dict.fromkeys(FAMILIES if has_links or found else (), 0), **found}


def _lifecycle(recorded: Recorded, slug: str, name: str, lifecycle: ServedLifecycle) -> LifecycleCoverage:
    def counted(words: Iterable[str], times: Mapping[tuple[str, str, str], int]) -> Times:
        return {word: times.get((slug, name, word), 0) for word in words}

    return LifecycleCoverage(
        states=counted(described_states(lifecycle.described), recorded.states),
        webhooks=counted(notified_states(lifecycle), recorded.webhooks),
    )


def _operation(recorded: Recorded, slug: str, operation: Operation) -> OperationCoverage:
    described = sorted(key for key in operation.described.get("responses", {}) if not key.startswith("x-"))
    responses, others = dict.fromkeys(described, 0), dict[str, int]()
    for (vendor, name, status), times in sorted(recorded.responses.items()):
        if (vendor, name) == (slug, operation.id):
            key = response_key(described, status)
            counts = others if key is None else responses
            counts[key or str(status)] = counts.get(key or str(status), 0) + times
    is_called = any(responses.values()) or bool(others)
    received = [key for key in responses if responses[key]]
    fields = {key: _fields(recorded, (slug, operation.id, key)) for key in received}
    return OperationCoverage(
        method=operation.method,
        path=operation.paths[0],
        responses=responses,
        other_responses=others,
        request_fields=_request_fields(recorded, slug, operation) if is_called else {},
        response_fields={key: found for key, found in fields.items() if found},
    )


def _request_fields(recorded: Recorded, slug: str, operation: Operation) -> Covered:
    query = [f"query {name}" for name in operation.query_parameters]
    headers = [f"header {name}" for name in operation.header_parameters]
    sent = recorded.parameters.get((slug, operation.id), frozenset())
    body = _fields(recorded, (slug, operation.id, REQUEST))
    return {**{name: name in sent for name in (*query, *headers)}, **body}


def _fields(recorded: Recorded, body: tuple[str, str, str]) -> Covered:
    return recorded.bodies[body].fields(MOST_FIELDS) if body in recorded.bodies else {}


def _scenarios(rules: Mapping[str, int], registry: ScenarioRegistry) -> dict[str, Times]:
    """Return how often the rules of each scenario that the server knows by name applied."""
    applied, known = _by_origin(rules), dict(registry.started)
    for name in {rule.partition(": ")[0] for rule in applied} & {*library_names()} - known.keys():
        known[name] = library_scenario(name)
    return {
        name: {rule.name: applied.get(f"{name}: {rule.name}", 0) for rule in known[name].rules}
        if name in known
        else {}
        for name in sorted({*known, *library_names()})
    }


def _by_origin(rules: Mapping[str, int]) -> Mapping[str, int]:
    """Return how often rules applied, by `SCENARIO: RULE`, whatever named the scenario; or `next: RULE`."""
    counts: Counter[str] = Counter()
    for text, times in rules.items():
        source, _, rule = text.partition(": ")
        counts[f"{source.rpartition(' ')[2]}: {rule}"] += times
    return counts
