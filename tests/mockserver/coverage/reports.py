"""A small coverage, for tests of what is made of one."""

from safelight_mock import ApiCoverage, Coverage, LifecycleCoverage, OperationCoverage

REPORT = Coverage(
    apis={
        "kiln": ApiCoverage(
            operations={
                "fire": OperationCoverage(
                    method="POST",
                    path="/firings",
                    responses={"200": 3, "422": 0},
                    other_responses={"503": 1},
                    request_fields={"query dry": False, "/pots": True, "/lid": False, "/lid/size": False},
                    response_fields={"200": {"/id": True, "/phase": False}},
                ),
                "look": OperationCoverage(method="GET", path="/firings/{id}", responses={"200": 0, "404": 0}),
            },
            lifecycles={"firing": LifecycleCoverage(states={"hot": 2, "cool": 0}, webhooks={"cool": 1})},
            webhook_outcomes={"2xx": 1, "5xx": 0},
            webhook_faults={"late": True, "never": False},
        )
    },
    scenarios={"mine": {"busy": 1, "gone": 0}, "stuck": {}},
    other_rules={"next: busy": 2},
    not_called=("oven",),
)
EMPTY = Coverage(not_called=("kiln", "oven"))
